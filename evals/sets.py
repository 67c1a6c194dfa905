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
    """Words of the document there. Empty: anywhere in the document."""


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
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SetInvalid(f"The test set {path} cannot be read ({error}).", hint="Give 'examples' or a file.") from error
    cases: dict[str, Case] = {}
    for number, case in _cases(path, lines):
        if case.id in cases:
            raise SetInvalid(
                f"{path}, line {number}: the id '{case.id}' stands there twice.", hint="Give each case its own id."
            )
        cases[case.id] = case
    if not cases:
        raise SetInvalid(f"{path} holds no cases.", hint="Write one JSON object a line.")
    return list(cases.values())


def _cases(path: Path, lines: list[str]) -> Iterator[tuple[int, Case]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, _case(json.loads(line))
        except json.JSONDecodeError as error:
            raise SetInvalid(f"{path}, line {number} is not JSON: {error}.", hint="Mend that line.") from error
        except _FieldWrong as error:
            raise SetInvalid(f"{path}, line {number}: {error}.", hint="Mend that field.") from error


class _FieldWrong(Exception):
    """What is wrong with a field, in words."""


def _case(told: Any) -> Case:
    if not isinstance(told, dict):
        raise _FieldWrong("a case is a JSON object")
    _check_fields(told, Case)
    case = Case(
        id=_text(told, "id"),
        question=_text(told, "question"),
        language=_language(told),
        corpora=frozenset(_texts(told, "corpora")),
        answerable=_answerable(told),
        expected=_texts(told, "expected"),
        relevant=_relevant(told),
        must_not_contain=_texts(told, "must_not_contain"),
        tags=frozenset(_texts(told, "tags")),
    )
    if case.answerable and not (case.expected or case.relevant):
        raise _FieldWrong("an answerable case needs 'expected' or 'relevant'")
    return case


def _check_fields(told: dict[str, Any], kind: type[Case] | type[Relevant]) -> None:
    known = sorted(field.name for field in fields(kind))
    if unknown := sorted(set(told) - set(known)):
        raise _FieldWrong(f"there is no field '{unknown[0]}' (fields: {', '.join(known)})")


def _answerable(told: dict[str, Any]) -> bool:
    value = told.get("answerable", True)
    if not isinstance(value, bool):
        raise _FieldWrong("'answerable' must be true or false")
    return value


def _relevant(told: dict[str, Any]) -> tuple[Relevant, ...]:
    places = told.get("relevant", [])
    if not isinstance(places, list):
        raise _FieldWrong("'relevant' must be a list")
    return tuple(map(_place, places))


def _place(told: Any) -> Relevant:
    if not isinstance(told, dict):
        raise _FieldWrong("'relevant' holds objects with document, page and quote")
    _check_fields(told, Relevant)
    page = told.get("page")
    if page is not None and (not isinstance(page, int) or isinstance(page, bool) or page < 1):
        raise _FieldWrong("'page' must be a whole number from 1, or null")
    quote = told.get("quote", "")
    if not isinstance(quote, str):
        raise _FieldWrong("'quote' must be text")
    return Relevant(_text(told, "document"), page, quote)


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
