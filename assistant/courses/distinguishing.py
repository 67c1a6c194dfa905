"""Measure how far two courses differ, and merge those that hardly do.

Two measures, each 0 (the same) to 1: the share of what they state that is not stated in both, and how unlike their
ideas are. 'Distinguishable' is one of the screening criteria of FM 6-0. Pure; knows no documents and no model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from assistant.courses.stating import spans
from assistant.courses.workspace import Basis, CourseField, CourseOfAction, Statement
from retrieval.lexical import content_words

Likeness = Callable[[str, str], float]
"""How alike two texts are, 0 to 1: the overlap of their words, or the cosine of their embeddings."""

# Below this on both measures two courses are one. Two ideas with one word of four in common differ by 0.75.
LEAST_APART = 0.34


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two courses differ, 0 to 1."""

    one: str
    other: str
    """Ids of the courses."""
    statements: float
    """Share of the facts of either that the other does not state; 1 when neither states any."""
    ideas: float
    """1 less the likeness of their ideas."""

    @property
    def apart(self) -> float:
        """What tells the two apart best."""
        return max(self.statements, self.ideas)

    @property
    def distinguishable(self) -> bool:
        return self.apart >= LEAST_APART and self.ideas > 0


def overlap(one: str, other: str) -> float:
    """Return the share, 0 to 1, of the content words of two texts that stand in both."""
    first, second = set(content_words(one)), set(content_words(other))
    return len(first & second) / len(first | second) if first | second else 1.0


def difference(one: CourseOfAction, other: CourseOfAction, *, likeness: Likeness = overlap) -> Difference:
    """Measure how far two courses differ."""
    first, second = _stated(one), _stated(other)
    apart = len(first ^ second) / len(first | second) if first | second else 1.0
    ideas = 1.0 - max(
        likeness(one.name, other.name), likeness(_idea(one), _idea(other)) if not _shared(one, other) else 0
    )
    return Difference(one.id, other.id, round(apart, 4), round(max(0.0, ideas), 4))


def differences(courses: Sequence[CourseOfAction], *, likeness: Likeness = overlap) -> list[Difference]:
    """Measure all pairs but those with doing nothing, which differs from each by what it is."""
    return [difference(*pair, likeness=likeness) for pair in combinations([c for c in courses if not c.baseline], 2)]


def merged(courses: Sequence[CourseOfAction], *, likeness: Likeness = overlap) -> list[CourseOfAction]:
    """Return the courses with each that cannot be told from an earlier one put into that, its name kept."""
    kept: list[CourseOfAction] = []
    for course in courses:
        near = None if course.baseline else _near(course, kept, likeness)
        if near is None:
            kept.append(course)
        else:
            kept[near] = _together(kept[near], course)
    return kept


def _near(course: CourseOfAction, kept: Sequence[CourseOfAction], likeness: Likeness) -> int | None:
    near = (
        place
        for place, other in enumerate(kept)
        if not other.baseline and not difference(other, course, likeness=likeness).distinguishable
    )
    return next(near, None)


def _together(one: CourseOfAction, other: CourseOfAction) -> CourseOfAction:
    held = _stated(one)
    more = {filled.name: filled.statements for filled in other.fields}
    fields = tuple(
        replace(filled, statements=(*filled.statements, *_new(more.get(filled.name, ()), held)))
        for filled in one.fields
    )
    names = dict.fromkeys((*one.merged, other.name, *other.merged))
    return replace(one, fields=fields, merged=tuple(name for name in names if name != one.name))


def _new(statements: Sequence[Statement], held: frozenset[object]) -> list[Statement]:
    return [one for one in statements if one.basis is not Basis.GAP and _key(one) not in held]


def _stated(course: CourseOfAction) -> frozenset[object]:
    # Why is the mission, which courses have in common.
    fields = (filled for filled in course.fields if filled.name != CourseField.WHY)
    told = (*course.idea, *(one for filled in fields for one in filled.statements))
    return frozenset(_key(one) for one in told if one.basis is not Basis.GAP)


def _key(statement: Statement) -> object:
    return spans(statement) or " ".join(content_words(statement.text))


def _idea(course: CourseOfAction) -> str:
    return " ".join(one.text for one in course.idea)


def _shared(one: CourseOfAction, other: CourseOfAction) -> bool:
    """Two ideas may stand in one sentence, which says nothing of their likeness."""
    return bool({_key(idea) for idea in one.idea} & {_key(idea) for idea in other.idea})
