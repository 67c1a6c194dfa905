"""What the catalog gives and takes: plain values, without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from retrieval.access import Marking
from retrieval.documents import Document, Passage, Version
from retrieval.errors import StafwijzerError
from retrieval.languages import Language


class CorpusUnknown(StafwijzerError):
    """No corpus has this name, or none that the asker may know of: the two are told alike."""

    @classmethod
    def named(cls, name: str, known: Iterable[str]) -> "CorpusUnknown":
        names = ", ".join(known) or "none yet"
        hint = "Add one with `stafwijzer corpus add NAME FOLDER`."
        return cls(f"There is no corpus named '{name}' (there is: {names}).", hint=hint)


@dataclass(frozen=True, slots=True)
class Corpus:
    name: str
    title: str
    owner: str
    marking: Marking
    """What a document gets that says nothing itself."""
    authority: int = 0
    """How much its owner lets it weigh where documents disagree: the higher one prevails."""


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    corpus: Corpus
    documents: int
    """Live ones."""
    passages: int
    refusals: int
    last_added: datetime | None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version with all that is kept of it."""

    version: Version
    document: Document
    marking: Marking
    blob: str
    """SHA-256 of the original file, under which the blob store holds it."""
    pipeline: str
    language: Language
    text: str
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]
    passages: tuple[Passage, ...]
    searchable: tuple[str, ...]
    """For each passage the hash of the text that is embedded for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a scope allows, with what a citation needs to name it."""

    passage: Passage
    document: Document
    marking: Marking
    valid_from: date | None
    valid_until: date | None
    language: Language
    told: date | None = None
    """The date that the file gives itself."""
    authority: int = 0
    """Of its corpus."""

    @property
    def dated(self) -> date | None:
        """What 'newer' goes by: the day its owner gave, else the file's own. Never decides whether it is valid."""
        return self.valid_from or self.told
