"""Conversations are kept for their owner only, found by their words, and really gone when they are deleted."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.answers import Answer, Question
from assistant.history import ConversationStore, ConversationUnknown, Outcome
from assistant.history.storing import title_of
from retrieval.access import Marking
from retrieval.catalog.database import open_engine
from tests.assistant.history.making import an_answer
from tests.installations import asking

ONE = "5a1f0c1e-0000-4000-8000-000000000001"
TWO = "5a1f0c1e-0000-4000-8000-000000000002"


@pytest.fixture
def store(empty_url: str) -> ConversationStore:
    return ConversationStore(open_engine(empty_url))


def held(store: ConversationStore, id: str, question: Question, answer: Answer, *, owner: str = "officer") -> int:
    number = store.ask(id, question, owner=owner)
    store.finish(id, number, Outcome.ANSWERED, answer, owner=owner)
    return number


def test_what_was_asked_and_answered_is_read_as_it_was(store: ConversationStore) -> None:
    question = replace(asking("Is the bridge open?", "plans"), query="bridge")
    answer = an_answer("The bridge is closed.")
    held(store, ONE, question, answer)
    kept, (exchange,) = store.read(ONE, owner="officer")
    assert (kept.title, kept.owner) == ("Is the bridge open?", "officer")
    assert (exchange.question, exchange.query, exchange.corpora) == (
        "Is the bridge open?",
        "bridge",
        frozenset({"plans"}),
    )
    assert (exchange.outcome, exchange.on_date) == (Outcome.ANSWERED, question.on_date)
    assert exchange.answer is not None
    assert exchange.answer.claims == answer.claims
    assert replace(exchange.answer, evidence=()) == replace(answer, evidence=())


def test_the_text_of_passages_stays_in_the_catalog(store: ConversationStore) -> None:
    held(store, ONE, asking("Is it open?"), an_answer("It is closed.", before="Nobody quoted this secret. "))
    with store._engine.connect() as connection:
        assert "Nobody quoted" not in "".join(connection.execute(text("SELECT answer FROM exchanges")).scalars())


def test_another_owner_finds_changes_and_deletes_nothing(store: ConversationStore) -> None:
    number = held(store, ONE, asking("Is it open?"), an_answer("It is closed."))
    for reach in (
        lambda: store.read(ONE, owner="other"),
        lambda: store.rename(ONE, "mine", owner="other"),
        lambda: store.delete(ONE, owner="other"),
        lambda: store.finish(ONE, number, Outcome.ANSWERED, an_answer("Forged."), owner="other"),
        lambda: store.ask(ONE, asking("Mine now?"), owner="other"),
    ):
        with pytest.raises(ConversationUnknown, match="There is no such conversation"):
            reach()
    assert store.list(owner="other", limit=9) == []
    assert store.list(owner="other", limit=9, words=["open"]) == []
    assert store.last(ONE, owner="other", limit=9) == []
    assert not store.belongs(ONE, owner="other")
    kept, exchanges = store.read(ONE, owner="officer")
    assert (kept.title, len(exchanges)) == ("Is it open?", 1)


def test_the_list_begins_with_what_was_changed_last_and_goes_on_where_it_ended(store: ConversationStore) -> None:
    ids = [f"5a1f0c1e-0000-4000-8000-00000000000{number}" for number in range(5)]
    for id in ids:
        store.ask(id, asking(f"Question {id[-1]}"), owner="officer")
    store.ask(ids[0], asking("Once more"), owner="officer")
    first = store.list(owner="officer", limit=3)
    rest = store.list(owner="officer", limit=3, after=first[-1].id)
    assert [one.id for one in (*first, *rest)] == [ids[0], *reversed(ids[1:])]


def test_words_are_found_in_questions_answers_and_titles_whatever_their_case(store: ConversationStore) -> None:
    held(store, ONE, asking("Waar ligt België?"), an_answer("Zuidelijk van de STRAẞE."))
    store.ask(TWO, asking("100% zeker?"), owner="officer")
    store.rename(TWO, "Over zekerheid", owner="officer")

    def found(*words: str) -> list[str]:
        return [one.id for one in store.list(owner="officer", limit=9, words=words)]

    assert found("BELGIË") == found("strasse", "zuidelijk") == [ONE]
    assert found("100%") == found("zekerheid") == [TWO]
    assert found("belgië", "zeker") == found("_", "%") == found("_") == []


def test_a_conversation_is_marked_as_all_that_was_shown_in_it(store: ConversationStore) -> None:
    high, other = Marking("NLD", "Stg. Geheim"), Marking("NATO", "NATO RESTRICTED")
    for marking in (None, high, Marking("NLD", "Ongerubriceerd"), other):
        held(store, ONE, asking("And?"), replace(an_answer("It is."), marking=marking))
    (listed,) = store.list(owner="officer", limit=9)
    assert listed.markings == (other, high)


def test_what_was_deleted_is_gone_from_the_file(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'history.sqlite'}")
    store = ConversationStore(engine)
    for number in range(50):
        held(store, ONE, asking(f"Is Zanzibar open? {number}"), an_answer("Quagmire is closed."))
    store.delete(ONE, owner="officer")
    engine.dispose()
    bytes_left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Zanzibar" not in bytes_left
    assert b"Quagmire" not in bytes_left
    assert b"zanzibar" not in bytes_left


def test_what_was_deleted_stays_deleted_when_its_answer_comes(store: ConversationStore) -> None:
    number = store.ask(ONE, asking("Slow?"), owner="officer")
    store.delete(ONE, owner="officer")
    with pytest.raises(ConversationUnknown):
        store.finish(ONE, number, Outcome.ANSWERED, an_answer("Late."), owner="officer")
    assert store.list(owner="officer", limit=9) == []


def test_questions_at_the_same_moment_get_numbers_of_their_own(store: ConversationStore) -> None:
    store.ask(ONE, asking("First"), owner="officer")
    with ThreadPoolExecutor(6) as pool:
        numbers = pool.map(lambda _: store.ask(ONE, asking("Again"), owner="officer"), range(6))
    assert sorted(numbers) == [2, 3, 4, 5, 6, 7]


def test_text_that_no_database_takes_is_kept_as_far_as_it_is_text(store: ConversationStore) -> None:
    store.ask(ONE, asking("half \ud800 and zero \0 end"), owner="officer")
    _, (exchange,) = store.read(ONE, owner="officer")
    assert exchange.question == "half ? and zero   end"
    assert json.dumps(exchange.question)


def test_a_title_is_one_line_of_bounded_length() -> None:
    assert title_of("two\nlines  here") == "two lines here"
    assert len(title_of("word " * 100)) <= 120
