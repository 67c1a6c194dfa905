"""Read and write test sets: JSON Lines, one case a line. Names the line and the field of what is wrong."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from pydantic import ValidationError

from assistant.citing import as_json
from evals.cases import CASE, Case
from retrieval.errors import StafwijzerError

SHIPPED = Path(__file__).parents[1] / "examples"
"""Beside the packages in a clone; a wheel does not carry it."""
_FIELDS = [field.name for field in fields(Case)]
SHIPPED_SETS = {
    "examples": "questions.jsonl",
    "access": "access.jsonl",
    "attacks": "attacks.jsonl",
    "followups": "followups.jsonl",
    "injections": "injections.jsonl",
}
_KINDS = {
    "unexpected_keyword_argument": "there is no such field",
    "missing": "it is missing",
    "string_too_short": "it is empty",
    "string_pattern_mismatch": "it is empty, or not of the form {pattern}",
    "dataclass_type": "it is not an object",
}


class SetInvalid(StafwijzerError):
    """A test set that cannot be read."""


def set_path(name: str) -> Path:
    """Return the file of a shipped set by its name, or the path that `name` is."""
    return SHIPPED / SHIPPED_SETS[name] if name in SHIPPED_SETS else Path(name)


def read_set(name: str) -> list[Case]:
    """Read a shipped set ('examples', 'access', …) or a JSON Lines file.

    Raises SetInvalid, naming the line and the field."""
    path = set_path(name)
    cases: dict[str, Case] = {}
    lines: dict[str, int] = {}
    for number, case in _cases(path):
        if case.id in cases:
            raise SetInvalid(
                f"{path}, line {number}: the id '{case.id}' stands on line {lines[case.id]} as well.",
                hint="Give each case its own id.",
            )
        cases[case.id], lines[case.id] = case, number
    if not cases:
        raise SetInvalid(f"{path} holds no cases.", hint="Write one JSON object a line.")
    return list(cases.values())


def write_set(path: Path, cases: Iterable[Case]) -> int:
    """Write cases to a file and return how many: those fields that say something, the others left out."""
    count = 0
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    with draft.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(_told(case), ensure_ascii=False) + "\n")
            count += 1
    draft.replace(path)
    return count


def set_sha256(cases: Iterable[Case]) -> str:
    """Name what is asked and expected: equal cases in the same order give the same hash."""
    digest = hashlib.sha256()
    for case in cases:
        digest.update(json.dumps(_told(case), ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def _told(case: Case) -> dict[str, object]:
    bare = as_json(Case(id=case.id, question=case.question, language=case.language))
    told = as_json(case)
    return {
        name: value for name, value in told.items() if name in ("id", "question", "language") or value != bare[name]
    }


def _cases(path: Path) -> Iterator[tuple[int, Case]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _case(path, number, line)
    except (OSError, UnicodeDecodeError) as error:
        raise SetInvalid(
            f"The test set {path} cannot be read ({error}).",
            hint=f"Give a file in UTF-8, or one of {', '.join(SHIPPED_SETS)}.",
        ) from error


def _case(path: Path, number: int, line: str) -> Case:
    try:
        case = CASE.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise SetInvalid(f"{path}, line {number} is not JSON: {first['msg']}.", hint="Mend that line.") from error
        field = ".".join(map(str, first["loc"])) or "the whole line"
        wrong = _KINDS.get(first["type"], first["msg"][:1].lower() + first["msg"][1:])
        told = wrong.format(**first.get("ctx", {}))
        hint = f"Fields: {', '.join(_FIELDS)}; their form: `stafwijzer eval schema`."
        raise SetInvalid(f"{path}, line {number}, '{field}': {told}.", hint=hint) from error
    vital = any(nugget.vital for nugget in case.nuggets)
    decides = case.expected or case.relevant or vital or case.conflict
    if not case.draft and case.answerable and not (decides or case.refusal):
        raise SetInvalid(
            f"{path}, line {number}, 'expected': an answerable case says what a right answer holds.",
            hint="Give 'expected', vital 'nuggets', 'conflict' or 'relevant', or set 'answerable' to false or null.",
        )
    if case.answerable is False and (case.expected or vital or case.conflict):
        raise SetInvalid(
            f"{path}, line {number}, 'answerable': it is false, and the case says what a right answer holds.",
            hint="Set it to true or null, or take 'expected', 'nuggets' and 'conflict' out.",
        )
    return case
