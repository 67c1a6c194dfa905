"""What a reader may choose from before asking: the corpora they may know of, and questions to begin with.

A question to begin with is made of a heading of a document that the reader may read today, and offered only when the
evidence for it is found to answer it. Knows no screen."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile, zip_longest

from assistant.answers import Question, Weighed
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.preparing import Answering
from retrieval.access import Principal, Scope, may_read, scope_for
from retrieval.catalog import Catalog, Corpus
from retrieval.languages import Language

_STARTERS = 4
# Of each corpus: enough for variety, few enough to read in some milliseconds.
_DOCUMENTS = 12
# A heading of fewer letters names too little; a longer one is a sentence, or a table of contents in one line.
_SHORTEST, _LONGEST = 6, 60
_KEPT_SECONDS = 300.0
# The page waits for them. What was not tried by then is not offered.
_TRIED_SECONDS = 1.0
_NUMBER = re.compile(r"^(?:[\dIVXivx]+[.)]|[a-zA-Z][.)]|[\d.]+)\s+")


Answers = Callable[[str, Principal, date], bool]
"""Tells whether what this principal may read on a day answers a question."""


def answered_by(assistant: Callable[[], Answering | None]) -> Answers:
    """Return what goes by an assistant's own search and weighing. It ends there: nothing is written or kept.

    `assistant`: None while there is none yet. Not one that is counted: nobody asked these."""

    def answers(text: str, principal: Principal, on_date: date) -> bool:
        asked = assistant()
        if asked is None:
            return False
        events = asked.stream(Question(text, principal, frozenset(), on_date))
        weighed = next((event for event in events if isinstance(event, Weighed)), None)
        return weighed is not None and not weighed.abstaining

    return answers


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    questions: tuple[str, ...]


class Shelf:
    """What stands in the catalog for a reader to choose from. It is opened when it is first asked."""

    def __init__(
        self, catalog: Callable[[], Catalog], answers: Answers, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._catalog = catalog
        self._answers = answers
        self._clock = clock
        self._kept: dict[tuple[Principal, Language, date], _Kept] = {}

    def corpora(self, principal: Principal, on_date: date) -> list[Corpus]:
        """Return the corpora that a reader may ask, by name."""
        known = (one for one in self._catalog().corpora() if may_read(principal, one.marking, on_date))
        return sorted(known, key=lambda one: one.name)

    def starters(self, principal: Principal, language: Language, on_date: date) -> tuple[str, ...]:
        """Return a few questions in a language, about documents that this reader may read; kept for a while."""
        key, now = (principal, language, on_date), self._clock()
        self._kept = {one: kept for one, kept in self._kept.items() if kept.until > now}
        if key not in self._kept:
            tried = takewhile(
                lambda _: self._clock() < now + _TRIED_SECONDS, self._questions(principal, language, on_date)
            )
            answered = (question for question in tried if self._answers(question, principal, on_date))
            questions = tuple(islice(answered, _STARTERS))
            if not questions:
                return ()
            self._kept[key] = _Kept(now + _KEPT_SECONDS, questions)
        return self._kept[key].questions

    def _questions(self, principal: Principal, language: Language, on_date: date) -> Iterator[str]:
        """Yield questions, of the corpora in turn."""
        catalog = self._catalog()
        names = [corpus.name for corpus in self.corpora(principal, on_date)]
        scope = scope_for(principal, markings=catalog.markings(), corpora=names, on_date=on_date)
        each = (self._of_corpus(name, scope, language) for name in names)
        yield from dict.fromkeys(filter(None, (one for some in zip_longest(*each) for one in some)))

    def _of_corpus(self, corpus: str, scope: Scope, language: Language) -> Iterator[str]:
        catalog = self._catalog()
        for document in catalog.documents(corpus, scope=scope)[:_DOCUMENTS]:
            title = " ".join(document.title.split())
            passages = catalog.passages_of(corpus, document.key, scope=scope)
            headings = [name for one in passages if (name := _heading(one.heading)) and name.lower() != title.lower()]
            if headings:
                # One that is a question itself is the best to ask.
                about = next((name for name in headings if name.endswith("?")), headings[0])
                yield about if about.endswith("?") else phrase("starter", language, title=title, about=about)


def _heading(path: str) -> str:
    """Return the innermost heading without its number; '' when it is no name of a subject."""
    name = _NUMBER.sub("", " ".join(path.rpartition(" > ")[2].split()))
    letters = sum(character.isalpha() for character in name)
    fits = letters >= _SHORTEST and len(name) <= _LONGEST and letters >= 0.7 * len(name)
    return name if fits and name.isprintable() else ""
