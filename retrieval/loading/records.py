"""Read a file of records, each of which is a document: JSON, CSV or Parquet with a field mapping (mapping.py).

A bad record costs that record: it is handed out as what it is, between the good ones. Refuses to know what records
are for."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from retrieval.identifying import Format, identify_file
from retrieval.loading.composing import Composer, one_line, tell
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.mapping import FieldMapping, guess, read_mapping, sidecar, value
from retrieval.loading.plain import blocks
from retrieval.loading.rows import MAX_LINE_BYTES, rows

__all__ = ["MAX_LINE_BYTES", "BadRecord", "Record", "are_records", "records"]

_SCALARS = (str, int, float, date)


@dataclass(frozen=True, slots=True)
class Record:
    """A row that is a document."""

    id: str
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A row that is not."""

    line: int
    """From 1; of the row where a format has no lines."""
    reason: str
    """One sentence, with the remedy."""


def are_records(path: Path, found: Format) -> bool:
    """Whether each row of this file is a document, or the whole of it one table: a table becomes records by a mapping
    beside it, a Parquet file also by a field that is named for its text. Raises NotLoaded."""
    if found is Format.PARQUET and sidecar(path) is None:
        from retrieval.loading.parquet import parquet_fields

        return bool(guess(parquet_fields(path)).text)
    return found is Format.JSON or (found in (Format.CSV, Format.PARQUET) and sidecar(path) is not None)


def records(path: Path, *, name: str | None = None) -> Iterator[Record | BadRecord]:
    """Read the records of a file in order, good and bad; blank lines are skipped. `name` is what its owner calls the
    file, when the path is not. Raises NotLoaded for what costs the whole file; OSError if it cannot be opened."""
    name = name or path.name
    beside = sidecar(path)
    given = read_mapping(beside) if beside else None
    reader = _Reader(name, given)
    for number, fields in rows(name, path, identify_file(path, name=name), inside=given.records if given else ""):
        if isinstance(fields, NotLoaded):
            yield BadRecord(number, fields.reason)
            continue
        try:
            yield reader.record(number, fields)
        except NotLoaded as error:
            yield BadRecord(number, error.reason)


class _Reader:
    def __init__(self, name: str, given: FieldMapping | None) -> None:
        self._name = name
        self._given = given
        self._identity: str | None = given.id if given else None
        self._seen: set[str] = set()

    def record(self, number: int, fields: dict[str, object]) -> Record:
        """Make one row a document. Raises NotLoaded."""
        where = f"Row {number} of {self._name}"
        mapping = self._given or guess(fields)
        if self._identity is None:
            # The first record decides what they are known by; one that lacks it later is a mistake.
            self._identity = mapping.id
        title, text = _text(value(fields, mapping.title)), self._texts(where, fields, mapping)
        identity = self._identified(where, fields, f"{title}\n{text}")
        composer = Composer(where)
        composer.add(one_line(title), Kind.HEADING, level=1)
        for start, end in blocks(text):
            composer.add(text[start:end])
        loaded = composer.loaded(title=title, metadata=_metadata(fields, mapping, self._identity))
        if identity in self._seen:
            raise NotLoaded(
                f"{where} has the '{self._identity or 'content'}' {identity} a second time; make it unique."
            )
        self._seen.add(identity)
        return Record(identity, loaded)

    def _texts(self, where: str, fields: dict[str, object], mapping: FieldMapping) -> str:
        given = [value(fields, field) for field in mapping.text]
        texts = [_text(one) for one in given if one is not None]
        if not texts or not all(isinstance(one, (str, list)) for one in given if one is not None):
            wanted = " or ".join(f"'{field}'" for field in mapping.text or ("text",))
            raise NotLoaded(
                f"{where} has no {wanted} that is text (it has {', '.join(map(str, list(fields)[:8])) or 'nothing'}); "
                f"name the field that holds it in {self._name}.mapping.toml."
            )
        return "\n\n".join(texts)

    def _identified(self, where: str, fields: dict[str, object], content: str) -> str:
        if not self._identity:
            return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]
        identity = value(fields, self._identity)
        known = isinstance(identity, (str, int, float)) and not isinstance(identity, bool)
        if not known or not one_line(str(identity)):
            raise NotLoaded(f"{where} has no '{self._identity}'; give every record one of its own.")
        return one_line(str(identity))


def _text(found: object) -> str:
    """A field as text: a list of texts is so many paragraphs."""
    if isinstance(found, list):
        return "\n\n".join(str(one) for one in found if isinstance(one, _SCALARS))
    return str(found) if isinstance(found, _SCALARS) else ""


def _metadata(fields: Mapping[str, object], mapping: FieldMapping, identity: str) -> dict[str, str]:
    used = {identity, mapping.title, *mapping.text, mapping.date, mapping.marking}
    rest = {key: found for key, found in fields.items() if key not in used}
    inner = rest.pop("metadata", None)
    known = {"date": value(fields, mapping.date), "marking": value(fields, mapping.marking)}
    told: dict[str, str] = {}
    # All of them, whatever their shape: one that is left out may be the one that restricts.
    for some in (rest, inner if isinstance(inner, dict) else {"metadata": inner}, known):
        for key, found in some.items():
            tell(told, str(key), _written(found))
    return told


def _written(found: object) -> str:
    """Return a value as text: a list as its items, an object as JSON, which no reader of markings takes for one."""
    if found is None:
        return ""
    if isinstance(found, list):
        return ", ".join(filter(None, map(_written, found)))
    if isinstance(found, dict):
        return json.dumps(found, ensure_ascii=False, default=str)
    return found.isoformat() if isinstance(found, (date, datetime)) else str(found)
