"""What a staff works on: a problem, its framing, courses of action, criteria, scores and the decision.

Plain values, all of which can be written as JSON and read back. Knows nothing of how they are filled, stored or shown.

Terms: ADP 5-0 and FM 6-0 (United States) and AJP-5 (NATO) on planning; the five parts of a criterion are FM 6-0's."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.answers import Citation
from retrieval.access import Marking
from retrieval.languages import Language


class Basis(StrEnum):
    """What a statement rests on."""

    FACT = "fact"
    """Documents: every part of it is supported by its citations."""
    STATED = "stated"
    """The officer who wrote it; no document was found or sought."""
    ASSUMPTION = "assumption"
    """Nothing yet: planning needs it, and it may be false."""
    GAP = "gap"
    """Nothing: it is not known, and somebody can be asked."""


@dataclass(frozen=True, slots=True)
class AssumptionTest:
    """What an assumption must be (JP 5-0: logical, realistic, essential to go on planning), in a person's words."""

    valid: str = ""
    """Why it is likely to be true. Empty: nobody has said."""
    necessary: str = ""
    """What cannot be planned without it."""
    if_false: str = ""
    """What then."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said in a workspace."""

    id: str
    """Unique in its workspace, and kept when the text is edited."""
    text: str
    """Of a gap: what is to be found out."""
    basis: Basis
    citations: tuple[Citation, ...] = ()
    """Of a fact: one or more. Of anything else: what was near, if anything."""
    reasons: tuple[str, ...] = ()
    """Why it is a fact, or why it could not be made one."""
    disputed: bool = False
    """Another document gives another value; both are stated."""
    test: AssumptionTest | None = None
    """Of an assumption."""
    ask: tuple[str, ...] = ()
    """Of a gap: owners of the corpora that were searched, whom to ask."""
    author: str = ""
    """Who wrote it; empty when software filled it from documents."""


class FramingField(StrEnum):
    STATEMENT = "statement"
    FACTS = "facts"
    """What documents say that bears on the problem, and what they say is not known."""
    MISSION = "mission"
    INTENT = "intent"
    END_STATE = "end_state"
    CONSTRAINTS = "constraints"
    """What must be done."""
    RESTRAINTS = "restraints"
    """What must not be done."""
    TIME_AVAILABLE = "time_available"


class CourseField(StrEnum):
    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    HOW = "how"
    WHY = "why"
    PHASES = "phases"
    MAIN_EFFORT = "main_effort"
    SUPPORTING_EFFORTS = "supporting_efforts"
    RESOURCES = "resources"
    RISKS = "risks"


@dataclass(frozen=True, slots=True)
class Filled:
    """A field and what is in it."""

    name: str
    """Of a FramingField or a CourseField."""
    statements: tuple[Statement, ...] = ()
    question: str = ""
    """What was searched for; empty when nothing was."""
    marking: Marking | None = None
    """High-water mark of all that was put in the context for it, cited or not."""


