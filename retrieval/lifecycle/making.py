"""Make a version of what was read. Here and nowhere else. Stores nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from retrieval.catalog import Corpus, Found, Holding, StoredVersion
from retrieval.documents import Document, Passage, State, Version, text_sha256, version_id
from retrieval.languages import detect_language
from retrieval.lifecycle.pointing import searchable_text
from retrieval.loading import Loaded
from retrieval.sources import Offered
from retrieval.splitting import SPLITTING_VERSION, split

PIPELINE = f"load-1/split-{SPLITTING_VERSION}"
"""Which rules made a version's text and passages. A file read by other rules is read again."""


def make_version(
    offered: Offered, loaded: Loaded, corpus: Corpus, document: str, *, before: Holding | None, valid_from: date | None
) -> StoredVersion:
    """Return a staged version of what was read. What its owner said of the version `before` it still holds."""
    title = loaded.title or Path(offered.key).stem
    marking = before.marking if before and before.marking else corpus.marking
    last = before.version if before else None
    version = Version(
        id=version_id(document, offered.sha256, PIPELINE),
        document=document,
        sha256=offered.sha256,
        marking=marking.id,
        valid_from=valid_from or (last.valid_from if last else None),
        valid_until=last.valid_until if last else None,
        supersedes=None,
        state=State.STAGED,
    )
    stored = StoredVersion(
        version=version,
        document=Document(document, corpus.name, offered.key, title, None),
        marking=marking,
        blob=offered.blob,
        pipeline=PIPELINE,
        language=detect_language(loaded.text),
        text=loaded.text,
        metadata=loaded.metadata,
        warnings=loaded.warnings,
        passages=tuple(split(loaded, version=version.id)),
        searchable=(),
    )
    digests = (text_sha256(searchable_text(as_found(stored, passage))) for passage in stored.passages)
    return replace(stored, searchable=tuple(digests))


def as_found(stored: StoredVersion, passage: Passage) -> Found:
    """Return a passage of a version that is not live yet as it will be found."""
    version = stored.version
    return Found(passage, stored.document, stored.marking, version.valid_from, version.valid_until, stored.language)
