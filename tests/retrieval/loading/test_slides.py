"""A presentation is its slides as an audience sees them, each with what its speaker noted."""

import io
import random
from collections.abc import Callable
from functools import partial

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.presentation import Presentation as PresentationFile
from pptx.slide import Slide
from pptx.util import Inches

from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.slides import load_slides
from tests.retrieval.loading.test_damage import damaged_part

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]


def saved(presentation: PresentationFile) -> bytes:
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def titled(presentation: PresentationFile, title: str) -> Slide:
    slide: Slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    assert slide.shapes.title is not None
    slide.shapes.title.text = title
    return slide


def box(slide: Slide, text: str, left: float, top: float) -> None:
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(3), Inches(0.5)).text_frame.text = text


def seen(presentation: PresentationFile) -> list[tuple[str, int | None, str]]:
    loaded = load_slides("a.pptx", saved(presentation))
    return [(span.kind.value, span.page, loaded.text[span.start : span.end]) for span in loaded.spans]


def test_shapes_are_read_where_they_stand_and_not_as_they_were_drawn(check: Check) -> None:
    presentation = Presentation()
    slide = titled(presentation, "Opdracht")
    box(slide, "rechts", 5, 2)
    box(slide, "onder", 1, 4)
    box(slide, "links", 1, 2)
    slide.notes_slide.notes_text_frame.text = "Zeg dit erbij."  # type: ignore[union-attr]
    titled(presentation, "Vervolg")
    assert seen(presentation) == [
        ("heading", 1, "Opdracht"),
        ("paragraph", 1, "links"),
        ("paragraph", 1, "rechts"),
        ("paragraph", 1, "onder"),
        ("paragraph", 1, "Notes:\nZeg dit erbij."),
        ("heading", 2, "Vervolg"),
    ]
    assert check(load_slides("a.pptx", saved(presentation))).title == "Opdracht"


def test_tables_and_charts_are_rows() -> None:
    presentation = Presentation()
    slide = titled(presentation, "Sterkte")
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, column, text in ((0, 0, "eenheid"), (0, 1, "saldo"), (1, 0, "A"), (1, 1, "\u221212,5")):
        table.cell(row, column).text = text
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["2023", "2024"]
    data.add_series("vertrek", (-3, 4.5))  # type: ignore[no-untyped-call]
    area = (Inches(1), Inches(4), Inches(4), Inches(2))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *area, data)  # type: ignore[arg-type]
    assert [text for kind, _, text in seen(presentation) if kind == "table"] == [
        "eenheid | saldo\nA | \u221212,5",
        "| vertrek\n2023 | -3\n2024 | 4.5",
    ]


def test_what_an_audience_does_not_see_is_left_out_and_said(check: Check) -> None:
    presentation = Presentation()
    titled(presentation, "Zichtbaar")
    box(titled(presentation, "Geheime dia"), "x", 1, 2)
    presentation.slides[1]._element.set("show", "0")
    slide = titled(presentation, "Derde")
    box(slide, "naast de dia", 30, 2)
    box(slide, "onzichtbaar", 1, 3)
    slide.shapes[-1]._element._nvXxPr.cNvPr.set("hidden", "1")
    loaded = check(load_slides("a.pptx", saved(presentation)))
    assert loaded.text == "Zichtbaar\n\nDerde"
    assert loaded.warnings == (
        "a.pptx has hidden slides (2); they were left out.",
        "a.pptx holds hidden text on slides (3); it was left out.",
    )


def test_a_slide_without_a_title_is_not_read_as_more_of_the_one_before() -> None:
    presentation = Presentation()
    titled(presentation, "Eerste")
    box(presentation.slides.add_slide(presentation.slide_layouts[6]), "los", 1, 1)
    presentation.slides.add_slide(presentation.slide_layouts[6])
    assert [text for _, _, text in seen(presentation)] == ["Eerste", "Slide 2", "los"]


def test_a_presentation_without_words_is_refused() -> None:
    presentation = Presentation()
    presentation.slides.add_slide(presentation.slide_layouts[6])
    with pytest.raises(NotLoaded, match=r"^a\.pptx holds no text"):
        load_slides("a.pptx", saved(presentation))


def test_damage_is_survived(settle: Settle) -> None:
    presentation = Presentation()
    slide = titled(presentation, "Orders")
    slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1))
    whole, chance = saved(presentation), random.Random(20)
    for _ in range(60):
        settle(partial(load_slides, "a.pptx", damaged_part(whole, chance)))
