"""What the assistant asks of a language model beyond langchain-core's BaseChatModel, and a double for tests.

Knows no engine: llama.cpp is in `llamacpp.py`, endpoints in `endpoint.py`."""

import threading
import time
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from retrieval.errors import StafwijzerError

JsonSchema = Mapping[str, Any]
"""A JSON schema: what the model writes has to be an instance of it."""


class ModelUnavailable(StafwijzerError):
    """The language model cannot be loaded or reached."""


class Cancelled(Exception):
    """The asker does not want the answer any more."""


@runtime_checkable
class MarksItsTurns(Protocol):
    """A chat model that tells the tokens with which its template separates turns. A model need not."""

    @property
    def special_tokens(self) -> frozenset[str]:
        """What the vocabulary reads as marks and not as text, such as <|im_start|>; none holds a space."""


class InterruptibleChatModel(BaseChatModel):
    """A chat model that looks at an event while it reads the prompt and between tokens, and stops when it is set."""

    @abstractmethod
    def tokens_of(
        self,
        messages: Sequence[BaseMessage],
        stop: Sequence[str],
        cancelled: threading.Event | None,
        *,
        json_schema: JsonSchema | None = None,
    ) -> Iterator[str]:
        """Yield the model's text piece by piece; with a schema, JSON that keeps to it for as far as it is written.

        Raises Cancelled once the event is set."""

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self._pieces(messages, stop, kwargs):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
            if run_manager is not None:
                run_manager.on_llm_new_token(piece, chunk=chunk)
            yield chunk

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(self._pieces(messages, stop, kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _pieces(self, messages: list[BaseMessage], stop: list[str] | None, told: dict[str, Any]) -> Iterator[str]:
        return self.tokens_of(messages, stop or (), told.get("cancelled"), json_schema=told.get("json_schema"))


class ScriptedChat(InterruptibleChatModel):
    """A double that says what it was told to say: the next of `replies`, word by word, then the last one for ever."""

    replies: tuple[str, ...] = ("",)
    seconds_per_token: float = 0.0
    fails_with: str = ""
    """When set, the model raises RuntimeError with this text instead of answering."""
    _calls: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _schemas: list[JsonSchema | None] = PrivateAttr(default_factory=list)

    @property
    def calls(self) -> list[list[BaseMessage]]:
        """The messages of each call so far."""
        return self._calls

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def get_num_tokens(self, text: str) -> int:
        return len(text.split())

    @property
    def schemas(self) -> list[JsonSchema | None]:
        """The schema of each call so far."""
        return self._schemas

    def tokens_of(
        self,
        messages: Sequence[BaseMessage],
        stop: Sequence[str],
        cancelled: threading.Event | None,
        *,
        json_schema: JsonSchema | None = None,
    ) -> Iterator[str]:
        self._calls.append(list(messages))
        self._schemas.append(json_schema)
        if self.fails_with:
            raise RuntimeError(self.fails_with)
        reply = self.replies[min(len(self._calls), len(self.replies)) - 1]
        for number, word in enumerate(reply.split(" ")):
            time.sleep(self.seconds_per_token)
            if cancelled is not None and cancelled.is_set():
                raise Cancelled
            yield f" {word}" if number else word
