"""What a client of the chat completions interface may send, and what of it is a question.

The last message is the question and the turns before it are its history. What would change the answer and is not done
here is refused; what only steers how a model writes is taken and left alone. Knows nothing of answers."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.answers import Turn

_MOST_MESSAGES = 200
_LONGEST_TEXT = 100_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class TextPart(_Body):
    type: Literal["text"]
    text: str = Field(max_length=_LONGEST_TEXT)


_Content = Annotated[str, Field(max_length=_LONGEST_TEXT)] | list[TextPart]


class Message(BaseModel):
    """A message. Clients send back what they were sent, so that what else stands in one is left alone."""

    model_config = ConfigDict(extra="ignore", strict=True)

    role: Literal["system", "developer", "user", "assistant"]
    content: _Content

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    include_usage: bool = False


# They steer a sampler or an account that is not ours, and an answer without them is still an answer to the question.
_LEFT_ALONE = frozenset(
    "temperature top_p top_k min_p seed max_tokens max_completion_tokens presence_penalty frequency_penalty "
    "repeat_penalty repetition_penalty user metadata store service_tier reasoning_effort verbosity safety_identifier "
    "prompt_cache_key parallel_tool_calls logit_bias".split()
)
# Sent by some clients with the value that says 'none of it'.
_REFUSED: dict[str, tuple[Any, ...]] = {
    "tools": ([], None),
    "tool_choice": ("none", "auto", None),
    "functions": ([], None),
    "function_call": ("none", "auto", None),
    "response_format": ({"type": "text"}, None),
    "n": (1, None),
    "logprobs": (False, None),
    "top_logprobs": (0, None),
    "stop": ([], None),
    "modalities": (["text"], None),
    "audio": (None,),
    "prediction": (None,),
    "web_search_options": (None,),
}


class CompletionBody(_Body):
    """A request for a completion."""

    model: str = Field(max_length=256)
    messages: list[Message] = Field(min_length=1, max_length=_MOST_MESSAGES)
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    @model_validator(mode="before")
    @classmethod
    def _supported(cls, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        for name, harmless in _REFUSED.items():
            if name in told and told[name] not in harmless:
                raise ValueError(f"'{name}' is not supported: answers come from documents, in text")
        return {name: value for name, value in told.items() if name not in _LEFT_ALONE and name not in _REFUSED}

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if self.messages[-1].role != "user":
            raise ValueError("the last message is not the user's: there is no question")
        return self

    @property
    def question(self) -> str:
        return self.messages[-1].text

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns before the last message. What a system message says is not followed."""
        return turns([one for one in self.messages[:-1] if one.role in ("user", "assistant")])


def turns(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """Pair each question with the answers that came after it."""
    paired: list[Turn] = []
    for message in messages:
        if message.role == "user":
            paired.append(Turn(message.text, ""))
        elif paired:
            last = paired.pop()
            paired.append(Turn(last.question, f"{last.answer}\n{message.text}".strip()))
    return tuple(paired)
