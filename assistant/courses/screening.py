"""Put each course to the screens: what code can reckon or count is decided, all else is left to a person.

Never passes a course on nothing: without evidence the outcome is unknown and says what is missing. What a person
decided stays. Knows nothing of retrieval or of a model."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.answers import Citation
from assistant.courses.amounts import names_in
from assistant.courses.checking import Check, Kind, check_limits, check_places, check_stocks, check_time
from assistant.courses.workspace import (
    Basis,
    Calculation,
    CourseField,
    CourseOfAction,
    Filled,
    FramingField,
    Outcome,
    Screen,
    Screened,
    Statement,
    Workspace,
)
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

Distance = Callable[[CourseOfAction, CourseOfAction], float]
"""How different two courses are, 0 (the same) to 1."""

_ASKED = (*(CourseField.WHO, CourseField.WHAT, CourseField.WHEN, CourseField.WHERE, CourseField.HOW, CourseField.WHY),)
"""What JP 5-0 asks of a complete course."""
_TIMED = (
    *(CourseField.WHAT, CourseField.WHEN, CourseField.WHERE, CourseField.HOW),
    *(CourseField.PHASES, CourseField.MAIN_EFFORT),
)
"""Where what is said to take time is this course's own time, and not a risk's or another's."""
_USED = (
    *(CourseField.WHO, CourseField.WHAT, CourseField.WHERE, CourseField.HOW, CourseField.PHASES),
    *(CourseField.MAIN_EFFORT, CourseField.RESOURCES),
)
"""Where what is named is used by this course."""
_TOLD = (Basis.FACT, Basis.STATED)


class OverruleInvalid(StafwijzerError):
    """A person's judgement of a screen lacks what it needs."""


def screen(workspace: Workspace, *, distance: Distance | None = None, least_distance: float = 0.5) -> Workspace:
    """Screen all courses. `distance`: the measure of distinguishability; without it that screen is unknown."""
    courses = tuple(
        replace(course, screening=_screened(course, workspace, distance, least_distance))
        for course in workspace.courses
    )
    return replace(workspace, courses=courses)


def overrule(workspace: Workspace, course: str, screen: Screen, outcome: Outcome, *, reason: str, by: str) -> Workspace:
    """Put a person's judgement in the place of what was found; the calculations stay. Raises OverruleInvalid."""
    if not reason.strip() or not by.strip():
        raise OverruleInvalid("A judgement needs a reason and a name.", hint="Say why, and who judges.")
    if workspace.course(course) is None:
        raise OverruleInvalid(f"There is no course '{course}'.", hint="Give the id of a course of this workspace.")

    def judged(one: CourseOfAction) -> CourseOfAction:
        found = next((each for each in one.screening if each.screen is screen), Screened(screen, outcome, ""))
        mine = replace(found, outcome=outcome, reason=reason, by=by)
        others = [each for each in one.screening if each.screen is not screen]
        return replace(one, screening=tuple(sorted([*others, mine], key=lambda each: list(Screen).index(each.screen))))

    return replace(workspace, courses=tuple(judged(one) if one.id == course else one for one in workspace.courses))


