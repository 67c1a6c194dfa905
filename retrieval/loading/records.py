"""Read a file of records, one JSON object per line, as the BEIR benchmark lays out a corpus: '_id', 'title', 'text'.

A bad line costs that line: it is handed out as what it is, between the good ones. Holds one line at a time, so a file
may be of any size. Refuses to know what records are for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.loading.composing import Composer, one_line
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.plain import blocks

# The longest article of the English Wikipedia is about half a megabyte.
MAX_LINE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """A line that is a document."""

    id: str
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A line that is not."""

    line: int
    """From 1."""
    reason: str
    """One sentence, with the remedy."""


def records(path: Path, *, name: str | None = None) -> Iterator[Record | BadRecord]:
    """Read the records of a file in order, good and bad; blank lines are skipped. `name` is what its owner calls the
    file, when the path is not. Raises OSError if it cannot be opened."""
    name = name or path.name
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            record = _record(name, number, line)
        except NotLoaded as error:
            yield BadRecord(number, error.reason)
            continue
        if record.id in seen:
            yield BadRecord(number, f"{name} has the '_id' {record.id} a second time on line {number}; make it unique.")
        else:
            seen.add(record.id)
            yield record


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            whole = line
            while not line.endswith(b"\n") and (line := file.readline(MAX_LINE_BYTES)):
                pass  # Read past the rest of a line that is too long.
            if whole.strip():
                yield number, whole


def _record(name: str, number: int, line: bytes) -> Record:
    where = f"Line {number} of {name}"
    if len(line) > MAX_LINE_BYTES:
        raise NotLoaded(f"{where} is longer than {MAX_LINE_BYTES // 2**20} MiB; split the record.")
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotLoaded(f"{where} is not valid JSON in UTF-8; write one object per line.") from error
    if not isinstance(fields, dict):
        raise NotLoaded(f"{where} is not a JSON object; give it the fields '_id' and 'text'.")
    identity, title, text = fields.get("_id"), fields.get("title") or "", fields.get("text")
    if not isinstance(identity, str | int) or isinstance(identity, bool) or not one_line(str(identity)):
        raise NotLoaded(f"{where} has no '_id'; give every record one of its own.")
    if not isinstance(text, str) or not isinstance(title, str):
        raise NotLoaded(f"{where} has no 'text', or a 'text' or 'title' that is no text; write both between quotes.")
    composer = Composer(where)
    composer.add(one_line(title), Kind.HEADING, level=1)
    for start, end in blocks(text):
        composer.add(text[start:end])
    return Record(one_line(str(identity)), composer.loaded(title=title, metadata=_metadata(fields.get("metadata"))))


def _metadata(found: object) -> dict[str, str]:
    if not isinstance(found, dict):
        return {}
    return {one_line(str(key)): str(value) for key, value in found.items() if isinstance(value, str | int | float)}
