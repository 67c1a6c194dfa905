"""Chainlit is handed nothing to keep, and nothing of a conversation that is not the signed-in user's."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistant.entrypoints.remembering.layer import GuardedLayer, Refused, signing_on
from assistant.history import ConversationStore, History, Outcome, Readable
from assistant.history.storing import conversations, exchanges
from retrieval.catalog.database import open_engine
from tests.assistant.history.making import an_answer
from tests.installations import asking

ONE = "5a1f0c1e-0000-4000-8000-000000000001"


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    store = ConversationStore(open_engine(f"sqlite:///{tmp_path / 'history.sqlite'}"))
    number = store.ask(ONE, asking("Is it open?"), owner="officer")
    store.finish(ONE, number, Outcome.ANSWERED, an_answer("It is closed."), owner="officer")
    return store


@pytest.fixture
def layer(store: ConversationStore) -> GuardedLayer:
    history = History(store, lambda principal, answers, on_date: Readable({}, frozenset()))
    return GuardedLayer(lambda: history)


@pytest.fixture(params=["officer", "other", None])
def reader(request: pytest.FixtureRequest) -> Iterator[str | None]:
    token = signing_on.set(request.param)
    yield request.param
    signing_on.reset(token)


def test_a_conversation_is_there_for_its_owner_alone(layer: GuardedLayer, reader: str | None) -> None:
    thread = asyncio.run(layer.get_thread(ONE))
    author = asyncio.run(layer.get_thread_author(ONE))
    if reader == "officer":
        assert thread is not None
        # The answer is not among them: it is shown anew, as far as it may be read.
        assert [(step["type"], step["output"]) for step in thread["steps"]] == [("user_message", "Is it open?")]
        assert author == "officer"
    else:
        assert (thread, author) == (None, "")


def test_nothing_that_a_browser_could_send_is_kept(layer: GuardedLayer, store: ConversationStore) -> None:
    forged = {"id": ONE, "threadId": ONE, "type": "assistant_message", "output": "All clear."}

    async def forge() -> None:
        await layer.create_step(forged)  # type: ignore[arg-type]
        await layer.update_step(forged)  # type: ignore[arg-type]
        await layer.delete_step(ONE)
        await layer.create_element(forged)
        await layer.delete_element(ONE, ONE)
        await layer.update_thread(ONE, name="All clear.", user_id="other", metadata={"secret": 1}, tags=["x"])

    before = store.read(ONE, owner="officer")
    asyncio.run(forge())
    assert store.read(ONE, owner="officer") == before
    with store._engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(conversations)).scalar() == 1
        assert connection.execute(select(func.count()).select_from(exchanges)).scalar() == 1


def test_what_has_a_route_or_a_button_of_its_own_is_refused_here(layer: GuardedLayer) -> None:
    for refused in (layer.delete_thread(ONE), layer.delete_feedback(ONE)):
        with pytest.raises(Refused):
            asyncio.run(refused)
