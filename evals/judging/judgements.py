"""Keep what people say of a run's answers, beside the run, and find it again when the same answer comes back.

Knows nothing of a terminal: what is asked of an evaluator, and how, is evals/judging/dialogue.py's."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from assistant.citing import as_json
from evals.cases import Case
from evals.marking import high_water
from evals.records import Record, Statement
from evals.runs import Run, markings_of
from retrieval.errors import StafwijzerError
from retrieval.locking import exclusive


class JudgementsDamaged(StafwijzerError):
    """A file of judgements that cannot be read."""


class NothingToJudge(StafwijzerError):
    """Runs that hold no answers, or none to the same questions."""


class Mark(StrEnum):
    """What a person makes of a claim, or of an answer as a whole."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNSURE = "cannot tell"
    """Of a claim only: who cannot tell of the answer, skips it."""


class Better(StrEnum):
    """Which of two answers to a case a person prefers, seen from the one that is judged."""

    THIS = "this"
    OTHER = "other"
    EQUAL = "equal"
    NEITHER = "neither"
    """Both are bad."""

    @property
    def mirrored(self) -> "Better":
        """The same preference, seen from the other answer."""
        return {Better.THIS: Better.OTHER, Better.OTHER: Better.THIS}.get(self, self)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person made of one answer."""

    case: str
    """Its id."""
    answer_sha256: str
    evaluator: str
    at: str
    """UTC, ISO 8601."""
    claims: tuple[Mark, ...]
    """Of each claim, in the answer's order."""
    answer: Mark
    """Of the answer as a whole."""
    better: Better | None = None
    """None: no other answer was shown beside it."""
    other_sha256: str | None = None
    """The answer that was shown beside it."""
    note: str = ""
    withdrawn: bool = False
    """Takes back the last line of this evaluator about this answer in the same file."""

    @property
    def key(self) -> tuple[str, str]:
        """The case and the answer. One answer to two cases is judged twice: it may be right for one asker only."""
        return self.case, self.answer_sha256


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An answer as it is put before an evaluator: nothing of the system that gave it, nor of what was measured."""

    case: Case
    answer_sha256: str
    abstained: bool
    text: str
    claims: tuple[Statement, ...]
    conflicts: tuple[str, ...]
    marking: str

    @property
    def key(self) -> tuple[str, str]:
        return self.case.id, self.answer_sha256


_JUDGEMENT = TypeAdapter(Judgement)
OnDamaged = Callable[[JudgementsDamaged], None]
_WORTH = {Mark.RIGHT: 1.0, Mark.PARTLY: 0.5, Mark.WRONG: 0.0}


def answer_sha256(case: Case, record: Record) -> str:
    """Name an answer by its words: the question, whether it abstained, its claims with what each quotes, and the
    conflicts that it shows.

    Ids, labels and timings have no part in it, so the same answer of another run has the same name."""
    claims = [[one.text, *(cited.quote for cited in one.citations)] for one in record.statements] or [[record.text]]
    told = [case.question, record.abstained, [] if record.abstained else claims, list(record.conflicts)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def exhibits(run: Run) -> list[Exhibit]:
    """Return the answers of a run in the order of its records; what failed or was only searched has none.

    Raises NothingToJudge when there are none at all."""
    shown = _exhibits(run)
    if not shown:
        raise NothingToJudge(f"The run '{run.name}' holds no answers.", hint="Make one with `stafwijzer eval run SET`.")
    return shown


def in_common(first: list[Exhibit], second: list[Exhibit]) -> list[tuple[Exhibit, Exhibit]]:
    """Return the pairs of answers to the same question of the same case, in the first's order.

    Raises NothingToJudge when there are none."""
    others = {(other.case.id, other.case.question): other for other in second}
    pairs = [(one, others[place]) for one in first if (place := (one.case.id, one.case.question)) in others]
    if not pairs:
        raise NothingToJudge("The two runs answered no case in common.", hint="Give two runs of the same test set.")
    return pairs


def append_judgement(run: Run, judgement: Judgement) -> None:
    """Add a judgement to a run's file. On return it is on disk."""
    path, lock = _path(run), run.path / "judging.lock"
    for one in (path, lock):
        # Marked text, maybe: nobody else's business.
        one.touch(mode=0o600)
    with exclusive(lock), path.open("ab+") as file:
        _mend_end(file)
        file.write(json.dumps(as_json(judgement), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def standing(run: Run) -> list[Judgement]:
    """Return the judgements in a run's file that were not withdrawn, in the order in which they were given.

    A last line that was cut short is passed over. Raises JudgementsDamaged, naming the line."""
    kept: dict[int, Judgement] = {}
    given: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, judgement in _read(_path(run)):
        lines = given[judgement.evaluator, *judgement.key]
        if not judgement.withdrawn:
            kept[number] = judgement
            lines.append(number)
        elif lines:
            del kept[lines.pop()]
    return list(kept.values())


def standing_in(
    runs: Sequence[Run], beside: Iterable[Run] = (), *, on_damaged: OnDamaged | None = None
) -> list[Judgement]:
    """Return the standing judgements of these runs and of those beside them, oldest first.

    Raises JudgementsDamaged for one of `runs`; one that is damaged beside them is handed to `on_damaged`, and raised
    when there is none."""
    places = {run.path.resolve(): run for run in [*beside, *runs]}
    found = []
    for run in places.values():
        try:
            found += standing(run)
        except JudgementsDamaged as error:
            if on_damaged is None or run in runs:
                raise
            on_damaged(error)
    return sorted(found, key=lambda judgement: judgement.at)


def about(run: Run, beside: Iterable[Run] = (), *, on_damaged: OnDamaged | None = None) -> list[Judgement]:
    """Return the standing judgements of the answers in this run, given in it or in those beside it, oldest first."""
    keys = {exhibit.key for exhibit in _exhibits(run)}
    return [one for one in standing_in([run], beside, on_damaged=on_damaged) if one.key in keys]


def judged(run: Run, beside: Iterable[Run] = (), *, on_damaged: OnDamaged | None = None) -> dict[str, list[Judgement]]:
    """Return, by case, what each evaluator last said of the answer in this run, in it or in one beside it.

    Cases whose answer nobody judged are left out."""
    by_case: defaultdict[str, dict[str, Judgement]] = defaultdict(dict)
    for judgement in about(run, beside, on_damaged=on_damaged):
        earlier = by_case[judgement.case].get(judgement.evaluator)
        by_case[judgement.case][judgement.evaluator] = _with_preference_of(earlier, judgement)
    return {case: list(by_evaluator.values()) for case, by_evaluator in by_case.items()}


def human_score(judgements: Iterable[Judgement]) -> float | None:
    """Return how right people find one answer: right 1, partly 0.5, wrong 0, the mean of the evaluators.

    None when nobody could tell."""
    worth = [_WORTH[one.answer] for one in judgements if one.answer in _WORTH]
    return sum(worth) / len(worth) if worth else None


def _exhibits(run: Run) -> list[Exhibit]:
    return [_exhibit(case, record) for case, record in run.pairs() if _answers(record)]


def _answers(record: Record) -> bool:
    """Tell whether there is something to judge: a case can fail, and a system may only search."""
    return not record.error and bool(record.abstained or record.text or record.statements)


def _exhibit(case: Case, record: Record) -> Exhibit:
    claims = () if record.abstained else record.statements
    sha256 = answer_sha256(case, record)
    marking = high_water(markings_of(case, record))
    return Exhibit(case, sha256, record.abstained, record.text, claims, record.conflicts, marking)


def _with_preference_of(earlier: Judgement | None, later: Judgement) -> Judgement:
    if earlier is None or later.better is not None:
        return later
    return replace(later, better=earlier.better, other_sha256=earlier.other_sha256)


def _path(run: Run) -> Path:
    return run.path / "judgements.jsonl"


def _read(path: Path) -> Iterator[tuple[int, Judgement]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield number, _JUDGEMENT.validate_json(line)
            except ValidationError as error:
                if not line.endswith(b"\n"):
                    return
                first = error.errors(include_url=False)[0]
                field = ".".join(map(str, first["loc"])) or "the line"
                raise JudgementsDamaged(
                    f"{path}, line {number} is no judgement ('{field}': {first['msg']}).",
                    hint="Mend or remove that line; the others are kept.",
                ) from error


def _mend_end(file: BinaryIO) -> None:
    """End a last line that lacks its line end; remove it when it was cut short."""
    file.seek(0)
    whole = file.read()
    begin = whole.rfind(b"\n") + 1
    if begin == len(whole):
        return
    try:
        _JUDGEMENT.validate_json(whole[begin:])
        file.write(b"\n")
    except ValidationError:
        file.truncate(begin)
