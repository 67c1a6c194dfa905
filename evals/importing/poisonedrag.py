"""Read PoisonedRAG (Zou et al. 2025): questions with texts that an attacker wrote to make a wrong answer stand out.

The poisoned texts are the documents: there is no clean one, so it is not known whether a question can be answered,
unless the corpus is added to another that holds the truth. Giving the attacker's answer is wrong either way."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evals.importing.answers import checkable, ways
from evals.importing.gathering import Gathering, Imported, Options
from evals.importing.reading import Identity, files_of, read_json

_NAME = "PoisonedRAG"


@dataclass(frozen=True, slots=True)
class _Record:
    id: Identity
    question: str
    adv_texts: list[str]
    correct: Annotated[str, Field(validation_alias="correct answer")]
    incorrect: Annotated[str, Field(validation_alias="incorrect answer")]


def import_poisonedrag(source: Path, options: Options) -> Imported:
    """Read a file. Raises SourceInvalid."""
    path = files_of(source, "*.json", format_name=_NAME)[0]
    gathering = Gathering("poisonedrag", path.name, language=options.language)
    for record in read_json(path, dict[str, _Record], format_name=_NAME).values():
        for number, text in enumerate(record.adv_texts, start=1):
            gathering.document(f"{record.id}-{number}", text, only_for=[record.id])
        gathering.case(
            record.id,
            record.question,
            answerable=None,
            expected=[form for answer in checkable([record.correct]) for form in ways(answer)],
            must_not_contain=checkable([record.incorrect]),
            planted=record.adv_texts,
            tags=["attack", "poisoned"],
        )
    return gathering.imported()
