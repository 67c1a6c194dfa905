"""Read TAT-QA (Zhu et al. 2021): questions on a financial table and the paragraphs around it.

A table with its paragraphs is a document. Several spans are each a nugget; a number is right in any of its ways of
writing. The relevant places are the rows and sentences that hold the answer or what it is reckoned from. A question
names no company: asked of all documents at once it often fits more than one of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from evals.cases import Nugget, Relevant
from evals.importing.answers import checkable, count_ways, ways
from evals.importing.gathering import Gathering, Imported, Options
from evals.importing.markdown_tables import markdown_table
from evals.importing.quotes import quote_of
from evals.importing.reading import Identity, files_of, not_this_format, read_json

_NAME = "TAT-QA"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Of an average and of a percentage: they stand in the sum, not in the table.
_CONSTANTS = re.compile(r"\d|100")

_Text = Annotated[str, Field(coerce_numbers_to_str=True)]


@dataclass(frozen=True, slots=True)
class _Table:
    uid: Identity
    table: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    order: int
    text: str


@dataclass(frozen=True, slots=True)
class _Question:
    uid: Identity
    question: str
    answer: _Text | list[_Text]
    answer_type: Literal["span", "multi-span", "arithmetic", "count"]
    answer_from: Literal["text", "table", "table-text"]
    derivation: str = ""
    rel_paragraphs: list[str] = field(default_factory=list)
    scale: str = ""

    @property
    def answers(self) -> list[str]:
        return checkable(self.answer if isinstance(self.answer, list) else [self.answer])


@dataclass(frozen=True, slots=True)
class _Context:
    table: _Table
    paragraphs: list[_Paragraph]
    questions: list[_Question]


def import_tatqa(source: Path, options: Options) -> Imported:
    """Read a file. Raises SourceInvalid."""
    path = files_of(source, "*.json", format_name=_NAME)[0]
    gathering = Gathering("tatqa", path.name, language=options.language)
    for context in read_json(path, list[_Context], format_name=_NAME):
        if not context.table.table:
            raise not_this_format(path, _NAME, f"whose table {context.table.uid} is empty")
        table = markdown_table(context.table.table[0], context.table.table[1:])
        paragraphs = {str(one.order): one.text for one in sorted(context.paragraphs, key=lambda one: one.order)}
        key = gathering.document(context.table.uid, "\n\n".join([*paragraphs.values(), table]))
        for question in context.questions:
            _add(gathering, key, question, table, paragraphs)
    return gathering.imported()


def _add(gathering: Gathering, key: str, one: _Question, table: str, paragraphs: dict[str, str]) -> None:
    several = one.answer_type == "multi-span"
    forms = [count_ways(answer) if one.answer_type == "count" else ways(answer, scale=one.scale)
             for answer in one.answers]  # fmt: skip
    text = "\n\n".join(paragraphs[order] for order in one.rel_paragraphs if order in paragraphs)
    parts = {"text": [text], "table": [table], "table-text": [table, text]}[one.answer_from]
    quotes = dict.fromkeys(_quotes(one, parts)) or {"": None}
    gathering.case(
        one.uid,
        one.question,
        expected=[] if several else [form for ways in forms for form in ways],
        nuggets=[Nugget(ways) for ways in forms] if several else [],
        relevant=[Relevant(key, quote=quote) for quote in quotes],
        tags=[one.answer_type, f"from {one.answer_from}"],
        note=f"Reckoned as {one.derivation}" if one.answer_type == "arithmetic" else "",
    )


def _quotes(one: _Question, parts: list[str]) -> Iterator[str]:
    for anchor in _anchors(one):
        found = (quote_of(part, way, question=one.question) for part in parts for way in (anchor, _grouped(anchor)))
        if quote := next(filter(None, found), ""):
            yield quote


def _anchors(one: _Question) -> list[str]:
    """Return the words that mark the places: the spans, what was counted, or the numbers of the sum."""
    if one.answer_type == "arithmetic":
        return [number for number in _NUMBER.findall(one.derivation) if not _CONSTANTS.fullmatch(number)]
    return checkable(one.derivation.split("##")) if one.answer_type == "count" else one.answers


def _grouped(number: str) -> str:
    return f"{int(number):,}" if number.isdecimal() else number
