"""The ways to write an answer are recognised by the measure that looks for it, and no other number is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.importing.answers import checkable, count_ways, ways
from evals.metrics.wording import holds_answer


@pytest.mark.parametrize(
    ("answer", "scale", "said"),
    [
        ("$1,496.5", "million", "Sales were 1,496.5 million."),
        ("$1,496.5", "million", "Sales were $1,496,500,000."),
        ("-12.6", "million", "It fell by 12.6 million."),
        ("-22.22", "percent", "It fell by 22.22%."),
        ("25.1", "percent", "It rose 25.10 percent."),
        ("73260", "thousand", "It was 73,260 thousand."),
        ("73260", "thousand", "It was 73.26 million."),
        ("(31.6)%", "", "A fall of 31.6 %."),
        ("$2 657.81", "", "You paid $2,657.81."),
        ("$2099.00", "", "You paid $2,099.00."),
        ("a comb jelly.", "", "It was one Comb Jelly, they say."),
        ("The Hague", "", "They met in Hague."),
    ],
)
def test_an_answer_in_other_words_for_the_same_is_recognised(answer: str, scale: str, said: str) -> None:
    assert ways(answer, scale=scale)[0] == answer
    assert holds_answer(said, ways(answer, scale=scale))


@pytest.mark.parametrize("said", ["It was 12.7 million.", "It was 112.6 million.", "It was 12.65.", "It was 126."])
def test_another_number_is_not(said: str) -> None:
    assert not holds_answer(said, ways("-12.6", scale="million"))


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_way_to_write_a_number_reads_as_that_number(value: Decimal) -> None:
    for way in ways(f"{value:,}"):
        assert Decimal(way.replace(",", "")) == value


def test_counts_are_digits_or_words() -> None:
    assert count_ways("4") == ("4", "four")
    assert count_ways("40") == ("40",)
    assert count_ways("several") == ("several",)


def test_yes_no_and_dashes_cannot_be_told_by_their_words() -> None:
    assert checkable(["Yes.", "no", "False", "—", "Norway"]) == ["Norway"]
