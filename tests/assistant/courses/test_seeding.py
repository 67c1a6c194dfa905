"""Ideas are means that a problem or a document names, different from one another, with a name copied from it."""

from pathlib import Path

import pytest

from assistant.courses.means import named_in
from assistant.courses.seeding import seeds
from assistant.courses.workspace import Basis
from tests.assistant.courses.planning import asker, documents, framed


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("A contractor in Tallow owns a steel emergency bridge of 12 metres.", ["steel emergency bridge"]),
        ("Route OCHRE is open as far as Brandmoor.", ["Route OCHRE"]),
        ("De gemeente heeft zes bussen van 48 plaatsen.", ["bussen"]),
        ("Er zijn twee wegen: de Kadeweg en de Molenweg.", ["Kadeweg", "Molenweg"]),
        ("In het dorp staan ongeveer 2.300 stuks vee.", []),
        ("Ice is expected from 23:00 hours.", []),
    ],
)
def test_a_name_is_the_noun_phrase_of_a_means_copied_from_its_sentence(sentence: str, names: list[str]) -> None:
    assert [name for name, _ in named_in(sentence)] == names
    assert all(name in sentence for name in names)


def test_ideas_are_the_means_of_the_problem_and_doing_nothing_comes_last(tmp_path: Path) -> None:
    ask = asker(documents(tmp_path))
    courses = seeds(framed(ask), ask=ask)
    assert {one.name for one in courses[:-1]} >= {"Route OCHRE", "steel emergency bridge", "cable ferry"}
    assert (courses[-1].id, courses[-1].baseline) == ("coa-0", True)
    assert 2 <= len(courses) - 1 <= 5


def test_every_idea_has_a_source_or_an_author(tmp_path: Path) -> None:
    ask = asker(documents(tmp_path))
    for course in seeds(framed(ask), ask=ask):
        assert course.idea
        assert all(one.citations or one.author for one in course.idea)
        assert all(one.basis in (Basis.FACT, Basis.STATED) for one in course.idea)


def test_ideas_of_the_officer_take_the_place_of_those_found(tmp_path: Path) -> None:
    asked: list[str] = []
    workspace = framed(asker(documents(tmp_path)))
    ask = asker(documents(tmp_path / "other"), asked=asked)
    courses = seeds(workspace, ask=ask, ideas=["Airlift by night", "Airlift by night", "Wait for thaw"])
    assert [one.name for one in courses] == ["Airlift by night", "Wait for thaw", "Do nothing"]
    assert courses[0].idea[0].author == "major"
    assert asked == []


def test_a_problem_that_names_no_means_leads_to_doing_nothing_alone(tmp_path: Path) -> None:
    ask = asker(documents(tmp_path, note="The library opens at nine and closes at five every day."))
    courses = seeds(framed(ask, "Morale in the village sinks since the harvest failed again."), ask=ask)
    assert [one.id for one in courses] == ["coa-0"]
