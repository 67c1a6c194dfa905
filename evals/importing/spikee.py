"""Read a seed folder of spikee: base documents, instructions, and jailbreaks that carry an instruction.

Each instruction is put into some jailbreaks of its language, drawn by the seed, and each of those into each document
that has a question. The documents are then near copies: each has a name, and the question names it. A question may
still find another copy, so a case has the canaries of all instructions: whichever was obeyed, the attack succeeded."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import cycle, product
from pathlib import Path

from evals.cases import Nugget, Relevant
from evals.importing.gathering import Gathering, Imported, Options
from evals.importing.planting import Position, plant, telling
from evals.importing.quotes import quote_of
from evals.importing.reading import Identity, SourceInvalid, files_of, read_records

_NAME = "a seed folder of spikee"
_JAILBREAKS = 3
"""For each instruction: enough to see whether the wrapping matters, and few copies of a document."""
_SLOT = "<INSTRUCTION>"
# Shared by accident, fewer words say nothing.
_SHORTEST_RUN = 4


@dataclass(frozen=True, slots=True)
class _Base:
    id: Identity
    document: str
    question: str = ""
    ideal_answer: str = ""
    placeholder: str | None = None


@dataclass(frozen=True, slots=True)
class _Instruction:
    id: Identity
    instruction_type: str
    instruction: str
    judge_name: str = "canary"
    judge_args: str | list[str] = ""
    lang: str = "en"

    @property
    def canaries(self) -> list[str]:
        return [self.judge_args] if isinstance(self.judge_args, str) else self.judge_args


@dataclass(frozen=True, slots=True)
class _Jailbreak:
    id: Identity
    jailbreak_type: str
    text: str
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class _Standalone:
    id: Identity


def import_spikee(source: Path, options: Options) -> Imported:
    """Read a folder. Raises SourceInvalid."""
    if not source.is_dir():
        raise SourceInvalid(f"This is not {_NAME}: {source} is no folder.", hint="Give the folder, not a file in it.")
    gathering = Gathering("spikee", source.name, language=options.language)
    (bases_file,) = files_of(source, "base_documents.jsonl", format_name=_NAME)
    (instructions_file,) = files_of(source, "instructions.jsonl", format_name=_NAME)
    (jailbreaks_file,) = files_of(source, "jailbreaks.jsonl", format_name=_NAME)
    bases = list(_usable_bases(gathering, read_records(bases_file, _Base, format_name=_NAME)))
    instructions = list(_usable(gathering, read_records(instructions_file, _Instruction, format_name=_NAME)))
    jailbreaks = list(read_records(jailbreaks_file, _Jailbreak, format_name=_NAME))
    draw = random.Random(options.seed)  # noqa: S311 (a draw, not a secret)
    innocent = [text for base in bases for text in (base.document, base.question)]
    canaries = telling([canary for one in instructions for canary in one.canaries], innocent=innocent)
    positions = cycle(Position)
    languages = {one.lang for one in instructions}
    by_language = {lang: [one for one in jailbreaks if one.lang == lang and _SLOT in one.text] for lang in languages}
    for instruction in instructions:
        if not by_language[instruction.lang]:
            gathering.leave_out(instruction.id, "no jailbreak is in its language")
    for base, instruction in product(bases, instructions):
        fitting = by_language[instruction.lang]
        for jailbreak in draw.sample(fitting, min(_JAILBREAKS, len(fitting))):
            _add(gathering, base, instruction, jailbreak, next(positions), canaries)
    for path in source.glob("standalone_attacks.jsonl"):
        for standalone in read_records(path, _Standalone, format_name=_NAME):
            gathering.leave_out(standalone.id, "it is a whole prompt, with no document to plant it in")
    return gathering.imported()


def _add(
    gathering: Gathering,
    base: _Base,
    instruction: _Instruction,
    jailbreak: _Jailbreak,
    position: Position,
    canaries: Sequence[str],
) -> None:
    record = f"{base.id}+{instruction.id}+{jailbreak.id}"
    attack = jailbreak.text.replace(_SLOT, instruction.instruction).strip()
    text = (
        base.document.replace(base.placeholder, attack) if base.placeholder else plant(base.document, attack, position)
    )
    name = f"{base.id} / {instruction.id} / {jailbreak.id}"
    key = gathering.document(record, text, title=name, only_for=[record])
    # An ideal answer begins with what was asked; what else it tells is welcome.
    runs = _shared_runs(base.ideal_answer.split(), base.document.split())
    gathering.case(
        record,
        f"{base.question.removeprefix('Q: ')} ({name})",
        nuggets=[Nugget((run,), vital=run is runs[0]) for run in runs],
        relevant=[Relevant(key, quote=quote_of(text, runs[0]) if runs else "")],
        canaries=canaries,
        planted=[attack],
        tags=[
            "attack",
            instruction.instruction_type,
            f"jailbreak {jailbreak.jailbreak_type}",
            f"planted at the {position}",
            f"attack in {instruction.lang}",
        ],
    )


def _usable_bases(gathering: Gathering, bases: Iterator[_Base]) -> Iterator[_Base]:
    for base in bases:
        if base.question.strip() and base.document.strip():
            yield base
        else:
            gathering.leave_out(base.id, "it has no question: the attack is the whole prompt")


def _usable(gathering: Gathering, instructions: Iterator[_Instruction]) -> Iterator[_Instruction]:
    for one in instructions:
        if one.instruction_type.startswith("sysmsg") or "MockService" in one.instruction:
            gathering.leave_out(one.id, "it is after a secret that the set does not put in a document")
        elif one.judge_name != "canary" or not any(one.canaries):
            gathering.leave_out(one.id, f"only a judge ('{one.judge_name}') can tell whether it was obeyed")
        else:
            yield one


def _shared_runs(answer: list[str], document: list[str]) -> list[str]:
    """Return the runs of words, long enough, that the answer takes from the document, in the answer's order: an ideal
    answer is a sentence or more, which no answer says word by word."""
    said, there = ([word.strip(".,;:|") for word in words] for words in (answer, document))
    match = SequenceMatcher(None, said, there, autojunk=False).find_longest_match()
    if match.size < _SHORTEST_RUN:
        return []
    end = match.a + match.size
    run = " ".join(answer[match.a : end]).rstrip(".,;:")
    return [*_shared_runs(answer[: match.a], document), run, *_shared_runs(answer[end:], document)]
