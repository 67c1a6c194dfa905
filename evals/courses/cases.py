"""What a set of staff problems is made of. Reads one; knows nothing of how a problem is worked out."""

import hashlib
from dataclasses import field
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from evals.sets import SHIPPED, SetInvalid

_STRICT = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)
_Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Keys = Annotated[tuple[_Text, ...], Field(min_length=1)]
"""Numbers and words, all of which a statement holds that says it; 'a|b' is either. Case, spaces and the marks within
numbers do not count, and a word may go on: 'chauffeur' is in 'chauffeurs'."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Expected:
    """Something that must be considered or flagged, however it is worded."""

    id: _Text
    keys: Annotated[tuple[Keys, ...], Field(min_length=1)]
    """Ways to say it; any one will do."""
    documents: frozenset[str] = frozenset()
    """Keys of the documents that say it: a fact cites one of them. Empty: any."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Reckoned:
    """Something that code must reckon from amounts with units."""

    expression: _Text
    expected: _Text
    """The value with its unit; or 'true' or 'false' for a comparison."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Problem:
    """A staff problem, and what a good set of courses does with it."""

    id: _Text
    language: Annotated[str, Field(pattern="^(nl|en)$")]
    problem: _Text
    """As an officer gives it; the rest is to be found in the corpora."""
    corpora: frozenset[str] = frozenset()
    on_date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] = "2026-02-06"
    facts: tuple[Expected, ...] = ()
    gaps: tuple[Expected, ...] = ()
    arithmetic: tuple[Reckoned, ...] = field(default_factory=tuple)


_PROBLEM = TypeAdapter(Problem)


def read_problems(path: Path = SHIPPED / "coa.jsonl") -> list[Problem]:
    """Read a set of problems, one a line. Raises SetInvalid, naming the line and the field."""
    problems = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SetInvalid(f"{path} cannot be read ({error.strerror}).", hint="Name a JSON Lines file.") from error
    for number, line in enumerate(lines, start=1):
        try:
            problems.append(_PROBLEM.validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise SetInvalid(f"{path}, line {number}: {place}: {first['msg']}.", hint="Mend that line.") from error
    if not problems:
        raise SetInvalid(f"{path} holds no problems.", hint="Write one JSON object a line.")
    return problems


def problems_sha256(problems: list[Problem]) -> str:
    """Name a set by its content."""
    return hashlib.sha256(b"\n".join(_PROBLEM.dump_json(problem) for problem in problems)).hexdigest()
