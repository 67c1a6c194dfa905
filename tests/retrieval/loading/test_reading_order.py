"""Shapes are read row by row, and within a row column by column."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.loading.reading_order import Rectangle, in_reading_order

sides = st.integers(0, 100)
rectangles = st.builds(lambda left, top, wide, high: Rectangle(left, top, left + wide, top + high), *[sides] * 4)


def test_two_columns_below_a_banner_are_read_one_after_the_other() -> None:
    placed = [
        ("right", Rectangle(55, 20, 100, 90)),
        ("left below", Rectangle(0, 60, 45, 90)),
        ("banner", Rectangle(0, 0, 100, 10)),
        ("left above", Rectangle(0, 20, 45, 50)),
    ]
    assert list(in_reading_order(placed)) == ["banner", "left above", "left below", "right"]


@given(st.lists(rectangles, max_size=30))
def test_every_shape_is_read_once(areas: list[Rectangle]) -> None:
    assert sorted(in_reading_order(list(enumerate(areas)))) == list(range(len(areas)))
