"""Keep conversations in the database behind an engine. Only a conversation's owner reads, changes or deletes it.

Written by the code that asks and answers; nothing here takes an answer from anybody else. An id that is not the
owner's is as unknown as one that was never given out. Knows nothing of who may read what an answer rests on."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from assistant.answers import Answer, Question
from assistant.citing import as_json
from assistant.history.conversation import Conversation, Exchange, Outcome
from retrieval.access import Marking, high_water_mark
from retrieval.catalog.database import writing
from retrieval.catalog.migrating import migrate
from retrieval.errors import StafwijzerError

HEAD = "0001"
_REVISIONS = Path(__file__).parent / "versions"
_TITLE_CHARACTERS = 120

metadata = MetaData()
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("begun_at", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("markings", JSON, nullable=False),
)
exchanges = Table(
    "exchanges",
    metadata,
    Column("conversation", String(36), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("asked_at", String(32), nullable=False),
    Column("question", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("corpora", JSON, nullable=False),
    Column("on_date", Date, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("answer", Text),
    Column("problem", Text, nullable=False),
    # The question and what was shown of its answer, casefolded: SQLite compares other letters than ASCII exactly.
    Column("words", Text, nullable=False),
)


class ConversationUnknown(StafwijzerError):
    """There is no such conversation, or it is somebody else's."""


