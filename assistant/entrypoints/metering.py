"""Count what becomes of questions and how long they take, for whoever watches over the machine.

Numbers only, with no label that a document, a corpus or a person could be known by."""

import threading
import time
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from assistant.answers import Answer, Answered, Event, Question, SourcesFound, Verdict
from assistant.chatmodels import Cancelled
from assistant.entrypoints.preparing import Answering
from assistant.journal import Journal
from retrieval.errors import StafwijzerError

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8, 15, 30, 60)


class Meter:
    """What was counted since the program began."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._questions = Counter(
            "stafwijzer_questions",
            "Questions by outcome: answered, abstained, cancelled, refused or failed.",
            ["outcome"],
            registry=self._registry,
        )
        self._claims = Counter(
            "stafwijzer_claims", "Claims by the verdict of their check.", ["verdict"], registry=self._registry
        )
        self._unresolved = Counter(
            "stafwijzer_unresolved_labels", "Labels that a model made up.", registry=self._registry
        )
        self._under_way = Gauge("stafwijzer_questions_under_way", "Questions being answered.", registry=self._registry)
        self._first_source = Histogram(
            "stafwijzer_first_source_seconds",
            "From the question to its sources.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._complete = Histogram(
            "stafwijzer_answer_seconds", "From the question to its answer.", buckets=_SECONDS, registry=self._registry
        )
        for outcome in ("answered", "abstained", "cancelled", "refused", "failed"):
            self._questions.labels(outcome)
        for verdict in Verdict:
            self._claims.labels(verdict.value)

    def around(self, assistant: Answering) -> Answering:
        """Return an assistant that does the same and is counted."""
        return _Metered(assistant, self)

    def gauge(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Add a figure that is read when somebody looks."""
        Gauge(name, meaning, registry=self._registry).set_function(read)

    def exposition(self) -> bytes:
        """Return all figures in the text format of Prometheus (version 0.0.4)."""
        return generate_latest(self._registry)

    def outcomes(self) -> dict[str, int]:
        """Return how many questions had each outcome."""
        return {
            sample.labels["outcome"]: int(sample.value)
            for family in self._questions.collect()
            for sample in family.samples
            if sample.name.endswith("_total")
        }

    def follow(self, events: Iterator[Event]) -> Iterator[Event]:
        """Pass events on and count what comes of them."""
        started, outcome = time.perf_counter(), "failed"
        self._under_way.inc()
        try:
            for event in events:
                if isinstance(event, SourcesFound):
                    self._first_source.observe(time.perf_counter() - started)
                elif isinstance(event, Answered):
                    self._complete.observe(time.perf_counter() - started)
                    outcome = self._answered(event.answer)
                yield event
        except (Cancelled, GeneratorExit):
            outcome = outcome if outcome != "failed" else "cancelled"
            raise
        except StafwijzerError:
            outcome = "refused"
            raise
        finally:
            self._under_way.dec()
            self._questions.labels(outcome).inc()

    def _answered(self, answer: Answer) -> str:
        for claim in (*answer.claims, *answer.withheld):
            self._claims.labels(claim.verdict.value).inc()
        self._unresolved.inc(answer.unresolved)
        return "abstained" if answer.abstained else "answered"


class _Metered:
    def __init__(self, assistant: Answering, meter: Meter) -> None:
        self._assistant, self._meter = assistant, meter

    @property
    def journal(self) -> Journal:
        return self._assistant.journal

    def stream(self, question: Question, *, cancelled: threading.Event | None = None) -> Iterator[Event]:
        return self._meter.follow(self._assistant.stream(question, cancelled=cancelled))
