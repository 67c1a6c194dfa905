"""Read AIT-QA (Katsis et al. 2022): questions on tables of airlines, with headers of several levels.

A table is a document in Markdown; the levels of a header are joined into one. The tables do not say whose they are,
the questions do: the airline that most questions on a table name becomes its title."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Relevant
from evals.importing.answers import checkable, ways
from evals.importing.gathering import Gathering, Imported, Options
from evals.importing.markdown_tables import markdown_table
from evals.importing.quotes import quote_of
from evals.importing.reading import Identity, SourceInvalid, files_of, read_records

_NAME = "AIT-QA"
_AIRLINES = ("United", "Delta", "American", "Southwest", "Alaska")


@dataclass(frozen=True, slots=True)
class _Table:
    id: Identity
    column_header: list[list[str]]
    row_header: list[list[str]]
    data: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Question:
    id: Identity
    table_id: Identity
    question: str
    answers: list[str]
    type: str = ""
    row_hierarchy_needed: str = "No"


def import_aitqa(source: Path, options: Options) -> Imported:
    """Read a folder with *questions.jsonl and *tables.jsonl. Raises SourceInvalid."""
    if not source.is_dir():
        raise SourceInvalid(
            f"This is not {_NAME}: {source} is no folder.", hint="Give the folder with the questions and the tables."
        )
    gathering = Gathering("aitqa", source.name, language=options.language)
    (question_file,) = files_of(source, "*questions.jsonl", format_name=_NAME)[:1]
    (table_file,) = files_of(source, "*tables.jsonl", format_name=_NAME)[:1]
    questions = list(read_records(question_file, _Question, format_name=_NAME))
    airlines = _airlines(questions)
    tables: dict[str, tuple[str, str]] = {}
    for table in read_records(table_file, _Table, format_name=_NAME):
        text = _written(table)
        tables[table.id] = text, gathering.document(table.id, text, title=airlines.get(table.id, ""))
    for one in questions:
        if one.table_id not in tables:
            gathering.leave_out(one.id, "its table is not in the set")
            continue
        text, key = tables[one.table_id]
        answers = checkable(one.answers)
        quotes = [quote_of(text, answer, question=one.question) for answer in answers] or [""]
        gathering.case(
            one.id,
            one.question,
            expected=[form for answer in answers for form in ways(answer)],
            relevant=[Relevant(key, quote=quote) for quote in quotes],
            tags=[
                "table",
                "short answer" if answers else "yes or no",
                one.type.lower(),
                "row hierarchy" if one.row_hierarchy_needed == "Yes" else "",
            ],
        )
    return gathering.imported()


def _airlines(questions: Sequence[_Question]) -> dict[str, str]:
    named: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in questions:
        named[one.table_id].update(name for name in _AIRLINES if name.casefold() in one.question.casefold())
    return {table: f"{names.most_common(1)[0][0]} Airlines" for table, names in named.items() if names}


def _written(table: _Table) -> str:
    columns = [_joined(levels) for levels in table.column_header]
    if not table.row_header:
        return markdown_table(columns, table.data)
    labels = [_joined(levels) for levels in table.row_header] + [""] * len(table.data)
    return markdown_table(["", *columns], [[label, *row] for label, row in zip(labels, table.data, strict=False)])


def _joined(levels: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(level.strip() for level in levels if level.strip()))
