"""The questions that the estimate is fitted on and measured on, each set with its documents.

Public sets are read through the importers, our own from `examples/`. Asks nothing."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from evals.cases import Case
from evals.importing.formats import FORMATS
from evals.importing.gathering import Options, key_of
from evals.importing.writing import CASES_FILE, DOCUMENTS_FOLDER, write_imported
from evals.sets import SHIPPED, read_set

SEED = 7


@dataclass(frozen=True, slots=True)
class Source:
    """A set and what it is for."""

    name: str
    model: str
    """'known': the default embedder knows the language; 'foreign': it does not."""
    fitted: bool
    """Half of it is fitted on. Otherwise all of it is held out."""
    path: str
    """Below the data folder: the set, or the documents of a set of our own."""
    format: str = ""
    """Of the importer; empty: cases of our own, in `examples/<name>.jsonl`."""
    language: str = "en"
    drawn: int = 0
    """How many answerable and how many unanswerable questions, at most. 0: all."""


SOURCES = (
    Source("squad2", "known", True, "sets/squad2_en/dev-v2.0.json", "squad", drawn=250),
    Source("clapnq", "known", True, "sets/clapnq_en", "clapnq"),
    Source("xquad-en", "known", False, "sets/xquad_en_de/xquad.en.json", "squad", drawn=200),
    Source("tatqa", "known", False, "sets/tatqa_en/tatqa_dataset_dev.json", "tatqa", drawn=100),
    Source("aitqa", "known", False, "sets/aitqa_en", "aitqa", drawn=100),
    Source("govbench", "foreign", True, "sets/govbench_nl", "beir", "nl"),
    Source("xquad-de", "foreign", True, "sets/xquad_en_de/xquad.de.json", "squad", "de", drawn=150),
    Source("doctrine", "known", False, "corpora/doctrine_en/markdown"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what has to be withheld to make it unanswerable."""

    case: Case
    withheld: dict[str, frozenset[str]]
    """Keys of documents by what withholding them is called; none for a question without an answer."""
    held_out: bool
    """Not fitted on. All questions of one article are, or none, whatever the set."""


@dataclass(frozen=True, slots=True)
class Questions:
    source: Source
    documents: Path
    asked: tuple[Asked, ...]


def read_sets(data: Path, home: Path) -> Iterator[Questions]:
    """Yield the sets that are there and have questions; imported ones are written below `home`, once."""
    for source in SOURCES:
        if not (data / source.path).exists():
            continue
        if source.format:
            imported = home / source.name / "set"
            if not imported.exists():
                imported.parent.mkdir(parents=True, exist_ok=True)
                read = FORMATS[source.format].read(data / source.path, Options(language=source.language, seed=SEED))
                write_imported(read, imported, corpus=source.name)
            documents, cases = imported / DOCUMENTS_FOLDER, read_set(str(imported / CASES_FILE))
        else:
            documents, file = data / source.path, SHIPPED / f"{source.name}.jsonl"
            cases = read_set(str(file)) if file.exists() else []
        asked = tuple(_asked(source, _drawn(cases, source.drawn), _titles(documents)))
        if asked:
            yield Questions(source, documents, asked)


def _drawn(cases: list[Case], most: int) -> list[Case]:
    draw = random.Random(SEED)  # noqa: S311 (a sample, not a secret)
    kinds = [[case for case in cases if case.answerable is kind] for kind in (True, False)]
    return [case for some in kinds for case in (draw.sample(some, min(most, len(some))) if most else some)]


def _titles(documents: Path) -> dict[str, str]:
    """Return the title of each record of a corpus in BEIR's layout, by the document's key."""
    file = documents / "corpus.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    records = [json.loads(line) for line in lines]
    return {key_of(record["_id"]): record["title"] for record in records}


def _asked(source: Source, cases: list[Case], titles: dict[str, str]) -> Iterator[Asked]:
    for case in cases:
        relevant = frozenset(place.document for place in case.relevant)
        names = {titles[key] for key in relevant if titles.get(key)}
        article = frozenset(key for key, title in titles.items() if title in names) | relevant
        withheld: dict[str, frozenset[str]] = {}
        if case.answerable and relevant:
            withheld["document withheld"] = relevant
            if source.format == "squad":
                withheld["article withheld"] = article
        group = min(names, default=case.id) if source.format == "squad" else case.id
        held_out = crc32(group.encode()) % 2 == 1
        # The articles of XQuAD are among those of SQuAD 2: what is fitted on in one is not asked in the other.
        if held_out or source.fitted or source.format != "squad":
            yield Asked(case, withheld, held_out or not source.fitted)
