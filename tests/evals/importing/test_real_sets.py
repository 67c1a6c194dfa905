"""The public sets are read whole: nothing is lost unsaid, and every place stands in its document."""

from pathlib import Path

import pytest

from evals.importing.formats import FORMATS
from evals.importing.gathering import Options
from evals.importing.quotes import LONGEST_QUOTE

# Cases, answerable ones, documents and what is left out, by our own count of the files.
COUNTS = {
    ("squad", "sets/squad2_en", "en"): (6078, 2910, 646, 0),
    ("squad", "sets/xquad_en_de", "de"): (1190, 1190, 240, 0),
    ("beir", "sets/govbench_nl", "nl"): (94, 94, 179, 0),
    ("clapnq", "sets/clapnq_en", "en"): (300, 150, 298, 0),
    ("ramdocs", "sets/ramdocs_en", "en"): (250, 250, 1121, 0),
    ("tatqa", "sets/tatqa_en", "en"): (1668, 1668, 278, 0),
    ("aitqa", "sets/aitqa_en", "en"): (515, 515, 113, 0),
    ("halueval", "sets/halueval_en", "en"): (500, 500, 500, 1),
    ("conflictqa", "sets/conflictqa_en", "en"): (1355, 1355, 2710, 1),
    ("poisonedrag", "sets/poisonedrag_en", "en"): (100, 0, 500, 0),
    ("bipia", "attacks/bipia", "en"): (50, 17, 45, 0),
    ("purplellama", "attacks/purplellama", "en"): (127, 0, 51, 124),
    ("spikee", "attacks/spikee/seeds-targeted-2024-12", "en"): (21, 21, 21, 4),
    ("spikee", "attacks/spikee/seeds-cybersec-2025-04", "en"): (90, 90, 90, 5),
}


@pytest.mark.parametrize(("name", "path", "language"), COUNTS)
def test_a_public_set_is_read_whole(data_folder: Path, name: str, path: str, language: str) -> None:
    imported = FORMATS[name].read(data_folder / path, Options(language=language))
    texts = {one.key: "".join(one.text.split()) for one in imported.documents}
    counts = len(imported.cases), sum(case.answerable is True for case in imported.cases)
    assert (*counts, len(texts), len(imported.left_out)) == COUNTS[name, path, language]
    places = [place for case in imported.cases for place in case.relevant]
    assert all("".join(place.quote.split()) in texts[place.document] for place in places)
    assert all(len(place.quote) <= LONGEST_QUOTE for place in places)
    stranded = [case.id for case in imported.cases for text in case.planted if not _stands(text, texts.values())]
    assert stranded == []


def _stands(text: str, documents: object) -> bool:
    return any("".join(text.split()) in document for document in documents)  # type: ignore[attr-defined]
