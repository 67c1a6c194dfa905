"""Write a PDF document down as text: pages in order, paragraphs within a page, broken words made whole.

Knows nothing of PDFium, which `pdf_pages` asks, nor of recognition (OCR), which `pdf_scans` asks for pages whose text
is only drawn. Refuses to guess at fonts that do not say which characters they show; what was not read is said."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from retrieval.loading.composing import MAX_TITLE_CHARACTERS, Composer, one_line, tell
from retrieval.loading.furniture import running_lines
from retrieval.loading.hyphens import known_words, mend
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.paragraphs import Line, paragraphs
from retrieval.loading.pdf_pages import PdfFile, read_pages
from retrieval.loading.pdf_scans import Scans
from retrieval.loading.pdf_tables import Table, tables_and_lines
from retrieval.loading.pdf_text import UNMAPPED, PageLines
from retrieval.loading.scanned import REMEDY, confidences, page_ranges

# A heading is set larger than the body and is short; a page set in large type throughout has none.
_HEADING_SIZE = 1.15
_HEADING_CHARACTERS = 160
_HEADING_LINES = 3
_HEADINGS_SHARE = 0.15

# Titles that a program left behind: 'Microsoft Word - letter_v3.doc', 'RO_PUBL_030_A4'.
_TITLE_OF_PROGRAM = re.compile(
    r"Microsoft \w+ - |.*\.(docx?|pdf|pptx?|xlsx?|indd|cdr|qxd|tmp)$|\S*_\S*$|\(?(untitled|anonymous|unspecified)\)?$",
    re.IGNORECASE,
)
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def load_pdf(name: str, content: bytes) -> Loaded:
    """Read the bytes of the PDF file called `name`. Raises NotLoaded."""
    file = read_pages(name, content)
    composer = Composer(name)
    scans = Scans(content, file.pages)
    pages = [page for page in file.pages if page.number not in scans.without_layer]
    _refuse_if_empty(name, file, scans)
    running = running_lines([page.lines for page in pages])
    texts = [_without(page.lines, left_out) for page, left_out in zip(pages, running, strict=True)]
    known = known_words([*(line.text for lines in texts for line in lines), *scans.lines()])
    levels = _Headings(file, pages)
    title = ""
    lines_of = {page.number: lines for page, lines in zip(pages, texts, strict=True)}
    for page in file.pages:
        for paragraph in scans.paragraphs(page.number):
            composer.add(mend(paragraph, known), page=page.number)
        for part in tables_and_lines(lines_of.get(page.number, [])):
            if isinstance(part, Table):
                composer.add(mend(part.text, known), Kind.TABLE, page=page.number)
                continue
            for group in paragraphs(part):
                text = "\n".join(mend(line.text, known) for line in group)
                level = levels.level(page, group)
                if level:
                    text = one_line(text)
                    title = title or (text if page is file.pages[0] else "")
                composer.add(text, Kind.HEADING if level else Kind.PARAGRAPH, page=page.number, level=level)
        composer.add("\n".join(f"{key}: {one_line(value)}" for key, value in page.fields), Kind.TABLE, page=page.number)
    return composer.loaded(
        title=_title(file.properties.get("Title", "")) or title,
        # Markings and titles often stand in the running lines, so they are kept, once.
        metadata={
            **_metadata(file.properties, file.stated),
            **_running(pages, running),
            **_labels(file.labels),
            **confidences(scans.pages),
        },
        warnings=list(_warnings(name, file, scans)),
    )


def _without(lines: Sequence[Line], left_out: frozenset[int]) -> list[Line]:
    kept = [line for position, line in enumerate(lines) if position not in left_out]
    return kept or list(lines)


def _running(pages: Sequence[PageLines], running: Sequence[frozenset[int]]) -> dict[str, str]:
    told = [
        one_line(page.lines[position].text)
        for page, positions in zip(pages, running, strict=True)
        for position in sorted(positions)
        if len(positions) < len(page.lines)
    ]
    return {"running lines": "\n".join(dict.fromkeys(told))} if told else {}


def _refuse_if_empty(name: str, file: PdfFile, scans: Scans) -> None:
    if any(page.lines or page.fields for page in file.pages if page.number not in scans.without_layer):
        return
    if any(scans.paragraphs(page.number) for page in file.pages):
        return
    if not file.pages or all(page.failed for page in file.pages):
        raise NotLoaded(f"{name} is damaged, none of its pages can be read; ask for a whole copy and add that.")
    if scans.impossible:
        what = "text in fonts that do not say which characters they show" if scans.garbled else "only pictures of text"
        raise NotLoaded(f"{name} holds {what}; {REMEDY}.")
    if any(page.hidden for page in file.pages):
        raise NotLoaded(f"{name} holds only text that cannot be seen (white, tiny, off the page); it was not read.")
    if any(page.has_pictures for page in file.pages):
        raise NotLoaded(
            f"{name} holds only pictures, in which no text was recognised; check that it is the right file, or scan it "
            "more clearly."
        )
    raise NotLoaded(f"{name} holds no text on any page; check that it is the right file.")


class _Headings:
    """Which paragraphs are headings: those that the document's own table of contents names, else the large ones."""

    def __init__(self, file: PdfFile, pages: Iterable[PageLines]) -> None:
        self._bookmarks = {(entry.page, _letters(entry.title)): entry.level for entry in file.bookmarks}
        sizes: Counter[float] = Counter()
        for page in pages:
            for line in page.lines:
                sizes[_rounded(line.size)] += len(line.text)
        body = max(sizes, key=lambda size: sizes[size], default=0.0)
        large = sorted((size for size in sizes if size > body * _HEADING_SIZE), reverse=True)
        if sum(sizes[size] for size in large) > _HEADINGS_SHARE * sum(sizes.values()):
            large = []
        self._levels = {size: min(rank, 6) for rank, size in enumerate(large, start=1)}

    def level(self, page: PageLines, group: Sequence[Line]) -> int:
        """1-6 for a heading, 0 for a paragraph."""
        text = " ".join(line.text for line in group)
        if len(text) > _HEADING_CHARACTERS or len(group) > _HEADING_LINES:
            return 0
        letters = _letters(text)
        if named := self._bookmarks.get((page.number, letters)):
            return min(named, 6)
        is_phrase = len(letters) >= 3 and len(letters) > len(text) / 2 and not text.endswith((".", ",", ";"))
        sizes = {_rounded(line.size) for line in group}
        return self._levels.get(sizes.pop(), 0) if is_phrase and len(sizes) == 1 else 0


