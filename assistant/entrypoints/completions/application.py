"""Chat completions and models, as clients of that interface expect them. Knows nothing of how answers are made.

There is a model for all corpora, and one for each corpus that the holder may know of: 'stafwijzer' and
'stafwijzer/NAME'. What is streamed is only what was checked; a draft of the language model is not sent."""

import json
import logging
import time
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp

from assistant.answers import Answer, Answered, Claim, ClaimChecked, Question
from assistant.entrypoints.completions import told
from assistant.entrypoints.completions.asked import CompletionBody
from assistant.entrypoints.programs.admitting import Forbidden, Gate, Refusal, allowed, holder_of
from assistant.entrypoints.programs.holders import Holders
from assistant.entrypoints.programs.library import Library, NotThere
from assistant.entrypoints.programs.limiting import Busy, RateLimit
from assistant.entrypoints.programs.questioning import AskerLeft, Questions, while_there
from assistant.service import QuestionInvalid, ReadsNoText
from retrieval.access import Principal
from retrieval.catalog import CorpusUnknown
from retrieval.errors import StafwijzerError
from retrieval.languages import detect_language

ROOT = "/v1"
MODEL = "stafwijzer"
_HEARTBEAT_SECONDS = 10.0
_log = logging.getLogger(__name__)


def make_completions(library: Library, questions: Questions, holders: Holders, *, limit: RateLimit) -> ASGIApp:
    """Return the application for everything below ROOT."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    _tell_errors(app)

    @app.get(f"{ROOT}/models")
    def list_models(request: Request) -> dict[str, Any]:
        principal = allowed(holder_of(request), "ask").principal
        return {"object": "list", "data": [_model(name) for name in _models(library, principal)]}

    @app.get(f"{ROOT}/models/{{name:path}}")
    def read_a_model(name: str, request: Request) -> dict[str, Any]:
        if name not in _models(library, allowed(holder_of(request), "ask").principal):
            raise NotThere
        return _model(name)

    def question_of(body: CompletionBody, principal: Principal) -> Question:
        if body.model not in _models(library, principal):
            raise NotThere
        corpus = body.model.partition("/")[2]
        return Question(body.question, principal, frozenset({corpus} - {""}), date.today(), body.history)

    @app.post(f"{ROOT}/chat/completions")
    async def complete(body: CompletionBody, request: Request) -> Response:
        principal = allowed(holder_of(request), "ask").principal
        question = question_of(body, principal)
        address = str(request.base_url).rstrip("/")
        if body.stream:
            with_usage = body.stream_options is not None and body.stream_options.include_usage
            pieces = _pieces(questions, question, body.model, request, address, with_usage)
            first = await anext(pieces)
            return StreamingResponse(_chained(first, pieces), media_type="text/event-stream")
        answer = await questions.answer(question, receive=request.receive)
        return JSONResponse(_completion(answer, body.model, address))

    return Gate(app, holders=holders, limit=limit, refuse=_refused)


def _models(library: Library, principal: Principal) -> list[str]:
    return [MODEL, *(f"{MODEL}/{status.corpus.name}" for status in library.corpora(principal))]


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": MODEL}


def _completion(answer: Answer, model: str, address: str) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": told.content(answer),
        "refusal": None,
        "annotations": told.annotations(answer, address=address),
    }
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": told.usage(answer),
        "stafwijzer": told.besides(answer),
    }


async def _pieces(
    questions: Questions, question: Question, model: str, request: Request, address: str, with_usage: bool
) -> AsyncIterator[bytes]:
    """Yield the answer in pieces, each claim when it is checked; the last ones hold the citations and the usage."""
    whole = {"id": "chatcmpl-pending", "object": "chat.completion.chunk", "created": int(time.time()), "model": model}
    language, sent, claims = detect_language(question.text), "", list[Claim]()
    begun = False

    def piece(delta: dict[str, Any], *, finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _line({**whole, "choices": [choice], **({"usage": None} if with_usage else {}), **more})

    async with questions.asked(question) as events:
        try:
            async for event in while_there(events, request.receive, every_seconds=_HEARTBEAT_SECONDS):
                if not begun:
                    begun = True
                    yield piece({"role": "assistant", "content": ""})
                match event:
                    case None:
                        yield b": still here\n\n"
                    case ClaimChecked(claim):
                        claims.append(claim)
                        now = told.content_so_far(claims, language)
                        yield piece({"content": now[len(sent) :]})
                        sent = now
                    case Answered(answer):
                        # The rest: parts that are not answered, or the sentence of one that is none.
                        yield piece({"content": told.content(answer)[len(sent) :]})
                        cited = told.annotations(answer, address=address)
                        yield piece({"annotations": cited}, finish="stop", stafwijzer=told.besides(answer))
                        if with_usage:
                            yield _line({**whole, "choices": [], "usage": told.usage(answer)})
                        yield b"data: [DONE]\n\n"
        except Exception as error:
            if not begun:
                raise
            yield _line(json.loads(bytes(_told_error(error).body)))


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for one in rest:
        yield one


def _line(told: Any) -> bytes:
    return f"data: {json.dumps(told)}\n\n".encode()


def _error(
    status: int, sentence: str, code: str, *, param: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    kind = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}.get(
        status, "server_error" if status >= 500 else "invalid_request_error"
    )
    return JSONResponse(
        {"error": {"message": sentence, "type": kind, "param": param, "code": code}}, status, headers or {}
    )


def _refused(refusal: Refusal) -> Response:
    return _error(refusal.status, refusal.sentence, refusal.code, headers=dict(refusal.headers))


def _told_error(error: Exception) -> JSONResponse:
    match error:
        case NotThere():
            return _error(404, "There is no such model here for you.", "model_not_found", param="model")
        case Forbidden():
            return _error(403, str(error), "permission_denied")
        case ReadsNoText():
            return _error(403, str(error), "permission_denied")
        case QuestionInvalid() | CorpusUnknown():
            return _error(400, str(error), "invalid_value", param="messages")
        case Busy():
            return _error(503, str(error), "busy", headers={"Retry-After": str(error.seconds)})
        case StafwijzerError():
            # For the operator: it may name files and addresses.
            _log.warning("%s", error)
            return _error(503, "No answer can be given now; the operator's log says why.", "unavailable")
    _log.error("A defect in chat completions", exc_info=error)
    return _error(500, "This is a defect of ours; the operator's log says where.", "defect")


def _tell_errors(app: FastAPI) -> None:
    async def by_kind(request: Request, error: Exception) -> Response:
        return _told_error(error)

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return _error(error.status_code, str(error.detail), "unknown_url", headers=dict(error.headers or {}))

    async def misformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        param = ".".join(str(part) for part in first["loc"][1:]) or None
        unknown = first["type"] == "extra_forbidden"
        sentence = f"Unrecognized request argument supplied: {param}" if unknown else first["msg"]
        return _error(400, sentence, "unknown_parameter" if unknown else "invalid_value", param=param)

    async def left(request: Request, error: Exception) -> Response:
        return Response(status_code=204)

    app.add_exception_handler(HTTPException, by_status)
    app.add_exception_handler(RequestValidationError, misformed)
    app.add_exception_handler(AskerLeft, left)
    for kind in (NotThere, Forbidden, StafwijzerError, Exception):
        app.add_exception_handler(kind, by_kind)
