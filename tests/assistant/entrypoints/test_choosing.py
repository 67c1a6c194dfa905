"""What a browser may say of which corpora and which day are asked."""

from datetime import date

import pytest

from assistant.entrypoints.choosing import Choice, DayUnknown, checked_choice
from tests.installations import a_corpus

TODAY = date(2026, 2, 4)
CORPORA = [a_corpus("law"), a_corpus("plans")]


def test_some_corpora_and_a_day_are_a_choice() -> None:
    told = {"corpus law": True, "corpus plans": False, "day": " 2026-01-01 "}
    assert checked_choice(told, CORPORA, today=TODAY) == Choice(frozenset({"law"}), date(2026, 1, 1))


@pytest.mark.parametrize("told", [{"corpus law": True, "corpus plans": True}, {}, {"day": "2026-02-04"}, {"day": 5}])
def test_all_or_none_and_today_are_no_limit(told: dict[str, object]) -> None:
    assert checked_choice(told, CORPORA, today=TODAY) == Choice()


@pytest.mark.parametrize("told", [{"corpus secret": True}, {"corpus law": "yes"}, {5: True}, {"day": "", "law": True}])
def test_what_was_not_offered_changes_nothing(told: dict[object, object]) -> None:
    assert checked_choice(told, CORPORA, today=TODAY) == Choice()


@pytest.mark.parametrize("day", ["2026-13-01", "gisteren", "1/2/2026"])
def test_no_day_is_refused(day: str) -> None:
    with pytest.raises(DayUnknown):
        checked_choice({"day": day}, CORPORA, today=TODAY)
