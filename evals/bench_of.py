"""The bench behind the evaluators' pages: runs, comparisons and judgements, for whoever asks in a browser.

What a page gets is what the commands print. Knows nothing of pages."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.bootstrap import Installation
from assistant.evaluations import (
    AnswerToJudge,
    Difference,
    EvaluationRun,
    JudgingTask,
    Measured,
    QuestionSet,
    Quoted,
    RunComparison,
    RunResults,
    Said,
)
from evals.carrying_out import alone, begin, eval_journal, runs_folder, sampled
from evals.cases import Case
from evals.commands.comparing import unlike
from evals.comparing import compare_runs
from evals.judging.dialogue import PAIR, About, Presented, Step, Task, judgements_of, plan
from evals.judging.dialogue import Said as Heard
from evals.judging.grouping import groups_of
from evals.judging.judgements import Better, Mark, append_judgement, standing_in
from evals.judging.screen import expected_of
from evals.marking import high_water
from evals.report.page import html
from evals.report.reading import read
from evals.results import results_of
from evals.runs import Run, RunClosed, RunUnknown, now, readable_run, readable_runs
from evals.scoring import BY_NAME
from evals.sets import SHIPPED_SETS, SetInvalid, read_set, write_set
from evals.systems import system_of
from retrieval.access import Principal, may_read
from retrieval.errors import StafwijzerError

_SEED = 0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_BETTER = {"first": Better.THIS, "second": Better.OTHER, "equal": Better.EQUAL, "neither": Better.NEITHER}


class JudgementIncomplete(StafwijzerError):
    """Something that was asked was not said."""


class JudgementStale(StafwijzerError):
    """What was judged is not what is to be judged now."""


@dataclass(frozen=True, slots=True)
class InstalledBench:
    """The bench of one installation."""

    installation: Installation

    def sets(self, *, principal: Principal) -> list[QuestionSet]:
        kept = sorted(path.stem for path in self._sets_folder.glob("*.jsonl"))
        return [one for name in (*SHIPPED_SETS, *kept) if (one := self._told_set(name, principal))]

    def keep_set(self, name: str, text: bytes, *, principal: Principal) -> QuestionSet:
        """Keep a set. Raises SetInvalid, and says so when the name is taken: a set that was run stays what it was."""
        if not _NAME.fullmatch(name) or name in SHIPPED_SETS:
            raise SetInvalid(f"'{name}' cannot be the name of a set.", hint="Use letters, digits, dots and dashes.")
        folder = self._sets_folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path, draft = folder / f"{name}.jsonl", folder / f".{name}.part"
        if path.exists():
            raise SetInvalid(f"There is a set '{name}' already.", hint="Give it another name.")
        try:
            draft.touch(mode=0o600)
            draft.write_bytes(text)
            cases = read_set(str(draft))
            write_set(draft, cases)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        path.chmod(0o600)
        told = self._told_set(name, principal)
        if told is None:
            path.unlink()
            raise SetInvalid("It holds cases that are marked above what you may read.", hint="Take them out.")
        return told

    def runs(self, *, principal: Principal, on_date: date) -> list[EvaluationRun]:
        listed = readable_runs(self._folder, principal=principal, on_date=on_date)
        return [_told_run(run) for run in reversed(listed.open)]

    def results(self, name: str, *, principal: Principal, on_date: date) -> RunResults:
        run = self._opened(name, principal, on_date)
        results = results_of(run)
        measured = tuple(
            Measured(name, BY_NAME[name].group, one.mean, one.low, one.high, one.n, one.unscored)
            for name, one in results.summary.items()
            if one.mean is not None
        )
        return RunResults(
            _told_run(run), results.marking, measured, {str(stage): count for stage, count in results.lost.items()}
        )

    def report(self, name: str, *, principal: Principal, on_date: date) -> Iterator[str]:
        run = self._opened(name, principal, on_date)
        beside = readable_runs(self._folder, principal=principal, on_date=on_date).open
        return iter(html(read(run, beside=beside, on_damaged=lambda problem: None)))

    def compare(self, a: str, b: str, *, principal: Principal, on_date: date) -> RunComparison:
        before, after = (self._opened(name, principal, on_date) for name in (a, b))
        compared = compare_runs(before, after, seed=_SEED)
        differences = tuple(
            Difference(
                name,
                paired.mean_a,
                paired.mean_b,
                paired.difference,
                paired.low,
                paired.high,
                compared.adjusted.get(name),
                paired.n,
                compared.verdict(name),
            )
            for name, paired in compared.measures.items()
            if paired.mean_a is not None and paired.mean_b is not None and paired.difference is not None
        )
        return RunComparison(
            _told_run(before),
            _told_run(after),
            high_water([*before.markings(), *after.markings()]),
            compared.cases,
            tuple(unlike(before.manifest, after.manifest)),
            differences,
            tuple((flip.case, flip.measure, flip.better) for flip in compared.flipped),
        )

    def ask(
        self, test_set: str, *, sample: int | None, principal: Principal, cancelled: threading.Event
    ) -> Iterator[EvaluationRun]:
        installation = self.installation
        cases = sampled(self._read_set(test_set, principal), sample, _SEED)
        with alone(self._folder, alongside=False):
            system = system_of("assistant", installation, journal=eval_journal(installation))
            runner, run = begin(installation, system, cases, name=test_set, seed=_SEED, evaluator=principal)
            yield _told_run(run)
            if run.manifest.finished:
                return
            for _ in runner.ask(run):
                yield _told_run(run)
                if cancelled.is_set():
                    return
            yield _told_run(run.finish())

    def task(self, names: Sequence[str], *, principal: Principal, on_date: date) -> JudgingTask | None:
        tasks = self._tasks(names, principal, on_date)
        return _told_task(tasks[0], left=len(tasks)) if tasks else None

    def judge(self, names: Sequence[str], key: str, said: Said, *, principal: Principal, on_date: date) -> None:
        """Keep a judgement. Raises JudgementStale or JudgementIncomplete."""
        task = next((one for one in self._tasks(names, principal, on_date) if _key(one) == key), None)
        if task is None:
            raise JudgementStale("This answer was judged already, or is not there any more.", hint="Judge the next.")
        heard = _heard(task, said)
        for run, judgement in judgements_of(task, heard, evaluator=principal.name, at=now(), note=said.note):
            append_judgement(run, judgement)

    @property
    def _folder(self) -> Path:
        return runs_folder(self.installation)

    @property
    def _sets_folder(self) -> Path:
        return self._folder / "sets"

    def _opened(self, name: str, principal: Principal, on_date: date) -> Run:
        """Return a run. Raises RunUnknown alike for one that is not there and one that this person may not read."""
        unknown = RunUnknown(f"There is no run '{name}'.", hint="Choose one from the list.")
        # To the commands a path is a run's name too; to a page it is not.
        if Path(name).name != name or not (self._folder / name / "run.json").exists():
            raise unknown
        try:
            return readable_run(self._folder, name, principal=principal, on_date=on_date)
        except RunClosed as error:
            raise unknown from error

    def _read_set(self, name: str, principal: Principal) -> list[Case]:
        path = name if name in SHIPPED_SETS else str(self._sets_folder / f"{Path(name).name}.jsonl")
        cases = read_set(path)
        if any(case.marking and not may_read(principal, case.marking, date.today()) for case in cases):
            raise SetInvalid(f"There is no set '{name}'.", hint="Choose one from the list.")
        return cases

    def _told_set(self, name: str, principal: Principal) -> QuestionSet | None:
        """Return what a set is; None when it holds what this person may not read, or is not there."""
        try:
            cases = self._read_set(name, principal)
        except SetInvalid:
            return None
        return QuestionSet(
            name,
            len(cases),
            sum(case.should_abstain is False for case in cases),
            sum(case.should_abstain is True for case in cases),
            tuple(sorted({corpus for case in cases for corpus in case.corpora})),
        )

    def _tasks(self, names: Sequence[str], principal: Principal, on_date: date) -> list[Task]:
        runs = [self._opened(name, principal, on_date) for name in dict.fromkeys(names)]
        beside = readable_runs(self._folder, principal=principal, on_date=on_date).open
        given = standing_in(runs, beside, on_damaged=lambda problem: None)
        return plan(groups_of(runs), evaluator=principal.name, given=given, seed=runs[0].manifest.seed)


def bench_of(installation: Installation) -> InstalledBench:
    """Return the bench of an installation."""
    return InstalledBench(installation)


def _told_run(run: Run) -> EvaluationRun:
    manifest = run.manifest
    return EvaluationRun(
        run.name,
        manifest.set_name,
        manifest.system,
        manifest.settings_fingerprint,
        manifest.started,
        bool(manifest.finished),
        manifest.cases,
        manifest.cases if manifest.finished else len(run.done()),
    )


def _told_task(task: Task, *, left: int) -> JudgingTask:
    case = task.answers[0].exhibit.case
    return JudgingTask(
        _key(task),
        case.question,
        tuple((turn.question, turn.answer) for turn in case.history),
        tuple(expected_of(case)),
        tuple(map(_told_answer, task.answers)),
        PAIR in task.steps,
        " · ".join(dict.fromkeys(one.exhibit.marking for one in task.answers if one.exhibit.marking)),
        left,
    )


def _told_answer(one: Presented) -> AnswerToJudge:
    exhibit = one.exhibit
    claims = tuple(
        (
            claim.text,
            tuple(
                Quoted(cited.quote, f"{cited.document}, p. {cited.page}" if cited.page else cited.document)
                for cited in claim.citations
            ),
        )
        for claim in exhibit.claims
    )
    return AnswerToJudge(exhibit.abstained, exhibit.text, claims, exhibit.conflicts, one.earlier is None)


def _key(task: Task) -> str:
    told = [one.exhibit.key for one in task.answers], [str(step) for step in task.steps]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _heard(task: Task, said: Said) -> Heard:
    """Return what was said at each step. Raises JudgementIncomplete."""
    asked = [place for place, one in enumerate(task.answers) if one.earlier is None]
    try:
        heard: dict[Step, Mark | Better] = {}
        for place, claims, answer in zip(asked, said.claims, said.answers, strict=True):
            wanted = len(task.answers[place].exhibit.claims)
            for number, mark in zip(range(wanted), claims, strict=True):
                heard[Step(About.CLAIM, place, number)] = Mark(mark)
            if Mark(answer) is Mark.UNSURE:
                raise ValueError
            heard[Step(About.ANSWER, place)] = Mark(answer)
        if PAIR in task.steps:
            heard[PAIR] = _BETTER[said.better]
    except (ValueError, KeyError) as error:
        hint = "Say something of each claim and of the answer."
        raise JudgementIncomplete("The judgement is not complete.", hint=hint) from error
    return heard