def _letters(text: str) -> str:
    """What two spellings of a heading share: '2.1 Doel' in the text is 'Doel' among the bookmarks."""
    return "".join(character for character in text.casefold() if character.isalpha())


def _rounded(size: float) -> float:
    return 0.0 if math.isnan(size) else round(size * 2) / 2


def _title(declared: str) -> str:
    title = one_line(declared)[:MAX_TITLE_CHARACTERS]
    return "" if _TITLE_OF_PROGRAM.match(title) else title


def _metadata(properties: dict[str, str], stated: dict[str, str]) -> dict[str, str]:
    fields = {
        key.lower(): properties[key] for key in ("Author", "Subject", "Keywords") if _title(properties.get(key, ""))
    }
    for key, label in (("CreationDate", "created"), ("ModDate", "modified")):
        if day := _DATE.match(properties.get(key, "")):
            fields[label] = "-".join(day.groups())
    for key, value in stated.items():
        tell(fields, key.casefold() if key.casefold() in fields else key, value)
    return fields


def _labels(labels: Sequence[str]) -> dict[str, str]:
    """What pages are called where that is not their number: '1: i, 2: ii, 3-40: 1-38'."""
    numbered = list(enumerate(labels, start=1))
    if all(label in ("", str(number)) for number, label in numbered):
        return {}
    # Labels that count up with the pages stand a fixed distance from them.
    runs = itertools.groupby(numbered, key=lambda one: one[0] - int(one[1]) if one[1].isdecimal() else one)
    return {"page labels": ", ".join(_written_run(list(run)) for _, run in runs)}


def _written_run(run: Sequence[tuple[int, str]]) -> str:
    (first, begins), (last, ends) = run[0], run[-1]
    return f"{first}: {begins}" if first == last else f"{first}-{last}: {begins}-{ends}"


def _warnings(name: str, file: PdfFile, scans: Scans) -> Iterator[str]:
    pages = file.pages
    if failed := [page.number for page in pages if page.failed]:
        yield f"{name} is damaged on {page_ranges(failed)}; not read."
    yield from scans.warnings(name)
    if recognised := [page.number for page in pages if page.recognised]:
        where = page_ranges(recognised)
        yield f"{name} has text under a scan on {where}, as OCR leaves it; it may hold reading errors."
    if hidden := [page.number for page in pages if page.hidden]:
        where = page_ranges(hidden)
        yield f"{name} holds text that cannot be seen on {where} (white, tiny, off the page); it was left out."
    if unmapped := sum(line.text.count(UNMAPPED) for page in pages for line in page.lines):
        yield f"{name} holds {unmapped} characters that its fonts do not name; they are written as {UNMAPPED}."
    if file.has_dynamic_form:
        yield f"{name} holds a dynamic form (XFA), which was not read; print it to a new .pdf and add that."
    if file.attachments:
        yield f"{name} has attachments ({', '.join(file.attachments)}); save them and add them as files."
    if annotations := sum(page.annotations for page in pages):
        yield f"{name} holds notes and marks on its pages ({annotations}); they were not read."