class ConversationStore:
    """The conversations in the database behind `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        migrate(engine, revisions=_REVISIONS, head=HEAD, version_table="alembic_version_conversations")

    def ask(self, id: str, question: Question, *, owner: str) -> int:
        """Keep a question, in a conversation that is begun when there is none of this id; return its number.

        Raises ConversationUnknown when the id is another owner's, DatabaseUnavailable when it cannot be kept."""
        now = _now()
        try:
            with writing(self._engine) as connection:
                _lock(connection, id)
                found = connection.execute(select(conversations.c.owner).where(conversations.c.id == id)).scalar()
                if found is None:
                    row = {"id": id, "owner": owner, "title": title_of(question.text), "begun_at": now}
                    connection.execute(insert(conversations).values(**row, changed_at=now, markings=[]))
                elif found != owner:
                    raise _unknown()
                last = select(func.max(exchanges.c.number)).where(exchanges.c.conversation == id)
                number = (connection.execute(last).scalar() or 0) + 1
                connection.execute(insert(exchanges).values(conversation=id, number=number, **_asked(question, now)))
                _touch(connection, id, changed_at=now)
        except IntegrityError as error:
            # PostgreSQL lets two begin the same conversation at once, and the second finds it taken.
            raise _unknown() from error
        return int(number)

    def finish(
        self, id: str, number: int, outcome: Outcome, answer: Answer | None, *, owner: str, problem: str = ""
    ) -> None:
        """Keep what became of a question. Raises ConversationUnknown when it was deleted, DatabaseUnavailable."""
        with writing(self._engine) as connection:
            kept = _row_of(connection, id, owner)
            row = connection.execute(select(exchanges).filter_by(conversation=id, number=number)).first()
            if row is None:
                raise _unknown()
            change = {"outcome": outcome.value, "problem": problem}
            if answer is not None:
                change |= {"answer": _written(answer), "words": _folded(row.question, row.query, *_shown(answer))}
            connection.execute(
                update(exchanges).where(exchanges.c.conversation == id, exchanges.c.number == number).values(**change)
            )
            marked = [*_markings(kept.markings), *([answer.marking] if answer and answer.marking else [])]
            _touch(connection, id, changed_at=_now(), markings=as_json(_high_water_marks(marked)))

    def rename(self, id: str, title: str, *, owner: str) -> None:
        """Give a conversation another title. Raises ConversationUnknown."""
        with writing(self._engine) as connection:
            _row_of(connection, id, owner)
            _touch(connection, id, title=title_of(title))

    def delete(self, id: str, *, owner: str) -> None:
        """Delete a conversation with all that was kept of it. Raises ConversationUnknown.

        SQLite overwrites what is deleted, and its log as soon as nobody reads in it; PostgreSQL keeps both by the
        server's own settings."""
        with writing(self._engine) as connection:
            _row_of(connection, id, owner)
            connection.execute(delete(exchanges).where(exchanges.c.conversation == id))
            connection.execute(delete(conversations).where(conversations.c.id == id))
        if self._engine.dialect.name == "sqlite":
            self._empty_log()

    def belongs(self, id: str, *, owner: str) -> bool:
        """Tell whether there is such a conversation of this owner."""
        query = select(conversations.c.id).where(conversations.c.id == id, conversations.c.owner == owner)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def read(self, id: str, *, owner: str) -> tuple[Conversation, list[Exchange]]:
        """Return a conversation and its questions in their order. Raises ConversationUnknown."""
        query = select(exchanges).where(exchanges.c.conversation == id).order_by(exchanges.c.number)
        with self._engine.connect() as connection:
            kept = _conversation(_row_of(connection, id, owner))
            return kept, [_exchange(row) for row in connection.execute(query)]

    def last(self, id: str, *, owner: str, limit: int) -> list[Exchange]:
        """Return the last questions of a conversation in their order; [] when there is no such conversation."""
        query = (
            select(exchanges)
            .join(conversations, exchanges.c.conversation == conversations.c.id)
            .where(conversations.c.id == id, conversations.c.owner == owner)
            .order_by(exchanges.c.number.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [_exchange(row) for row in reversed(connection.execute(query).all())]

    def list(self, *, owner: str, limit: int, after: str = "", words: Sequence[str] = ()) -> list[Conversation]:
        """Return the conversations of an owner, changed last first, that begin after the one with the id `after`.

        With `words`, those that hold every one of them, in a title, a question or an answer."""
        columns = conversations.c
        query = select(conversations).where(columns.owner == owner)
        for word in words:
            holds = exchanges.c.words.contains(_folded(word), autoescape=True)
            asked = columns.id.in_(select(exchanges.c.conversation).where(holds))
            query = query.where(or_(asked, columns.title.icontains(word, autoescape=True)))
        if after:
            cursor = select(columns.changed_at, columns.id).where(columns.id == after, columns.owner == owner)
            query = query.where(tuple_(columns.changed_at, columns.id) < cursor.scalar_subquery())
        query = query.order_by(columns.changed_at.desc(), columns.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_conversation(row) for row in connection.execute(query)]

    def _empty_log(self) -> None:
        """Overwrite the pages of before, which stand in the log; when somebody reads in it, a later call does it."""
        pooled = self._engine.raw_connection()
        with closing(pooled), suppress(sqlite3.OperationalError):
            pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def title_of(text: str) -> str:
    """Return the beginning of a text, in one line, as the title of a conversation."""
    line = " ".join(_text(text).split())
    return line if len(line) <= _TITLE_CHARACTERS else f"{line[: _TITLE_CHARACTERS - 1].rstrip()}…"


def _asked(question: Question, now: str) -> dict[str, Any]:
    return {
        "asked_at": now,
        "question": _text(question.text),
        "query": _text(question.query),
        "corpora": sorted(question.corpora),
        "on_date": question.on_date,
        "outcome": Outcome.ASKED.value,
        "problem": "",
        "words": _folded(question.text, question.query),
    }


def _written(answer: Answer) -> str:
    """Return an answer as JSON, without the text of its passages."""
    named = tuple(replace(one, passage=replace(one.passage, text="")) for one in answer.evidence)
    return _text(json.dumps(as_json(replace(answer, evidence=named)), ensure_ascii=False, separators=(",", ":")))


@cache
def _reader() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _shown(answer: Answer) -> Iterable[str]:
    yield answer.text
    for citation in answer.abstention.nearest if answer.abstention else ():
        yield citation.quote


def _folded(*texts: str) -> str:
    return _text("\n".join(" ".join(text.split()) for text in texts if text).casefold())


def _text(text: str) -> str:
    """Return what a database takes: no halves of characters (lone surrogates), and no zero, which ends a string."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _high_water_marks(markings: Iterable[Marking]) -> list[Marking]:
    by_policy: dict[str, list[Marking]] = {}
    for marking in markings:
        by_policy.setdefault(marking.policy, []).append(marking)
    return [mark for _, some in sorted(by_policy.items()) if (mark := high_water_mark(some))]


def _markings(told: Iterable[dict[str, Any]]) -> list[Marking]:
    return TypeAdapter(list[Marking]).validate_python(told)


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(row.id, row.owner, row.title, row.begun_at, row.changed_at, tuple(_markings(row.markings)))


def _exchange(row: Row[Any]) -> Exchange:
    answer = _reader().validate_json(row.answer) if row.answer else None
    return Exchange(
        row.number,
        row.asked_at,
        row.question,
        row.query,
        frozenset(row.corpora),
        row.on_date,
        Outcome(row.outcome),
        answer,
        row.problem,
    )


def _row_of(connection: Connection, id: str, owner: str) -> Row[Any]:
    row = connection.execute(select(conversations).filter_by(id=id, owner=owner)).first()
    if row is None:
        raise _unknown()
    return row


def _lock(connection: Connection, id: str) -> None:
    """Let nobody else write in a conversation until this transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(conversations.c.id).filter_by(id=id).with_for_update())


def _touch(connection: Connection, id: str, **changes: Any) -> None:
    connection.execute(update(conversations).where(conversations.c.id == id).values(**changes))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _unknown() -> ConversationUnknown:
    return ConversationUnknown("There is no such conversation.", hint="Choose one from the list beside the chat.")
