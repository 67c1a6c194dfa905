"""The pages of workspaces and the interface they ask: who may ask what, and how a refusal is told.

Every path is behind the sign-in that it is handed. A body is JSON and nothing else, which no form of another site can
send. Knows nothing of Chainlit, nor of what courses are."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse

from assistant.courses.refusing import sentence, tell_in
from assistant.courses.workspace import Workspace
from assistant.entrypoints.doors import Identify
from assistant.entrypoints.pages import Frame, language_of
from assistant.entrypoints.workspaces.memos import Memos
from assistant.entrypoints.workspaces.pages import workspace_pages
from assistant.entrypoints.workspaces.planner import Planner, PreparedPlanner, Refusals
from assistant.entrypoints.workspaces.receiving import (
    Decided,
    EditedStatement,
    JudgedScreen,
    Locked,
    NewWorkspace,
    Said,
    SavedWeights,
    SetCriteria,
    SetValue,
    Weights,
    WithheldPart,
)
from assistant.entrypoints.workspaces.running import AlreadyRunning, Progress, Runs
from assistant.entrypoints.workspaces.telling import Compared, Listed, Shown, compared, listed, shown, weighted
from retrieval.access import METADATA_ONLY, Principal
from retrieval.errors import StafwijzerError

_API = "/coa/api/workspaces"
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with, for one request."""

    prepared: PreparedPlanner
    runs: Runs
    principal: Principal

    @property
    def planner(self) -> Planner:
        return self.prepared.get()

    def read(self, id: str) -> Workspace:
        return self.planner.read(id, principal=self.principal)

    def shown(self, workspace: Workspace) -> Shown:
        progress = self.runs.progress(workspace.id)
        return shown(workspace, self.planner, principal=self.principal, progress=progress)


def add_workspaces(app: FastAPI, prepared: PreparedPlanner, runs: Runs, *, identify: Identify, frame: Frame) -> None:
    """Add the pages and the interface to an application. `identify` tells whose a request is."""

    async def desk_of(request: Request) -> Desk:
        principal = await identify(request)
        if principal is None:
            raise HTTPException(401, "Sign in first.")
        if METADATA_ONLY in principal.roles:
            raise HTTPException(403, "You may list and count documents and read no text.")
        told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method == "POST" and told != "application/json":
            raise HTTPException(415, "Send JSON.")
        desk: Desk = Desk(prepared, runs, principal)
        request.state.desk = desk
        return desk

    app.include_router(workspace_pages(frame, identify))
    for make in (_reading, _working, _changing):
        app.include_router(make(Depends(desk_of)))
    app.add_exception_handler(StafwijzerError, _refuse(prepared.refusals))
    app.add_exception_handler(RequestValidationError, _misformed)


def _reading(here: Any) -> APIRouter:
    router, memos = APIRouter(prefix=_API), Memos()

    @router.get("")
    def every(desk: Desk = here) -> list[Listed]:
        return [listed(workspace) for workspace in desk.planner.list(principal=desk.principal)]

    @router.get("/{id}")
    def one(id: str, desk: Desk = here) -> Shown:
        return desk.shown(desk.read(id))

    @router.get("/{id}/progress")
    def progress(id: str, desk: Desk = here) -> dict[str, Any]:
        workspace = desk.read(id)
        return _progress(workspace, desk.runs.progress(workspace.id))

    @router.post("/{id}/trial")
    def trial(id: str, weights: Weights, desk: Desk = here) -> Compared:
        """Compare under other weights, saving nothing."""
        return compared(weighted(desk.read(id), weights.weights), desk.planner)

    def write(desk: Desk, id: str, format: str) -> Sequence[Path]:
        workspace = desk.read(id)
        if format not in _MEDIA:
            raise HTTPException(404, "There is no such form of the memo.")
        return memos.of(workspace, format, planner=desk.planner, principal=desk.principal)

    @router.get("/{id}/memo/{format}")
    def parts(id: str, format: str, desk: Desk = here) -> dict[str, list[str]]:
        return {"parts": [path.name for path in write(desk, id, format)]}

    @router.get("/{id}/memo/{format}/{part}")
    def memo(id: str, format: str, part: int, desk: Desk = here) -> FileResponse:
        written = write(desk, id, format)
        if not 0 <= part < len(written):
            raise HTTPException(404, "The memo has no such part.")
        return FileResponse(written[part], media_type=_MEDIA[format], filename=written[part].name)

    return router


def _working(here: Any) -> APIRouter:
    router = APIRouter(prefix=_API)

    @router.post("/{id}/framing")
    def frame(id: str, desk: Desk = here) -> dict[str, Any]:
        return _start(desk, id, "framing", desk.planner.draft_framing)

    @router.post("/{id}/develop")
    def develop(id: str, desk: Desk = here) -> dict[str, Any]:
        return _start(desk, id, "developing", desk.planner.develop)

    @router.post("/{id}/stop")
    def stop(id: str, desk: Desk = here) -> dict[str, Any]:
        workspace = desk.planner.read(id, principal=desk.principal)
        desk.runs.stop(workspace.id)
        return _progress(workspace, desk.runs.progress(workspace.id))

    return router


