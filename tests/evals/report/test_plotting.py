"""A figure draws the numbers that its table holds, and text in it is only text."""

import re
from xml.etree import ElementTree

import pytest

from evals.metrics import Aggregate, Bin
from evals.report.drawing import Axis, Plane, seconds, shares, shares_up_to
from evals.report.plotting import Figure, plot_by_label, plot_calibration, plot_risk_coverage, plot_waiting
from tests.evals.report.staging import HOSTILE

_BINS = [Bin(0.2, 0.3, 3, 0.25, 0.5), Bin(0.9, 1.0, 12, 0.95, 0.9)]
_TAGS = {
    "table": Aggregate(0.4, 10, 1, 0.2, 0.6),
    HOSTILE: Aggregate(0.9, 4, 0, None, None),
    "none": Aggregate(None, 0, 3, None, None),
}


def figures() -> list[Figure]:
    return [
        plot_risk_coverage([(0.25, 0.0), (0.75, 1 / 3), (1.0, 0.25)], area=0.19, number=1),
        plot_calibration(_BINS, error=0.09, number=2),
        plot_waiting({"first source": [0.1, 0.2], "whole answer": [2.0, 1.0, 40.0, 0.0]}, number=3),
        plot_by_label(_TAGS, measure="answer", overall=0.5, number=4),
    ]


@pytest.mark.parametrize("figure", figures(), ids=lambda figure: figure.title)
def test_a_picture_is_well_formed_and_named(figure: Figure) -> None:
    picture = ElementTree.fromstring(str(figure.picture))
    named = {element.get("id"): element.text for element in picture if element.get("id")}
    assert all(named[name] for name in picture.attrib["aria-labelledby"].split())
    assert {element.tag for element in picture.iter()} <= {"svg", "title", "desc", "path", "circle", "text"}
    assert all(len(row) == len(figure.header) for row in figure.rows)


@pytest.mark.parametrize("figure", figures(), ids=lambda figure: figure.title)
def test_nothing_is_drawn_outside_the_picture(figure: Figure) -> None:
    picture = ElementTree.fromstring(str(figure.picture))
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    for circle in picture.iter("circle"):
        assert 0 <= float(circle.attrib["cx"]) <= width
        assert 0 <= float(circle.attrib["cy"]) <= height
    for path in picture.iter("path"):
        for number in re.findall(r"[\d.]+", path.attrib["d"]):
            assert 0 <= float(number) <= max(width, height)


def test_risk_is_told_at_each_tenth_of_the_answers_kept() -> None:
    rows = {row[0]: row[1] for row in figures()[0].rows}
    assert rows["10 %"] == "too few to tell"
    assert (rows["30 %"], rows["80 %"], rows["100 %"]) == ("0 %", "33 %", "25 %")


def test_waiting_is_told_by_the_nearest_rank() -> None:
    assert figures()[2].rows[1] == ("whole answer", "1.0 s", "40.0 s", "40.0 s", "40.0 s", "4")


def test_a_tag_without_a_scored_case_is_not_drawn() -> None:
    assert [row[0] for row in figures()[3].rows] == ["table", HOSTILE]


def test_ten_thousand_points_make_a_small_picture() -> None:
    points = [(number / 10_000, number / 20_000) for number in range(1, 10_001)]
    assert len(plot_risk_coverage(points, area=None, number=1).picture) < 10_000


def test_an_axis_holds_what_is_put_on_it() -> None:
    plane = Plane(seconds("", [0.0, 0.3, 70.0]), shares_up_to(0.12))
    assert (plane.across.low, plane.across.high) == (0.001, 100.0)
    assert plane.up.high == 0.2
    assert plane.y(0.0) > plane.y(0.1) > plane.y(0.2) == plane.y(0.9)
    assert shares("").share(0.25) == 0.25
    assert Axis("", 1.0, 100.0, logarithmic=True).share(10.0) == pytest.approx(0.5)
