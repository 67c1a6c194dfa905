"""The evaluators' pages under /evaluations, and who may look.

What is measured, and of what, a bench tells. Knows nothing of how."""

import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse
from starlette.datastructures import FormData, UploadFile

from assistant.entrypoints.doors import Identify, page_reader
from assistant.entrypoints.evaluating.wording import WORDS
from assistant.entrypoints.pages import Frame, language_of, telling
from assistant.entrypoints.workspaces.running import AlreadyRunning, Progress, Runs
from assistant.evaluations import Bench, EvaluationRun, JudgingTask, Said
from assistant.identity.accounts import EVALUATOR
from retrieval.access import Principal
from retrieval.errors import StafwijzerError


async def _form(request: Request) -> FormData:
    return await request.form()


_WORK = "evaluation"
"""One set is asked at a time: two at once falsify each other's timings."""
_PAGE = 50
_FORM = Depends(_form)


def evaluations(bench: Callable[[], Bench], frame: Frame, identify: Identify, runs: Runs) -> APIRouter:
    """Return the evaluators' pages. `runs` keeps the set that is being asked."""
    router, evaluator = APIRouter(prefix="/evaluations", route_class=telling(frame)), Depends(_evaluator(identify))
    latest: dict[str, EvaluationRun] = {}
    """What the set that is being asked, or was last, has come to."""

    def page(template: str, request: Request, reader: Principal, **shown: Any) -> HTMLResponse:
        return frame.page(f"evaluating/{template}.html", request, reader=reader, words=WORDS, **shown)

    @router.get("", response_model=None)
    def overview(request: Request, reader: Principal = evaluator, set: str = "", page_number: int = 1) -> HTMLResponse:
        return _overview(request, reader, of=set, page_number=page_number)

    def _overview(
        request: Request, reader: Principal, *, of: str = "", page_number: int = 1, error: StafwijzerError | None = None
    ) -> HTMLResponse:
        every = [run for run in bench().runs(principal=reader, on_date=date.today()) if not of or run.test_set == of]
        start = (max(page_number, 1) - 1) * _PAGE
        return page(
            "overview",
            request,
            reader,
            sets=bench().sets(principal=reader),
            runs=every[start : start + _PAGE],
            page_number=max(page_number, 1),
            more=len(every) > start + _PAGE,
            of=of,
            progress=_progress(),
            latest=latest.get(_WORK),
            error=error,
            status=422 if error else 200,
        )

    def _progress() -> Progress:
        return runs.progress(_WORK)

    @router.post("", response_model=None)
    def start(
        request: Request, form: FormData = _FORM, reader: Principal = evaluator
    ) -> HTMLResponse | RedirectResponse:
        name, sample = _text(form, "set"), _text(form, "sample")
        if sample and not (sample.isdecimal() and 0 < int(sample) < 1_000_000):
            error = StafwijzerError(f"'{sample}' is no number of cases.", hint="Leave it empty for all cases.")
            return _overview(request, reader, error=error)

        def work(cancelled: threading.Event) -> Iterator[EvaluationRun]:
            count = int(sample) if sample else None
            for run in bench().ask(name, sample=count, principal=reader, cancelled=cancelled):
                latest[_WORK] = run
                yield run

        latest.pop(_WORK, None)
        try:
            runs.start(_WORK, name, work)
        except AlreadyRunning:
            said = WORDS[language_of(request)]
            return _overview(request, reader, error=StafwijzerError(said["busy"], hint=said["busy hint"]))
        return _back()

    @router.post("/stop", response_model=None)
    def stop(reader: Principal = evaluator) -> RedirectResponse:
        runs.stop(_WORK)
        return _back()

    @router.get("/progress", response_model=None)
    def progress(reader: Principal = evaluator) -> JSONResponse:
        run, under_way = latest.get(_WORK), _progress()
        return JSONResponse(
            {"stage": under_way.stage, "done": run.done if run else 0, "cases": run.cases if run else 0}
        )

    @router.post("/sets", response_model=None)
    def keep_set(
        request: Request, form: FormData = _FORM, reader: Principal = evaluator
    ) -> HTMLResponse | RedirectResponse:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            error = StafwijzerError("No file was chosen.", hint="Choose a JSON Lines file.")
            return _overview(request, reader, error=error)
        try:
            bench().keep_set(_text(form, "name"), file.file.read(), principal=reader)
        except StafwijzerError as error:
            return _overview(request, reader, error=error)
        return _back()

    @router.get("/compare", response_model=None)
    def compare(request: Request, a: str, b: str, reader: Principal = evaluator) -> HTMLResponse:
        try:
            compared = bench().compare(a, b, principal=reader, on_date=date.today())
        except StafwijzerError as error:
            return frame.problem(request, error, reader=reader, status=404)
        return page("comparison", request, reader, compared=compared)

    @router.get("/judge", response_model=None)
    def judge(request: Request, a: str, b: str = "", reader: Principal = evaluator) -> HTMLResponse:
        try:
            task = bench().task(_names(a, b), principal=reader, on_date=date.today())
        except StafwijzerError as error:
            return frame.problem(request, error, reader=reader, status=404)
        return page("judging", request, reader, task=task, a=a, b=b, error=None)

    @router.post("/judge", response_model=None)
    def judged(
        request: Request, form: FormData = _FORM, reader: Principal = evaluator
    ) -> HTMLResponse | RedirectResponse:
        a, b = _text(form, "a"), _text(form, "b")
        try:
            task = bench().task(_names(a, b), principal=reader, on_date=date.today())
            if task is not None and task.key == _text(form, "key"):
                bench().judge(_names(a, b), task.key, _said(task, form), principal=reader, on_date=date.today())
        except StafwijzerError as error:
            return frame.problem(request, error, reader=reader)
        return RedirectResponse(f"/evaluations/judge?{urlencode({'a': a, 'b': b})}", 303)

    @router.get("/{name}", response_model=None)
    def one(request: Request, name: str, reader: Principal = evaluator) -> HTMLResponse:
        try:
            results = bench().results(name, principal=reader, on_date=date.today())
        except StafwijzerError as error:
            return frame.problem(request, error, reader=reader, status=404)
        others = [
            run
            for run in bench().runs(principal=reader, on_date=date.today())
            if run.test_set == results.run.test_set and run.name != name
        ]
        return page("run", request, reader, results=results, others=others[:_PAGE])

    @router.get("/{name}/report", response_model=None)
    def report(request: Request, name: str, reader: Principal = evaluator) -> Any:
        try:
            pieces = bench().report(name, principal=reader, on_date=date.today())
        except StafwijzerError as error:
            return frame.problem(request, error, reader=reader, status=404)
        encoded = (piece.encode("utf-8", "replace") for piece in pieces)
        return StreamingResponse(encoded, media_type="text/html; charset=utf-8")

    return router


def _evaluator(identify: Identify) -> Callable[[Request], Awaitable[Principal]]:
    reader_of = page_reader(identify)

    async def evaluator(request: Request) -> Principal:
        reader = await reader_of(request)
        if EVALUATOR not in reader.roles:
            raise HTTPException(403, WORDS[language_of(request)]["evaluators only"])
        return reader

    return evaluator


def _back() -> RedirectResponse:
    return RedirectResponse("/evaluations", 303)


def _names(a: str, b: str) -> list[str]:
    return [a, b] if b else [a]


def _text(form: FormData, name: str) -> str:
    told = form.get(name)
    return told.strip() if isinstance(told, str) else ""


def _said(task: JudgingTask, form: FormData) -> Said:
    """Read a form: `claim-A-N` and `answer-A` of each answer A that is asked about, `better` and `note`."""
    asked = [place for place, answer in enumerate(task.answers) if answer.asked]
    return Said(
        tuple(
            tuple(_text(form, f"claim-{place}-{number}") for number in range(len(task.answers[place].claims)))
            for place in asked
        ),
        tuple(_text(form, f"answer-{place}") for place in asked),
        _text(form, "better"),
        _text(form, "note"),
    )