class Screen(StrEnum):
    """What a course has to pass. Names are those of JP 5-0; those of AJP-5 stand below where they differ."""

    SUITABLE = "suitable"
    """Adequacy: accomplishes the mission within the guidance."""
    FEASIBLE = "feasible"
    """Within the time, space and means available."""
    ACCEPTABLE = "acceptable"
    """Worth its cost and risk; legal."""
    DISTINGUISHABLE = "distinguishable"
    """Exclusivity: differs enough from the others."""
    COMPLETE = "complete"
    """Who, what, when, where, how and why are told."""
    COMPLIANT = "compliant"
    """Keeps to doctrine (AJP-5 only)."""


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Calculation:
    """A comparison that code made: `left` `relation` `right`."""

    text: str
    """In full: '24,000 l / 16,500 l/d = 1.45 d, at least 1 d'."""
    holds: bool | None
    """None: a value is missing, or the units do not convert."""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    screen: Screen
    outcome: Outcome
    reason: str
    citations: tuple[Citation, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    by: str = ""
    """Who said so, when a person did."""


class Adversary(StrEnum):
    MOST_LIKELY = "most_likely"
    MOST_DANGEROUS = "most_dangerous"


@dataclass(frozen=True, slots=True)
class WargameRow:
    """One turn against a course of the adversary, or of circumstances: the weather, the water."""

    adversary: Adversary
    action: tuple[Statement, ...] = ()
    reaction: tuple[Statement, ...] = ()
    counteraction: tuple[Statement, ...] = ()
    result: tuple[Statement, ...] = ()
    decision_point: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseOfAction:
    id: str
    """Unique in its workspace: 'coa-1'; 'coa-0' is doing nothing."""
    name: str
    idea: tuple[Statement, ...]
    """What sets it apart: the means or the way that it is built on."""
    fields: tuple[Filled, ...] = ()
    screening: tuple[Screened, ...] = ()
    wargame: tuple[WargameRow, ...] = ()
    baseline: bool = False
    """Doing nothing, against which the others are held."""
    merged: tuple[str, ...] = ()
    """Names of courses that were too much like this one and went into it."""
    framing: str = ""
    """Hash of the framing that it was developed on, put down when that is unlocked. Empty: it never was."""

    def field(self, name: CourseField) -> Filled:
        """Return a field, empty when it is not filled yet."""
        return next((filled for filled in self.fields if filled.name == name), Filled(name))


@dataclass(frozen=True, slots=True)
class Criterion:
    """What courses are compared by. The five parts are those of FM 6-0 (2022), table 5-5, and a weight."""

    id: str
    title: str
    definition: str
    unit: str
    """As pint writes it: 'hour', 'EUR', 'person', 'dimensionless' for a rating."""
    benchmark: str
    """The value that is good enough: '6 hour'."""
    formula: str
    """'less is better', 'more is better', or an expression in `value` and `benchmark`: 0 is bad and 1 good."""
    weight: float
    """0 or more; only the proportions count."""


@dataclass(frozen=True, slots=True)
class RawValue:
    """What one course is or does by one criterion, before it is scored."""

    course: str
    criterion: str
    value: str
    """A quantity with its unit: '4.5 hour'. Empty: not known."""
    basis: Basis
    citations: tuple[Citation, ...] = ()
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided. Never made by software."""

    by: str
    at: str
    """UTC, ISO 8601."""
    chosen: str
    """Id of the course."""
    recommended: str
    """What the comparison recommended when it was decided; empty when it recommended nothing."""
    reason: str
    """Required where the choice is not what was recommended."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A part that a person keeps out of what is made public."""

    part: str
    """Id of a statement or a course, 'mission', 'coa-1/risks', 'wargame': a name of `memo.closing.parts`."""
    motivation: str
    """Why, with its legal ground. It is public itself."""
    by: str


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    revision: int
    """From 1; each change makes the next."""
    title: str
    problem: str
    """As the officer gave it."""
    language: Language
    owner: str
    corpora: tuple[str, ...]
    """Searched; empty: all of them."""
    on_date: date
    """What is valid on this day."""
    marking: Marking | None = None
    """High-water mark of all evidence that was put in the context of any part."""
    framing: tuple[Filled, ...] = ()
    framing_locked_by: str = ""
    """Who locked the framing; only then courses are developed. Empty: it is not locked."""
    courses: tuple[CourseOfAction, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    criteria_locked_by: str = ""
    """Who set criteria and weights before there were scores. Empty: they are not locked."""
    values: tuple[RawValue, ...] = ()
    decision: Decision | None = None
    withheld: tuple[Withheld, ...] = ()
    """What is not to be made public, besides what its marking keeps back."""
    notes: tuple[str, ...] = ()
    """What went otherwise than usual: the model broke the schema, a course was merged."""
    trace: dict[str, str] | None = None
    """Fingerprint of the settings, hashes of prompts and model, by name."""

    def frame(self, name: FramingField) -> Filled:
        """Return a field of the framing, empty when it is not filled yet."""
        return next((filled for filled in self.framing if filled.name == name), Filled(name))

    def course(self, id: str) -> CourseOfAction | None:
        return next((course for course in self.courses if course.id == id), None)
