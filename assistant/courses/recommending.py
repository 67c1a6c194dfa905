"""Say which course the comparison recommends, how surely, who or what speaks against it, and what would change it.

It recommends nothing where nothing is known, where unknown values decide, or where the best has failed a screen. Knows
nothing of documents; a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.courses.comparing import TIED, DecisionMatrix
from assistant.courses.criteria import direction
from assistant.courses.measuring import Measure, number_written, unit_named
from assistant.courses.sensitivity import Sensitivity
from assistant.courses.workspace import Basis, Outcome, RawValue, Screen, Screened, Workspace
from retrieval.languages import Language

# Shares of samples; the words are for a reader, the share stands beside them.
_HIGH, _MODERATE = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Sentences in the language of the workspace."""

    course: str
    """Id; empty when nothing is recommended, and then `reasons` say why."""
    confidence: str
    """'high', 'moderate' or 'low', or the same in Dutch; empty when nothing is recommended."""
    share: float
    """Of the samples around the set weights, unknown values drawn: in how many it comes first, 0 to 1."""
    reasons: tuple[str, ...]
    dissent: tuple[str, ...]
    """By what another course is better, or this one unproved, and who says so."""
    what_would_change: tuple[str, ...]
    """Nearest first: weights at which another comes first, values and screens that are open or rest on assumptions."""


