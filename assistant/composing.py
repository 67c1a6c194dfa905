"""Ask the model for a short answer from numbered sentences, and read back what it wrote as claims.

What the model writes is a draft: `verifying.py` decides about each claim. Text from documents goes in as quoted data
and never as markup of the model's template. Knows nothing of search."""

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.chatmodels import Cancelled, InterruptibleChatModel, JsonSchema, MarksItsTurns
from assistant.quoting import Sentence
from prompts import Prompt, load_prompt
from retrieval.languages import Language
from retrieval.sentences import sentence_ranges

# [1] or [1, 2]
_LABEL = re.compile(r"\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_AFTER_STOP = re.compile(r"""([.!?]["'”’)]*)((?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\])+)""")
# Marks with which chat templates separate turns: <|im_start|>, <｜User｜>, [INST], <s>, <start_of_turn>; of templates
# without tokens of their own ###, USER: and ASSISTANT:. Halves of the first two go as well, so that no two texts make
# a whole one. None of them holds a space, so that what is left around one that was taken out never makes another.
_TEMPLATE_MARKS = re.compile(
    r"<[|｜][^<>|｜\s]{0,40}[|｜]>|<[|｜]|[|｜]>|</?(?:s|bos|eos|pad|unk|mask)>|</?(?:start|end)_of_turn>|<<?/?SYS>>?"
    r"|</?(?:think|tool_call|tool_response|tools)>|#{3,}|(?-i:USER|ASSISTANT|SYSTEM):"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]",
    re.IGNORECASE,
)
# What evidence is delimited with, in all the shapes in which a model may read it.
_DELIMITERS = str.maketrans(
    {**dict.fromkeys('"“”„‟«»＂〝〞〟', "'"), **dict.fromkeys("［【〔〚⟦", "["), **dict.fromkeys("］】〕〛⟧", "]")}
)
_LABEL_IN_TEXT = re.compile(r"\[\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\]")
# Characters; a few sentences take under 1,000. It stops a model or an endpoint that keeps to no limit of its own.
_LONGEST_DRAFT = 8000


@dataclass(frozen=True, slots=True)
class Drafted:
    """One statement of the model and the labels that it gave itself."""

    text: str
    labels: tuple[int, ...]


def prompt_for(language: Language, *, folder: Path | None = None) -> Prompt:
    """Return the template for a language, from `folder` where it has one. Raises ValueError when that one is broken."""
    return load_prompt(f"compose.{language}.v1", folder=folder)


def compose_messages(prompt: Prompt, question: str, sentences: Sequence[Sentence]) -> list[BaseMessage]:
    """Return the messages that ask for an answer from these sentences, numbered from 1 in this order."""
    evidence = "\n".join(f'[{number}] "{as_data(sentence.text)}"' for number, sentence in enumerate(sentences, start=1))
    system, user = prompt.render(evidence=evidence, question=as_data(question))
    return [SystemMessage(system), HumanMessage(user)]


def stream_text(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    *,
    cancelled: threading.Event | None,
    json_schema: JsonSchema | None = None,
) -> Iterator[str]:
    """Yield the model's text piece by piece, under a schema where one is given.

    Raises Cancelled soon after the event is set, or what the model raises."""
    extra: dict[str, Any] = {}
    if isinstance(model, InterruptibleChatModel):
        extra = {"cancelled": cancelled, "json_schema": json_schema}
    elif json_schema:
        # The form in which OpenAI-compatible endpoints take a schema (vLLM, llama-server).
        told = {"name": "answer", "schema": dict(json_schema), "strict": True}
        extra = {"response_format": {"type": "json_schema", "json_schema": told}}
    special = special_tokens_of(model)
    safe = [message.model_copy(update={"content": without(special, str(message.content))}) for message in messages]
    left = _LONGEST_DRAFT
    for chunk in model.stream(safe, **extra):
        if cancelled is not None and cancelled.is_set():
            raise Cancelled
        piece = str(chunk.content)[:left]
        # An empty piece counts as well: an endpoint may send those for ever.
        left -= max(1, len(piece))
        yield piece
        if left <= 0:
            return


def read_claims(text: str) -> list[Drafted]:
    """Split the model's text into statements; labels belong to the statement they follow or stand in."""
    # A label after the full stop belongs to the sentence before it.
    moved = _AFTER_STOP.sub(r"\2\1", text)
    claims = []
    for start, end in sentence_ranges(moved):
        piece = moved[start:end]
        labels = tuple(dict.fromkeys(int(label) for some in _LABEL.findall(piece) for label in some.split(",")))
        words = " ".join(_LABEL.sub("", piece).split())
        if any(map(str.isalnum, words)):
            claims.append(Drafted(words, labels))
    # A model in a loop says the same again; once is enough to check.
    return list(dict.fromkeys(claims))


def as_data(text: str) -> str:
    """Make text from a document or a person harmless inside a prompt and a chat template.

    It becomes one line without characters that are not seen, without marks of known templates, without the double
    quotes that delimit evidence and without labels. So no text opens a line of the prompt, such as another
    'Evidence:', a role or a piece of evidence, and none ends its own delimiter."""
    seen = "".join(_seen(character) for character in text.translate(_DELIMITERS))
    unmarked = " ".join(_TEMPLATE_MARKS.sub(" ", " ".join(seen.split())).split())
    return _LABEL_IN_TEXT.sub(r"(\1)", unmarked)


def special_tokens_of(model: BaseChatModel) -> frozenset[str]:
    """Return the tokens that the model's template is made of, where the model tells: its `special_tokens`."""
    return model.special_tokens if isinstance(model, MarksItsTurns) else frozenset()


def without(special_tokens: frozenset[str], text: str) -> str:
    """Put a space in the place of each special token: the template writes these, no message does.

    Tokens hold no spaces, so what is left of two never makes a third."""
    if not special_tokens:
        return text
    longest_first = sorted(special_tokens, key=lambda token: (-len(token), token))
    return re.sub("|".join(map(re.escape, longest_first)), " ", text)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Cs", "Cn", "Co"} else character
