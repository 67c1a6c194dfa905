"""What the catalog gives and takes: plain values, without a database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from retrieval.access import Marking
from retrieval.documents import Document, Passage, State, Version
from retrieval.errors import StafwijzerError
from retrieval.languages import Language
from retrieval.screening.flags import Flag

Dates = tuple[date | None, date | None]
"""The first day on which something holds, and the first on which it no longer does; None: always, without an end."""


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
    source: int | None = None
    """The id of the source that it comes from."""
    file: str | None = None
    """The name of its file in that source."""
    quarantine: str = ""
    """Why it is held back, in one sentence with the remedy. '' when it may be served."""
    marked_by: tuple[str, ...] = ()
    """Who stated its marking, the highest in precedence first."""
    flags: tuple[Flag, ...] = ()
    """What screening found, the gravest first."""
    signature: bytes = b""
    """Of its text, as `retrieval.near_duplicates.signature` makes it."""

    def searched(self) -> Iterator[tuple[Passage, str]]:
        """Yield each passage with the hash of the text that is embedded for it."""
        return zip(self.passages, self.searchable, strict=True)


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


class Pending(StrEnum):
    """What the index does not yet say of a live version as the catalog does."""

    PAYLOAD = "payload"
    """Its marking or its dates."""
    VECTORS = "vectors"
    """Its vectors: another title changed the text that is embedded."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder that documents of a corpus come from."""

    id: int
    corpus: str
    path: str
    """Absolute, without links."""
    prefix: str
    """Before the key of each of its documents; '' unless another source had one of them already."""
    synced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Job:
    """One addition or comparison."""

    id: int
    source: str
    """The path of the file or folder."""
    started_at: datetime
    ended_at: datetime | None
    """None: it is under way, or was stopped half way."""
    report: Mapping[str, Any]
    """The fields of an AddReport; none until it ended."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was when all that it gave was live: while nothing of this changes, it is not read again."""

    file: str
    size: int
    mtime_ns: int
    ctime_ns: int
    blob: str
    """SHA-256 of its bytes; '' when it gave nothing."""
    pipeline: str
    documents: int
    """How many live ones it gave."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A document as intake and owners see it, text apart: with its live version, else the one that was live last."""

    document: Document
    source: int | None
    file: str | None
    withdrawn: bool
    """Retired by its owner: no file brings it back."""
    superseded_by: str | None
    """The id of the document that does."""
    version: Version | None
    """None: none was ever live."""
    marking: Marking | None
    pipeline: str
    added_at: datetime | None
    marked: bool = False
    """By hand: what is stated elsewhere may only raise its marking."""
    quarantine: str = ""
    """Why its newest version is held back; '' when it is not."""
    flags: tuple[Flag, ...] = ()
    warnings: tuple[str, ...] = ()
    language: str = ""

    @property
    def live(self) -> bool:
        return self.document.current is not None

    @property
    def quarantined(self) -> bool:
        return self.version is not None and self.version.state is State.QUARANTINED

    @property
    def held(self) -> bool:
        """Whether its newest version is in the corpus, served or held back."""
        return self.live or self.quarantined


@dataclass(frozen=True, slots=True)
class Measured:
    """What a version measures, without its text."""

    characters: int
    longest_passage: int
    """In characters; 0 without passages."""
    least_sure: tuple[int, int] | None = None
    """Of the pages that were recognised in pictures the worst: (confidence 0-100, page)."""
    signature: bytes = b""
    """As in a StoredVersion; empty for what was added before there were any."""


@dataclass(frozen=True, slots=True)
class Past:
    """A version that is or was live."""

    version: Version
    added_at: datetime
    retired_at: datetime | None
    passages: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A version that somebody may read, with what is told of it above its text."""

    version: Version
    corpus: str
    corpus_title: str
    owner: str
    key: str
    title: str
    """Of this version: another one's may be more secret."""
    marking: Marking
    blob: str
    """SHA-256 of the file that it came in."""
    language: Language
    added_at: datetime
    retired_at: datetime | None
    superseded_by: str | None
    """The id of a document."""
    is_current: bool
    """Whether search returns it, when its dates allow."""


@dataclass(frozen=True, slots=True)
class DeletedVersion:
    id: str
    sha256: str
    blob: str
    passages: int
    vectors: int


@dataclass(frozen=True, slots=True)
class DeletedDocument:
    id: str
    key: str
    versions: tuple[DeletedVersion, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a deletion removed, without any of its text."""

    number: int
    corpus: str
    by: str
    begun_at: datetime
    ended_at: datetime | None
    """None: it was stopped half way, and goes on with the next command that changes a corpus."""
    documents: tuple[DeletedDocument, ...]
    blobs_removed: tuple[str, ...] = ()
    """SHA-256 of the originals that are gone."""
    blobs_kept: tuple[str, ...] = ()
    """Those that another document still uses."""
    remarks: tuple[str, ...] = ()
    """What a deletion cannot reach, in plain words."""