def recommend(workspace: Workspace, matrix: DecisionMatrix, sensitivity: Sensitivity) -> Recommendation:
    """Return what the comparison recommends, or why it recommends nothing."""
    telling = _Telling(workspace, matrix)
    against = list(_why_none(telling))
    if against:
        return Recommendation("", "", 0.0, tuple(against), (), tuple(_what_could_decide(telling, sensitivity)))
    best = matrix.first[0]
    share = next((one.around for one in sensitivity.first if one.course == best), 0.0)
    unproved = [screen for screen in Screen if telling.outcome(best, screen) is Outcome.UNKNOWN]
    return Recommendation(
        course=best,
        confidence=_say(_confidence(share, proved=not unproved), workspace.language),
        share=share,
        reasons=tuple(_reasons(telling, best, share, sensitivity)),
        dissent=tuple(_dissent(telling, best)),
        what_would_change=(
            *_flips(telling, sensitivity),
            *_assumed(telling, best),
            *(telling.say("screen open", telling.name(best), telling.screen(screen)) for screen in unproved),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Telling:
    """A comparison with the words to tell it in."""

    workspace: Workspace
    matrix: DecisionMatrix

    def say(self, name: str, *fields: str) -> str:
        return _say(name, self.workspace.language).format(*fields)

    def name(self, course: str) -> str:
        found = self.workspace.course(course)
        return f"{found.name} ({course})" if found and found.name != course else course

    def names(self, courses: tuple[str, ...] | list[str]) -> str:
        return ", ".join(self.name(course) for course in courses)

    def title(self, criterion: str) -> str:
        return next((one.title for one in self.workspace.criteria if one.id == criterion), criterion)

    def screen(self, screen: Screen) -> str:
        return _SCREENS[screen] if self.workspace.language == "nl" else screen.value

    def share(self, share: float) -> str:
        return f"{share * 100:.0f} %"

    def screened(self, course: str, screen: Screen) -> Screened | None:
        found = self.workspace.course(course)
        return next((one for one in found.screening if one.screen is screen), None) if found else None

    def outcome(self, course: str, screen: Screen) -> Outcome:
        """Return what a screen found; what was not screened is unknown, and the baseline is no plan to screen."""
        found = self.workspace.course(course)
        if found is not None and found.baseline:
            return Outcome.PASSED
        screened = self.screened(course, screen)
        return screened.outcome if screened else Outcome.UNKNOWN

    def given(self, course: str, criterion: str) -> RawValue | None:
        values = [one for one in self.workspace.values if (one.course, one.criterion) == (course, criterion)]
        return values[-1] if values else None

    def amount(self, course: str, criterion: str) -> str:
        matrix, language = self.matrix, self.workspace.language
        value = matrix.values[matrix.courses.index(course)][matrix.criteria.index(criterion)]
        unit = next(one.unit for one in self.workspace.criteria if one.id == criterion)
        return "" if value is None else Measure(value, unit_named(unit, language=language)).written(language)

    def source(self, course: str, criterion: str) -> str:
        """Return who or what says what a course is by a criterion."""
        given = self.given(course, criterion)
        titles = dict.fromkeys(citation.title for citation in given.citations) if given else {}
        return ", ".join([*titles, *([given.by] if given and given.by else [])])


def _why_none(telling: _Telling) -> Iterator[str]:
    """Yield each reason for which nothing is recommended."""
    workspace, matrix = telling.workspace, telling.matrix
    if not workspace.criteria_locked_by:
        yield telling.say("not locked")
    if not any(_counts(telling, criterion) for criterion in matrix.criteria):
        yield telling.say("nothing known")
        return
    best, *tied = matrix.first
    if tied:
        yield telling.say(
            "tied", telling.names(matrix.first), number_written(matrix.total(best).middle, workspace.language)
        )
    if rivals := _rivals(telling):
        yield telling.say("unknowns decide", telling.name(best), telling.names(rivals))
    for course in matrix.first:
        for screen in Screen:
            screened = telling.screened(course, screen)
            if screened and screened.outcome is Outcome.FAILED:
                by = f" ({screened.by})" if screened.by else ""
                yield telling.say("failed", telling.name(course), telling.screen(screen), screened.reason + by)


def _counts(telling: _Telling, criterion: str) -> bool:
    """Tell whether a criterion with a weight has known scores of two courses besides the baseline."""
    matrix = telling.matrix
    plans = [course.id for course in telling.workspace.courses if not course.baseline and course.id in matrix.courses]
    known = [course for course in plans if matrix.score(course, criterion) is not None]
    return len(known) > 1 and matrix.weights[matrix.criteria.index(criterion)] > 0


def _rivals(telling: _Telling) -> list[str]:
    """Return the courses that could total more than the first if unknown values turned out so."""
    matrix = telling.matrix
    return [
        course
        for course in matrix.courses
        if course not in matrix.first and _least_lead(telling, matrix.first[0], course) < -TIED
    ]


def _least_lead(telling: _Telling, best: str, other: str) -> float:
    """Return by how much one course totals more than another when unknown values turn out worst for it, -1 to 1.

    An unknown value can be far beyond the others. On the local scale of its criterion the known scores then lie as near
    together as one likes, so that a lead by it is not counted and what is behind is."""
    matrix, lead = telling.matrix, 0.0
    for criterion, weight in zip(telling.workspace.criteria, matrix.weights, strict=True):
        mine, theirs = matrix.score(best, criterion.id), matrix.score(other, criterion.id)
        column = [matrix.score(course, criterion.id) for course in matrix.courses]
        if None not in column and mine is not None and theirs is not None:
            lead += weight * (mine - theirs)
        elif not direction(criterion.formula):
            lead += weight * ((0.0 if mine is None else mine) - (1.0 if theirs is None else theirs))
        else:
            lead += weight * (-1.0 if mine is None or theirs is None else min(0.0, mine - theirs))
    return lead


def _what_could_decide(telling: _Telling, sensitivity: Sensitivity) -> Iterator[str]:
    matrix = telling.matrix
    if not matrix.first:
        return
    concerned = {*matrix.first, *_rivals(telling)}
    for one in matrix.unknown:
        if one.course in concerned and matrix.weights[matrix.criteria.index(one.criterion)] > 0:
            yield telling.say("value open", telling.title(one.criterion), telling.name(one.course), one.reason)
    if len(matrix.first) > 1:
        yield from _flips(telling, sensitivity)


def _reasons(telling: _Telling, best: str, share: float, sensitivity: Sensitivity) -> Iterator[str]:
    matrix, language = telling.matrix, telling.workspace.language
    total = number_written(matrix.total(best).middle, language)
    if len(matrix.ranking) > 1:
        after = matrix.ranking[1]
        second = number_written(matrix.total(after[0]).middle, language)
        yield telling.say("totals", telling.name(best), total, telling.names(after), second)
    if dominated := [worse for better, worse in matrix.dominance if better == best]:
        yield telling.say("dominates", telling.name(best), telling.names(dominated))
    uniform = next((one.uniform for one in sensitivity.first if one.course == best), 0.0)
    yield telling.say("robust", telling.share(share), telling.share(uniform), telling.share(sensitivity.stability))
    leads = [
        telling.title(criterion)
        for criterion, weight in zip(matrix.criteria, matrix.weights, strict=True)
        if weight > 0 and _leads(matrix, best, criterion)
    ]
    if leads:
        yield telling.say("leads", ", ".join(leads))


def _leads(matrix: DecisionMatrix, best: str, criterion: str) -> bool:
    mine = matrix.score(best, criterion)
    others = [matrix.score(course, criterion) for course in matrix.courses if course != best]
    return mine is not None and bool(others) and all(one is not None and mine > one + TIED for one in others)


def _dissent(telling: _Telling, best: str) -> Iterator[str]:
    matrix = telling.matrix
    for criterion, weight in zip(matrix.criteria, matrix.weights, strict=True):
        mine = matrix.score(best, criterion)
        for course in matrix.courses:
            other = matrix.score(course, criterion)
            if weight > 0 and other is not None and mine is not None and other > mine + TIED:
                told = telling.say(
                    "better",
                    telling.title(criterion),
                    telling.name(course),
                    telling.amount(course, criterion),
                    telling.amount(best, criterion),
                )
                source = telling.source(course, criterion)
                yield f"{told} ({source})." if source else f"{told}."
    for screen in Screen:
        if telling.outcome(best, screen) is Outcome.PASSED:
            continue
        for course in matrix.courses:
            screened = telling.screened(course, screen)
            if course != best and screened and screened.outcome is Outcome.PASSED:
                by = f" ({screened.by})" if screened.by else ""
                yield telling.say("passed", telling.name(course), telling.screen(screen), telling.name(best)) + by + "."


def _flips(telling: _Telling, sensitivity: Sensitivity) -> Iterator[str]:
    matrix, language = telling.matrix, telling.workspace.language
    near = []
    for flip in sensitivity.flips:
        at = matrix.criteria.index(flip.criterion)
        if flip.weight is not None and flip.share is not None:
            told = telling.say(
                "flip",
                telling.title(flip.criterion),
                number_written(flip.weight, language),
                number_written(matrix.set_weights[at], language),
                telling.share(flip.share),
                telling.share(matrix.weights[at]),
                telling.names(flip.to),
            )
            near.append((abs(flip.share - matrix.weights[at]), told))
    yield from (told for _, told in sorted(near))


def _assumed(telling: _Telling, best: str) -> Iterator[str]:
    for criterion, weight in zip(telling.matrix.criteria, telling.matrix.weights, strict=True):
        given = telling.given(best, criterion)
        if weight > 0 and given and given.value and given.basis is Basis.ASSUMPTION:
            yield telling.say("assumed", telling.title(criterion), telling.name(best), given.value)


def _confidence(share: float, *, proved: bool) -> str:
    if share >= _HIGH and proved:
        return "high"
    return "moderate" if share >= _MODERATE else "low"


_SCREENS = {
    Screen.SUITABLE: "geschikt",
    Screen.FEASIBLE: "uitvoerbaar",
    Screen.ACCEPTABLE: "aanvaardbaar",
    Screen.DISTINGUISHABLE: "onderscheidend",
    Screen.COMPLETE: "volledig",
    Screen.COMPLIANT: "volgens doctrine",
}
_SENTENCES: dict[str, dict[Language, str]] = {
    "high": {"en": "high", "nl": "hoog"},
    "moderate": {"en": "moderate", "nl": "redelijk"},
    "low": {"en": "low", "nl": "laag"},
    "not locked": {
        "en": "Nothing is recommended: the criteria and their weights have not been locked by a person.",
        "nl": "Er is geen advies: criteria en gewichten zijn niet door een persoon vastgesteld.",
    },
    "nothing known": {
        "en": "Nothing is recommended: by no criterion are the values of two or more courses known.",
        "nl": "Er is geen advies: van geen criterium zijn de waarden van twee of meer handelwijzen bekend.",
    },
    "tied": {
        "en": "Nothing is recommended: {} tie at {}.",
        "nl": "Er is geen advies: {} eindigen gelijk op {}.",
    },
    "unknowns decide": {
        "en": "Nothing is recommended: {} comes first, but depending on values that are not known {} could.",
        "nl": "Er is geen advies: {} staat bovenaan, maar door waarden die niet bekend zijn kan dat ook {} zijn.",
    },
    "failed": {
        "en": "Nothing is recommended: {} comes first but failed the screen '{}': {}",
        "nl": "Er is geen advies: {} staat bovenaan maar is niet door de toets '{}' gekomen: {}",
    },
    "value open": {"en": "{} of {} is not known: {}", "nl": "{} van {} is niet bekend: {}"},
    "totals": {"en": "{} totals {}; next {} with {}.", "nl": "{} krijgt {}; daarna {} met {}."},
    "dominates": {
        "en": "{} is no worse by any criterion, and better by one or more, than {}.",
        "nl": "{} is op geen criterium slechter, en op een of meer beter, dan {}.",
    },
    "robust": {
        "en": "It comes first in {} of the samples around the set weights and in {} of those with any weights; the"
        " whole ranking holds in {}.",
        "nl": "De eerste plaats blijft in {} van de trekkingen rond de gestelde gewichten en in {} van die met"
        " willekeurige gewichten; de hele rangorde in {}.",
    },
    "leads": {"en": "It is the best by: {}.", "nl": "Het beste op: {}."},
    "better": {"en": "By '{}' {} is better: {} against {}", "nl": "Op '{}' is {} beter: {} tegen {}"},
    "passed": {
        "en": "{} passed the screen '{}'; of {} it is not known",
        "nl": "{} is door de toets '{}' gekomen; van {} is dat niet bekend",
    },
    "flip": {
        "en": "If '{}' weighed {} instead of {} ({} instead of {} of all weights), {} would come first.",
        "nl": "Als '{}' {} woog in plaats van {} ({} in plaats van {} van alle gewichten), kwam {} bovenaan.",
    },
    "assumed": {
        "en": "'{}' of {} rests on an assumption: {}.",
        "nl": "'{}' van {} berust op een aanname: {}.",
    },
    "screen open": {
        "en": "{}: the screen '{}' is open; a person must judge it.",
        "nl": "{}: de toets '{}' staat open; een persoon moet die beoordelen.",
    },
}


def _say(name: str, language: Language) -> str:
    return _SENTENCES[name][language]
