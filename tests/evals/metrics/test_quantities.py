"""Quantities are compared across notations, by hand and on answers copied from SQuAD 2."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import numbers_accuracy


@pytest.mark.parametrize(
    ("language", "notations"),
    [
        ("en", ["1,452.4", "1452.4", "1.452,4", "1\u202f452.4"]),
        ("nl", ["1.452,4", "1452,4", "1,452.4"]),
        ("en", ["$5,813", "5813 USD", "5,813 dollars", "US$ 5,813", "USD 5,813", "5.813 thousand US dollars"]),
        ("nl", ["€ 5,8 miljoen", "5,8 mln euro", "EUR 5.800.000", "5800000 euro"]),
        ("en", ["22%", "22 %", "22 percent", "22 per cent", "22.0%"]),
        ("nl", ["22%", "22 procent", "22,0 procent"]),
        ("nl", ["6 februari 2026", "2026-02-06", "06-02-2026", "6 feb. 2026", "6/2/2026"]),
        ("en", ["6 February 2026", "6th of February, 2026", "February 6, 2026", "2026-02-06", "06 FEB 26", "2/6/2026"]),
        ("en", ["060515A FEB 26", "060515AFEB2026", "0515A on 6 February 2026", "2026-02-06T05:15A"]),
        ("nl", ["60 km/u", "60 km/h", "60 kilometer per uur"]),
        ("en", ["60 km/h", "60 kph", "60 kilometres per hour"]),
        ("en", ["12 kilometers", "12 km", "12km", "12-kilometre", "twelve kilometres"]),
        ("nl", ["vijf kilometer", "5 km"]),
        ("en", ["14:30", "1430 hrs", "2:30 pm", "2:30 p.m.", "14:30 hours"]),
        ("nl", ["14.30 uur", "14:30 uur", "1430 uur", "14u30"]),
        ("en", ["-5 °C", "−5 degrees Celsius"]),
        ("en", ["-$5", "$-5", "-5 dollars"]),
        ("en", ["the 10th century", "10th"]),
    ],
)
def test_notations_of_the_same_quantity_are_found_in_each_other(language: str, notations: list[str]) -> None:
    for one in notations:
        for other in notations:
            assert numbers_accuracy(f"It is {other}.", [one], language=language) == 1.0, (one, other)


@pytest.mark.parametrize(
    ("language", "expected", "text"),
    [
        ("en", "1,452.4", "14,524"),
        ("en", "1.452", "1,452"),
        ("nl", "1.452", "1,452"),
        ("en", "$5,813", "5,813 euros"),
        ("en", "$5,813", "5,813"),
        ("en", "5.8 million", "5.8 billion"),
        ("en", "5.8 million", "5.8"),
        ("en", "22%", "22 km"),
        ("en", "22%", "22 percentage points"),
        ("en", "60 km", "60 miles"),
        ("en", "60 km", "60 km/h"),
        ("en", "5 m", "5 minutes"),
        ("en", "6 February 2026", "6 February"),
        ("en", "6 February 2026", "6 March 2026"),
        ("en", "14:30", "2:30"),
        ("en", "0515A", "0515Z"),
        ("en", "5", "-5"),
        ("en", "130", "C-130"),
        ("en", "1", "M1A1"),
        ("en", "5", "the 5.1 release"),
        ("en", "6", "6 February 2026"),
        ("en", "14", "14:30"),
    ],
)
def test_another_value_or_unit_is_not_found(language: str, expected: str, text: str) -> None:
    assert numbers_accuracy(text, [expected], language=language) == 0.0


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("60", "60 tonnes"),
        ("1,452.4", "$1,452.4 million"),
        ("2026", "on 6 February 2026"),
        ("6 February", "2026-02-06"),
        ("February 2026", "6 February 2026"),
        ("14:30", "14:30Z"),
        ("3 phases", "three phases"),
    ],
)
def test_what_is_not_told_is_not_asked_for(expected: str, text: str) -> None:
    assert numbers_accuracy(text, [expected]) == 1.0


def test_the_share_is_of_the_expected_answer_that_fares_best() -> None:
    expected = ["60 tonnes and 14:30", "70 tonnes, 14:30 and 6 February", "no figure"]
    assert numbers_accuracy("70 tonnes at 14:30", expected) == pytest.approx(2 / 3)
    assert numbers_accuracy("60 tonnes at 15:30", expected) == 0.5
    assert numbers_accuracy("", expected) == 0.0


def test_without_an_expected_quantity_there_is_no_score() -> None:
    assert numbers_accuracy("60 tonnes", ["the northern bridge", "C-130"]) is None
    assert numbers_accuracy("60 tonnes", []) is None


@given(st.text(alphabet="0123456789 .,:-/$%€kmMFEBZatu'\u00a0²", max_size=30), st.sampled_from(["en", "nl"]))
def test_any_text_can_be_read_and_holds_its_own_quantities(text: str, language: str) -> None:
    assert numbers_accuracy(text, [text], language=language) in (None, 1.0)


def test_answers_copied_from_a_text_have_their_quantities_there(data_folder: Path) -> None:
    path = data_folder / "sets" / "squad2_en" / "dev-v2.0.json"
    if not path.exists():
        pytest.skip(f"there is no SQuAD 2 at {path}")
    shares = {
        (answer["text"], paragraph["context"]): numbers_accuracy(paragraph["context"], [answer["text"]])
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
        for answer in question["answers"]
    }
    scored = {told[0]: share for told, share in shares.items() if share is not None}
    assert len(scored) > 600
    # Annotators cut four figures short: '3,60' of 3,600, '562' of 1562, 'March 200' of 2003, '7' of 7 December.
    assert sum(share < 1 for share in scored.values()) == 4
