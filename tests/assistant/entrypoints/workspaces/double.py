"""A planner that keeps workspaces in memory and works one made-up problem out, a step at a time."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from assistant.answers import Citation
from assistant.courses.locking import criteria_unlocked, framing_unlocked, on_earlier_framing
from assistant.courses.screening import overrule
from assistant.courses.workspace import (
    Adversary,
    AssumptionTest,
    Basis,
    Calculation,
    CourseOfAction,
    Criterion,
    Decision,
    Filled,
    FramingField,
    Outcome,
    RawValue,
    Screen,
    Screened,
    Statement,
    WargameRow,
    Withheld,
    Workspace,
)
from assistant.entrypoints.workspaces.planner import Refusals
from retrieval.access import Marking, Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

QUOTE = "The bridge at 31U:FT 4523 1198 is closed to tracked vehicles from 060400A until 071800A."
CITATION = Citation(1, "p1", "v1", "exercise", "route-card.md", "Route card AMBER", 3, 40, 128, QUOTE)
RATES = Citation(
    2, "p2", "v2", "exercise", "ferry.md", "Ferry <b>table</b>", 1, 0, 40, "One ferry moves 12 vehicles an hour."
)


class Unknown(StafwijzerError):
    """As the service's own."""


class Changed(StafwijzerError):
    def __init__(self, current: "Current") -> None:
        super().__init__(f"{current.by} changed this workspace.", hint="Look at what is there now.")
        self.current = current


class Refused(StafwijzerError):
    """A rule of the service."""


REFUSALS = Refusals(unknown=Unknown, changed=Changed)


@dataclass(frozen=True)
class Current:
    workspace: Workspace
    by: str
    at: str


@dataclass(frozen=True)
class Total:
    low: float
    high: float


@dataclass(frozen=True)
class Compared:
    courses: tuple[str, ...]
    criteria: tuple[str, ...]
    scores: tuple[tuple[float | None, ...], ...]
    set_weights: tuple[float, ...]
    weights: tuple[float, ...]
    totals: tuple[Total, ...]
    ranking: tuple[tuple[str, ...], ...]
    dominance: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class First:
    course: str
    around: float
    uniform: float


@dataclass(frozen=True)
class Sensitive:
    first: tuple[First, ...]
    stability: float
    samples: int
    flips: tuple[object, ...] = ()


@dataclass(frozen=True)
class Recommended:
    course: str
    confidence: str
    share: float
    reasons: tuple[str, ...]
    dissent: tuple[str, ...]
    what_would_change: tuple[str, ...]