def _changing(here: Any) -> APIRouter:
    router = APIRouter(prefix=_API)

    @router.post("", status_code=201)
    def new(told: NewWorkspace, desk: Desk = here) -> Shown:
        workspace = desk.planner.new(
            told.problem, principal=desk.principal, language=told.language, corpora=told.corpora, on_date=date.today()
        )
        return desk.shown(workspace)

    @router.post("/{id}/statements")
    def say(id: str, told: Said, desk: Desk = here) -> Shown:
        """Take an officer's word: on a statement, on a course by one screen, or on what is not public."""
        options: dict[str, Any] = {"principal": desk.principal, "expected_revision": told.revision}
        match told:
            case JudgedScreen():
                judged = (told.course, told.screen, told.outcome, told.reason)
                return desk.shown(desk.planner.set_screen(id, *judged, **options))
            case WithheldPart():
                return desk.shown(desk.planner.withhold(id, told.part, told.motivation, **options))
            case EditedStatement():
                where: dict[str, Any] = {"statement": told.statement, "course": told.course, "field": told.field}
                test = told.test.as_test() if told.test else None
                return desk.shown(
                    desk.planner.edit(id, **where, text=told.text, basis=told.basis, test=test, **options)
                )

    @router.post("/{id}/framing/lock")
    def lock_framing(id: str, told: Locked, desk: Desk = here) -> Shown:
        step = desk.planner.lock_framing if told.locked else desk.planner.unlock_framing
        return desk.shown(step(id, principal=desk.principal, expected_revision=told.revision))

    @router.post("/{id}/criteria")
    def set_criteria(id: str, told: SetCriteria, desk: Desk = here) -> Shown:
        criteria = [one.as_criterion() for one in told.criteria]
        return desk.shown(
            desk.planner.set_criteria(id, criteria, principal=desk.principal, expected_revision=told.revision)
        )

    @router.post("/{id}/criteria/lock")
    def lock_criteria(id: str, told: Locked, desk: Desk = here) -> Shown:
        step = desk.planner.lock_criteria if told.locked else desk.planner.unlock_criteria
        return desk.shown(step(id, principal=desk.principal, expected_revision=told.revision))

    @router.post("/{id}/weights")
    def save_weights(id: str, told: SavedWeights, desk: Desk = here) -> Shown:
        """Set other weights; criteria that were locked are locked again, by who sets them."""
        locked = bool(desk.read(id).criteria_locked_by)
        criteria = weighted(desk.read(id), told.weights).criteria
        saved = desk.planner.set_criteria(id, criteria, principal=desk.principal, expected_revision=told.revision)
        if locked and not saved.criteria_locked_by:
            saved = desk.planner.lock_criteria(id, principal=desk.principal, expected_revision=saved.revision)
        return desk.shown(saved)

    @router.post("/{id}/values")
    def set_value(id: str, told: SetValue, desk: Desk = here) -> Shown:
        value = told.as_value(desk.principal.name)
        return desk.shown(desk.planner.set_value(id, value, principal=desk.principal, expected_revision=told.revision))

    @router.post("/{id}/decision")
    def decide(id: str, told: Decided, desk: Desk = here) -> Shown:
        workspace = desk.planner.decide(
            id, principal=desk.principal, expected_revision=told.revision, chosen=told.chosen, reason=told.reason
        )
        return desk.shown(workspace)

    return router


def _start(desk: Desk, id: str, stage: str, work: Callable[..., Iterator[Workspace]]) -> dict[str, Any]:
    # Read first: work on a workspace that may not be known must not begin.
    workspace = desk.read(id)

    def produce(cancelled: threading.Event) -> Iterator[Workspace]:
        try:
            yield from work(workspace.id, principal=desk.principal, cancelled=cancelled)
        except StafwijzerError as error:
            tell_in(workspace.language, error)
            raise

    # By its own id: a service may take the beginning of one for it.
    desk.runs.start(workspace.id, stage, produce)
    return _progress(workspace, desk.runs.progress(workspace.id))


def _progress(workspace: Workspace, progress: Progress) -> dict[str, Any]:
    return {
        "revision": workspace.revision,
        "stage": progress.stage,
        "seconds": round(progress.seconds, 1),
        "stopping": progress.stopping,
        "failure": sentence(progress.failure, workspace.language),
    }


def _refuse(refusals: Refusals) -> Callable[[Request, Exception], JSONResponse]:
    def refuse(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, StafwijzerError)
        # The page asks in the language of its workspace.
        language = language_of(request)
        tell_in(language, error)
        told: dict[str, Any] = {"problem": error.problem, "hint": error.hint}
        if isinstance(error, refusals.unknown):
            return JSONResponse({"problem": sentence("There is no such workspace.", language), "hint": ""}, 404)
        if isinstance(error, refusals.changed):
            current = getattr(error, "current")  # noqa: B009 (its class is handed in)
            theirs = request.state.desk.shown(current.workspace).model_dump()
            return JSONResponse({**told, "theirs": theirs, "by": current.by, "at": current.at}, 409)
        return JSONResponse(told, 409 if isinstance(error, AlreadyRunning) else 422)

    return refuse


def _misformed(request: Request, error: Exception) -> JSONResponse:
    """Tell the first thing that is wrong as a sentence. What was sent is not sent back."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:]) or "The request"
    return JSONResponse({"problem": f"{place}: {first['msg']}.", "hint": ""}, 422)
