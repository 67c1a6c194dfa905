"""Write a workspace as JSON and read it back, and publish the schema of that JSON.

Equal workspaces give equal bytes. Knows nothing of where it is kept or who may read it."""

import ast
import inspect
import json
import textwrap
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant import answers
from assistant.citing import as_json
from assistant.courses import workspace as workspaces
from assistant.courses.workspace import Workspace
from retrieval import access
from retrieval.errors import StafwijzerError

_WHERE = (workspaces, answers, access)


class WorkspaceUnreadable(StafwijzerError):
    """What should be a workspace is none."""


def written(workspace: Workspace) -> str:
    """Return a workspace as JSON in one line. Raises ValueError for a number that JSON does not have."""
    return json.dumps(as_json(workspace), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def read(text: str) -> Workspace:
    """Return the workspace that `written` wrote. Raises WorkspaceUnreadable, naming the field."""
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise WorkspaceUnreadable(
            f"This is no workspace of courses of action: {place}: {first['msg']}.",
            hint="`stafwijzer coa schema` prints what one looks like.",
        ) from error


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `written` writes."""
    told = _adapter().json_schema(mode="serialization")
    for name, part in {"Workspace": told, **told["$defs"]}.items():
        _describe(name, part)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:stafwijzer:workspace:1",
        **told,
        "title": "A workspace of courses of action: a problem, its framing, courses, criteria, values and decision",
    }


@cache
def _adapter() -> TypeAdapter[Workspace]:
    return TypeAdapter(Workspace)


def _describe(name: str, part: dict[str, Any]) -> None:
    """Add what the types say of their fields; and that there are no other fields, and none is left out."""
    if "properties" not in part:
        return
    of = next(getattr(module, name) for module in _WHERE if hasattr(module, name))
    part["additionalProperties"] = False
    part["required"] = list(part["properties"])
    for field, told in _docstrings(of).items():
        if field in part["properties"]:
            part["properties"][field]["description"] = told


def _docstrings(of: type) -> dict[str, str]:
    """Return the string under each field of a class."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    lines = body.body if isinstance(body, ast.ClassDef) else []
    return {
        field.target.id: " ".join(told.value.value.split())
        for field, told in pairwise(lines)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(told, ast.Expr)
        and isinstance(told.value, ast.Constant)
        and isinstance(told.value.value, str)
    }
