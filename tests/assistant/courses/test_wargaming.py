"""A course is held against what documents say an adversary may do; what they do not say is a gap."""

from pathlib import Path

import pytest

from assistant.courses.seeding import baseline
from assistant.courses.wargaming import wargame
from assistant.courses.workspace import Adversary, Basis, CourseOfAction, Statement, WargameRow, Workspace
from tests.assistant.courses.planning import asker, documents, framed, texts

_COLUMNS = ("action", "reaction", "counteraction", "result", "decision_point")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[WargameRow, ...]:
    ask = asker(documents(tmp_path_factory.mktemp("home")))
    course = CourseOfAction("coa-1", "cable ferry", (Statement("coa-1.idea.1", "A cable ferry.", Basis.STATED),))
    return wargame(course, framed(ask), ask=ask, owners=("S2",))


def test_there_is_a_row_for_the_most_likely_and_one_for_the_most_dangerous_course(
    played: tuple[WargameRow, ...],
) -> None:
    assert [row.adversary for row in played] == list(Adversary)


def test_the_action_is_what_a_document_says_below_its_heading(played: tuple[WargameRow, ...]) -> None:
    likely, dangerous = played
    assert "The enemy shells the crossing of the Morle at dawn with two mortars." in texts(likely.action)
    assert "The enemy floods the valley by opening the sluice at Brandmoor." in texts(dangerous.action)
    assert all(one.basis is Basis.FACT and one.citations for one in likely.action)


def test_what_no_document_tells_is_a_gap_with_whom_to_ask(played: tuple[WargameRow, ...]) -> None:
    for row in played:
        (missing,) = row.counteraction
        assert (missing.basis, missing.ask) == (Basis.GAP, ("S2",))


def test_every_cell_of_every_row_says_something(played: tuple[WargameRow, ...]) -> None:
    assert all(getattr(row, column) for row in played for column in _COLUMNS)


def test_ids_are_unique_in_the_table(played: tuple[WargameRow, ...]) -> None:
    ids = [one.id for row in played for column in _COLUMNS for one in getattr(row, column)]
    assert len(ids) == len(set(ids))


def test_doing_nothing_reacts_to_nothing(tmp_path: Path) -> None:
    ask = asker(documents(tmp_path))
    workspace: Workspace = framed(ask)
    for row in wargame(baseline(workspace), workspace, ask=ask):
        assert row.reaction == row.counteraction == ()
        assert row.result


def test_without_a_document_on_an_adversary_its_action_is_a_gap(tmp_path: Path) -> None:
    ask = asker(documents(tmp_path, note="The library opens at nine and closes at five every day."))
    workspace = framed(ask, "The library must be moved to the school before the holiday starts.")
    for row in wargame(baseline(workspace), workspace, ask=ask):
        assert [one.basis for one in row.action] == [Basis.GAP]
