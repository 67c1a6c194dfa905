"""Decide what an evaluator is asked of which answers, and turn what they say into judgements.

Pure: reads no file, shows nothing. Nothing here tells the evaluator which system gave an answer."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from evals.judging import Better, Exhibit, Judgement, Mark
from evals.runs import Run


class About(StrEnum):
    CLAIM = "claim"
    ANSWER = "answer"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to ask."""

    about: About
    shown: int = 0
    """Which of the answers, from 0. Not of a pair."""
    claim: int = 0
    """Which of its claims, from 0. Of a claim only."""


Said = Mapping[Step, Mark | Better]
"""What was said at each step; of a pair, whether the first one shown is better."""
PAIR = Step(About.PAIR)


@dataclass(frozen=True, slots=True)
class Presented:
    """An answer, where it comes from, and what this evaluator said of it before."""

    exhibit: Exhibit
    run: Run
    earlier: Judgement | None


@dataclass(frozen=True, slots=True)
class Task:
    """A case with one answer, or with two side by side, of which something is still to be asked."""

    answers: tuple[Presented, ...]
    """In the order in which they are shown."""
    better: Better | None = None
    """What this evaluator said before of the first against the second."""

    @property
    def steps(self) -> list[Step]:
        """What is asked, in order: each claim, the answer, then the preference."""
        asked = []
        for place, one in enumerate(self.answers):
            if one.earlier is None:
                asked += [Step(About.CLAIM, place, number) for number in range(len(one.exhibit.claims))]
                asked.append(Step(About.ANSWER, place))
        return [*asked, PAIR] if len(self.answers) == 2 and self.better is None else asked


def plan(
    groups: Iterable[Sequence[tuple[Exhibit, Run]]],
    *,
    evaluator: str,
    given: Sequence[Judgement],
    seed: int,
    again: Collection[str] = (),
) -> list[Task]:
    """Return what is left to ask about the answers, one or two a case, in the order given.

    given: all judgements, oldest first; those of other evaluators are left out of account, so that agreement means
    something. again: ids of cases to ask about as if this evaluator never had. Two answers that read the same are
    asked about once, and there is nothing to prefer."""
    own = [judgement for judgement in given if judgement.evaluator == evaluator and judgement.case not in again]
    marked = {judgement.key: judgement for judgement in own}
    preferred = dict(pair for judgement in own for pair in _preferences(judgement))
    tasks = []
    for group in groups:
        distinct = {exhibit.key: Presented(exhibit, run, marked.get(exhibit.key)) for exhibit, run in reversed(group)}
        answers = tuple(sorted(distinct.values(), key=lambda one: _lot(one.exhibit, evaluator, seed)))
        shas = tuple(one.exhibit.answer_sha256 for one in answers)
        tasks.append(Task(answers, preferred.get((answers[0].exhibit.case.id, *shas))))
    return [task for task in tasks if task.steps]


def judgements_of(task: Task, said: Said, *, evaluator: str, at: str, note: str = "") -> list[tuple[Run, Judgement]]:
    """Return the judgements to keep, each with the run that it belongs to. `said` holds all the task's steps."""
    kept = []
    for place, one in enumerate(task.answers):
        if one.earlier is None:
            kept.append((one.run, _judgement(task, said, place, evaluator, at, note)))
        elif PAIR in said:
            again = replace(one.earlier, at=at, note=note or one.earlier.note)
            kept.append((one.run, _compared(task, said, place, again)))
    return kept


def _preferences(judgement: Judgement) -> list[tuple[tuple[str | None, ...], Better]]:
    """Return a preference as it reads from either answer: (case, answer, other answer) and which is better."""
    if judgement.better is None:
        return []
    case, this, other = judgement.case, judgement.answer_sha256, judgement.other_sha256
    return [((case, this, other), judgement.better), ((case, other, this), judgement.better.mirrored)]


def _lot(exhibit: Exhibit, evaluator: str, seed: int) -> bytes:
    # Drawn for each evaluator: were the order the same for all, a liking for the first would look like agreement.
    return hashlib.sha256("\0".join([str(seed), evaluator, *exhibit.key]).encode()).digest()


def _judgement(task: Task, said: Said, place: int, evaluator: str, at: str, note: str) -> Judgement:
    exhibit = task.answers[place].exhibit
    claims = tuple(Mark(said[Step(About.CLAIM, place, number)]) for number in range(len(exhibit.claims)))
    answer = Mark(said[Step(About.ANSWER, place)])
    plain = Judgement(exhibit.case.id, exhibit.answer_sha256, evaluator, at, claims, answer, note=note)
    return _compared(task, said, place, plain)


def _compared(task: Task, said: Said, place: int, judgement: Judgement) -> Judgement:
    if len(task.answers) < 2:
        return judgement
    better = Better(said[PAIR]) if PAIR in said else task.better
    if better is None:
        return judgement
    other = task.answers[1 - place].exhibit.answer_sha256
    return replace(judgement, better=better.mirrored if place else better, other_sha256=other)
