"""Ask, find an answer back, and say what one thinks of it. Knows nothing of tokens or of how answers are made."""

from datetime import date, datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from assistant.answers import Question, Turn
from assistant.entrypoints.api.asked import FeedbackBody, QuestionBody
from assistant.entrypoints.api.describing import Id, described
from assistant.entrypoints.api.streaming import event_stream
from assistant.entrypoints.programs.admitting import allowed, holder_of
from assistant.entrypoints.programs.library import Library
from assistant.entrypoints.programs.questioning import Questions
from assistant.entrypoints.programs.shapes import EXAMPLE_ID, AnswerShape, Shape, answer_shape
from retrieval.access import Principal

_EVENTS = "text/event-stream"
_JSON = "application/json"
_STREAM = (
    "Server-sent events, in the order in which things happen: stage, understood, searched, sources_found, weighed, "
    "conflict_found, drafted (unchecked text of the model: a sign of life), claim_checked, and at the end answered, "
    "with the whole answer, or problem. Lines that begin with a colon are heartbeats."
)


class KeptAnswer(AnswerShape):
    """An answer as the journal has it."""

    answered_at: datetime


class KeptFeedback(Shape):
    """What the asker said of an answer."""

    answer: str = Field(examples=[EXAMPLE_ID])
    verdict: str
    comment: str


def asking(library: Library, questions: Questions, heartbeat_seconds: float) -> APIRouter:
    router = APIRouter(tags=["questions"])

    stream = {"description": "The answer.", "content": {_EVENTS: {"schema": {"type": "string"}, "example": _STREAM}}}

    @router.post("/questions", response_model=AnswerShape, **described("ask", 406, status_200=stream))
    async def ask_a_question(body: QuestionBody, request: Request) -> Response:
        """Answer a question from what the holder may read, each statement with the words of its source.

        With `Accept: text/event-stream` the stages are told as they come. Who disconnects cancels the question."""
        question = _question(body, allowed(holder_of(request), "ask").principal)
        if _preferred(request) == _EVENTS:
            return await event_stream(questions, question, request, heartbeat_seconds=heartbeat_seconds)
        answer = await questions.answer(question, receive=request.receive)
        return Response(answer_shape(answer, question).model_dump_json(), media_type=_JSON)

    @router.get("/answers/{id}", **described("ask", 404))
    def read_an_answer(id: Id, request: Request) -> KeptAnswer:
        """Return an answer that the holder asked for, while all of its evidence may still be read."""
        principal = allowed(holder_of(request), "ask").principal
        return KeptAnswer.model_validate(library.answer(id, principal))

    @router.post("/answers/{id}/feedback", status_code=201, **described("feedback", 404))
    def give_feedback(id: Id, body: FeedbackBody, request: Request) -> KeptFeedback:
        """Say whether an answer that the holder asked for is right."""
        principal = allowed(holder_of(request), "feedback").principal
        answer = library.answer(id, principal)["id"]
        told = {"answer": answer, "verdict": body.verdict, "comment": body.comment, "by": principal.name}
        library.installation.journal.append("feedback", told)
        return KeptFeedback.model_validate(told)

    return router


def _question(body: QuestionBody, principal: Principal) -> Question:
    history = tuple(Turn(turn.question, turn.answer) for turn in body.history)
    return Question(body.text, principal, frozenset(body.corpora), body.on_date or date.today(), history, body.query)


def _preferred(request: Request) -> str:
    """Return the form in which the client wants an answer. Raises HTTPException 406."""
    accepted = request.headers.get("accept", "*/*").lower()
    kinds = [one.partition(";")[0].strip() for one in accepted.split(",")]
    if _EVENTS in kinds:
        return _EVENTS
    if {_JSON, "application/*", "*/*", ""}.isdisjoint(kinds):
        raise HTTPException(406, f"An answer is told as {_JSON} or {_EVENTS}.")
    return _JSON
