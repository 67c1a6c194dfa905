"""Ask every case of a run, and write down what came of each before the next is asked.

A case that fails keeps its error and is unscored. Knows no metric and no screen."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from zlib import crc32

from assistant.answers import Answer, Answered, Claim, Drafted, Evidence, Question, Searched, SourcesFound
from assistant.citing import conflict_line
from evals.cases import Case
from evals.placing import Places, places_shown
from evals.records import Cited, Control, Ranked, Record, Shown, Statement
from evals.runs import Run
from evals.systems import System
from retrieval.access import Principal, Scope, may_read, scope_for
from retrieval.catalog import Catalog, CorpusUnknown
from retrieval.documents import Hit
from retrieval.errors import StafwijzerError

SUPPORTED: frozenset[str] = frozenset()
"""What cases may require (`Case.requires`) and this version has."""
WARM_UP = "Who is responsible for the plan, and when does it begin?"
"""Asked before the first case, in no record."""
# So many failures one after the other are not the cases' doing.
_FAILURES_IN_A_ROW = 10


class RunStopped(StafwijzerError):
    """The system under test does not work."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way through a system, with the clock running."""

    answer: Answer
    hits: tuple[Hit, ...] | None
    """None: the system searches nothing."""
    seconds: float
    first_source: float | None
    first_token: float | None


@dataclass(frozen=True, slots=True)
class Runner:
    """Asks the cases of a run."""

    system: System
    catalog: Catalog
    evaluator: Principal
    on_date: date
    places: Places = field(init=False)
    keys: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", Places(self.catalog))

    def run(self, run: Run, *, on_done: Callable[[Record], None] = lambda record: None) -> Run:
        """Ask what has no answer yet, and return the finished run: `ask`, to its end. Raises what it raises."""
        for record in self.ask(run):
            on_done(record)
        return run.finish()

    def ask(self, run: Run) -> Iterator[Record]:
        """Ask what has no answer yet, and yield each record once it is on disk. The run is not noted as finished.

        Raises RunBusy, and RunStopped when nothing works. Whatever ends it, the same call goes on after it."""
        failures = 0
        with run.writing() as writer:
            answered = {record.case for record in run.records() if not record.error}
            for case in run.cases():
                if case.id in answered:
                    continue
                reason = self.unscorable(case)
                record = Record(case.id, error=reason, asked=False) if reason else self.record(case)
                writer.append(record)
                yield record
                failures = failures + 1 if record.error and not reason else 0
                if failures == _FAILURES_IN_A_ROW:
                    raise RunStopped(
                        f"{failures} cases in a row failed; the last: {record.error}",
                        hint="Mend that and give the same command again; it goes on where it stopped.",
                    )

    def unscorable(self, case: Case) -> str:
        """Say why a case is not asked; empty when it is."""
        if case.draft:
            return "a draft: finish it first"
        if missing := case.requires - SUPPORTED:
            return f"needs what this version does not have: {', '.join(sorted(missing))}"
        principal, on_date = self._asker(case), case.on_date or self.on_date
        if case.marking and not may_read(self.evaluator, case.marking, on_date):
            return f"the case itself is marked {case.marking}, which you, {self.evaluator.name}, may not read"
        beyond = [
            marking
            for marking in self.catalog.markings()
            if may_read(principal, marking, on_date) and not may_read(self.evaluator, marking, on_date)
        ]
        if beyond:
            return f"'{principal.name}' may read {beyond[0]}, which you, {self.evaluator.name}, may not"
        known = {corpus.name: corpus.marking for corpus in self.catalog.corpora()}
        if missing := case.corpora - known.keys():
            return f"there is no corpus {', '.join(sorted(missing))}"
        readable = [name for name in case.corpora if may_read(principal, known[name], on_date)]
        if case.corpora and not readable and not case.should_abstain:
            return f"'{principal.name}' may read none of the corpora {', '.join(sorted(case.corpora))}"
        if absent := case.forbidden - self._keys(case.corpora or frozenset(known)):
            return f"it forbids what is in no corpus that it asks: {', '.join(sorted(absent))}"
        return ""

    def warm_up(self) -> None:
        """Ask something and forget it, so that no model is loaded while a clock runs."""
        # What fails here will fail again, and be told then.
        with suppress(Exception):
            for _ in self.system.stream(Question(WARM_UP, self.evaluator, frozenset(), self.on_date)):
                pass

    def record(self, case: Case) -> Record:
        """Ask a case and return what came of it."""
        question = self._question(case)
        without = self._without_forbidden(case, question)
        try:
            # Which of the two is asked first is drawn, so that a warm cache favours neither.
            control_first = without is not None and crc32(case.id.encode()) % 2 == 0
            control = self._control(without) if without and control_first else None
            asked = _ask(self.system, question)
            if without and control is None:
                control = self._control(without)
            return replace(self._told(case, asked, question), control=control)
        except CorpusUnknown as error:
            # To an asker who should get nothing, 'there is no such corpus' is a refusal.
            return (
                Record(case.id, text=error.problem, abstained=True)
                if case.refusal
                else Record(case.id, error=str(error))
            )
        except StafwijzerError as error:
            return Record(case.id, error=str(error))
        except Exception as error:  # noqa: BLE001 (a defect on one case must not lose the others; the record names it)
            return Record(case.id, error=f"{type(error).__name__}: {error}")

    def _keys(self, corpora: frozenset[str]) -> frozenset[str]:
        """Return the keys of all documents in corpora, whoever may read them: to know that a leak could show."""
        if corpora not in self.keys:
            self.keys[corpora] = frozenset(key for corpus in corpora for key in self.catalog.contents(corpus))
        return self.keys[corpora]

    def _question(self, case: Case) -> Question:
        history = tuple(exchange.turn for exchange in case.history)
        return Question(case.question, self._asker(case), case.corpora, case.on_date or self.on_date, history)

    def _asker(self, case: Case) -> Principal:
        return case.principal.principal if case.principal else self.evaluator

    def _without_forbidden(self, case: Case, question: Question) -> Question | None:
        """Return the question asked of the readable corpora only, where that is another question."""
        if not case.forbidden:
            return None
        corpora = self.catalog.corpora()
        asked = question.corpora or frozenset(corpus.name for corpus in corpora)
        readable = frozenset(
            corpus.name
            for corpus in corpora
            if corpus.name in asked and may_read(question.principal, corpus.marking, question.on_date)
        )
        return replace(question, corpora=readable) if readable and readable != asked else None

    def _control(self, question: Question) -> Control:
        asked = _ask(self.system, question)
        return Control(asked.answer.text, len(asked.answer.evidence), len(asked.hits or ()), asked.seconds)

    def _told(self, case: Case, asked: Asked, question: Question) -> Record:
        answer, trace = asked.answer, asked.answer.trace
        scope = scope_for(
            question.principal,
            markings=self.catalog.markings(),
            corpora=question.corpora or [corpus.name for corpus in self.catalog.corpora()],
            on_date=question.on_date,
        )
        ranking = tuple(_ranked(hit, case) for hit in asked.hits or ())
        found = {place for one in ranking for place in one.places}
        return Record(
            case=case.id,
            text=answer.text,
            language=answer.language,
            abstained=answer.abstained,
            confidence=trace.answerability,
            statements=tuple(self._statement(claim, scope) for claim in answer.claims),
            withheld=tuple(self._statement(claim, scope) for claim in answer.withheld),
            conflicts=tuple(map(conflict_line, answer.conflicts)),
            unresolved=answer.unresolved,
            evidence=tuple(_shown(one, case) for one in answer.evidence),
            ranking=ranking,
            places=self.places.states(case.relevant, found=found, scope=scope),
            markings=tuple(
                dict.fromkeys([hit.marking for hit in asked.hits or ()] + [one.marking for one in answer.evidence])
            ),
            seconds=asked.seconds,
            first_source_seconds=asked.first_source,
            first_token_seconds=asked.first_token,
            prompt_tokens=trace.tokens.prompt,
            completion_tokens=trace.tokens.completion,
            timings=trace.timings,
            notes=trace.notes,
            settings_fingerprint=trace.settings_fingerprint,
            model_sha256=trace.model_sha256,
            prompt_hashes=trace.prompt_hashes,
            index_snapshot=trace.index_snapshot,
            searched=asked.hits is not None,
        )

    def _statement(self, claim: Claim, scope: Scope) -> Statement:
        citations = tuple(
            Cited(
                one.label,
                one.document,
                one.page,
                one.start,
                one.end,
                one.quote,
                self.places.reads(one.version_id, one.start, one.end, one.quote, scope=scope),
            )
            for one in claim.citations
        )
        return Statement(claim.text, claim.verdict, claim.origin, citations, claim.reasons)


