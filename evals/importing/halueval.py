"""Read the question answering part of HaluEval (Li et al. 2023): knowledge, a question, a right and an invented answer.

The knowledge is a document. An invented answer makes an answer wrong, unless the knowledge says it or it is part of
the right one. The part without knowledge (general_data.json) cannot be asked of documents."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evals.cases import Relevant
from evals.importing.answers import checkable, ways
from evals.importing.gathering import Gathering, Imported, Options, content_id
from evals.importing.quotes import quote_of
from evals.importing.reading import files_of, not_this_format, read_records

_NAME = "HaluEval"


@dataclass(frozen=True, slots=True)
class _Record:
    knowledge: str
    question: str
    right_answer: str
    hallucinated_answer: str


@dataclass(slots=True)
class _Asked:
    """A question, with what each of the files invents for an answer."""

    first: _Record
    invented: list[str] = field(default_factory=list)


def import_halueval(source: Path, options: Options) -> Imported:
    """Read a file, or a folder's qa_*.json, in which the same questions have other inventions. Raises SourceInvalid."""
    if source.name.startswith("general_data"):
        raise not_this_format(source, "HaluEval's question answering part", "which has no knowledge to ask of")
    gathering = Gathering("halueval", source.name, language=options.language)
    asked: dict[str, _Asked] = {}
    for path in files_of(source, "qa_*.json", format_name=_NAME):
        for record in read_records(path, _Record, format_name=_NAME):
            identifier = content_id(record.knowledge, record.question)
            asked.setdefault(identifier, _Asked(record)).invented.append(record.hallucinated_answer)
    for identifier, one in asked.items():
        _add(gathering, identifier, one)
    for path in sorted(source.glob("general_data*.json")) if source.is_dir() else ():
        gathering.leave_out(path.name, "it has no knowledge to ask of")
    return gathering.imported()


def _add(gathering: Gathering, identifier: str, one: _Asked) -> None:
    record = one.first
    key = gathering.document(content_id(record.knowledge), record.knowledge)
    right = checkable([record.right_answer])
    gathering.case(
        identifier,
        record.question,
        expected=[form for answer in right for form in ways(answer)],
        relevant=[Relevant(key, quote=quote_of(record.knowledge, record.right_answer, question=record.question))],
        must_not_contain=_wrong(one.invented, record) if right else [],
        tags=["multi-hop", "short answer" if right else "yes or no"],
    )


def _wrong(invented: Iterable[str], record: _Record) -> list[str]:
    said = f"{record.knowledge} | {record.right_answer}".casefold()
    bare = [answer.strip(" .") for answer in checkable(invented)]
    return [answer for answer in bare if answer.casefold() not in said]
