"""Set two versions of a text beside each other: which paragraphs went, which came, and which words changed in one.

Pure; knows nothing of versions or pages. The method is that of difflib (Ratcliff and Obershelp 1988), over paragraphs
and then over words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from assistant.entrypoints.documents.blocks import PART_CHARACTERS
from retrieval.errors import StafwijzerError

# Around what changed, as much as it takes to know the place.
_CONTEXT = 1
_MOST_CHARACTERS = 2_000_000
# Comparing the words of two paragraphs costs the product of their numbers at worst.
_MOST_WORDS = 1_500
# Two paragraphs with less in common are one that went and another that came.
_ALIKE = 0.4
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class TooLong(StafwijzerError):
    """Texts that are too long to be compared while somebody waits."""


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    differs: bool
    """Whether the other side does not have them."""


@dataclass(frozen=True, slots=True)
class Row:
    change: Change
    old: tuple[Words, ...] = ()
    new: tuple[Words, ...] = ()
    skipped: int = 0
    """How many unchanged paragraphs are left out here."""

    @property
    def characters(self) -> int:
        return 40 + sum(len(words.text) + 10 for words in (*self.old, *self.new))


def compare(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    """Return the rows that tell how the paragraphs of one text became those of another. Raises TooLong."""
    if sum(map(len, old)) + sum(map(len, new)) > _MOST_CHARACTERS:
        raise TooLong(
            f"These versions are longer than {_MOST_CHARACTERS:,} characters together.",
            hint="Open both and compare the part that you need.",
        )
    return list(_rows(old, new))


def in_parts(rows: Sequence[Row]) -> list[list[Row]]:
    """Divide rows into parts that fit a page each."""
    found: list[list[Row]] = [[]]
    shown = 0
    for row in rows:
        if found[-1] and shown + row.characters > PART_CHARACTERS:
            found.append([])
            shown = 0
        found[-1].append(row)
        shown += row.characters
    return found


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    # With its heuristic for what is frequent: without it, the same row a thousand times takes minutes.
    matcher = SequenceMatcher(None, old, new)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from _unchanged(old[a:b], first=a == 0 and c == 0, last=b == len(old) and d == len(new))
        else:
            for one, two in zip_longest(old[a:b], new[c:d]):
                yield from _changed(one, two)


def _unchanged(same: Sequence[str], *, first: bool, last: bool) -> Iterator[Row]:
    ahead, behind = (0 if first else _CONTEXT), (0 if last else _CONTEXT)
    rows = [Row(Change.SAME, (Words(text, False),), (Words(text, False),)) for text in same]
    if len(rows) <= ahead + behind + 1:
        yield from rows
        return
    yield from rows[:ahead]
    yield Row(Change.SKIPPED, skipped=len(rows) - ahead - behind)
    yield from rows[len(rows) - behind :]


def _changed(old: str | None, new: str | None) -> Iterator[Row]:
    if old is not None and new is not None and (words := _words(old, new)):
        yield Row(Change.CHANGED, *words)
        return
    if old is not None:
        yield Row(Change.REMOVED, old=(Words(old, True),))
    if new is not None:
        yield Row(Change.ADDED, new=(Words(new, True),))


def _words(old: str, new: str) -> tuple[tuple[Words, ...], tuple[Words, ...]] | None:
    """Return both sides by word, or None when they have too little in common for that to tell anything."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return None
    left, right = list[Words](), list[Words]()
    for kind, a, b, c, d in matcher.get_opcodes():
        if b > a:
            left.append(Words("".join(before[a:b]), kind != "equal"))
        if d > c:
            right.append(Words("".join(after[c:d]), kind != "equal"))
    return tuple(left), tuple(right)
