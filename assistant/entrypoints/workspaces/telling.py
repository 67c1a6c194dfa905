"""What a page gets of a workspace: all that stands in it, and what is computed from it. Decides nothing."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from assistant.citing import as_json
from assistant.courses.refusing import sentence, tell_in
from assistant.courses.workspace import Workspace
from assistant.entrypoints.workspaces.planner import Planner
from assistant.entrypoints.workspaces.running import Progress
from retrieval.access import Principal
from retrieval.errors import StafwijzerError

Json = dict[str, Any]


class Listed(BaseModel):
    id: str
    title: str
    owner: str
    language: str
    courses: int
    state: str
    """'framing', 'developing', 'comparing' or 'decided'."""
    marking: str


class Compared(BaseModel):
    matrix: Json | None = None
    sensitivity: Json | None = None
    recommendation: Json | None = None
    problem: str = ""
    """Why there is none, in a sentence."""


class Shown(BaseModel):
    workspace: Json
    marking: str
    reader: str
    compared: Compared
    stale: dict[str, list[str]]
    progress: Json


def listed(workspace: Workspace) -> Listed:
    return Listed(
        id=workspace.id,
        title=workspace.title or workspace.problem[:120],
        owner=workspace.owner,
        language=workspace.language,
        courses=sum(not course.baseline for course in workspace.courses),
        state=_state(workspace),
        marking=str(workspace.marking or ""),
    )


def shown(workspace: Workspace, planner: Planner, *, principal: Principal, progress: Progress) -> Shown:
    return Shown(
        workspace=as_json(workspace),
        marking=str(workspace.marking or ""),
        reader=principal.name,
        compared=compared(workspace, planner),
        stale={id: list(reasons) for id, reasons in planner.stale(workspace, principal=principal).items()},
        progress=as_json(replace(progress, failure=sentence(progress.failure, workspace.language))),
    )


def compared(workspace: Workspace, planner: Planner) -> Compared:
    """Compare, as far as there is something to. A criterion that cannot be scored by is told in a sentence."""
    if not workspace.courses or not workspace.criteria:
        return Compared()
    try:
        matrix = planner.matrix(workspace)
        sensitivity = planner.sensitivity(matrix)
        recommendation = planner.recommend(workspace, matrix, sensitivity)
    except StafwijzerError as error:
        tell_in(workspace.language, error)
        return Compared(problem=str(error))
    return Compared(matrix=as_json(matrix), sensitivity=as_json(sensitivity), recommendation=as_json(recommendation))


def weighted(workspace: Workspace, weights: dict[str, float]) -> Workspace:
    """Return the workspace with other weights, saved nowhere."""
    criteria = tuple(replace(one, weight=weights.get(one.id, one.weight)) for one in workspace.criteria)
    return replace(workspace, criteria=criteria)


def _state(workspace: Workspace) -> str:
    if workspace.decision:
        return "decided"
    if workspace.courses:
        return "comparing"
    return "developing" if workspace.framing_locked_by else "framing"
