"""What can be put under test: anything that answers a question in the assistant's own events.

The assistant under given settings, its retrieval alone, and the baselines. Others are added by the entry point group
`stafwijzer.systems`: a callable that takes an Installation and the Journal for what it answers. Measures nothing."""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from typing import Protocol

from assistant.answers import (
    Answer,
    Answered,
    Claim,
    Event,
    Evidence,
    Question,
    Searched,
    SourcesFound,
    Tokens,
    Trace,
)
from assistant.bootstrap import Installation
from assistant.journal import Journal
from assistant.service import Assistant
from retrieval.access import high_water_mark, scope_for
from retrieval.documents import Hit
from retrieval.errors import StafwijzerError
from retrieval.languages import detect_language
from retrieval.searching import Retriever


class SystemUnknown(StafwijzerError):
    """There is no system of that name."""


class System(Protocol):
    """Something that answers questions."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str:
        """Names everything that its answers depend on, but for the corpora."""

    @property
    def index_snapshot(self) -> str: ...

    def stream(self, question: Question) -> Iterator[Event]:
        """Answer in events, as `Assistant.stream` does; the last is Answered."""


@dataclass(frozen=True, slots=True)
class AssistantSystem:
    """The product, as its users get it."""

    assistant: Assistant
    name: str = "assistant"

    @property
    def fingerprint(self) -> str:
        return self.assistant.settings_fingerprint

    @property
    def index_snapshot(self) -> str:
        return self.assistant.index_snapshot

    def stream(self, question: Question) -> Iterator[Event]:
        return self.assistant.stream(question)


@dataclass(frozen=True, slots=True)
class RetrievalOnly:
    """Search and nothing after it. It gives no answer, so what is measured of answers stays unscored."""

    retriever: Retriever
    limit: int
    depth: int
    fingerprint: str
    index_snapshot: str
    name: str = "retrieval"

    def stream(self, question: Question) -> Iterator[Event]:
        started = time.perf_counter()
        hits = find(self.retriever, question, limit=self.depth)
        yield Searched(tuple(hits))
        evidence = as_evidence(hits[: self.limit])
        yield SourcesFound(tuple(evidence))
        yield Answered(
            an_answer(
                question,
                text="",
                claims=(),
                evidence=evidence,
                fingerprint=self.fingerprint,
                index_snapshot=self.index_snapshot,
                timings={"answered": time.perf_counter() - started},
            )
        )


def find(retriever: Retriever, question: Question, *, limit: int) -> list[Hit]:
    """Search for the question as it stands, within what its asker may read."""
    catalog = retriever.catalog
    scope = scope_for(
        question.principal,
        markings=catalog.markings(),
        corpora=question.corpora or [corpus.name for corpus in catalog.corpora()],
        on_date=question.on_date,
    )
    hits = retriever.search(question.text, scope=scope, limit=limit)
    # As in the assistant: an answer carries one marking, and there is no order between two policies.
    return [hit for hit in hits if hit.marking.policy == hits[0].marking.policy]


def as_evidence(hits: Sequence[Hit]) -> list[Evidence]:
    """Label hits from 1, in their order."""
    return [
        Evidence(label, hit.passage, hit.document, hit.marking, hit.language, hit.score)
        for label, hit in enumerate(hits, start=1)
    ]


def an_answer(
    question: Question,
    *,
    text: str,
    claims: Sequence[Claim],
    evidence: Sequence[Evidence],
    fingerprint: str,
    index_snapshot: str,
    timings: dict[str, float],
    unresolved: int = 0,
    tokens: Tokens | None = None,
    model_sha256: str | None = None,
) -> Answer:
    """Return the answer of a system that neither abstains nor withholds."""
    return Answer(
        id=str(uuid.uuid4()),
        question=question.text,
        language=detect_language(question.text),
        claims=tuple(claims),
        text=text,
        citations=tuple(citation for claim in claims for citation in claim.citations),
        evidence=tuple(evidence),
        abstained=False,
        abstention=None,
        unanswered=(),
        conflicts=(),
        marking=high_water_mark(one.marking for one in evidence),
        withheld=(),
        strikes=False,
        unresolved=unresolved,
        trace=Trace(
            settings_fingerprint=fingerprint,
            query=question.text,
            parts=(),
            prompt_hashes={},
            model_sha256=model_sha256,
            index_snapshot=index_snapshot,
            timings=timings,
            tokens=tokens or Tokens(),
            # Such a system answers always: it claims to be sure.
            answerability=1.0,
        ),
    )


def system_of(name: str, installation: Installation, *, journal: Journal) -> System:
    """Make a system by its name. What it answers goes into `journal`, apart from what users were answered.

    Raises SystemUnknown."""
    # Ours first: nobody measures another system under the product's name.
    if name in _SYSTEMS:
        return _SYSTEMS[name](installation, journal)
    for point in entry_points(group="stafwijzer.systems"):
        if point.name == name:
            made: System = point.load()(installation, journal)
            return made
    raise SystemUnknown(f"There is no system '{name}'.", hint=f"Systems: {', '.join(system_names())}.")


def system_names() -> list[str]:
    """Return the names of all systems, ours first."""
    return [*_SYSTEMS, *sorted({point.name for point in entry_points(group="stafwijzer.systems")} - _SYSTEMS.keys())]


def _assistant(installation: Installation, journal: Journal) -> System:
    return AssistantSystem(replace(installation.assistant, journal=journal))


def _retrieval(installation: Installation, journal: Journal) -> System:
    assistant, search = installation.assistant, installation.settings.search
    return RetrievalOnly(
        installation.retriever,
        search.limit,
        max(search.limit, search.candidates),
        assistant.settings_fingerprint,
        assistant.index_snapshot,
    )


def _plain_hybrid(installation: Installation, journal: Journal) -> System:
    """Search that knows no translations: what the term lists are measured against."""
    plain = _retrieval(installation, journal)
    assert isinstance(plain, RetrievalOnly)
    return replace(plain, retriever=replace(plain.retriever, vocabulary=None), name="plain-hybrid")


def _langchain(installation: Installation, journal: Journal) -> System:
    from evals.baselines import plain_chain

    return plain_chain(installation)


def _closed_book(installation: Installation, journal: Journal) -> System:
    from evals.baselines import closed_book

    return closed_book(installation)


_SYSTEMS: dict[str, Callable[[Installation, Journal], System]] = {
    "assistant": _assistant,
    "retrieval": _retrieval,
    "plain-hybrid": _plain_hybrid,
    "langchain": _langchain,
    "closed-book": _closed_book,
}
