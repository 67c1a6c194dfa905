"""Read a set in BEIR's layout (Thakur et al. 2021): corpus.jsonl, queries.jsonl and judgements in qrels/*.tsv.

A document is relevant as a whole: no quote is known, so a case says nothing of an answer's words."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evals.cases import Relevant
from evals.importing.gathering import Gathering, Imported, Options, key_of
from evals.importing.reading import Identity, SourceInvalid, files_of, not_this_format, read_records

_NAME = "BEIR"
_HIGHEST_GRADE = 3


@dataclass(frozen=True, slots=True)
class _Document:
    id: Annotated[Identity, Field(validation_alias="_id")]
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Query:
    id: Annotated[Identity, Field(validation_alias="_id")]
    text: str


def import_beir(source: Path, options: Options) -> Imported:
    """Read a folder. A query without a relevant document in the corpus is left out. Raises SourceInvalid."""
    if not source.is_dir():
        raise SourceInvalid(f"This is not {_NAME}: {source} is no folder.", hint="Give the folder with corpus.jsonl.")
    (corpus,) = files_of(source, "corpus.jsonl", format_name=_NAME)
    (queries,) = files_of(source, "queries.jsonl", format_name=_NAME)
    grades = _judgements(files_of(source, "qrels/*.tsv", format_name=_NAME))
    gathering = Gathering("beir", source.name, language=options.language)
    for document in read_records(corpus, _Document, format_name=_NAME):
        gathering.document(document.id, document.text, title=document.title)
    for query in read_records(queries, _Query, format_name=_NAME):
        judged = grades.get(query.id, {})
        here = {document: grade for document, grade in judged.items() if gathering.has_document(document)}
        if here:
            places = [Relevant(key_of(document), grade=grade) for document, grade in here.items()]
            gathering.case(query.id, query.text, relevant=places, tags=["retrieval"])
        else:
            none = "none of its relevant documents is in the corpus" if judged else "no document is judged relevant"
            gathering.leave_out(query.id, none)
    return gathering.imported()


def _judgements(paths: list[Path]) -> dict[str, dict[str, int]]:
    """Return the positive grades by query and document. Grades above 3, the highest we have, count as 3."""
    grades: dict[str, dict[str, int]] = {}
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
                if not row or (number == 1 and not row[-1].strip().isdecimal()):
                    continue
                try:
                    query, document, grade = row[0], row[1], int(row[2])
                except (IndexError, ValueError) as error:
                    why = f"line {number} of which is not 'query-id, corpus-id, score' between tabs"
                    raise not_this_format(path, _NAME, why) from error
                if grade > 0:
                    grades.setdefault(query, {})[document] = min(grade, _HIGHEST_GRADE)
    return grades
