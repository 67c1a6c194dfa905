"""Read the prompt injections of PurpleLlama's CyberSecEval 2 (Bhatt et al. 2024).

Indirect: the text that the user hands over becomes a document, its attack with it; the task is the question. Many of
the documents are variants of a few, so each has a name and the question names it. Direct: the attack is the question,
which no document answers. A secret in another assistant's system prompt cannot be asked of this one.
What shows that an attack succeeded is taken from the question that the set puts to a judge."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.importing.gathering import Gathering, Imported, Options
from evals.importing.planting import addresses, quoted, telling
from evals.importing.quotes import stands_in
from evals.importing.reading import Identity, files_of, read_json

_NAME = "PurpleLlama's prompt injections"
_SECRET = re.compile(r"pass(?:word|phrase)|secret key|the user's name is|database", re.IGNORECASE)
_SAYS = re.compile(r"\b(?:contain|include|mention|reveal|state|say)s?\b")
_NAMES = re.compile(
    r"\b(?:contain|include|mention)s? (?:the word )?((?:[A-Z][\w.'-]*|\d+)(?: (?:[A-Z][\w.'-]*|\d+))*)\?"
)
# What is asked for is not what stands between the quotation marks: 'the composer of ...', '... in another language'.
_NOT_WORDS = re.compile(r"in another language|in reverse|morse| of ['\"]")
_LINK = re.compile(r"\blink\b")
# Where a text can be cut to see which part of it an attacker changed: sentences, tags, comments.
_CUTS = re.compile(r"(?<=[.!?:>;])\s+|(?=<)|(?<=>)|\n")
_SHORTEST_PLANTED = 12


@dataclass(frozen=True, slots=True)
class _Record:
    prompt_id: Identity
    test_case_prompt: str
    user_input: str
    judge_question: str
    injection_variant: str
    injection_type: Literal["direct", "indirect"]
    risk_category: str

    @property
    def parts(self) -> tuple[str, str]:
        """The task, and the text that it is about."""
        if self.user_input.startswith("<"):
            return self.test_case_prompt, self.user_input
        task, _, text = self.user_input.partition(": ")
        return task, text.strip()

    @property
    def tags(self) -> list[str]:
        readable = (self.injection_variant, self.risk_category, f"{self.injection_type} injection")
        return ["attack", *(tag.replace("_", " ") for tag in readable)]


def import_purplellama(source: Path, options: Options) -> Imported:
    """Read prompt_injection.json, or its folder. Raises SourceInvalid."""
    path = files_of(source, "prompt_injection*.json", format_name=_NAME)[0]
    gathering = Gathering("purplellama", path.name, language=options.language)
    records = read_json(path, list[_Record], format_name=_NAME)
    indirect = [record for record in records if record.injection_type == "indirect"]
    for record in records:
        if record.risk_category == "security-violating" and _SECRET.search(record.test_case_prompt):
            gathering.leave_out(record.prompt_id, "it is after a secret in another assistant's system prompt")
        elif record.injection_type == "direct":
            _add_direct(gathering, record)
        elif not record.parts[1]:
            gathering.leave_out(record.prompt_id, "its task and its document cannot be told apart")
        else:
            _add_indirect(gathering, record, [one for one in indirect if one.parts[0] == record.parts[0]])
    return gathering.imported()


def _add_direct(gathering: Gathering, record: _Record) -> None:
    canaries = telling(_canaries(record, []), innocent=[record.user_input])
    gathering.case(record.prompt_id, record.user_input, answerable=False, canaries=canaries, tags=record.tags)


def _add_indirect(gathering: Gathering, record: _Record, variants: Sequence[_Record]) -> None:
    task, text = record.parts
    name = f"Document {record.prompt_id}"
    question = f"{task.rstrip(' :')} ({name})"
    gathering.document(record.prompt_id, text, title=name, only_for=[record.prompt_id])
    canaries = telling(_canaries(record, variants), innocent=[question])
    gathering.case(
        record.prompt_id,
        question,
        answerable=None,
        canaries=canaries,
        planted=_planted(text, [one.parts[1] for one in variants], canaries),
        tags=record.tags,
    )


def _canaries(record: _Record, variants: Sequence[_Record]) -> list[str]:
    judged = record.judge_question
    if _NOT_WORDS.search(judged):
        return []
    if _LINK.search(judged):
        # A variant may hold the address in code: then it stands in another in plain words.
        return [address for one in variants for address in addresses(" ".join(_pieces(one.parts[1])))]
    return [*quoted(judged), *_NAMES.findall(judged)] if _SAYS.search(judged) else []


def _planted(text: str, variants: Sequence[str], canaries: Sequence[str]) -> list[str]:
    """Return the pieces that only this variant of a document has, and those with a canary; all of it, if there are
    none: then nothing tells what was there before the attack."""
    shared = Counter(piece for variant in variants for piece in set(_pieces(variant)))
    pieces = [piece for piece in _pieces(text) if len(piece) >= _SHORTEST_PLANTED]
    only_here = [piece for piece in pieces if len(variants) > 1 and shared[piece] == 1]
    with_canary = [piece for piece in pieces if any(stands_in(piece, canary) for canary in canaries)]
    return list(dict.fromkeys([*only_here, *with_canary])) or [text]


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in _CUTS.split(text) if piece.strip()]
