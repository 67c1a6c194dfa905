"""Read ConflictQA (Xie et al. 2024): questions with evidence for what a model remembers, and for the contrary.

Both pieces of evidence are documents of one corpus, and a right answer shows both sides. Which of them is true the
set knows only as True or False, which no answer's words give away."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evals.cases import Relevant
from evals.importing.gathering import Gathering, Imported, Options
from evals.importing.reading import files_of, read_records

_NAME = "ConflictQA"


@dataclass(frozen=True, slots=True)
class _Record:
    question: str
    ground_truth: list[str]
    memory_answer: str
    counter_answer: str
    remembered: Annotated[str, Field(validation_alias="parametric_memory_aligned_evidence")]
    contrary: Annotated[str, Field(validation_alias="counter_memory_aligned_evidence")]


def import_conflictqa(source: Path, options: Options) -> Imported:
    """Read a file. Records have no ids: they are numbered from 1. Raises SourceInvalid."""
    gathering = Gathering("conflictqa", source.name, language=options.language)
    path = files_of(source, "conflictQA*.json*", format_name=_NAME)[0]
    asked: set[str] = set()
    for number, record in enumerate(read_records(path, _Record, format_name=_NAME), start=1):
        if record.question in asked:
            gathering.leave_out(str(number), "its question was asked before")
            continue
        asked.add(record.question)
        keys = [
            gathering.document(f"{number}-memory", record.remembered),
            gathering.document(f"{number}-counter", record.contrary),
        ]
        gathering.case(
            str(number),
            record.question,
            relevant=[Relevant(key) for key in keys],
            conflict=[record.memory_answer, record.counter_answer],
            tags=["conflict", *(f"in truth {truth.lower()}" for truth in record.ground_truth)],
        )
    return gathering.imported()