def _screened(
    course: CourseOfAction, workspace: Workspace, distance: Distance | None, least_distance: float
) -> tuple[Screened, ...]:
    decided = {one.screen: one for one in course.screening if one.by}
    if course.baseline:
        told = _say("baseline", workspace.language)
        return tuple(decided.get(one) or Screened(one, Outcome.UNKNOWN, told) for one in Screen)
    subject = _Subject(course, workspace)
    found = {
        Screen.SUITABLE: lambda: _suitable(subject),
        Screen.FEASIBLE: lambda: _feasible(subject),
        Screen.ACCEPTABLE: lambda: _acceptable(subject),
        Screen.DISTINGUISHABLE: lambda: _distinguishable(subject, distance, least_distance),
        Screen.COMPLETE: lambda: _complete(subject),
        Screen.COMPLIANT: lambda: Screened(Screen.COMPLIANT, Outcome.UNKNOWN, subject.say("compliant")),
    }
    return tuple(decided.get(one) or found[one]() for one in Screen)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A course in its workspace."""

    course: CourseOfAction
    workspace: Workspace

    @property
    def language(self) -> Language:
        return self.workspace.language

    def say(self, name: str, *fields: str) -> str:
        return _say(name, self.language).format(*fields)

    def said(self, fields: Iterable[CourseField] = CourseField) -> list[Statement]:
        """Return the name, the idea and what is in these fields, each statement once."""
        named = set(fields)
        filled = [one for one in self.course.fields if one.name in named]
        name = Statement(self.course.id, self.course.name, Basis.STATED)
        return list(dict.fromkeys([name, *self.course.idea, *_statements(filled)]))

    def framed(self) -> list[Statement]:
        return _statements(self.workspace.framing)

    def frame(self, *names: FramingField) -> list[Statement]:
        return _statements([self.workspace.frame(name) for name in names])


def _suitable(subject: _Subject) -> Screened:
    mission = [one for one in subject.frame(FramingField.MISSION, FramingField.END_STATE) if one.basis in _TOLD]
    told = "suitable" if mission else "no mission"
    return Screened(Screen.SUITABLE, Outcome.UNKNOWN, subject.say(told), _citations(mission))


def _feasible(subject: _Subject) -> Screened:
    """Pass only with time and means both reckoned and all in order; fail on one that certainly is not."""
    own, framed, language = subject.said(), subject.framed(), subject.language
    checks = [
        *check_time(
            subject.said(_TIMED),
            subject.frame(FramingField.TIME_AVAILABLE),
            problem=subject.workspace.problem,
            near=subject.workspace.on_date,
            language=language,
        ),
        *check_limits(subject.said(_USED), own, framed, language=language),
        *check_stocks(own, framed, language=language),
        *check_places(own, framed, language=language),
    ]
    checks = [check for check in dict.fromkeys(checks) if check.kind is not Kind.COST]
    failed = [check for check in checks if check.calculation.holds is False]
    if failed:
        reason = subject.say("not feasible", "; ".join(check.calculation.text for check in failed))
        return _reckoned(Screen.FEASIBLE, Outcome.FAILED, reason, checks)
    missing = [kind for kind in (Kind.TIME, Kind.MEANS) if not _all_hold(checks, kind)]
    if not missing:
        return _reckoned(Screen.FEASIBLE, Outcome.PASSED, subject.say("feasible"), checks)
    reason = " ".join(subject.say(f"{_state(checks, kind)} {kind.value}") for kind in missing)
    return _reckoned(Screen.FEASIBLE, Outcome.UNKNOWN, reason, checks)


def _acceptable(subject: _Subject) -> Screened:
    """Fail on a cost above a stated limit. Whether it is worth its risk, and legal, is for a person."""
    limits = subject.frame(FramingField.CONSTRAINTS, FramingField.RESTRAINTS)
    own = subject.said()
    checks = [
        check
        for check in check_limits(subject.said(_USED), own, limits, language=subject.language)
        if check.kind is Kind.COST
    ]
    checks = list(dict.fromkeys(checks))
    if failed := [check.calculation.text for check in checks if check.calculation.holds is False]:
        return _reckoned(Screen.ACCEPTABLE, Outcome.FAILED, subject.say("too dear", "; ".join(failed)), checks)
    reasons = [subject.say("affordable" if checks else "no costs"), subject.say("acceptable")]
    touched = _touched(subject.frame(FramingField.RESTRAINTS), own)
    reasons += [subject.say("restraint", restraint.text) for restraint in touched]
    screened = _reckoned(Screen.ACCEPTABLE, Outcome.UNKNOWN, " ".join(reasons), checks)
    cited = _citations(touched)
    return replace(screened, citations=tuple(dict.fromkeys([*screened.citations, *cited])))


def _touched(restraints: Sequence[Statement], own: Sequence[Statement]) -> list[Statement]:
    """Return the restraints of which a course names all that they name: places, permits."""
    said = frozenset[str]().union(*(names_in(one.text) for one in own if one.basis in _TOLD))
    return [
        restraint
        for restraint in restraints
        if (names := names_in(restraint.text)) and names <= said and restraint not in own
    ]


def _distinguishable(subject: _Subject, distance: Distance | None, least: float) -> Screened:
    others = [one for one in subject.workspace.courses if one.id != subject.course.id and not one.baseline]
    if distance is None or not others:
        told = subject.say("not measured" if others else "nothing to differ from")
        return Screened(Screen.DISTINGUISHABLE, Outcome.UNKNOWN, told)
    nearest, other = min(((distance(subject.course, one), one) for one in others), key=lambda pair: pair[0])
    outcome = Outcome.PASSED if nearest >= least else Outcome.FAILED
    calculation = Calculation(f"{nearest:.2f} >= {least:.2f}", nearest >= least)
    reason = subject.say("distinct" if nearest >= least else "alike", other.name)
    return Screened(Screen.DISTINGUISHABLE, outcome, reason, calculations=(calculation,))


def _complete(subject: _Subject) -> Screened:
    """Pass when who, what, when, where, how and why are told by documents or a person."""
    if not any(filled.statements for filled in subject.course.fields):
        return Screened(Screen.COMPLETE, Outcome.UNKNOWN, subject.say("not developed"))
    filled = {field: subject.course.field(field).statements for field in _ASKED}
    empty = [field for field in _ASKED if not filled[field]]
    open_ = [field for field in _ASKED if filled[field] and not any(one.basis in _TOLD for one in filled[field])]
    told = [one for field in _ASKED for one in filled[field] if one.basis in _TOLD]
    reasons = []
    if empty:
        reasons.append(subject.say("empty", _fields(empty, subject.language)))
    if open_:
        reasons.append(subject.say("open", _fields(open_, subject.language)))
    outcome = Outcome.FAILED if empty else Outcome.UNKNOWN if open_ else Outcome.PASSED
    return Screened(Screen.COMPLETE, outcome, " ".join(reasons) or subject.say("complete"), _citations(told))


def _reckoned(screen: Screen, outcome: Outcome, reason: str, checks: Sequence[Check]) -> Screened:
    calculations = tuple(check.calculation for check in checks)
    cited = dict.fromkeys(citation for one in calculations for citation in one.citations)
    return Screened(screen, outcome, reason, tuple(cited), calculations)


def _all_hold(checks: Sequence[Check], kind: Kind) -> bool:
    held = [check.calculation.holds for check in checks if check.kind is kind]
    return bool(held) and all(held)


def _state(checks: Sequence[Check], kind: Kind) -> str:
    return "open" if any(check.kind is kind for check in checks) else "no"


def _statements(filled: Iterable[Filled]) -> list[Statement]:
    return [statement for one in filled for statement in one.statements]


def _citations(statements: Iterable[Statement]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for one in statements for citation in one.citations))


def _fields(fields: Sequence[CourseField], language: Language) -> str:
    return ", ".join(_FIELDS[field] if language == "nl" else field.value for field in fields)


_FIELDS = {
    CourseField.WHO: "wie",
    CourseField.WHAT: "wat",
    CourseField.WHEN: "wanneer",
    CourseField.WHERE: "waar",
    CourseField.HOW: "hoe",
    CourseField.WHY: "waarom",
}
_SENTENCES: dict[str, dict[Language, str]] = {
    "baseline": {
        "en": "Doing nothing is what the others are held against, and is not screened.",
        "nl": "Niets doen is waartegen de andere worden afgezet, en wordt niet getoetst.",
    },
    "suitable": {
        "en": "A person must judge whether this accomplishes the mission as it is stated.",
        "nl": "Een persoon moet beoordelen of hiermee de opdracht wordt vervuld zoals die is gesteld.",
    },
    "no mission": {
        "en": "The framing states no mission or end state to hold this against.",
        "nl": "De probleemstelling noemt geen opdracht of eindsituatie om dit aan te toetsen.",
    },
    "not feasible": {"en": "Does not fit: {}.", "nl": "Past niet: {}."},
    "feasible": {
        "en": "Time and means were reckoned and fit.",
        "nl": "Tijd en middelen zijn nagerekend en passen.",
    },
    "no time": {
        "en": "Time: the time needed, or the time available, is not told.",
        "nl": "Tijd: de benodigde of de beschikbare tijd staat er niet.",
    },
    "open time": {
        "en": "Time: what was reckoned does not decide.",
        "nl": "Tijd: wat is nagerekend beslist het niet.",
    },
    "no means": {
        "en": "Means: no need and stock, or load and limit, of the same thing were found.",
        "nl": "Middelen: geen behoefte en voorraad, of last en grens, van hetzelfde gevonden.",
    },
    "open means": {
        "en": "Means: what was reckoned does not decide.",
        "nl": "Middelen: wat is nagerekend beslist het niet.",
    },
    "too dear": {"en": "Above a limit on cost: {}.", "nl": "Boven een kostengrens: {}."},
    "affordable": {
        "en": "The costs found stay within the limit found.",
        "nl": "De gevonden kosten blijven binnen de gevonden grens.",
    },
    "no costs": {
        "en": "No costs and limit on cost were found that belong together.",
        "nl": "Geen kosten en kostengrens gevonden die bij elkaar horen.",
    },
    "acceptable": {
        "en": "A person must judge whether it is worth its risk, and legal.",
        "nl": "Een persoon moet beoordelen of het zijn risico waard is, en rechtmatig.",
    },
    "restraint": {
        "en": "It touches on a restraint: {}",
        "nl": "Het raakt aan een verbod: {}",
    },
    "compliant": {
        "en": "A person must judge whether it keeps to doctrine; no rule of it was compared.",
        "nl": "Een persoon moet beoordelen of het aan de doctrine voldoet; er is geen regel van vergeleken.",
    },
    "not measured": {
        "en": "How much it differs from the others was not measured.",
        "nl": "Hoeveel het van de andere verschilt is niet gemeten.",
    },
    "nothing to differ from": {
        "en": "There is no other course to differ from.",
        "nl": "Er is geen andere handelwijze om van te verschillen.",
    },
    "distinct": {"en": "Most like {}, and differs enough.", "nl": "Lijkt het meest op {}, en verschilt genoeg."},
    "alike": {"en": "Too much like {}.", "nl": "Lijkt te veel op {}."},
    "not developed": {"en": "It has not been developed yet.", "nl": "Het is nog niet uitgewerkt."},
    "complete": {
        "en": "Who, what, when, where, how and why are told.",
        "nl": "Wie, wat, wanneer, waar, hoe en waarom staan er.",
    },
    "empty": {"en": "Not told: {}.", "nl": "Staat er niet: {}."},
    "open": {
        "en": "Only gaps or assumptions: {}.",
        "nl": "Alleen leemten of aannames: {}.",
    },
}


def _say(name: str, language: Language) -> str:
    return _SENTENCES[name][language]
