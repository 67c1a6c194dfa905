"""Take values out of a parsed TOML table, each in the form that is asked for, and tell the line of one that is wrong.

Knows nothing of what the keys mean, save that a marking is written in words or as a table."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from retrieval.access import Marking
from retrieval.marking.wording import MarkingUnclear, read_level, read_marking, read_nations
from retrieval.policies import POLICIES

_MARKING = ("policy", "level", "releasable_to", "categories", "need_to_know")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"'-]+)\s*\]\]?")
_KEY = re.compile(r"[\s\"']*([\w-]+)[\"']?\s*[=.]")


class EntryWrong(Exception):
    """A value that cannot be used; `problem` is a clause, `line` counts from 1."""

    def __init__(self, line: int, problem: str, *, hint: str) -> None:
        super().__init__(line, problem)
        self.line = line
        self.problem = problem
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of one table of a TOML document."""

    told: dict[str, Any]
    text: str
    """The whole document, to find lines in."""
    table: str = ""
    """The table's name; '' for the top."""
    place: int = 0
    """Which of the tables of this name, from 0."""
    known: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for key in self.told:
            if key not in self.known:
                nearest = difflib.get_close_matches(key, self.known, n=1, cutoff=0.5)
                problem = f"there is no '{key}'" + (f"; did you mean '{nearest[0]}'?" if nearest else "")
                raise self.wrong(key, problem, hint=f"There is: {', '.join(self.known)}.")

    def line(self, key: str) -> int:
        """Return the line on which a key stands, or else its table begins."""
        nested = f"{self.table}.{key}".lstrip(".")
        current, seen, begins = "", -1 if self.table else 0, 1
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := _HEADER.match(line):
                current = header[1]
                if current == self.table:
                    seen += 1
                    begins = number if seen == self.place else begins
                if current == nested and seen == self.place:
                    return number
            elif current == self.table and seen == self.place:
                entry = _KEY.match(line)
                if entry and entry[1] == key:
                    return number
        return begins

    def wrong(self, key: str, problem: str, *, hint: str) -> EntryWrong:
        return EntryWrong(self.line(key), problem, hint=hint)

    def words(self, key: str) -> str:
        """Return a text on one line, '' when the key is not there."""
        value = self.told.get(key, "")
        if not isinstance(value, str) or (key in self.told and not value.strip()):
            raise self.wrong(key, f"{key} is not a text with something in it", hint=f'Write {key} = "..."')
        return " ".join(value.split())

    def names(self, key: str) -> tuple[str, ...]:
        """Return a text, or a list of texts, as a tuple."""
        value = self.told.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
            raise self.wrong(key, f"{key} is not a list of names", hint=f'Write {key} = ["...", "..."].')
        return tuple(" ".join(one.split()) for one in values)

    def number(self, key: str) -> int | None:
        value = self.told.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.wrong(key, f"{key} is not a whole number", hint=f"Write for example: {key} = 1")
        return value

    def day(self, key: str) -> date | None:
        """Return a date, written as one or as a text."""
        value = self.told.get(key)
        try:
            value = date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            value = ""
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.wrong(key, f"{key} is not a date", hint=f"Write for example: {key} = 2026-01-31")
        return value

    def table_at(self, key: str) -> dict[str, Any]:
        value = self.told.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"{key} is not a table", hint=f"Begin it with a line [{key}].")
        return value

    def tables(self, key: str) -> Sequence[dict[str, Any]]:
        value = self.told.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, f"{key} is not a list of tables", hint=f"Begin each with a line [[{key}]].")
        return value

    def marking(self, key: str) -> Marking | None:
        """Return a marking, written in words or as a table with its level; None when the key is not there."""
        value = self.told.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, dict):
                return self._marking_of(key, value)
            return read_marking(self.words(key))
        except MarkingUnclear as error:
            raise self.wrong(key, str(error), hint=f"Policies: {', '.join(POLICIES)}.") from error

    def _marking_of(self, key: str, value: dict[str, Any]) -> Marking:
        try:
            inner = Entries(value, self.text, known=_MARKING)
            policy, level = read_level(inner.words("level"), policy=inner.words("policy"))
            return Marking(
                policy,
                level,
                read_nations(inner.names("releasable_to")),
                frozenset(inner.names("categories")),
                frozenset(inner.names("need_to_know")),
            )
        except EntryWrong as error:
            # An inline table stands on the key's own line, and a table of its own begins there.
            raise self.wrong(key, error.problem, hint=error.hint) from error
