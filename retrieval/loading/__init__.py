"""From a file to its text: load one document, or the records of a file of records.

    identify → Loaded (text, spans, title, warnings) | NotLoaded (one sentence: what is wrong and what to do)

The file of each format is named for it. None of them follows a link, runs anything or opens another file."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePath
from typing import cast

from retrieval.identifying import HEAD_BYTES, MAX_FILE_BYTES, NATURES, Format, identify, misnamed
from retrieval.loading.loaded import Kind, Loaded, NotLoaded, Span
from retrieval.loading.records import BadRecord, Record, are_records, records

__all__ = ["BadRecord", "Kind", "Loaded", "NotLoaded", "Record", "Span", "are_records", "load", "records"]

CONTAINERS = {
    Format.JSON: "add it to a corpus, where each of its records becomes a document",
    Format.ZIP: "add it to a corpus, where each file in it becomes a document",
    Format.MAILBOX: "add it to a corpus, where each of its messages becomes a document",
}
"""What is no document but holds them: `retrieval.sources` takes it apart."""

_LOADERS = {
    Format.MARKDOWN: "markdown:load_markdown",
    Format.TEXT: "plain:load_text",
    Format.CSV: "plain:load_csv",
    Format.HTML: "html:load_html",
    Format.PDF: "pdf:load_pdf",
    Format.DOCX: "word:load_word",
    Format.XLSX: "sheet:load_sheet",
    Format.PPTX: "slides:load_slides",
    Format.ODT: "open_document:load_open_document",
    Format.ODS: "open_document:load_open_document",
    Format.ODP: "open_document:load_open_document",
    Format.RTF: "rich_text:load_rich_text",
    Format.EPUB: "ebook:load_ebook",
    Format.XML: "xml:load_xml",
    Format.IMAGE: "picture:load_picture",
    Format.EML: "mail:load_mail",
    Format.MSG: "outlook:load_outlook",
    Format.OLD_OFFICE: "old_office:load_old_office",
    Format.PARQUET: "parquet:load_parquet",
}


def load(path: Path, *, name: str | None = None) -> Loaded:
    """Read one document. `name` is what its owner calls the file, when the path is not (a stored original).

    Raises NotLoaded, whose reason is one sentence for the owner; OSError if the file cannot be opened."""
    name = name or path.name
    size = path.stat().st_size
    with path.open("rb") as file:
        content = file.read(HEAD_BYTES if size > MAX_FILE_BYTES else MAX_FILE_BYTES)
    found = identify(name, content)
    nature = NATURES[found]
    truth = f"{name} is {'in truth ' if misnamed(name, found) else ''}{nature.what}"
    if nature.remedy:
        raise NotLoaded(f"{truth}; {nature.remedy}.")
    if found in CONTAINERS:
        raise NotLoaded(f"{truth}; {CONTAINERS[found]}.")
    if size > MAX_FILE_BYTES:
        raise NotLoaded(f"{name} is larger than {MAX_FILE_BYTES // 2**20} MiB; split it and add the parts.")
    loaded = _loader(found)(name, content)
    if not misnamed(name, found):
        return loaded
    warning = f"{truth} and was read as one; rename it to {PurePath(name).stem}{nature.suffixes[0]}."
    return replace(loaded, warnings=(warning, *loaded.warnings))


def _loader(found: Format) -> Callable[[str, bytes], Loaded]:
    # Imported when they are needed: the libraries take a quarter of a second to import, and most of what imports this
    # package only wants to know what a Loaded is.
    module, _, function = _LOADERS[found].partition(":")
    return cast("Callable[[str, bytes], Loaded]", getattr(import_module(f"{__name__}.{module}"), function))
