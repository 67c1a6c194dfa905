"""The conversations of one owner as they may be read today: listed, searched, opened, followed up, deleted.

Knows nothing of a screen, nor of how an answer is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answers import Answer, Question, Turn
from assistant.history.conversation import Conversation, Exchange, Outcome
from assistant.history.rereading import Reread
from assistant.history.storing import ConversationStore
from assistant.history.withholding import as_seen, without_query
from retrieval.access import Principal

# Conversations that hold the words are read again in so many at a time, until a page is full.
_SEARCHED_AT_ONCE = 20
_SEARCHED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Some conversations of a list."""

    conversations: tuple[Conversation, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Reopened:
    """A question as its asker may read its answer today."""

    exchange: Exchange
    withheld: bool
    """Something was left out of the answer."""


@dataclass(frozen=True, slots=True)
class Opened:
    conversation: Conversation
    exchanges: tuple[Reopened, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The conversations that are kept. `principal.name` is whose they are; nobody reads another's."""

    store: ConversationStore
    reread: Reread

    def ask(self, id: str, question: Question) -> int:
        """Keep a question and return its number. Raises ConversationUnknown and DatabaseUnavailable."""
        return self.store.ask(id, question, owner=question.principal.name)

    def finish(
        self, id: str, number: int, outcome: Outcome, answer: Answer | None, *, principal: Principal, problem: str = ""
    ) -> None:
        """Keep what became of a question. Raises ConversationUnknown and DatabaseUnavailable."""
        self.store.finish(id, number, outcome, answer, owner=principal.name, problem=problem)

    def list(self, *, principal: Principal, on_date: date, limit: int = 20, after: str = "", search: str = "") -> Page:
        """Return conversations, changed last first, after the one with the id `after`.

        With words to search for, those that hold all of them in what their owner may read of them today."""
        words = search.split()
        if not words:
            found = self.store.list(owner=principal.name, limit=limit + 1, after=after)
            return Page(tuple(found[:limit]), len(found) > limit)
        matches = self._matches(words, principal, on_date, after)
        found = [one for _, one in zip(range(limit + 1), matches, strict=False)]
        return Page(tuple(found[:limit]), len(found) > limit)

    def open(self, id: str, *, principal: Principal, on_date: date) -> Opened:
        """Return a conversation as its owner may read it today. Raises ConversationUnknown."""
        kept, exchanges = self.store.read(id, owner=principal.name)
        return Opened(kept, tuple(self._reopen(exchanges, principal, on_date)))

    def turns(self, id: str, *, principal: Principal, on_date: date, limit: int) -> tuple[Turn, ...]:
        """Return the last questions of a conversation with what may be read of their answers today."""
        kept = self.store.last(id, owner=principal.name, limit=limit)
        reopened = [one.exchange for one in self._reopen(kept, principal, on_date)]
        # A query that the asker gave names what the next follow-up is about.
        return tuple(Turn(one.query or one.question, one.answer.text) for one in reopened if one.answer)

    def _reopen(self, exchanges: Sequence[Exchange], principal: Principal, on_date: date) -> Iterator[Reopened]:
        readable = self.reread(principal, [one.answer for one in exchanges if one.answer], on_date)
        before = False
        for one in exchanges:
            if one.answer is None:
                yield Reopened(one, withheld=False)
                continue
            seen = as_seen(one.answer, readable)
            before = before or seen.withheld
            yield Reopened(replace(one, answer=without_query(seen.answer) if before else seen.answer), seen.withheld)

    def _matches(self, words: Sequence[str], principal: Principal, on_date: date, after: str) -> Iterator[Conversation]:
        """Yield the conversations that hold all words. What is withheld must not be found by its words either."""
        for _ in range(_SEARCHED_AT_MOST // _SEARCHED_AT_ONCE):
            some = self.store.list(owner=principal.name, limit=_SEARCHED_AT_ONCE, after=after, words=words)
            for one in some:
                if _holds(self.open(one.id, principal=principal, on_date=on_date), words):
                    yield one
            if len(some) < _SEARCHED_AT_ONCE:
                return
            after = some[-1].id


def _holds(opened: Opened, words: Sequence[str]) -> bool:
    said = [opened.conversation.title]
    for one in opened.exchanges:
        said += [one.exchange.question, one.exchange.query]
        if answer := one.exchange.answer:
            said += [answer.text, *(near.quote for near in (answer.abstention.nearest if answer.abstention else ()))]
    whole = " ".join(" ".join(said).split()).casefold()
    return all(word.casefold() in whole for word in words)
