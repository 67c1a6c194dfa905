"""A problem is read by its headings; what documents say is a fact, what nobody knows a gap."""

from pathlib import Path

import pytest

from assistant.courses.framing import ProblemTooShort, contradicted, draft, read_problem, topic_of
from assistant.courses.recognising import Section
from assistant.courses.workspace import Basis, Filled, FramingField, Statement
from tests.assistant.courses.planning import ORDER, PROBLEM, asker, documents, texts


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Filled]:
    ask = asker(documents(tmp_path_factory.mktemp("home")))
    return {one.name: one for one in draft(PROBLEM, ask=ask, language="en", owner="major", owners=("S3",))}


def test_all_fields_are_yielded_in_their_order(fields: dict[str, Filled]) -> None:
    assert list(fields) == list(FramingField)


def test_what_the_problem_states_is_stated_by_its_officer(fields: dict[str, Filled]) -> None:
    (fuel,) = [one for one in fields["statement"].statements if "fuel until" in one.text]
    assert (fuel.basis, fuel.author, fuel.citations) == (Basis.STATED, "major", ())


def test_a_sentence_that_a_document_says_word_for_word_is_a_fact_that_cites_it(tmp_path: Path) -> None:
    ask = asker(documents(tmp_path, order=ORDER, note="Route OCHRE is open as far as\nBrandmoor. It was checked."))
    found = {
        one.text: one for filled in draft(PROBLEM, ask=ask, language="en", owner="major") for one in filled.statements
    }
    cited = found["Route OCHRE is open as far as Brandmoor."]
    assert cited.basis is Basis.FACT
    assert " ".join(cited.citations[0].quote.split()) == cited.text


def test_what_is_not_known_is_a_gap_with_whom_to_ask(fields: dict[str, Filled]) -> None:
    gaps = [one for one in fields["statement"].statements if one.basis is Basis.GAP]
    assert texts(gaps) == ["It is not known whether the contractor can transport his bridge today."]
    assert gaps[0].ask == ("S3",)


def test_constraints_are_told_from_restraints(fields: dict[str, Filled]) -> None:
    assert "Drivers must rest for eight hours from 18:00 hours." in texts(fields["constraints"].statements)
    assert "Nothing that is hired may cost more than 25,000 euros." in texts(fields["restraints"].statements)


def test_intent_is_copied_from_below_its_heading_in_a_document(fields: dict[str, Filled]) -> None:
    (intent,) = fields["intent"].statements
    assert intent.text == "The purpose is to keep the crossing of the Morle usable for the brigade."
    assert intent.basis is Basis.FACT
    assert intent.citations[0].document == "order.md"
    assert fields["intent"].marking is not None


def test_a_field_of_which_nothing_is_told_is_a_gap(fields: dict[str, Filled]) -> None:
    (missing,) = fields["end_state"].statements
    assert (missing.basis, missing.text) == (Basis.GAP, "What is the end state?")


def test_time_available_is_told_by_deadlines(fields: dict[str, Filled]) -> None:
    assert any("before 16:30" in text for text in texts(fields["time_available"].statements))


def test_notes_for_umpires_and_the_papers_own_marking_are_not_part_of_a_problem() -> None:
    told = [one.text for one in read_problem(PROBLEM)]
    assert not any("bomb" in text or "Marking" in text for text in told)


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("# Vraagstuk\n\n## Feiten\n\n- Er zijn vier bussen in het dorp.", Section.FACTS),
        ("# Vraagstuk\n\n## Beperkingen\n\n1. De kade mag niet worden belast.", Section.CONSTRAINTS),
        ("# Vraagstuk\n\n## Wat niet bekend is\n\nWaar de boten liggen weet niemand.", Section.UNKNOWN),
        ("Constraints:\nNobody may cross the bridge before noon.", Section.CONSTRAINTS),
    ],
)
def test_headings_are_read_in_dutch_and_english_with_and_without_marks(text: str, section: Section) -> None:
    assert [one.section for one in read_problem(text)] == [section]


def test_a_problem_without_headings_is_read_by_its_sentences(tmp_path: Path) -> None:
    ask = asker(documents(tmp_path))
    problem = "The bridge at Pellgate is gone. Restore the supply of Troop HERON by 18:00. It is not known who pays."
    found = {one.name: one.statements for one in draft(problem, ask=ask, language="en", owner="major")}
    assert "Restore the supply of Troop HERON by 18:00." in texts(found["mission"])
    assert [one.text for one in found["statement"] if one.basis is Basis.GAP] == ["It is not known who pays."]


@pytest.mark.parametrize("problem", ["evacuate", "", "  \n", "???", "the bridge"])
def test_a_problem_of_a_word_or_two_is_refused_in_a_sentence(problem: str, tmp_path: Path) -> None:
    asked: list[str] = []
    ask = asker(documents(tmp_path), asked=asked)
    with pytest.raises(ProblemTooShort, match="too short"):
        list(draft(problem, ask=ask, language="en", owner="major"))
    assert asked == []


def test_at_most_and_at_least_of_the_same_that_cannot_both_hold_are_disputed() -> None:
    one = Statement("1", "The convoy takes at most 4 vehicles over the bridge.", Basis.STATED)
    other = Statement("2", "The convoy takes at least 6 vehicles over the bridge.", Basis.STATED)
    third = Statement("3", "The ferry takes at most 2 vehicles a trip.", Basis.STATED)
    marked = contradicted([one, other, third], "en")
    assert [statement.disputed for statement in marked] == [True, True, False]
    assert other.text in marked[0].reasons[-1]


def test_limits_that_can_both_hold_are_not_disputed() -> None:
    one = Statement("1", "The convoy takes at most 8 vehicles over the bridge.", Basis.STATED)
    other = Statement("2", "The convoy takes at least 6 vehicles over the bridge.", Basis.STATED)
    assert not any(statement.disputed for statement in contradicted([one, other], "en"))


def test_two_deadlines_for_the_same_are_disputed() -> None:
    one = Statement("1", "De brug moet voor 16:00 uur vrij zijn.", Basis.STATED)
    other = Statement("2", "De brug moet voor 18:30 uur vrij zijn.", Basis.STATED)
    assert all(statement.disputed for statement in contradicted([one, other], "nl"))


def test_the_topic_is_what_the_title_says_after_its_number() -> None:
    assert topic_of(PROBLEM) == "Supply of Troop HERON"
