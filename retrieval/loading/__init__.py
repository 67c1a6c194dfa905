"""From a file to its text: load one document, or the records of a file of records.

    identify → Loaded (text, spans, title, warnings) | NotLoaded (one sentence: what is wrong and what to do)

The file of each format is named for it. None of them follows a link, runs anything or opens another file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

from retrieval.identifying import HEAD_BYTES, MAX_FILE_BYTES, NATURES, Format, identify, misnamed
from retrieval.loading.loaded import Kind, Loaded, NotLoaded, Span
from retrieval.loading.records import BadRecord, Record, records

__all__ = ["BadRecord", "Kind", "Loaded", "NotLoaded", "Record", "Span", "load", "records"]


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
    if found is Format.BEIR:
        raise NotLoaded(f"{truth}; add it as records, each of which becomes a document.")
    if size > MAX_FILE_BYTES:
        raise NotLoaded(f"{name} is larger than {MAX_FILE_BYTES // 2**20} MiB; split it and add the parts.")
    loaded = _loader(found)(name, content)
    if not misnamed(name, found):
        return loaded
    warning = f"{truth} and was read as one; rename it to {PurePath(name).stem}{nature.suffixes[0]}."
    return replace(loaded, warnings=(warning, *loaded.warnings))


def _loader(found: Format) -> Callable[[str, bytes], Loaded]:
    # Imported when they are needed: the libraries below take a quarter of a second to import, and most of what
    # imports this package only wants to know what a Loaded is.
    match found:
        case Format.MARKDOWN:
            from retrieval.loading.markdown import load_markdown

            return load_markdown
        case Format.TEXT:
            from retrieval.loading.plain import load_text

            return load_text
        case Format.CSV:
            from retrieval.loading.plain import load_csv

            return load_csv
        case Format.HTML:
            from retrieval.loading.html import load_html

            return load_html
        case Format.PDF:
            from retrieval.loading.pdf import load_pdf

            return load_pdf
        case Format.DOCX:
            from retrieval.loading.word import load_word

            return load_word
        case Format.XLSX:
            from retrieval.loading.sheet import load_sheet

            return load_sheet
        case Format.IMAGE:
            from retrieval.loading.picture import load_picture

            return load_picture
        case Format.EML:
            from retrieval.loading.mail import load_mail

            return load_mail
        case _:
            raise AssertionError(f"{found} has no remedy in NATURES and no loader here.")
