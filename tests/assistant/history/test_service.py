"""A conversation is shown again as far as its owner may read today what it rests on, and no further."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Abstention, Conflict, Origin, Question, Side
from assistant.history import ConversationStore, ConversationUnknown, History, Opened, Outcome, reread_from
from assistant.history.rereading import Readable, span_of
from assistant.history.withholding import as_seen
from assistant.service import Assistant
from retrieval.access import Principal
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.deleting import delete
from tests.assistant.history.making import an_answer, answering, quoting
from tests.installations import CLEARED, OPEN, SECRET, TODAY, a_corpus, an_assistant, an_ingestion, asking
from tests.making import some_evidence

ONE = "5a1f0c1e-0000-4000-8000-000000000001"
TEXTS = {"order.md": "The bridge is closed to tracked vehicles until noon.", "annex.md": "The bridge bears MLC 40."}
"""The reply of the model rests on both."""
REPLY = "The bridge is closed to tracked vehicles until noon [1]."


@pytest.fixture
def ingestion(tmp_path: Path) -> Iterator[Ingestion]:
    made = an_ingestion(tmp_path)
    (tmp_path / "plans").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "plans" / name).write_text(f"# Bridges\n\n{text}\n")
    made.add(tmp_path / "plans", a_corpus())
    yield made
    made.catalog.close()


@pytest.fixture
def history(ingestion: Ingestion) -> History:
    return History(ConversationStore(ingestion.catalog.engine), reread_from(ingestion.catalog))


def hold(history: History, ingestion: Ingestion, *questions: Question) -> None:
    assistant: Assistant = an_assistant(ingestion)
    for question in questions:
        number = history.ask(ONE, question)
        answer = assistant.ask(question)
        history.finish(ONE, number, Outcome.ANSWERED, answer, principal=question.principal)


def seen(history: History, principal: Principal = CLEARED) -> Opened:
    return history.open(ONE, principal=principal, on_date=TODAY)


def said(opened: Opened) -> str:
    return "\n".join(one.exchange.answer.text for one in opened.exchanges if one.exchange.answer)


QUESTION = asking("Until when is the bridge closed to tracked vehicles?", principal=CLEARED)


def test_a_conversation_is_opened_as_it_was_with_the_text_of_its_passages(
    history: History, ingestion: Ingestion
) -> None:
    hold(history, ingestion, QUESTION)
    (one,) = seen(history).exchanges
    assert not one.withheld
    assert one.exchange.answer is not None
    assert TEXTS["order.md"] in one.exchange.answer.text
    assert any(TEXTS["order.md"] in evidence.passage.text for evidence in one.exchange.answer.evidence)
    assert history.turns(ONE, principal=CLEARED, on_date=TODAY, limit=5)[0].question == QUESTION.text


def test_what_was_replaced_since_is_still_shown(history: History, ingestion: Ingestion, tmp_path: Path) -> None:
    hold(history, ingestion, QUESTION)
    (tmp_path / "plans" / "order.md").write_text("# Bridges\n\nThe bridge is open again.\n")
    ingestion.add(tmp_path / "plans", a_corpus())
    assert not seen(history).exchanges[0].withheld
    assert TEXTS["order.md"] in said(seen(history))


def mark(ingestion: Ingestion, key: str) -> None:
    (holding,) = [one for one in ingestion.catalog.holdings("plans") if one.document.key == key]
    ingestion.catalog.set_marking([holding.document.id], SECRET)


def drop(ingestion: Ingestion, key: str) -> None:
    (id,) = [one.document.id for one in ingestion.catalog.holdings("plans") if one.document.key == key]
    delete(ingestion.points, ingestion.blobs, "plans", {id: key}, by="owner")


@pytest.mark.parametrize("close", [mark, drop])
def test_what_may_not_be_read_any_more_is_withheld_everywhere(
    history: History, ingestion: Ingestion, close: Callable[[Ingestion, str], None]
) -> None:
    reader = replace(CLEARED, clearance=(("NLD", "Ongerubriceerd"),))
    hold(history, ingestion, QUESTION, asking("And MLC?", principal=CLEARED))
    close(ingestion, "order.md")
    opened = seen(history, reader)
    assert opened.exchanges[0].withheld
    assert "tracked" not in said(opened)
    assert all("tracked" not in one.passage.text for each in opened.exchanges for one in each.exchange.answer.evidence)  # type: ignore[union-attr]
    assert TEXTS["annex.md"] in said(opened)
    told = history.turns(ONE, principal=reader, on_date=TODAY, limit=5)
    assert "noon" not in "".join(turn.answer for turn in told)
    # Its words find it no longer either, unless its owner asked with them.
    assert history.list(principal=reader, on_date=TODAY, search="noon").conversations == ()
    assert history.list(principal=reader, on_date=TODAY, search="MLC 40").conversations != ()


def test_a_corpus_that_closed_takes_all_of_it(history: History, ingestion: Ingestion) -> None:
    hold(history, ingestion, QUESTION)
    stranger = replace(CLEARED, clearance=(("NATO", "NATO SECRET"),))
    opened = seen(history, stranger)
    assert opened.exchanges[0].withheld
    assert said(opened) == ""
    assert opened.exchanges[0].exchange.answer.evidence == ()  # type: ignore[union-attr]


def test_what_the_model_wrote_goes_when_any_passage_before_it_does() -> None:
    evidence = tuple(some_evidence(["The bridge is closed.", "Codeword GRUTTO."]))
    quote, model = (
        quoting(evidence[0], "The bridge is closed."),
        quoting(evidence[0], "The bridge is closed.", origin=Origin.MODEL, text="GRUTTO closes the bridge."),
    )
    answer = replace(answering(evidence, (quote, model)), unanswered=("GRUTTO?",), strikes=True, withheld=(model,))
    readable = Readable({span_of(evidence[0]): evidence[0].passage.text}, frozenset({"plans"}))
    left = as_seen(answer, readable)
    assert left.withheld
    assert left.answer.claims == (quote,)
    assert "GRUTTO" not in repr(left.answer)


def test_a_conflict_stands_with_both_its_sides_or_not_at_all() -> None:
    evidence = tuple(some_evidence(["Closed until noon.", "Closed again from dusk."]))
    claims = tuple(quoting(one, one.passage.text) for one in evidence)
    sides = tuple(Side(one.text, one.citations[0], OPEN, None, 0) for one in claims)
    answer = replace(answering(evidence, claims), conflicts=(Conflict("closed", sides),))
    every = {span_of(one): one.passage.text for one in evidence}
    assert as_seen(answer, Readable(every, frozenset({"plans"}))).answer == answer
    one = {span_of(evidence[0]): evidence[0].passage.text}
    left = as_seen(answer, Readable(one, frozenset({"plans"}))).answer
    assert (left.claims, left.conflicts) == (claims[:1], ())
    assert "dusk" not in repr(left)


def test_an_abstention_names_no_corpus_that_its_reader_may_not_know() -> None:
    evidence = tuple(some_evidence(["Nothing of use."]))
    told = Abstention(("plans", "grutto"), ("grutto cell",), (), ())
    answer = replace(answering(evidence, ()), abstained=True, abstention=told, text="Not in plans, grutto.")
    readable = Readable({span_of(evidence[0]): evidence[0].passage.text}, frozenset({"plans"}))
    assert "grutto" not in repr(as_seen(answer, readable).answer)


def test_a_text_that_is_another_than_was_quoted_is_not_shown_as_the_quote() -> None:
    answer = an_answer("The bridge is closed.")
    readable = Readable({span_of(answer.evidence[0]): "The bridge is opened."}, frozenset({"plans"}))
    assert as_seen(answer, readable).answer.claims == ()


def test_after_something_was_withheld_no_later_query_tells_of_it(history: History, ingestion: Ingestion) -> None:
    reader = replace(CLEARED, clearance=(("NLD", "Ongerubriceerd"),))
    hold(history, ingestion, QUESTION)
    number = history.ask(ONE, asking("And then?", principal=CLEARED))
    later = an_answer()
    later = replace(later, trace=replace(later.trace, query="closed to tracked vehicles until noon, and then?"))
    history.finish(ONE, number, Outcome.ANSWERED, later, principal=CLEARED)
    assert seen(history).exchanges[1].exchange.answer.trace.query  # type: ignore[union-attr]
    mark(ingestion, "order.md")
    assert "noon" not in repr(seen(history, reader).exchanges[1].exchange.answer)


def test_nobody_opens_the_conversation_of_another(history: History, ingestion: Ingestion) -> None:
    hold(history, ingestion, QUESTION)
    other = replace(CLEARED, name="other")
    with pytest.raises(ConversationUnknown):
        seen(history, other)
    assert history.turns(ONE, principal=other, on_date=TODAY, limit=5) == ()
    assert history.list(principal=other, on_date=TODAY, search="bridge").conversations == ()
