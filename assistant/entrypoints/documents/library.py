"""What one reader may see of documents: versions, their text, pages, comparisons, answers that cite them.

The one place where these pages ask the access rule. What may not be read is not there. Knows nothing of the web."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.cited import Cited
from assistant.journal import Record
from retrieval.access import Marking, Principal, Scope, high_water_mark, may_read, scope_for
from retrieval.blobs import BlobStore
from retrieval.catalog import Catalog, Reading
from retrieval.documents import Passage
from retrieval.identifying import HEAD_BYTES, Format, identify
from retrieval.rendering import Page, Rectangle, Renderers, locate

# More than any version has; offsets of the end.
_END = 1 << 31


class NotThere(Exception):
    """There is no such thing, or nothing that this reader may know of: the two are told alike."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as one reader sees it."""

    reading: Reading
    """The version that was asked for, or else the one in force."""
    readings: tuple[Reading, ...]
    """All versions that may be read: the current one, then newest first."""
    scope: Scope

    @property
    def id(self) -> str:
        return self.reading.version.document

    def version(self, id: str) -> Reading:
        """Return another of its versions. Raises NotThere."""
        found = [one for one in self.readings if one.version.id == id]
        if not found:
            raise NotThere
        return found[0]


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """An answer of the reader's own that cites a document."""

    question: str
    at: str
    """UTC, ISO 8601."""
    text: str
    marking: Marking
    places: tuple[tuple[str, int, int, int | None], ...]
    """Of this document: version, start, end, page."""


class Library:
    """Documents, for whoever may read them. What it works with is made when it is first needed."""

    def __init__(self, catalog: Callable[[], Catalog], blobs: BlobStore, renderers: Renderers) -> None:
        self._catalog_made, self._blobs, self.renderers = catalog, blobs, renderers

    @cached_property
    def _catalog(self) -> Catalog:
        return self._catalog_made()

    @cached_property
    def _cited(self) -> Cited:
        return Cited(self._catalog.engine)

    def open(self, document: str, *, reader: Principal, on: date, version: str = "") -> Opened:
        """Return a document at the version that is named, or else that was in force on a day. Raises NotThere."""
        scope = self._scope(reader)
        readings = self._catalog.readings(document, scope=scope)
        if not readings:
            raise NotThere
        opened = Opened(_in_force(readings, on), tuple(readings), scope)
        return Opened(opened.version(version), opened.readings, scope) if version else opened

    def document_of(self, version: str, *, reader: Principal) -> str:
        """Return the id of the document that a version is of. Raises NotThere."""
        document = self._catalog.document_of(version, scope=self._scope(reader))
        if document is None:
            raise NotThere
        return document

    def successor(self, opened: Opened, *, reader: Principal) -> Reading | None:
        """Return the version, of this document or of the one that supersedes it, that replaces what was opened."""
        current = opened.readings[0]
        if opened.reading.superseded_by:
            others = self._catalog.readings(opened.reading.superseded_by, scope=opened.scope)
            if others and others[0].is_current:
                return others[0]
        return current if current.is_current and current != opened.reading else None

    def outline(self, opened: Opened) -> list[tuple[int, int, int | None]]:
        """Return (start, end, page) of each passage."""
        return self._catalog.outline(opened.reading.version.id, scope=opened.scope)

    def text(self, opened: Opened, start: int, end: int) -> list[Passage]:
        """Return the passages between two offsets."""
        return self._catalog.stretch(opened.reading.version.id, start, end, scope=opened.scope)

    def whole_text(self, opened: Opened, reading: Reading) -> list[Passage]:
        """Return all passages of one of its versions."""
        return self._catalog.stretch(reading.version.id, 0, _END, scope=opened.scope)

    def drawable(self, opened: Opened) -> Path | None:
        """Return the original when it is a PDF document that is there; its pages can be drawn."""
        path = self._blobs.path(opened.reading.blob)
        if opened.reading.blob != opened.reading.version.sha256 or not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        # Its name counts for nothing among files that begin as a PDF document does.
        return path if b"%PDF-" in head and identify("", head) is Format.PDF else None

    def page(self, opened: Opened, original: Path, number: int) -> Page:
        """Return what is written on a page. Raises PageNotDrawn."""
        return self.renderers.page(original, opened.reading.blob, number=number)

    def picture(self, opened: Opened, *, number: int, width: int) -> bytes:
        """Return a page as a picture. Raises NotThere and PageNotDrawn."""
        original = self.drawable(opened)
        if original is None:
            raise NotThere
        return self.renderers.picture(original, opened.reading.blob, number=number, width=width)

    def original(self, opened: Opened) -> Path | None:
        """Return the file that was added, when it is there and the reader may read all that it holds."""
        path = self._blobs.path(opened.reading.blob)
        return path if self._catalog.holds_only(opened.reading, scope=opened.scope) and path.is_file() else None

    def answers(self, opened: Opened, *, reader: Principal, today: date) -> list[CitedAnswer]:
        """Return the reader's own answers that cite any readable version of the document, newest first.

        An answer whose marking is not known, or may not be read any more, is left out."""
        versions = [one.version.id for one in opened.readings]
        found = [_answer(record, versions) for record in self._cited.answers(versions, asker=reader.name)]
        return [one for one in found if one and may_read(reader, one.marking, today)]

    def _scope(self, reader: Principal) -> Scope:
        # As a question is asked: of the corpora whose own marking may be read (assistant.scoping).
        today = date.today()
        corpora = [one.name for one in self._catalog.corpora() if may_read(reader, one.marking, today)]
        return scope_for(reader, markings=self._catalog.markings(), corpora=corpora, on_date=today)


def rectangles(page: Page, passages: Sequence[Passage], *, start: int, end: int) -> list[Rectangle]:
    """Return where on a page the quote stands, [] when that is not certain. `passages`: those of that page."""
    found: list[Rectangle] = []
    for at, passage in enumerate(passages):
        first, last = max(start - passage.start, 0), min(end - passage.start, len(passage.text))
        if first >= last:
            continue
        before = " ".join([*(one.text for one in passages[max(0, at - 3) : at]), passage.text[:first]])
        after = " ".join([passage.text[last:], *(one.text for one in passages[at + 1 : at + 4])])
        places = locate(page, passage.text[first:last], before=before, after=after)
        if not places:
            return []
        found += places
    return found


def shared_marking(markings: Sequence[Marking]) -> Marking | None:
    """Return the high-water mark, or None where two policies meet."""
    try:
        return high_water_mark(markings)
    except ValueError:
        return None


def _in_force(readings: Sequence[Reading], on: date) -> Reading:
    """Return the current version if it holds on a day, else the newest that did, else the first."""

    def holds(reading: Reading) -> bool:
        version = reading.version
        begun = version.valid_from is None or version.valid_from <= on
        return begun and (version.valid_until is None or on < version.valid_until)

    return next(filter(holds, readings), readings[0])


def _answer(record: Record, versions: Sequence[str]) -> CitedAnswer | None:
    body: dict[str, Any] = dict(record.body)
    told = body.get("marking")
    if not told:
        return None
    sets = (frozenset(told[name]) for name in ("releasable_to", "categories", "need_to_know"))
    places = tuple(
        (one["version_id"], one["start"], one["end"], one["page"])
        for one in body["citations"]
        if one["version_id"] in versions
    )
    return CitedAnswer(body["question"], record.at, body["text"], Marking(told["policy"], told["level"], *sets), places)
