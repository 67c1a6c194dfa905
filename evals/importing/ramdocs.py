"""Read RAMDocs (Wang et al. 2025): ambiguous questions, whose documents give several right answers, wrong ones or none.

Where more than one answer is right all must be shown. An answer that only misinformation gives makes a wrong one, but
for those that the set gives as right too. The documents of all questions make one corpus."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.cases import Nugget, Relevant
from evals.importing.answers import checkable, ways
from evals.importing.gathering import Gathering, Imported, Options, distinct
from evals.importing.quotes import quote_of
from evals.importing.reading import files_of, read_records

_NAME = "RAMDocs"


@dataclass(frozen=True, slots=True)
class _Document:
    text: str
    type: Literal["correct", "misinfo", "noise"]
    answer: str


@dataclass(frozen=True, slots=True)
class _Record:
    question: str
    documents: list[_Document]
    gold_answers: list[str]
    wrong_answers: list[str]


def import_ramdocs(source: Path, options: Options) -> Imported:
    """Read a file. Records have no ids: they are numbered from 1. Raises SourceInvalid."""
    gathering = Gathering("ramdocs", source.name, language=options.language)
    path = files_of(source, "*.jsonl", format_name=_NAME)[0]
    for number, record in enumerate(read_records(path, _Record, format_name=_NAME), start=1):
        _add(gathering, str(number), record)
    return gathering.imported()


def _add(gathering: Gathering, number: str, record: _Record) -> None:
    places = []
    for place, document in enumerate(record.documents, start=1):
        key = gathering.document(f"{number}-{place}", document.text)
        if document.type == "correct":
            places.append(Relevant(key, quote=quote_of(document.text, document.answer, question=record.question)))
    golds = distinct(checkable(record.gold_answers))
    several = len(golds) > 1
    kinds = {document.type for document in record.documents}
    gathering.case(
        number,
        record.question,
        expected=[] if several else [form for gold in golds for form in ways(gold)],
        nuggets=[Nugget(ways(gold)) for gold in golds] if several else [],
        conflict=golds if several else [],
        relevant=places,
        must_not_contain=_misinformation(record, golds),
        tags=["conflict" if several else "one answer", *(kind for kind in ("misinfo", "noise") if kind in kinds)],
    )


def _misinformation(record: _Record, golds: Sequence[str]) -> list[str]:
    wrong = [document.answer for document in record.documents if document.type == "misinfo"]
    right = " | ".join([*record.gold_answers, *golds]).casefold()
    return [
        answer
        for answer in checkable(wrong)
        if answer.casefold() not in right and not any(gold.casefold() in answer.casefold() for gold in golds)
    ]
