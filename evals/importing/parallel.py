"""Read pairs of documents that say the same in Dutch and in English, to ask in one language of documents in the other.

`pairs.jsonl` names the two files of each pair. A case asks with the title of a document, or with a sentence drawn from
it, and its partner is what should be found: a ranking of documents, nothing is said of an answer's words."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Relevant
from evals.importing.gathering import Gathering, Imported, Options, key_of
from evals.importing.reading import SourceInvalid, files_of, read_records
from retrieval.loading import Loaded, NotLoaded, load
from retrieval.sentences import sentence_ranges

_NAME = "a folder of parallel documents"
_SENTENCES = 3
"""Drawn from each document, at most."""
_WORDS = range(6, 31)
# Addresses, tables and markup are no way to ask.
_NO_PROSE = re.compile(r"https?://|\||\[|\*\*|<")


@dataclass(frozen=True, slots=True)
class _Pair:
    nl: str
    en: str


def import_parallel(source: Path, options: Options) -> Imported:
    """Read a folder: questions in `options.language` (nl or en), documents in the other. Raises SourceInvalid."""
    if options.language not in ("nl", "en"):
        raise SourceInvalid(f"There is no side '{options.language}' here.", hint="Give --language nl or en.")
    (pairs,) = files_of(source, "pairs.jsonl", format_name=_NAME)
    gathering = Gathering("parallel", source.name, language=options.language)
    draw = random.Random(options.seed)  # noqa: S311 (a sample, not a secret)
    for pair in read_records(pairs, _Pair, format_name=_NAME):
        asked, found = (pair.nl, pair.en) if options.language == "nl" else (pair.en, pair.nl)
        document, partner = (_load(source / path) for path in (asked, found))
        gathering.document(found, partner.text, title=partner.title)
        places = [Relevant(key_of(found))]
        if document.title:
            gathering.case(f"{asked}/title", document.title, relevant=places, tags=["retrieval", "title"])
        prose = list(_prose(document.text))
        for number, sentence in enumerate(draw.sample(prose, min(_SENTENCES, len(prose))), start=1):
            gathering.case(f"{asked}/{number}", sentence, relevant=places, tags=["retrieval", "sentence"])
    return gathering.imported()


def _load(path: Path) -> Loaded:
    try:
        return load(path)
    except (OSError, NotLoaded) as error:
        raise SourceInvalid(
            f"{path} cannot be read ({error}).", hint=f"Take its pair out, or mend {path.name}."
        ) from error


def _prose(text: str) -> Iterator[str]:
    for start, end in sentence_ranges(text):
        sentence = " ".join(text[start:end].split())
        if len(sentence.split()) in _WORDS and not _NO_PROSE.search(sentence):
            yield sentence
