"""Read CLAPNQ (Rosenthal et al. 2024): questions with a passage, and a long answer made of some of its sentences.

A long answer cannot be looked for word by word. Each sentence that an annotator chose is a nugget, vital when all of
them chose it, and a relevant place; their own words are kept in the note for whoever adjudicates."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Nugget, Relevant
from evals.importing.gathering import Gathering, Imported, Options, content_id
from evals.importing.quotes import quote_of
from evals.importing.reading import Identity, files_of, read_records

_NAME = "CLAPNQ"


@dataclass(frozen=True, slots=True)
class _Passage:
    title: str
    text: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class _Output:
    answer: str
    selected_sentences: list[str]


@dataclass(frozen=True, slots=True)
class _Record:
    id: Identity
    input: str
    passages: list[_Passage]
    output: list[_Output]


def import_clapnq(source: Path, options: Options) -> Imported:
    """Read a file, or all of a folder's. Raises SourceInvalid."""
    gathering = Gathering("clapnq", source.name, language=options.language)
    for path in files_of(source, "*.jsonl", format_name=_NAME):
        for record in read_records(path, _Record, format_name=_NAME):
            _add(gathering, record)
    return gathering.imported()


def _add(gathering: Gathering, record: _Record) -> None:
    keys = [
        gathering.document(content_id(passage.title, passage.text), passage.text, title=passage.title)
        for passage in record.passages
    ]
    given = [output for output in record.output if output.answer.strip() and output.selected_sentences]
    chosen = Counter(sentence for output in given for sentence in dict.fromkeys(output.selected_sentences))
    tags = ["long answer" if given else "unanswerable"]
    if given and len(given) < len(record.output):
        tags.append("annotators disagree")
    gathering.case(
        record.id,
        record.input,
        answerable=bool(given),
        nuggets=[Nugget((sentence,), vital=count == len(given)) for sentence, count in chosen.items()],
        relevant=[place for sentence in chosen for place in _places(sentence, record.passages, keys)],
        tags=tags,
        note="\n".join(f"Annotator: {output.answer}" for output in given),
    )


def _places(sentence: str, passages: Sequence[_Passage], keys: Sequence[str]) -> list[Relevant]:
    found = [(key, quote_of(passage.text, sentence)) for passage, key in zip(passages, keys, strict=True)]
    return [Relevant(key, quote=quote) for key, quote in found if quote]
