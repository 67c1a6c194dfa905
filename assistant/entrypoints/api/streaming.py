"""Tell the events of a question as they come: server-sent events (WHATWG HTML, section 9.2).

`event:` names each as `assistant.answers` does, in its order; the last one is `answered`, or `problem`. A line without
an event is sent while nothing happens, so that neither end takes the other for gone."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import StreamingResponse

from assistant.answers import Answered, Event, Question, Searched, SourcesFound
from assistant.citing import as_json
from assistant.entrypoints.api.problems import told_problem
from assistant.entrypoints.programs.questioning import Questions, while_there
from assistant.entrypoints.programs.shapes import answer_shape, passage_shape
from retrieval.errors import StafwijzerError

HEARTBEAT_SECONDS = 10.0
_HEARTBEAT = b": still here\n\n"
_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


async def event_stream(
    questions: Questions, question: Question, request: Request, *, heartbeat_seconds: float
) -> StreamingResponse:
    """Return the response in which a question's events are told. Raises what can be known before the first: Busy."""
    told = _told(questions, question, request, heartbeat_seconds)
    # The first line before the response begins: what is refused at once gets a status of its own.
    first = await anext(told)

    async def body() -> AsyncIterator[bytes]:
        yield first
        async for line in told:
            yield line

    return StreamingResponse(body(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _told(
    questions: Questions, question: Question, request: Request, heartbeat_seconds: float
) -> AsyncIterator[bytes]:
    async with questions.asked(question) as events:
        begun = False
        try:
            async for event in while_there(events, request.receive, every_seconds=heartbeat_seconds):
                begun = True
                yield _HEARTBEAT if event is None else _line(_name(event), _data(event, question))
        except StafwijzerError as error:
            if not begun:
                raise
            yield _problem(error)
        except Exception as error:  # noqa: BLE001 (its status is sent; what happened is told in the stream)
            yield _problem(error)


def _name(event: Event) -> str:
    return _INNER_CAPITAL.sub("_", type(event).__name__).lower()


def _data(event: Event, question: Question) -> Any:
    match event:
        case Answered(answer):
            return _plain(answer_shape(answer, question))
        case Searched(hits):
            return {"hits": [{"rank": hit.rank, "score": hit.score, "passage": hit.passage.id} for hit in hits]}
        case SourcesFound(evidence):
            return {"evidence": [{"label": one.label, "passage": _plain(passage_shape(one))} for one in evidence]}
    return as_json(event)


def _plain(shape: BaseModel) -> Any:
    return shape.model_dump(mode="json")


def _problem(error: Exception) -> bytes:
    return _line("problem", json.loads(bytes(told_problem(error).body)))


def _line(name: str, data: Any) -> bytes:
    # JSON escapes line breaks, of every kind that an event could be broken by.
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
