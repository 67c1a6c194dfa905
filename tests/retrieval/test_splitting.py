"""Passages are exact stretches of the text, of one page, under one heading and within a size."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.documents import Passage, passage_id
from retrieval.loading.loaded import Kind, Loaded, Span
from retrieval.splitting import MAXIMUM_CHARACTERS, MAXIMUM_TABLE_CHARACTERS, split

SENTENCE = "The brigade defends the eastern bank of the river until the reserve has crossed. "


@dataclass(frozen=True)
class Block:
    """A span in the making, and the layout that stands between it and the next."""

    text: str
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    page: int | None = None
    layout: str = "\n\n"


def loaded(*blocks: Block) -> Loaded:
    text, spans = "", []
    for block in blocks:
        start = len(text)
        text += block.text
        spans.append(Span(start, len(text), block.kind, block.page, block.level))
        text += block.layout
    return Loaded(text, tuple(spans), "")


def heading(text: str, level: int = 1, page: int | None = None) -> Block:
    return Block(text, Kind.HEADING, level, page)


def table(rows: int, row: str = "| 1 Company | Lageraelm | 60 |") -> Block:
    return Block("\n".join([row] * rows), Kind.TABLE)


def shown(passages: Sequence[Passage]) -> list[tuple[str, str]]:
    return [(passage.heading, passage.text) for passage in passages]


_WORDS = st.sampled_from(
    [
        "De brug is open. ",
        "zie art. 5, ",
        "é" * 30,
        "a" * 1200,
        "- punt\n",
        "| a | b |\n",
        "\n",
        "\n\n",
        "x  y",
        " ",
        ".",
    ]
)
_TEXTS = st.tuples(st.lists(_WORDS, min_size=1, max_size=6).map("".join), st.integers(1, 60)).map(
    lambda made: (made[0] * made[1]).strip()[:6000].strip() or "x"
)
_HEADINGS = st.builds(
    heading,
    st.sampled_from(["Execution", "Mission", "Logistiek en\nvervoer", "1.2 Fires", "E" * 1100]),
    st.integers(1, 6),
)
_PARAGRAPHS = st.builds(Block, _TEXTS)
_TABLES = st.builds(Block, _TEXTS, st.just(Kind.TABLE))


@st.composite
def documents(draw: st.DrawFn) -> Loaded:
    blocks = draw(st.lists(st.one_of(_HEADINGS, _PARAGRAPHS, _TABLES), max_size=12))
    page = draw(st.sampled_from([None, 1]))
    placed = []
    for block in blocks:
        if page is not None:
            page += draw(st.integers(0, 1))
        layout = draw(st.sampled_from(["\n\n", "\n", "", "\n<!-- p.7 -->\n"]))
        placed.append(Block(block.text, block.kind, block.level, page, layout))
    return loaded(*placed)


@given(documents())
def test_passages_are_exact_slices_in_order_that_do_not_overlap(document: Loaded) -> None:
    passages = split(document, version="v")
    end = 0
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert end <= passage.start < passage.end
        assert passage.text == document.text[passage.start : passage.end]
        assert passage.text == passage.text.strip()
        assert passage.id == passage_id("v", passage.start, passage.end, passage.text)
        end = passage.end


@given(documents())
def test_no_passage_is_over_its_limit(document: Loaded) -> None:
    tables = {
        position for span in document.spans if span.kind is Kind.TABLE for position in range(span.start, span.end)
    }
    for passage in split(document, version="v"):
        limit = MAXIMUM_TABLE_CHARACTERS if passage.start in tables else MAXIMUM_CHARACTERS
        assert len(passage.text) <= limit


@given(documents())
def test_all_text_of_the_spans_is_in_some_passage_or_in_the_headings_above_one(document: Loaded) -> None:
    passages = split(document, version="v")
    covered = {position for passage in passages for position in range(passage.start, passage.end)}
    paths = {part for passage in passages for part in passage.heading.split(" > ")}
    for span in document.spans:
        visible = {at for at in range(span.start, span.end) if not document.text[at].isspace()}
        named = span.kind is Kind.HEADING and " ".join(document.text[span.start : span.end].split()) in paths
        assert named or visible <= covered


@given(documents())
def test_nothing_but_text_of_the_spans_is_in_a_passage(document: Loaded) -> None:
    spans = {at for span in document.spans for at in range(span.start, span.end)}
    for passage in split(document, version="v"):
        for at in range(passage.start, passage.end):
            assert at in spans or document.text[at].isspace()


@given(documents())
def test_a_passage_stands_on_the_page_of_all_its_spans(document: Loaded) -> None:
    for passage in split(document, version="v"):
        pages = {span.page for span in document.spans if span.start < passage.end and passage.start < span.end}
        assert pages == {passage.page}


@given(documents())
def test_splitting_again_gives_the_same_passages(document: Loaded) -> None:
    assert split(document, version="v") == split(document, version="v")


# Loaders promise trimmed spans; others may not break a limit or make empty passages all the same.
@given(st.lists(st.sampled_from([" ", "\n", "word ", "a" * 600, " " * 1500, "End. "]), min_size=1, max_size=8))
@example([" " * 1500])
@example([" ", "a" * 600, " ", "a" * 399])
@example(["a", " " * 1500, "b"])
def test_white_space_makes_no_passage_and_breaks_no_limit(parts: list[str]) -> None:
    passages = split(loaded(Block("".join(parts))), version="v")
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join("".join(parts).split())
    assert all(passage.text.strip() and len(passage.text) <= MAXIMUM_CHARACTERS for passage in passages)


def test_neighbouring_paragraphs_are_joined_up_to_the_limit() -> None:
    paragraph = (SENTENCE * 4).strip()
    passages = split(loaded(*[Block(paragraph)] * 5), version="v")
    assert [passage.text for passage in passages] == [
        "\n\n".join([paragraph] * 3),
        "\n\n".join([paragraph] * 2),
    ]


def test_paragraphs_of_exactly_the_limit_are_joined_and_of_one_character_more_are_not() -> None:
    def passages(length: int) -> int:
        return len(split(loaded(Block("a" * 498), Block("b" * length)), version="v"))

    assert (passages(500), passages(501)) == (1, 2)


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    passages = split(loaded(Block((SENTENCE * 30).strip())), version="v")
    assert len(passages) == 3
    assert all(passage.text.startswith("The brigade") and passage.text.endswith("crossed.") for passage in passages)


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    passages = split(loaded(Block("supply " * 300 + "ends")), version="v")
    assert [word for passage in passages for word in passage.text.split()] == ["supply"] * 300 + ["ends"]


def test_a_word_longer_than_a_passage_is_cut_where_the_limit_is() -> None:
    assert [len(passage.text) for passage in split(loaded(Block("x" * 2500)), version="v")] == [1000, 1000, 500]


def test_a_table_stays_whole_up_to_its_limit() -> None:
    whole = table(60)
    assert MAXIMUM_CHARACTERS < len(whole.text) <= MAXIMUM_TABLE_CHARACTERS
    assert shown(split(loaded(Block("Strengths."), whole, Block("End.")), version="v")) == [
        ("", "Strengths."),
        ("", whole.text),
        ("", "End."),
    ]


def test_a_table_that_is_too_long_is_cut_between_rows() -> None:
    passages = split(loaded(table(200)), version="v")
    assert len(passages) > 1
    assert {row for passage in passages for row in passage.text.split("\n")} == {"| 1 Company | Lageraelm | 60 |"}


def cut(*rows: str) -> list[str]:
    """The headings of the pieces of a table that begins with these rows and is too long."""
    document = loaded(heading("Sterkte"), Block("\n".join((*rows, *[rows[-1]] * 100)), Kind.TABLE))
    return [passage.heading for passage in split(document, version="v")]


def test_each_further_piece_of_a_table_stands_under_its_header() -> None:
    for rows in (
        ("| Eenheid | Plaats | 2024 |", "|---|---|---|", "| 1 Compagnie | Lageraelm | 60 |"),
        ("Eenheid | Plaats | 2024", "1 Compagnie | Lageraelm in het oosten | 60"),
        ("Sterkte per eenheid", "Eenheid | Plaats | 2024", "1 Compagnie | Lageraelm in het oosten | 60"),
        ('"Eenheid";"Plaats";2024', "1 Compagnie;Lageraelm in het verre oosten;60"),
    ):
        first, *further = cut(*rows)
        assert first == "Sterkte"
        assert set(further) == {"Sterkte > Eenheid | Plaats | 2024"}


def test_a_row_of_figures_heads_nothing_and_rows_that_say_their_own_need_no_header() -> None:
    for rows in (
        ("1 Compagnie | Lageraelm | 60,5", "2 Compagnie | Lageraelm in het oosten | (12)"),
        ("Eenheid | Plaats", "Eenheid: 1 Compagnie | Plaats: Lageraelm"),
        ("een regel zonder kolommen, wel lang genoeg", "nog een regel zonder kolommen"),
    ):
        assert set(cut(*rows)) == {"Sterkte"}


def test_text_on_either_side_of_a_page_marker_is_not_joined() -> None:
    document = loaded(Block("One.", layout="\n<!-- p.2 -->\n"), Block("Two."))
    assert shown(split(document, version="v")) == [("", "One."), ("", "Two.")]


def test_text_on_two_pages_is_not_joined() -> None:
    document = loaded(Block("One.", page=1), Block("Two.", page=1), Block("Three.", page=2))
    assert [(passage.page, passage.text) for passage in split(document, version="v")] == [
        (1, "One.\n\nTwo."),
        (2, "Three."),
    ]


def test_a_passage_names_the_headings_above_it_outermost_first() -> None:
    document = loaded(
        Block("Before any heading."),
        heading("OPORD 01"),
        heading("Execution", 2),
        heading("Concept of\noperations", 3),
        Block("We cross."),
        heading("Sustainment", 2),
        Block("We eat."),
        heading("Annexes"),
        Block("See there."),
    )
    assert shown(split(document, version="v")) == [
        ("", "Before any heading."),
        ("OPORD 01 > Execution > Concept of operations", "We cross."),
        ("OPORD 01 > Sustainment", "We eat."),
        ("Annexes", "See there."),
    ]


def test_a_heading_with_nothing_below_it_is_a_passage_of_its_own() -> None:
    document = loaded(
        heading("OPORD 01"),
        heading("Mission", 2),
        heading("Execution", 2),
        Block("We cross."),
        heading("Command", 2),
        heading("Signal", 2),
    )
    assert shown(split(document, version="v")) == [
        ("OPORD 01", "Mission"),
        ("OPORD 01 > Execution", "We cross."),
        ("OPORD 01", "Command"),
        ("OPORD 01", "Signal"),
    ]


def test_a_document_of_headings_only_is_not_lost() -> None:
    assert shown(split(loaded(heading("OPORD 01"), heading("Mission", 2)), version="v")) == [("OPORD 01", "Mission")]
    assert shown(split(loaded(heading("Deep", 3), heading("Shallow", 1)), version="v")) == [
        ("", "Deep"),
        ("", "Shallow"),
    ]


def test_a_document_without_spans_has_no_passages() -> None:
    assert split(Loaded("\n", (), ""), version="v") == []


def test_a_law_becomes_one_passage_for_each_article() -> None:
    document = loaded(
        heading("Wet veiligheidsregio's"),
        heading("Hoofdstuk 1. Begripsbepalingen", 2),
        heading("Artikel 1", 3),
        Block(
            "In deze wet wordt verstaan onder:\na. crisis: een situatie als bedoeld in art. 2;\nb. ramp: een ongeval."
        ),
        heading("Artikel 2", 3),
        Block("1. Het college is belast met de brandweerzorg."),
        Block("2. Het eerste lid geldt niet op vaartuigen."),
        heading("Hoofdstuk 2. De rampenbestrijding", 2),
        heading("Artikel 3 [Vervallen]", 3),
    )
    above = "Wet veiligheidsregio's > Hoofdstuk 1. Begripsbepalingen"
    passages = shown(split(document, version="v"))
    assert [path for path, _ in passages] == [
        f"{above} > Artikel 1",
        f"{above} > Artikel 2",
        "Wet veiligheidsregio's > Hoofdstuk 2. De rampenbestrijding",
    ]
    assert passages[1][1] == (
        "1. Het college is belast met de brandweerzorg.\n\n2. Het eerste lid geldt niet op vaartuigen."
    )


def test_doctrine_is_joined_within_a_section_and_never_across_sections() -> None:
    paragraphs = [Block(f"1.{number} {SENTENCE * 4}".strip(), page=12) for number in range(1, 7)]
    document = loaded(
        heading("Chapter 1 - Fundamentals", 1, 12),
        heading("Section 1 - Context", 2, 12),
        *paragraphs[:4],
        heading("Section 2 - Principles", 2, 12),
        *paragraphs[4:],
    )
    passages = split(document, version="v")
    assert [(passage.heading, passage.text[:3], passage.text.count("\n\n")) for passage in passages] == [
        ("Chapter 1 - Fundamentals > Section 1 - Context", "1.1", 2),
        ("Chapter 1 - Fundamentals > Section 1 - Context", "1.4", 0),
        ("Chapter 1 - Fundamentals > Section 2 - Principles", "1.5", 1),
    ]
