"""Read plain text: the file's own characters, in paragraphs between blank lines.

Knows no markup. A table as plain text (CSV) is the same with its lines kept together."""

from retrieval.loading.decoding import decode
from retrieval.loading.loaded import Kind, Loaded, NotLoaded, Span

# A first line that stands alone and is no longer than this is taken for the title.
_TITLE_CHARACTERS = 100


def load_text(name: str, content: bytes) -> Loaded:
    """Read the bytes of the text file called `name`. Raises NotLoaded."""
    return _load(name, content, Kind.PARAGRAPH)


def load_csv(name: str, content: bytes) -> Loaded:
    """Read the bytes of the comma- or tab-separated file called `name`, as tables. Raises NotLoaded."""
    return _load(name, content, Kind.TABLE)


def _load(name: str, content: bytes, kind: Kind) -> Loaded:
    decoded = decode(name, content)
    spans = tuple(Span(start, end, kind) for start, end in blocks(decoded.text))
    if not spans:
        raise NotLoaded(f"{name} holds no text; check that it is the right file.")
    title = _title(decoded.text, spans) if kind is Kind.PARAGRAPH else ""
    return Loaded(decoded.text, spans, title, warnings=decoded.warnings)


def blocks(text: str) -> list[tuple[int, int]]:
    """Find the stretches between blank lines, without the white space around them."""
    found: list[tuple[int, int]] = []
    position, open_block = 0, False
    for line in text.split("\n"):
        if stripped := line.strip():
            start = position + line.index(stripped)
            end = start + len(stripped)
            found.append((found.pop()[0] if open_block else start, end))
        open_block = bool(stripped)
        position += len(line) + 1
    return found


def _title(text: str, spans: tuple[Span, ...]) -> str:
    first = text[spans[0].start : spans[0].end]
    alone = "\n" not in first and len(first) <= _TITLE_CHARACTERS and not first.endswith((".", ",", ";", ":"))
    return first if alone and len(spans) > 1 else ""
