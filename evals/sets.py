"""Test sets: questions with what a right answer holds, one JSON object a line.

Reads and checks; asks nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from retrieval.errors import StafwijzerError
from retrieval.languages import LANGUAGES, Language

SHIPPED = Path(__file__).parents[1] / "examples"
"""Beside the packages in a clone; a wheel does not carry it."""


class SetInvalid(StafwijzerError):
    """A test set that cannot be read."""


@dataclass(frozen=True, slots=True)
class Relevant:
    """A place that answers a question."""

    document: str
    """The document's key."""
    page: int | None
    quote: str
    """Words of the document there."""


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    question: str
    language: Language
    corpora: frozenset[str]
    answerable: bool
    expected: tuple[str, ...]
    """Any one of these in the answer makes it right."""
    relevant: tuple[Relevant, ...]
    must_not_contain: tuple[str, ...]
    tags: frozenset[str]


def read_set(name: str) -> list[Case]:
    """Read the set 'examples', or a JSON Lines file. Raises SetInvalid, naming the line and the field."""
    path = SHIPPED / "questions.jsonl" if name == "examples" else Path(name)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetInvalid(f"The test set {path} cannot be read ({error}).", hint="Give 'examples' or a file.") from error
    cases = list(_cases(path, lines))
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise SetInvalid(f"{path}: the id '{case.id}' stands there twice.", hint="Give each case its own id.")
        seen.add(case.id)
    if not cases:
        raise SetInvalid(f"{path} holds no cases.", hint="Write one JSON object a line.")
    return cases


def _cases(path: Path, lines: list[str]) -> Iterator[Case]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _case(json.loads(line))
        except json.JSONDecodeError as error:
            raise SetInvalid(f"{path}, line {number} is not JSON: {error}.", hint="Mend that line.") from error
        except _FieldWrong as error:
            raise SetInvalid(f"{path}, line {number}: {error}.", hint="Mend that field.") from error


class _FieldWrong(Exception):
    """What is wrong with a field, in words."""


def _case(told: Any) -> Case:
    if not isinstance(told, dict):
        raise _FieldWrong("a case is a JSON object")
    known = {field.name for field in fields(Case)}
    if unknown := sorted(set(told) - known):
        raise _FieldWrong(f"there is no field '{unknown[0]}' (fields: {', '.join(sorted(known))})")
    case = Case(
        id=_text(told, "id"),
        question=_text(told, "question"),
        language=_language(told),
        corpora=frozenset(_texts(told, "corpora")),
        answerable=bool(told.get("answerable", True)),
        expected=_texts(told, "expected"),
        relevant=tuple(_relevant(one) for one in told.get("relevant", [])),
        must_not_contain=_texts(told, "must_not_contain"),
        tags=frozenset(_texts(told, "tags")),
    )
    if case.answerable and not (case.expected or case.relevant):
        raise _FieldWrong("an answerable case needs 'expected' or 'relevant'")
    return case


def _relevant(told: Any) -> Relevant:
    if not isinstance(told, dict):
        raise _FieldWrong("'relevant' holds objects with document, page and quote")
    return Relevant(_text(told, "document"), told.get("page"), str(told.get("quote", "")))


def _text(told: dict[str, Any], field: str) -> str:
    value = told.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _FieldWrong(f"'{field}' must be text")
    return value


def _texts(told: dict[str, Any], field: str) -> tuple[str, ...]:
    value = told.get(field, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _FieldWrong(f"'{field}' must be a list of texts")
    return tuple(value)


def _language(told: dict[str, Any]) -> Language:
    for language in LANGUAGES:
        if told.get("language") == language:
            return language
    raise _FieldWrong(f"'language' must be one of {', '.join(LANGUAGES)}")
