"""Make a version of what was read and of what is stated about it. Here and nowhere else. Stores nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from retrieval.access import UNMARKED, Marking, high_water_mark
from retrieval.catalog import Corpus, Found, Holding, StoredVersion
from retrieval.documents import Document, Passage, State, Version, text_sha256, version_id
from retrieval.languages import detect_language
from retrieval.lifecycle.pointing import searchable_text
from retrieval.loading import Loaded
from retrieval.marking import Stated
from retrieval.near_duplicates import signature
from retrieval.screening import Severity
from retrieval.sources import Offered
from retrieval.splitting import SPLITTING_VERSION, split

PIPELINE = f"load-4/split-{SPLITTING_VERSION}"
"""Which rules made a version's text and passages. A file read by other rules is read again."""


def make_version(
    offered: Offered,
    loaded: Loaded,
    corpus: Corpus,
    document: str,
    *,
    before: Holding | None,
    stated: Stated,
    pipeline: str,
    valid_from: date | None,
    hold: bool,
) -> StoredVersion:
    """Return a staged version of what was read. What its owner said of the version `before` it still holds.

    `pipeline`: the rules that made it. `hold`: hold it back when screening found something grave."""
    title = stated.title or loaded.title or Path(offered.key).stem
    marking, quarantine = marked(stated, before)
    if hold and not quarantine:
        quarantine = _grave(loaded)
    last = before.version if before else None
    version = Version(
        id=version_id(document, offered.sha256, pipeline),
        document=document,
        sha256=offered.sha256,
        marking=marking.id,
        valid_from=valid_from or stated.valid_from or (last.valid_from if last else None),
        valid_until=stated.valid_until or (last.valid_until if last else None),
        supersedes=None,
        state=State.STAGED,
    )
    stored = StoredVersion(
        version=version,
        document=Document(document, corpus.name, offered.key, title, None),
        marking=marking,
        blob=offered.blob,
        pipeline=pipeline,
        language=detect_language(loaded.text),
        text=loaded.text,
        metadata=loaded.metadata,
        warnings=(*loaded.warnings, *stated.warnings),
        passages=tuple(split(loaded, version=version.id)),
        searchable=(),
        quarantine=quarantine,
        marked_by=stated.sources,
        flags=loaded.flags,
        signature=signature(loaded.text),
    )
    digests = (text_sha256(searchable_text(as_found(stored, passage))) for passage in stored.passages)
    return replace(stored, searchable=tuple(digests))


def marked(stated: Stated, before: Holding | None) -> tuple[Marking, str]:
    """Return the marking, and why the document is held back. What a person set is only ever raised."""
    by_hand = before.marking if before and before.marked else None
    if by_hand is None or by_hand == UNMARKED:
        return stated.marking or UNMARKED, stated.quarantine
    if stated.marking is None:
        return by_hand, "" if not stated.sources else stated.quarantine
    if stated.marking.policy != by_hand.policy:
        return UNMARKED, (
            f"It was marked {by_hand} by hand, and {', '.join(stated.sources)} says {stated.marking}, and there is no "
            "order between these; mark it anew with `stafwijzer corpus mark`."
        )
    return high_water_mark([by_hand, stated.marking]) or UNMARKED, stated.quarantine


def _grave(loaded: Loaded) -> str:
    grave = [one for one in loaded.flags if one.severity is Severity.HOLD]
    if not grave:
        return ""
    found = ", ".join(dict.fromkeys(str(one.kind) for one in grave))
    return f"Screening found {found}; look at it, then `stafwijzer corpus release` or `delete`."


def as_found(stored: StoredVersion, passage: Passage) -> Found:
    """Return a passage of a version that is not live yet as it will be found."""
    version = stored.version
    return Found(passage, stored.document, stored.marking, version.valid_from, version.valid_until, stored.language)
