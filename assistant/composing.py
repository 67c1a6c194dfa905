"""Ask the model for a short answer from numbered sentences, and read back what it wrote as claims.

What the model writes is a draft: `verifying.py` decides about each claim. Text from documents goes in as quoted data
and never as markup of the model's template. Knows nothing of search."""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.chatmodels import Cancelled, InterruptibleChatModel
from assistant.quoting import Sentence, best_sentences
from prompts import Prompt, load_prompt
from retrieval.languages import Language
from retrieval.sentences import sentence_ranges

# [1] or [1, 2]
_LABEL = re.compile(r"\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_AFTER_STOP = re.compile(r"""([.!?]["'”’)]*)((?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\])+)""")
# Marks with which chat templates separate turns: <|im_start|>, <｜User｜>, [INST], <s>, <start_of_turn>. Halves of the
# first two go as well, so that no two texts make a whole one.
_TEMPLATE_MARKS = re.compile(
    r"<[|｜][^<>|｜\s]{0,40}[|｜]>|<[|｜]|[|｜]>|</?(?:s|bos|eos|pad|unk)>|</?(?:start|end)_of_turn>|<<?/?SYS>>?"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """One statement of the model and the labels that it gave itself."""

    text: str
    labels: tuple[int, ...]


def prompt_for(language: Language, *, folder: Path | None = None) -> Prompt:
    """Return the template for a language, from `folder` where it has one. Raises ValueError when that one is broken."""
    return load_prompt(f"compose.{language}.v1", folder=folder)


def sentences_for_model(sentences: Sequence[Sentence], quotes: int) -> list[Sentence]:
    """Choose what the model reads: twice as many sentences as are quoted, because reading is what it is slow at."""
    return best_sentences(sentences, 2 * quotes)


def compose_messages(prompt: Prompt, question: str, sentences: Sequence[Sentence]) -> list[BaseMessage]:
    """Return the messages that ask for an answer from these sentences, numbered from 1 in this order."""
    evidence = "\n".join(f'[{number}] "{as_data(sentence.text)}"' for number, sentence in enumerate(sentences, start=1))
    system, user = prompt.render(evidence=evidence, question=as_data(question))
    return [SystemMessage(system), HumanMessage(user)]


def stream_text(
    model: BaseChatModel, messages: Sequence[BaseMessage], *, cancelled: threading.Event | None
) -> Iterator[str]:
    """Yield the model's text piece by piece. Raises Cancelled soon after the event is set, or what the model raises."""
    extra: dict[str, Any] = {"cancelled": cancelled} if isinstance(model, InterruptibleChatModel) else {}
    for chunk in model.stream(list(messages), **extra):
        if cancelled is not None and cancelled.is_set():
            raise Cancelled
        yield str(chunk.content)


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
    return claims


def as_data(text: str) -> str:
    """Make text from a document or a person harmless inside a chat template: one line, no template marks."""
    one_line = " ".join(text.split())
    return " ".join(_TEMPLATE_MARKS.sub(" ", one_line).split()).replace('"', "'")
