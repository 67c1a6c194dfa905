"""Hold a workspace to its case: what it considered, flagged and reckoned, and whether its facts are facts.

Pure: the catalog and the verifier are asked through functions. Knows nothing of time."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.answers import Citation
from assistant.courses import recording
from assistant.courses.walking import statements
from assistant.courses.workspace import Basis, CourseField, CourseOfAction, Statement, Workspace
from evals.courses.cases import Expected, Problem, Reckoned
from retrieval.languages import Language

_WITHIN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")

Reads = Callable[[Citation], bool]
"""Whether the stored text reads the quote at its place."""
Verified = Callable[[str, Sequence[str]], bool]
"""Whether quotes support a text."""
Reckon = Callable[[str, Language], str | bool]
"""What an expression comes to, as 'value unit' in the language; or whether a comparison holds."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What one workspace is worth."""

    problem: str
    facts: Mapping[str, bool]
    """Considered, by id."""
    gaps: Mapping[str, bool]
    """Flagged, by id."""
    stated_as_facts: int
    unsupported: tuple[str, ...]
    """Texts that are shown as facts and are none. Must be empty."""
    schema_valid: bool
    courses: int
    """Besides doing nothing."""
    distinguishability: float | None
    """0 to 1: the mean over pairs of courses of the share of their statements that only one of them has."""
    arithmetic: Mapping[str, bool]


def score(problem: Problem, workspace: Workspace, *, reads: Reads, verified: Verified, reckon: Reckon) -> Scored:
    """Hold a workspace to its case."""
    told = list(statements(workspace))
    facts = [one for one in told if one.basis is Basis.FACT]
    # Calculations and screening cite as well, and what they cite was considered.
    considered = [(one.text, one.citations) for one in facts]
    gaps = [one.text for one in told if one.basis is Basis.GAP]
    language: Language = "nl" if problem.language == "nl" else "en"
    return Scored(
        problem=problem.id,
        facts={one.id: any(_considers(one, text, cites) for text, cites in considered) for one in problem.facts},
        gaps={one.id: any(_says(one, text) for text in gaps) for one in problem.gaps},
        stated_as_facts=len(facts),
        unsupported=tuple(one.text for one in facts if not _is_supported(one, reads, verified)),
        schema_valid=_is_valid(workspace),
        courses=sum(not course.baseline for course in workspace.courses),
        distinguishability=distinguishability(workspace.courses),
        arithmetic={one.expression: _comes_to(one, language, reckon) for one in problem.arithmetic},
    )


def distinguishability(courses: Sequence[CourseOfAction]) -> float | None:
    """Return the mean over pairs of courses, doing nothing apart, of the Jaccard distance between what they state.

    What is not known, and why (the mission, which all serve), do not count. None for fewer than two courses."""
    pairs = list(combinations([_stated(course) for course in courses if not course.baseline], 2))
    if not pairs:
        return None
    return sum(len(one ^ other) / len(one | other) if one | other else 0.0 for one, other in pairs) / len(pairs)


def _stated(course: CourseOfAction) -> frozenset[str]:
    fields = (filled.statements for filled in course.fields if filled.name != CourseField.WHY)
    told = [*course.idea, *(one for some in fields for one in some)]
    return frozenset(_plain(one.text) for one in told if one.basis is not Basis.GAP)


def _considers(expected: Expected, text: str, citations: Sequence[Citation]) -> bool:
    """Tell whether a fact, with what it cites, says what was expected and cites a document that does."""
    if expected.documents and not {one.document for one in citations} & expected.documents:
        return False
    return _says(expected, " ".join([text, *(one.quote for one in citations)]))


def _says(expected: Expected, text: str) -> bool:
    plain = _plain(text)
    return any(all(any(_plain(way) in plain for way in key.split("|")) for key in keys) for keys in expected.keys)


def _is_supported(fact: Statement, reads: Reads, verified: Verified) -> bool:
    """A fact cites, each quote stands in the stored text, and it is those words or is verified against them."""
    if not fact.citations or not all(map(reads, fact.citations)):
        return False
    quotes = [one.quote for one in fact.citations]
    return _plain(fact.text) in _plain(" ".join(quotes)) or verified(fact.text, quotes)


def _is_valid(workspace: Workspace) -> bool:
    """Read back what is written: by the types of which the published schema is made."""
    try:
        return recording.read(recording.written(workspace)) == workspace
    except (recording.WorkspaceUnreadable, ValueError):
        return False


def _comes_to(one: Reckoned, language: Language, reckon: Reckon) -> bool:
    found = reckon(one.expression, language)
    if isinstance(found, bool):
        return found == (one.expected == "true")
    return _plain(found) == _plain(one.expected)


def _plain(text: str) -> str:
    return _WITHIN_NUMBER.sub("", " ".join(text.lower().split()))
