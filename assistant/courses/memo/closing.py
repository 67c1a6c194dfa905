"""Keep out of a memo for the public what an officer listed, wherever it is said again.

A part is a statement, a field of the framing, a course or a field of one, or a section of the memo. What repeats the
words of a part is closed with it: fail closed. Writes no file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.courses.memo.sections import Paragraph, Section, Table
from assistant.courses.walking import statements
from assistant.courses.workspace import CourseOfAction, Statement, Workspace

SECTIONS = ("screening", "wargame", "comparison", "advice")
"""Sections of a memo that can be kept out of it as a whole."""


def parts(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of all that can be listed: 'mission', 'coa-1', 'coa-1/risks', 'wargame', ids of statements."""
    fields = [f"{course.id}/{filled.name}" for course in workspace.courses for filled in course.fields]
    courses = [course.id for course in workspace.courses if not course.baseline]
    framing = [filled.name for filled in workspace.framing]
    return tuple(dict.fromkeys([*framing, *courses, *fields, *SECTIONS, *(one.id for one in statements(workspace))]))


@dataclass(frozen=True, slots=True)
class Closed:
    """What of a workspace is not for the public."""

    parts: frozenset[str]
    courses: frozenset[str]
    """Ids of courses of which nothing but the number may be told."""
    words: re.Pattern[str] | None
    """Finds what may not be said; None: anything may."""

    def tells(self, text: str) -> bool:
        """Tell whether a text says what is closed."""
        return self.words is not None and self.words.search(_plain(text)) is not None

    def netted(self, section: Section, *, instead: str) -> tuple[Section, int]:
        """Return a section with `instead` for each text that says what is closed, and how many there were."""
        dropped = 0

        def net(text: str) -> str:
            nonlocal dropped
            told = self.tells(text)
            dropped += told
            return instead if told else text

        def kept(block: Paragraph | Table) -> Paragraph | Table:
            if isinstance(block, Paragraph):
                return replace(block, text=net(block.text))
            return Table(tuple(map(net, block.header)), tuple(tuple(map(net, row)) for row in block.rows))

        made = replace(section, title=net(section.title), blocks=tuple(map(kept, section.blocks)))
        return made, dropped


def closed(workspace: Workspace) -> Closed:
    """Return what is closed by the parts that are listed in a workspace."""
    listed = frozenset(one.part for one in workspace.withheld)
    courses = frozenset(course.id for course in workspace.courses if course.id in listed)
    said = {_plain(one.text) for one in _statements(workspace, listed)}
    said |= {_plain(course.name) for course in workspace.courses if _name_is_closed(course, listed)}
    # The longest first: what begins alike must not end the search early.
    forms = "|".join(re.escape(text) for text in sorted(said - {""}, key=lambda text: (-len(text), text)))
    return Closed(listed, courses, re.compile(rf"(?<!\w)(?:{forms})(?!\w)") if forms else None)


def _statements(workspace: Workspace, listed: frozenset[str]) -> Iterator[Statement]:
    yield from (one for one in statements(workspace) if one.id in listed)
    yield from (one for filled in workspace.framing if filled.name in listed for one in filled.statements)
    for course in workspace.courses:
        if course.id in listed:
            yield from statements(course)
        yield from (
            one for filled in course.fields if f"{course.id}/{filled.name}" in listed for one in filled.statements
        )


def _name_is_closed(course: CourseOfAction, listed: frozenset[str]) -> bool:
    """A name is copied from an idea. That of doing nothing tells nothing."""
    return not course.baseline and (course.id in listed or any(one.id in listed for one in course.idea))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
