"""Let the language model say a field of a course in its own words, under a JSON schema, and keep what proves true.

The model only sees facts that were found before. What it writes is checked like a claim of an answer: supported, it is
a fact with those citations; in part and without any figure, an assumption to be judged; else it is dropped."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.answers import Verdict
from assistant.chatmodels import Cancelled
from assistant.composing import as_data, stream_text
from assistant.courses.phrasing import FIELD_NAMES, told
from assistant.courses.stating import speaks_of
from assistant.courses.workspace import AssumptionTest, Basis, CourseField, Statement
from assistant.queueing import FairQueue
from assistant.verifying import Judgement, Verifier
from prompts import load_prompt
from retrieval.languages import Language
from retrieval.lexical import content_words

_MOST_STATEMENTS = 2
_LONGEST = 240
_FEWEST_WORDS = 5
_ABOUT = 0.5
# The shipped model fills no field (0 of 8 held out) and takes 2 to 11 s for each.
_MOST_FRUITLESS = 2


class SchemaBroken(Exception):
    """What the model wrote is not an instance of the schema."""


def schema_for(facts: int) -> dict[str, Any]:
    """Return the schema of what the model writes: up to two sentences, each with numbers of facts, from 1."""
    sentence = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": _LONGEST},
            "evidence": {
                "type": "array",
                # A list of numbers: a grammar knows no highest one.
                "items": {"enum": list(range(1, facts + 1))},
                "minItems": 1,
                "maxItems": 3,
            },
        },
        "required": ["text", "evidence"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"statements": {"type": "array", "items": sentence, "maxItems": _MOST_STATEMENTS}},
        "required": ["statements"],
        "additionalProperties": False,
    }


@dataclass(slots=True)
class Filler:
    """Fills fields with one model; a `Fill` for `developing.develop`. Tells in `notes` what went wrong."""

    chat: BaseChatModel
    languages: frozenset[Language]
    """That the model writes."""
    queue: FairQueue
    verifier: Verifier
    language: Language
    cancelled: threading.Event | None = None
    prompts: Path | None = None
    """A folder with templates of the operator's own."""
    notes: list[str] = field(default_factory=list)
    """What went otherwise than usual, each sort once."""
    fruitless: int = 0
    """Fields in a row of which nothing that the model wrote was kept."""
    prompt_hashes: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: CourseField, idea: str, facts: Sequence[Statement]) -> list[Statement]:
        """Return what the model says that the facts prove, or in part. [] for a language that it does not write.

        Raises Cancelled. A model that fails or breaks the schema is noted, and its text dropped: the facts stand."""
        if self.language not in self.languages or not facts or self.fruitless >= _MOST_FRUITLESS:
            return []
        try:
            written = read_statements(self._write(name, idea, facts), facts=len(facts))
        except Cancelled:
            raise
        except SchemaBroken as error:
            self._missed()
            self._note(f"the language model broke the schema: {error}; only what documents say is kept")
            return []
        except Exception as error:  # noqa: BLE001 (a model may fail in any way; the facts stand without it)
            self._missed()
            self._note(f"the language model failed: {error}")
            return []
        kept = list(self._kept(written, idea, facts))
        if kept:
            self.fruitless = 0
        else:
            self._missed()
        return kept

    def _missed(self) -> None:
        self.fruitless += 1
        if self.fruitless == _MOST_FRUITLESS:
            self._note(f"nothing that the language model wrote for {_MOST_FRUITLESS} fields held; it was asked no more")

    def _write(self, name: CourseField, idea: str, facts: Sequence[Statement]) -> str:
        prompt = load_prompt(f"course_field.{self.language}.v1", folder=self.prompts)
        self.prompt_hashes[prompt.name] = prompt.sha256
        evidence = "\n".join(f'[{number}] "{as_data(one.text)}"' for number, one in enumerate(facts, start=1))
        system, user = prompt.render(evidence=evidence, idea=as_data(idea), field=FIELD_NAMES[name][self.language])
        messages: list[BaseMessage] = [SystemMessage(system), HumanMessage(user)]
        with self.queue.join() as ticket:
            for _ in ticket.positions(cancelled=self.cancelled):
                pass
            schema = schema_for(len(facts))
            return "".join(stream_text(self.chat, messages, cancelled=self.cancelled, json_schema=schema))

    def _kept(
        self, written: Sequence[tuple[str, tuple[int, ...]]], idea: str, facts: Sequence[Statement]
    ) -> Iterator[Statement]:
        said = [" ".join(content_words(one.text)) for one in facts]
        for text, numbers in written:
            words = " ".join(content_words(text))
            if len(words.split()) < _FEWEST_WORDS or text[-1:] not in ".!" or any(words in one for one in said):
                continue
            said.append(words)
            pointed = [facts[number - 1] for number in numbers]
            citations = tuple(dict.fromkeys(citation for one in pointed for citation in one.citations))
            judged = self._judged(text, [citation.quote for citation in citations])
            if judged.verdict is Verdict.SUPPORTED:
                disputed = any(one.disputed for one in pointed)
                reasons = (told("written", self.language), *judged.reasons)
                yield Statement("", text, Basis.FACT, citations, reasons, disputed)
            elif judged.verdict is Verdict.PARTLY and _sensible(text, idea, self.language):
                reasons = (told("unproved", self.language), *judged.reasons)
                yield Statement("", text, Basis.ASSUMPTION, citations, reasons, test=AssumptionTest())

    def _judged(self, text: str, quotes: Sequence[str]) -> Judgement:
        try:
            return self.verifier.verify(text, quotes)
        except Exception as error:  # noqa: BLE001 (a verifier may fail in any way; then nothing passes)
            self._note(f"the verifier failed: {error}; what the model wrote is not shown")
            return Judgement(Verdict.UNSUPPORTED, ("it could not be checked",))

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def read_statements(text: str, *, facts: int) -> list[tuple[str, tuple[int, ...]]]:
    """Read what a model wrote under `schema_for(facts)` as (sentence, numbers of facts). Raises SchemaBroken."""
    try:
        told_ = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaBroken("it is not JSON") from error
    if not isinstance(told_, dict) or set(told_) != {"statements"} or not isinstance(told_["statements"], list):
        raise SchemaBroken("'statements' is missing, or something stands beside it")
    return [_statement(one, facts) for one in told_["statements"]]


def _statement(one: object, facts: int) -> tuple[str, tuple[int, ...]]:
    if not isinstance(one, dict) or set(one) != {"text", "evidence"}:
        raise SchemaBroken("a statement is something else than a text and its evidence")
    text, numbers = one["text"], one["evidence"]
    if not isinstance(text, str) or not isinstance(numbers, list) or not numbers:
        raise SchemaBroken("a statement has no text or no evidence")
    if not all(type(number) is int and 1 <= number <= facts for number in numbers):
        raise SchemaBroken("a statement points at evidence that is not there")
    return " ".join(text.split()), tuple(dict.fromkeys(numbers))


def _sensible(text: str, idea: str, language: Language) -> bool:
    """An assumption may be wrong, and never holds a figure that nobody gave."""
    return not any(map(str.isdigit, text)) and speaks_of(idea, text, language) >= _ABOUT
