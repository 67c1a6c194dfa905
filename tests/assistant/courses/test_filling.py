"""What a model writes in a field is a fact where its citations say so, else an assumption without figures, or none."""

import json
import threading

import pytest

from assistant.chatmodels import Cancelled, ScriptedChat
from assistant.courses.filling import Filler, SchemaBroken, read_statements, schema_for
from assistant.courses.workspace import Basis, CourseField, Statement
from assistant.llamacpp import LlamaCppChat, default_model_path
from assistant.queueing import FairQueue
from assistant.verifying import CheckingVerifier
from tests.assistant.courses.planning import a_fact

FACTS = [
    a_fact("The cable ferry of Engineer Company LARK carries one vehicle of 20 tonnes."),
    a_fact("The cable ferry is not used in thaw.", start=100),
]


def a_filler(chat: ScriptedChat | LlamaCppChat) -> Filler:
    return Filler(chat, frozenset({"en"}), FairQueue(1), CheckingVerifier(), "en")


def writing(*statements: tuple[str, list[int]]) -> ScriptedChat:
    said = {"statements": [{"text": text, "evidence": numbers} for text, numbers in statements]}
    return ScriptedChat(replies=(json.dumps(said),))


def filled(chat: ScriptedChat) -> list[Statement]:
    return a_filler(chat)(CourseField.RESOURCES, "cable ferry", FACTS)


def test_what_its_citations_support_is_a_fact_that_cites_them() -> None:
    (one,) = filled(writing(("One vehicle of 20 tonnes is carried by the cable ferry of Engineer Company LARK.", [1])))
    assert one.basis is Basis.FACT
    assert one.citations == FACTS[0].citations


@pytest.mark.parametrize(
    "invention",
    [
        "The cable ferry of Engineer Company LARK carries two vehicles of 40 tonnes.",
        "The cable ferry is used in thaw at all times.",
        "Twelve helicopters bring fuel to the yard at 06:00.",
    ],
)
def test_what_they_do_not_support_is_never_a_fact_and_no_invented_figure_is_kept(invention: str) -> None:
    kept = filled(writing((invention, [1, 2])))
    assert all(one.basis is Basis.ASSUMPTION and not any(map(str.isdigit, one.text)) for one in kept)


def test_what_says_again_what_a_fact_says_is_left_out() -> None:
    assert filled(writing((FACTS[1].text, [2]))) == []


@pytest.mark.parametrize(
    "broken",
    [
        "The ferry carries one vehicle.",
        '{"statements": [',
        '{"statements": {}}',
        '{"statements": [], "more": 1}',
        '{"statements": ["The ferry carries one vehicle."]}',
        '{"statements": [{"text": "The ferry carries one.", "evidence": []}]}',
        '{"statements": [{"text": "The ferry carries one.", "evidence": [9]}]}',
        '{"statements": [{"text": "The ferry carries one.", "evidence": [true]}]}',
        '{"statements": [{"text": 4, "evidence": [1]}]}',
        "[" * 100_000,
        "",
    ],
)
def test_a_model_that_breaks_the_schema_is_noted_and_its_text_dropped(broken: str) -> None:
    filler = a_filler(ScriptedChat(replies=(broken,)))
    assert filler(CourseField.HOW, "cable ferry", FACTS) == []
    assert len(filler.notes) == 1
    assert filler.notes[0].startswith("the language model broke the schema")


def test_what_keeps_to_the_schema_is_read() -> None:
    text = '{"statements": [{"text": "It carries  one.", "evidence": [2, 1, 2]}]}'
    assert read_statements(text, facts=2) == [("It carries one.", (2, 1))]
    with pytest.raises(SchemaBroken):
        read_statements(text, facts=1)


def test_a_model_that_fails_is_noted() -> None:
    filler = a_filler(ScriptedChat(fails_with="out of memory"))
    assert filler(CourseField.HOW, "cable ferry", FACTS) == []
    assert filler.notes == ["the language model failed: out of memory"]


def test_a_model_is_not_asked_in_a_language_that_it_does_not_write() -> None:
    chat = writing()
    filler = a_filler(chat)
    filler.language = "nl"
    assert filler(CourseField.HOW, "kabelpont", FACTS) == []
    assert chat.calls == []


def test_the_model_is_given_the_schema_and_its_prompt_is_recorded() -> None:
    chat = writing()
    filler = a_filler(chat)
    filler(CourseField.HOW, "cable ferry", FACTS)
    assert chat.schemas == [schema_for(2)]
    assert list(filler.prompt_hashes) == ["course_field.en.v1"]


def test_cancelling_stops_the_model() -> None:
    filler = a_filler(writing(("The cable ferry carries one vehicle.", [1])))
    filler.cancelled = threading.Event()
    filler.cancelled.set()
    with pytest.raises(Cancelled):
        filler(CourseField.HOW, "cable ferry", FACTS)


@pytest.mark.models
def test_the_packaged_model_keeps_to_the_schema_and_nothing_it_invents_is_a_fact() -> None:
    filler = a_filler(LlamaCppChat(path=default_model_path(), threads=1))
    for name in (CourseField.RESOURCES, CourseField.RISKS, CourseField.HOW):
        for one in filler(name, "cable ferry", FACTS):
            assert one.basis in (Basis.FACT, Basis.ASSUMPTION)
            assert one.citations
    assert not any("schema" in note for note in filler.notes)