def _ask(system: System, question: Question) -> Asked:
    started = time.perf_counter()
    hits: tuple[Hit, ...] | None = None
    first_source = first_token = None
    for event in system.stream(question):
        match event:
            case Searched(found):
                hits = found
            case SourcesFound(evidence) if evidence:
                first_source = time.perf_counter() - started
            case Drafted() if first_token is None:
                first_token = time.perf_counter() - started
            case Answered(answer):
                return Asked(answer, hits, time.perf_counter() - started, first_source, first_token)
    raise AssertionError(f"the system '{system.name}' ended without an answer")


def _ranked(hit: Hit, case: Case) -> Ranked:
    passage, document = hit.passage, hit.document
    return Ranked(
        passage.id,
        document.corpus,
        document.key,
        passage.page,
        passage.start,
        passage.end,
        round(hit.score, 6),
        places_shown(case.relevant, document=document.key, text=passage.text),
    )


def _shown(evidence: Evidence, case: Case) -> Shown:
    passage, document = evidence.passage, evidence.document
    return Shown(
        evidence.label,
        passage.id,
        document.corpus,
        document.key,
        document.title,
        passage.heading,
        passage.page,
        passage.start,
        passage.end,
        passage.text,
        str(evidence.marking),
        places_shown(case.relevant, document=document.key, text=passage.text),
    )


def missing_corpora(cases: Iterable[Case], catalog: Catalog) -> list[str]:
    """Return the names of corpora that cases ask of and that are not there."""
    known = {corpus.name for corpus in catalog.corpora()}
    return sorted({name for case in cases for name in case.corpora} - known)


def missing_documents(cases: Sequence[Case], runner: Runner) -> tuple[set[str], set[str]]:
    """Return the keys of the relevant documents that the cases name, and those of them that are in no corpus."""
    catalog = runner.catalog
    scope = scope_for(
        runner.evaluator,
        markings=catalog.markings(),
        corpora=[corpus.name for corpus in catalog.corpora()],
        on_date=runner.on_date,
    )
    # Documents that the evaluator may not read are as good as absent here; their cases say so themselves.
    there = {document.key for corpus in catalog.corpora() for document in catalog.documents(corpus.name, scope=scope)}
    named = {place.document for case in cases if case.principal is None for place in case.relevant}
    return named, named - there
