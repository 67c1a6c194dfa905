"""A question word tells what is asked for, and a sentence holds it when it names one that the question does not."""

import time

import pytest

from assistant.asking import Kind, holds, kind_of, names, names_one
from retrieval.languages import Language


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When does the convoy leave?", Kind.TIME),
        ("In what year was the treaty signed?", Kind.TIME),
        ("Wanneer vertrekt het konvooi?", Kind.TIME),
        ("Op welk tijdstip is H-uur?", Kind.TIME),
        ("Hoe laat begint de briefing?", Kind.TIME),
        ("How many vehicles does it have?", Kind.AMOUNT),
        ("What is the total population?", Kind.AMOUNT),
        ("Hoeveel voertuigen telt het?", Kind.AMOUNT),
        ("Wat is de afstand naar de brug?", Kind.AMOUNT),
        ("Where is the depot?", Kind.PLACE),
        ("Waar ligt het depot?", Kind.PLACE),
        ("At which bridge does FRAGO 02 cross the river?", Kind.NAME),
        ("Who approves the plan?", Kind.NAME),
        ("Door wie wordt het plan goedgekeurd?", Kind.NAME),
        ("What must a driver do when the bridge is closed?", Kind.OTHER),
        ("Waarom rijdt het konvooi bij nacht?", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_the_question_word_tells_what_is_asked_for(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("question", "sentence", "language", "held"),
    [
        ("When does it leave?", "It leaves on 3 May 2026.", "en", True),
        ("When does it leave?", "It leaves at once.", "en", False),
        ("When in 1990 did it end?", "It began in 1990.", "en", False),
        ("When in 1990 did it end?", "It ended in May 1990.", "en", True),
        ("Wanneer vertrekt het?", "Het vertrekt om 14.30 uur.", "nl", True),
        ("In which century?", "It was built in the 11th century.", "en", True),
        ("How many trucks are there?", "There are sixty trucks.", "en", True),
        ("How many trucks are there?", "There are trucks.", "en", False),
        ("How many of the 60 trucks run?", "The 60 trucks are old.", "en", False),
        ("How many trucks came on 3 May?", "They came on 3 May.", "en", False),
        ("Where is the depot?", "The depot is at Lageraelm.", "en", True),
        ("Where is the depot of Lageraelm?", "The depot at Lageraelm is large.", "en", False),
        ("Waar ligt het depot?", "Het depot ligt bij Kruisvoorde.", "nl", True),
        ("Which bridge is open?", "The Kruisvoorde Bridge is open.", "en", True),
        ("Which bridge is open?", "The bridge is open.", "en", False),
        ("Wie leidt het konvooi?", "De leiding heeft kapitein Jansen.", "nl", True),
    ],
)
def test_a_sentence_holds_what_is_asked_for_when_the_question_does_not_name_it(
    question: str, sentence: str, language: Language, held: bool
) -> None:
    assert holds(kind_of(question), sentence, question=question, language=language) is held


def test_names_are_capitalised_words_and_codes_and_not_what_opens_a_sentence() -> None:
    assert names("What does the 43 Brigade do at Lageraelm? Trucks of FRAGO-02 pass.") == {
        "brigade",
        "lageraelm",
        "frago-02",
    }


@pytest.mark.parametrize(
    ("question", "sentence", "language", "named"),
    [
        ("At which bridge does it cross?", "It crosses at the Kruisvoorde Bridge.", "en", True),
        ("At which bridge does it cross?", "It crosses at the lock bridge at Zuiderwaag.", "en", True),
        ("At which bridge does it cross?", "• Maximum speed on the bridge: 8 km/h.", "en", False),
        ("At which bridge does it cross?", "The bridge is open as soon as KOMPAS says so.", "en", False),
        ("Which Kruisvoorde bridge is open?", "The Kruisvoorde bridge is open.", "en", False),
        ("What unit guards the lock?", "The unit FALCON guards the lock.", "en", True),
        ("Over welke brug rijdt het konvooi?", "Het rijdt over de brug bij Kruisvoorde.", "nl", True),
        ("Welke brug is open?", "Alleen de Zomerdijkbrug is open.", "nl", True),
        ("Welke brug is open?", "Alleen de brug is open.", "nl", False),
        ("What is a bridge?", "The Kruisvoorde Bridge is open.", "en", False),
        ("What kind of bridge is it?", "The Kruisvoorde Bridge is open.", "en", False),
        ("When does the bridge open?", "The Kruisvoorde Bridge is open.", "en", False),
        ("which", "The Kruisvoorde Bridge is open.", "en", False),
        ("", "The Kruisvoorde Bridge is open.", "en", False),
    ],
)
def test_a_sentence_names_what_which_asks_for_when_a_new_name_is_beside_that_word(
    question: str, sentence: str, language: Language, named: bool
) -> None:
    assert names_one(sentence, question=question, language=language) is named


def test_the_word_that_opens_an_item_of_a_list_is_no_name() -> None:
    assert names("• Maximum speed on the bridge\n• Distance to AMBER") == {"amber"}


def test_no_long_text_takes_a_long_time() -> None:
    started = time.perf_counter()
    for text in ("Aa " * 10_000, "a-" * 10_000, "in the " * 5_000):
        kind_of(text)
        names(text)
        holds(Kind.PLACE, text, question="Where?", language="en")
        names_one(text, question="Which Ab is open?", language="en")
        names_one(text[:100], question=f"Which {text}", language="en")
    assert time.perf_counter() - started < 2.0
