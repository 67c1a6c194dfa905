"""Words of a problem weigh in either language, and what every staff is told to do weighs nothing."""

from assistant.courses.relevance import Weighing, names_in, without_planning


def test_names_are_kept_whole_and_openers_of_sentences_are_none() -> None:
    assert names_in("The bridge at Pellgate. Supply Troop HERON there.") == ["Pellgate", "Supply Troop HERON"]


def test_of_a_sentence_about_courses_of_action_only_the_purpose_counts() -> None:
    assert without_planning("Work out courses of action to clear the road, and advise.") == "to clear the road"
    assert without_planning("The road is blocked.") == "The road is blocked."


def test_a_dutch_compound_is_told_by_its_part() -> None:
    weighing = Weighing.of(["noodbrug", "De noodbrug is weg."], (), "nl")
    assert weighing.held("Er is een brug.") or weighing.held("De noodbruggen liggen klaar.")
    assert not weighing.held("Het weer is goed.")