class MemoryPlanner:
    def __init__(self, *, step_seconds: float = 0.0) -> None:
        self._step = step_seconds
        self._kept: dict[str, Workspace] = {}
        self._by: dict[str, str] = {}
        self._lock = threading.Lock()
        self.exports: list[str] = []
        """The forms in which memos were written."""

    def new(
        self, problem: str, *, principal: Principal, language: Language, corpora: frozenset[str], on_date: date
    ) -> Workspace:
        id = f"w{len(self._kept) + 1}"
        made = Workspace(id, 1, problem[:80], problem, language, principal.name, tuple(sorted(corpora)), on_date)
        self._kept[id] = made
        return made

    def list(self, *, principal: Principal) -> Sequence[Workspace]:
        return [one for one in self._kept.values() if one.owner == principal.name]

    def read(self, id: str, *, principal: Principal) -> Workspace:
        found = self._kept.get(id)
        if found is None or found.owner != principal.name:
            raise Unknown(f"There is no workspace '{id}' of somebody else.", hint="")
        return found

    def draft_framing(self, id: str, *, principal: Principal, cancelled: threading.Event) -> Iterator[Workspace]:
        for name in FramingField:
            if cancelled.wait(self._step / 4):
                return
            now = self.read(id, principal=principal)
            if now.frame(name).statements:
                continue
            filled = Filled(name, _FRAMING[name])
            marking = Marking("NLD", "Ongerubriceerd")
            yield self._save(replace(now, framing=(*now.framing, filled), marking=marking), "software")

    def edit(
        self,
        id: str,
        *,
        principal: Principal,
        expected_revision: int,
        statement: str,
        course: str,
        field: str,
        text: str,
        basis: Basis,
        test: AssumptionTest | None,
    ) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        said = Statement(statement or f"own-{now.revision}", text, basis, test=test, author=principal.name)

        def edited(every: tuple[Filled, ...]) -> tuple[Filled, ...]:
            return tuple(
                replace(one, statements=_put(one.statements, said)) if one.name == field else one for one in every
            )

        if not course:
            return self._save(replace(now, framing=edited(now.framing)), principal.name)
        courses = tuple(replace(one, fields=edited(one.fields)) if one.id == course else one for one in now.courses)
        return self._save(replace(now, courses=courses), principal.name)

    def lock_framing(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        return self._save(replace(now, framing_locked_by=principal.name), principal.name)

    def unlock_framing(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        return self._save(framing_unlocked(now, by=principal.name), principal.name)

    def unlock_criteria(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        return self._save(criteria_unlocked(now, by=principal.name), principal.name)

    def develop(self, id: str, *, principal: Principal, cancelled: threading.Event) -> Iterator[Workspace]:
        if not self.read(id, principal=principal).framing_locked_by:
            raise Refused("The framing is not locked.", hint="Lock it first.")
        for course in COURSES:
            if cancelled.wait(self._step):
                return
            now = self.read(id, principal=principal)
            if now.course(course.id) is None:
                yield self._save(replace(now, courses=(*now.courses, course)), "software")

    def set_screen(
        self,
        id: str,
        course: str,
        screen: Screen,
        outcome: Outcome,
        reason: str,
        *,
        principal: Principal,
        expected_revision: int,
    ) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        judged = overrule(now, course, screen, outcome, reason=reason, by=principal.name)
        return self._save(judged, principal.name)

    def withhold(
        self, id: str, part: str, motivation: str, *, principal: Principal, expected_revision: int
    ) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        kept = tuple(one for one in now.withheld if one.part != part)
        mine = (Withheld(part, motivation, principal.name),) if motivation else ()
        return self._save(replace(now, withheld=(*kept, *mine)), principal.name)

    def set_criteria(
        self, id: str, criteria: Sequence[Criterion], *, principal: Principal, expected_revision: int
    ) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        if not any(one.weight > 0 for one in criteria):
            raise Refused("No criterion has a weight above 0.", hint="Give at least one a weight above 0.")
        return self._save(replace(now, criteria=tuple(criteria), criteria_locked_by=""), principal.name)

    def lock_criteria(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        return self._save(replace(now, criteria_locked_by=principal.name), principal.name)

    def set_value(self, id: str, value: RawValue, *, principal: Principal, expected_revision: int) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        if not now.criteria_locked_by:
            raise Refused("The criteria are not locked.", hint="Lock them before giving values.")
        others = [one for one in now.values if (one.course, one.criterion) != (value.course, value.criterion)]
        return self._save(replace(now, values=(*others, value)), principal.name)

    def matrix(self, workspace: Workspace) -> Compared:
        courses, criteria = workspace.courses, workspace.criteria
        columns = [_scores(workspace, criterion) for criterion in criteria]
        scores = tuple(tuple(column[row] for column in columns) for row in range(len(courses)))
        weights = tuple(one.weight for one in criteria)
        shares = tuple(weight / (sum(weights) or 1) for weight in weights)
        totals = []
        for row in scores:
            low = sum(share * (score or 0) for share, score in zip(shares, row, strict=True))
            open_ = sum(share for share, score in zip(shares, row, strict=True) if score is None)
            totals.append(Total(low, low + open_))
        order = sorted(range(len(courses)), key=lambda row: -(totals[row].low + totals[row].high))
        return Compared(
            tuple(one.id for one in courses),
            tuple(one.id for one in criteria),
            scores,
            weights,
            shares,
            tuple(totals),
            tuple((courses[row].id,) for row in order),
        )

    def sensitivity(self, matrix: object) -> Sensitive:
        assert isinstance(matrix, Compared)
        left, shares = 1.0, []
        for (id,) in matrix.ranking:
            shares.append(First(id, left * 0.7, left * 0.6))
            left *= 0.3
        return Sensitive(tuple(shares), 0.64, 10_000)

    def recommend(self, workspace: Workspace, matrix: object, sensitivity: object) -> Recommended:
        assert isinstance(matrix, Compared)
        if not workspace.criteria_locked_by or len(workspace.values) < 2:
            return Recommended("", "", 0.0, ("Nothing is recommended: values are missing.",), (), ())
        best = matrix.ranking[0][0]
        return Recommended(
            best,
            "moderate",
            0.7,
            ("It totals 0.71; next 0.55.",),
            ("By 'Time' another is better.",),
            ("If 'Time' weighed 6 instead of 3, another would come first.",),
        )

    def stale(self, workspace: Workspace, *, principal: Principal) -> Mapping[str, Sequence[str]]:
        earlier = {id: [told] for id, told in on_earlier_framing(workspace).items()}
        return {"c-1-what": ["Route card AMBER was superseded on 4 February."], **earlier} if workspace.courses else {}

    def decide(self, id: str, *, principal: Principal, expected_revision: int, chosen: str, reason: str) -> Workspace:
        now = self._expected(id, principal, expected_revision)
        recommended = self.recommend(now, self.matrix(now), None).course
        if chosen != recommended and not reason:
            raise Refused("This is not what was recommended.", hint="Give the reason.")
        made = Decision(principal.name, "2026-02-05T09:30:00+00:00", chosen, recommended, reason)
        return self._save(replace(now, decision=made), principal.name)

    def export(self, id: str, *, format: str, principal: Principal) -> Sequence[Path]:
        self.exports.append(format)
        path = Path(mkdtemp()) / f"memo.{format}"
        path.write_text(f"# {self.read(id, principal=principal).title}\n", encoding="utf-8")
        return [path]

    def change_as_another(self, id: str, statement: str, text: str) -> None:
        """Let another officer change a line of the framing."""
        now = self._kept[id]
        framing = tuple(
            replace(one, statements=tuple(replace(s, text=text) if s.id == statement else s for s in one.statements))
            for one in now.framing
        )
        self._save(replace(now, framing=framing), "major Vos")

    def _expected(self, id: str, principal: Principal, revision: int) -> Workspace:
        now = self.read(id, principal=principal)
        if now.revision != revision:
            raise Changed(Current(now, self._by[id], "2026-02-05T09:00:00+00:00"))
        return now

    def _save(self, workspace: Workspace, by: str) -> Workspace:
        with self._lock:
            saved = replace(workspace, revision=workspace.revision + 1)
            self._kept[saved.id], self._by[saved.id] = saved, by
        time.sleep(0)
        return saved


def _put(every: tuple[Statement, ...], said: Statement) -> tuple[Statement, ...]:
    kept = tuple(said if one.id == said.id else one for one in every)
    added = kept if any(one.id == said.id for one in every) else (*kept, said)
    return tuple(one for one in added if one.text)


def _scores(workspace: Workspace, criterion: Criterion) -> list[float | None]:
    given = {one.course: one.value for one in workspace.values if one.criterion == criterion.id and one.value}
    known = {course: float(value.split()[0]) for course, value in given.items()}
    if not known:
        return [None] * len(workspace.courses)
    least, most = min(known.values()), max(known.values())
    span = (most - least) or 1.0
    less = criterion.formula.startswith("less")
    return [
        None if one.id not in known else ((most - known[one.id]) if less else (known[one.id] - least)) / span
        for one in workspace.courses
    ]


def _fact(id: str, text: str, *citations: Citation) -> Statement:
    return Statement(id, text, Basis.FACT, citations or (CITATION,), ("The text says so.",))


_GAP = Statement("f-time", "How long the crossing stays possible after the thaw", Basis.GAP, ask=("G2", "Weather cell"))
_FRAMING: dict[str, tuple[Statement, ...]] = {
    "statement": (
        Statement("f-s", "A tracked company has to be across the river before the bridge closes.", Basis.STATED),
    ),
    "facts": (_fact("f-f", "The bridge is closed to tracked vehicles from 060400A."),),
    "mission": (_fact("f-m", "The company crosses the river and holds the eastern dyke by 070600A."),),
    "intent": (_fact("f-i", "Keep route AMBER open for wheeled supply."),),
    "end_state": (
        Statement("f-e", "The company is complete on the east bank.", Basis.ASSUMPTION, test=AssumptionTest()),
    ),
    "constraints": (_fact("f-c", QUOTE),),
    "restraints": (_fact("f-r", "Wheeled vehicles up to MLC 40 may cross one at a time."),),
    "time_available": (_GAP,),
}


def _course(number: int, name: str, idea: str, how: str) -> CourseOfAction:
    def field(key: str, *said: Statement) -> Filled:
        return Filled(key, said)

    assumed = Statement(
        f"c-{number}-how",
        how,
        Basis.ASSUMPTION,
        test=AssumptionTest("The ferry ran last winter.", "No crossing without it.", "Cross at BRAVO, 6 h later."),
    )
    gap = Statement(f"c-{number}-res", "How many recovery vehicles are available", Basis.GAP, ask=("G4",))
    return CourseOfAction(
        f"coa-{number}",
        name,
        (_fact(f"c-{number}-idea", idea, RATES),),
        (
            field("who", _fact(f"c-{number}-who", "B company with its 14 tracked vehicles.")),
            field("what", _fact(f"c-{number}-what", QUOTE)),
            field("how", assumed),
            field("resources", gap),
            field("risks", replace(_fact(f"c-{number}-risk", "Snow with drifts on the eastern dyke."), disputed=True)),
        ),
        (
            Screened(Screen.SUITABLE, Outcome.PASSED, "It reaches the eastern dyke.", (CITATION,)),
            Screened(
                Screen.FEASIBLE,
                Outcome.FAILED if number == 3 else Outcome.PASSED,
                "Computed from the ferry's rate.",
                (RATES,),
                (Calculation("14 vehicles / 12 per hour = 1.2 h, at most 4 h", number != 3, (RATES,)),),
            ),
            Screened(Screen.ACCEPTABLE, Outcome.UNKNOWN, "The risk has not been judged by a person."),
            Screened(Screen.DISTINGUISHABLE, Outcome.PASSED, "Other means than the others."),
            Screened(Screen.COMPLETE, Outcome.UNKNOWN, "Resources are a gap."),
        ),
        (
            WargameRow(
                Adversary.MOST_LIKELY,
                (_fact(f"w-{number}-a", "The ferry starts at 060200A.", RATES),),
                (Statement(f"w-{number}-r", "Ice drifts down to the landing.", Basis.ASSUMPTION),),
                (Statement(f"w-{number}-c", "Engineers clear the landing.", Basis.STATED),),
                (Statement(f"w-{number}-e", "How long clearing takes", Basis.GAP, ask=("Engineers",)),),
            ),
            WargameRow(Adversary.MOST_DANGEROUS, (Statement(f"w-{number}-d", "The dyke breaks.", Basis.ASSUMPTION),)),
        ),
    )


COURSES = (
    _course(1, "Ferry first", "Cross by ferry during the night.", "The ferry can carry tracked vehicles."),
    _course(2, "Detour by BRAVO", "Drive round by bridge BRAVO.", "Bridge BRAVO carries MLC 60."),
    _course(3, "Wait for the bridge", "Stay until the bridge opens again.", "The bridge opens on time."),
    CourseOfAction(
        "coa-0", "Do nothing", (Statement("c-0-idea", "Stay on the west bank.", Basis.STATED),), baseline=True
    ),
)
CRITERIA = (
    Criterion("c1", "Time", "From the order until the last vehicle is across", "hour", "6 hour", "less is better", 3),
    Criterion("c2", "Risk", "Vehicles at risk", "count", "2 count", "less is better", 2),
    Criterion("c3", "Supply", "Days of supply that arrive", "day", "3 day", "more is better", 1),
)
