"""Read the rows of a file of records as dictionaries: JSON by line or in one array, CSV, Parquet.

A bad row costs that row. JSON by line and Parquet are read piece by piece, so those may be of any size. Refuses to
know what the fields mean."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from retrieval.identifying import MAX_FILE_BYTES, Format
from retrieval.loading.decoding import decode
from retrieval.loading.loaded import NotLoaded
from retrieval.loading.mapping import value

# The longest article of the English Wikipedia is about half a megabyte.
MAX_LINE_BYTES = 16 * 1024 * 1024
# Python keeps some ten bytes in memory for each byte of JSON.
MAX_JSON_BYTES = 64 * 1024 * 1024
_HEAD_BYTES = 64 * 1024
_DELIMITERS = ",;\t|"

Row = tuple[int, dict[str, object] | NotLoaded]
"""Its number from 1 (of its line where it has one), and its fields or why they cannot be read."""


def rows(name: str, path: Path, found: Format, *, inside: str = "") -> Iterator[Row]:
    """Yield the rows of the file called `name`. `inside` says in which field of a JSON object the records stand.

    Raises NotLoaded for what costs the whole file; OSError if it cannot be opened."""
    if found is Format.PARQUET:
        from retrieval.loading.parquet import parquet_rows

        return parquet_rows(name, path)
    if found is Format.CSV:
        return _csv_rows(name, path)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return _json_lines(name, path) if _is_by_line(head) and not inside else _json_rows(name, path, inside)


def _is_by_line(head: bytes) -> bool:
    """Whether each line is a record: the first one is complete, or longer than can be seen, or broken and not alone."""
    first, newline, rest = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return first.startswith(b"{") and first.strip() != b"{" and bool(not newline or rest.lstrip().startswith(b"{"))


def _json_lines(name: str, path: Path) -> Iterator[Row]:
    for number, line in _lines(path):
        where = f"Line {number} of {name}"
        if len(line) > MAX_LINE_BYTES:
            yield number, NotLoaded(f"{where} is longer than {MAX_LINE_BYTES // 2**20} MiB; split the record.")
            continue
        try:
            fields = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            yield number, NotLoaded(f"{where} is not valid JSON in UTF-8; write one object per line.")
            continue
        yield number, _as_fields(where, fields)


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


def _json_rows(name: str, path: Path, inside: str) -> Iterator[Row]:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise NotLoaded(f"{name} is JSON of more than {MAX_JSON_BYTES // 2**20} MiB; write one object per line.")
    try:
        content = json.loads(decode(name, path.read_bytes()).text)
    except (ValueError, RecursionError) as error:
        raise NotLoaded(f"{name} is not valid JSON; ask for a whole copy, or write one object per line.") from error
    for number, fields in enumerate(_records_in(name, content, inside), start=1):
        yield number, _as_fields(f"Record {number} of {name}", fields)


def _records_in(name: str, content: object, inside: str) -> list[object]:
    if inside:
        found = value(content, inside) if isinstance(content, dict) else None
        if not isinstance(found, list):
            raise NotLoaded(f"{name} has no list of records under '{inside}'; correct its mapping.")
        return found
    if isinstance(content, dict):
        lists = [one for one in content.values() if isinstance(one, list) and one and isinstance(one[0], dict)]
        return lists[0] if len(lists) == 1 else [content]
    return content if isinstance(content, list) else [content]


def _as_fields(where: str, fields: object) -> dict[str, object] | NotLoaded:
    return fields if isinstance(fields, dict) else NotLoaded(f"{where} is not a JSON object; give it named fields.")


def _csv_rows(name: str, path: Path) -> Iterator[Row]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise NotLoaded(f"{name} is larger than {MAX_FILE_BYTES // 2**20} MiB; split it and add the parts.")
    text = decode(name, path.read_bytes()).text
    header = text.lstrip("\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    # A field may be as long as a line of JSON; the module's own bound is 128 KiB.
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", strict=False)
    for _ in count():
        try:
            fields = next(reader, None)
        except csv.Error:
            yield reader.line_num, NotLoaded(f"Line {reader.line_num} of {name} is not valid CSV; correct its quotes.")
            continue
        if fields is None:
            return
        yield reader.line_num, {key: cell for key, cell in fields.items() if key and cell}
