"""Read the files of a set as the shapes that its format promises. Names the line and the field of what is wrong.

Refuses to guess: a file of another format is an error, not an empty set."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from retrieval.errors import StafwijzerError

Identity = Annotated[str, Field(coerce_numbers_to_str=True, min_length=1, pattern=r"\S")]
"""An id, which some sets write as a number."""

T = TypeVar("T")


class SourceInvalid(StafwijzerError):
    """A file that is not of the format it was said to be, or is damaged."""


def read_json(path: Path, shape: type[T], *, format_name: str) -> T:
    """Read a file that is one JSON value of the shape. Raises SourceInvalid."""
    return _checked(_text(path), TypeAdapter(shape), where=str(path), format_name=format_name)


def read_records(path: Path, shape: type[T], *, format_name: str) -> Iterator[T]:
    """Read a file with one JSON object a line, or with one list of them. Raises SourceInvalid."""
    text = _text(path)
    if text.lstrip().startswith("["):
        yield from _checked(text, TypeAdapter(list[shape]), where=str(path), format_name=format_name)  # type: ignore[valid-type]
        return
    line_shape = TypeAdapter(shape)
    # Not splitlines(): a line separator within a text is no end of line in JSON Lines.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _checked(line, line_shape, where=f"{path}, line {number}", format_name=format_name)


def files_of(source: Path, pattern: str, *, format_name: str) -> list[Path]:
    """Return the file that `source` is, or those of a folder that match. Raises SourceInvalid when there is none."""
    if source.is_file():
        return [source]
    found = sorted(source.glob(pattern)) if source.is_dir() else []
    if not found:
        there = f"holds no {pattern}" if source.is_dir() else "is not there"
        raise SourceInvalid(f"This is not {format_name}: {source} {there}.", hint="Give the set's file or folder.")
    return found


def not_this_format(path: Path, format_name: str, why: str) -> SourceInvalid:
    """Return the error for a file that was read and is of another format."""
    return SourceInvalid(
        f"This is not {format_name}: {path}, {why}.",
        hint="Name the format that it is: `stafwijzer eval import --help`.",
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceInvalid(f"{path} cannot be read ({error}).", hint="Give a file in UTF-8.") from error


def _checked(text: str, shape: TypeAdapter[T], *, where: str, format_name: str) -> T:
    try:
        return shape.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise SourceInvalid(
                f"{where}: this is not JSON ({first['msg'].removeprefix('Invalid JSON: ')}).",
                hint="Fetch the file again, or mend it there.",
            ) from error
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise SourceInvalid(
            f"This is not {format_name}: {where}, '{field}': {first['msg'][:1].lower()}{first['msg'][1:]}.",
            hint="Name the format that it is: `stafwijzer eval import --help`.",
        ) from error
