"""Send a file to those who know its format, and its text to those who know how texts deceive.

Refuses to fail: what cannot be looked at is flagged as such, because a file that breaks its screening is one to see."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from retrieval.identifying import Format, identify
from retrieval.loading.decoding import decode
from retrieval.loading.loaded import Loaded, NotLoaded, Span
from retrieval.loading.unpacking import DAMAGED
from retrieval.screening.addressing import addresses_model
from retrieval.screening.characters import strange_characters
from retrieval.screening.flags import Flag, Kind, Place, Severity, flag, shortened
from retrieval.screening.packages import Parts, TooMuch
from retrieval.screening.programs import is_program

SCREENING_VERSION = "1"
"""Flags that other rules made may differ; a corpus can be screened again."""

_PACKAGES = frozenset(
    {
        Format.DOCX,
        Format.XLSX,
        Format.PPTX,
        Format.ODT,
        Format.ODS,
        Format.ODP,
        Format.BINARY_WORKBOOK,
        Format.EPUB,
    }
)
_OLE = frozenset({Format.OLD_OFFICE, Format.MSG, Format.ENCRYPTED_OFFICE})
# A message within a message within a message.
_DEEPEST = 3


def screen(name: str, content: bytes, loaded: Loaded | None) -> tuple[Flag, ...]:
    """Return what there is to know of the file called `name`, the gravest first.

    `loaded` is its text as it will be indexed, None for a file that yields none. Never raises for what a file holds."""
    flags = list(_within(name, content, 0))
    if loaded is not None:
        flags += _in_text(loaded)
    return tuple(shortened(flags))


def screen_text(loaded: Loaded) -> tuple[Flag, ...]:
    """Return what there is to know of a text that has no file of its own, as a record has not."""
    return tuple(shortened(_in_text(loaded)))


def _in_text(loaded: Loaded) -> list[Flag]:
    found = [*strange_characters(loaded.text), *addresses_model(loaded.text)]
    return [replace(one, place=_on_page(one.place, loaded.spans)) for one in found]


def _within(name: str, content: bytes, depth: int) -> Iterator[Flag]:
    kind = identify(name, content)
    try:
        yield from _of_format(kind, name, content, depth)
    except NotLoaded as error:
        protected = "password" in error.reason or "encrypted" in error.reason
        yield flag(Kind.PROTECTED, Severity.WARN, Place(), error.reason) if protected else _broken(error.reason)
    except (TooMuch, *DAMAGED, ValueError, LookupError) as error:
        yield _broken(f"{type(error).__name__}: {error}")


def _of_format(kind: Format, name: str, content: bytes, depth: int) -> Iterator[Flag]:
    # Imported when they are needed, as the loaders are.
    if kind is Format.PDF:
        from retrieval.screening.pdf import screen_pdf

        yield from screen_pdf(content)
    elif kind in _PACKAGES:
        from retrieval.screening.hidden_office import hidden_text
        from retrieval.screening.office import active_parts

        archive = Parts(content)
        yield from active_parts(archive)
        yield from hidden_text(archive)
        yield from _pages_within(archive)
    elif kind in _OLE:
        from retrieval.screening.office import active_streams

        yield from active_streams(content, name)
    elif kind is Format.RTF:
        from retrieval.screening.office import active_rich_text

        yield from active_rich_text(content, name)
    elif kind is Format.HTML:
        from retrieval.screening.web import hidden_on_page

        yield from hidden_on_page(decode(name, content).text)
    elif kind is Format.EML:
        yield from _in_mail(content, depth)
    elif kind is Format.ZIP:
        yield from _in_archive(content)
    elif is_program(content, name):
        yield flag(Kind.EXECUTABLE, Severity.HOLD, Place(), name)


def _pages_within(archive: Parts) -> Iterator[Flag]:
    """The pages of an e-book, and what a Word document takes in as a page."""
    from retrieval.screening.web import hidden_on_page

    for name in archive.names:
        if name.lower().endswith((".html", ".htm", ".xhtml")):
            yield from hidden_on_page(decode(name, archive.read(name)).text, part=name)


def _in_mail(content: bytes, depth: int) -> Iterator[Flag]:
    from retrieval.screening.mail import attachments

    if depth >= _DEEPEST:
        return
    for name, payload in attachments(content):
        if is_program(payload, name):
            yield flag(Kind.EXECUTABLE, Severity.HOLD, Place(part=name), name)
            continue
        for one in _within(name, payload, depth + 1):
            part = " / ".join(filter(None, (name, one.place.part)))
            yield replace(one, place=replace(one.place, part=part))


def _in_archive(content: bytes) -> Iterator[Flag]:
    """Names only: the files in an archive are screened when they are added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.flag_bits & 0x1:
                yield flag(Kind.PROTECTED, Severity.WARN, Place(part=member.filename), member.filename)
            if is_program(b"", member.filename):
                yield flag(Kind.EXECUTABLE, Severity.HOLD, Place(part=member.filename), member.filename)


def _broken(reason: str) -> Flag:
    return flag(Kind.PROTECTED, Severity.NOTE, Place(), reason)


def _on_page(place: Place, spans: tuple[Span, ...]) -> Place:
    if place.start is None:
        return place
    page = next((span.page for span in spans if span.start <= place.start < span.end), None)
    return replace(place, page=page)
