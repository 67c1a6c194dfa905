"""The things that retrieval speaks of: documents, their versions, and the passages a version is made of.

Plain values. Knows nothing of where they are stored, how they are searched or who may read them."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from retrieval.access import Marking
from retrieval.languages import Language

# Ids are UUIDs because Qdrant accepts only UUIDs and integers as point ids.
_NAMESPACE = uuid.UUID("5bd7d9a2-6f43-5c4e-9a55-1b6a0b5b7f10")


class State(StrEnum):
    """Where a version is in its life."""

    STAGED = "staged"
    """Known to the catalog, not yet complete in the index. Search never returns it."""
    QUARANTINED = "quarantined"
    """Read and held back until its owner decides: listed with the reason, and not in the index."""
    LIVE = "live"
    """The version that search returns."""
    RETIRED = "retired"
    """Replaced or withdrawn. Kept to replay earlier answers, never returned by search."""


@dataclass(frozen=True, slots=True)
class Document:
    """A thing with a name in a corpus, whatever its content is today."""

    id: str
    corpus: str
    key: str
    """The path below the folder that was added, or the path and record id of a record: unique within the corpus."""
    title: str
    current: str | None
    """The id of the live version, or None while there is none."""


@dataclass(frozen=True, slots=True)
class Version:
    """The content of a document at one time."""

    id: str
    document: str
    sha256: str
    """Of the original bytes, as hexadecimal."""
    marking: str
    """The id of its marking."""
    valid_from: date | None
    valid_until: date | None
    """The first day on which it no longer holds."""
    supersedes: str | None
    state: State


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a version's text that is searched and quoted as one."""

    id: str
    version: str
    ordinal: int
    """Its place in the version, from 0."""
    heading: str
    """The headings above it, outermost first, joined by ' > '."""
    page: int | None
    """The page it stands on, from 1, where the format has pages."""
    start: int
    end: int
    """Character offsets into the version's text: text == version_text[start:end]."""
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. The score belongs to the search, not to the passage."""

    passage: Passage
    document: Document
    marking: Marking
    language: Language
    score: float
    """Fused score; comparable within one search only."""
    rank: int
    """From 1."""
    via: tuple["Via", ...]
    """Which of the searches found it."""
    dated: date | None = None
    """The day from which the version holds, as far as its owner or its file tells."""
    authority: int = 0
    """How much the owner lets the corpus weigh against others. 0: as much as any."""


@dataclass(frozen=True, slots=True)
class Via:
    """One search's opinion of a hit."""

    search: str
    """'dense' or 'bm25'."""
    rank: int
    score: float
    """Cosine similarity for dense, BM25 for bm25."""


def document_id(corpus: str, key: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"document\0{corpus}\0{key}"))


def version_id(document: str, sha256: str, pipeline: str) -> str:
    """Identify a version by its document, its bytes and the pipeline that read and split them."""
    return str(uuid.uuid5(_NAMESPACE, f"version\0{document}\0{sha256}\0{pipeline}"))


def passage_id(version: str, start: int, end: int, text: str) -> str:
    """Identify a passage by its version, span and content."""
    return str(uuid.uuid5(_NAMESPACE, f"passage\0{version}\0{start}\0{end}\0{text_sha256(text)}"))


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
