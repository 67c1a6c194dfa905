"""Write blocks down as one text and remember where each of them stands.

For formats that have no text of their own to point into (PDF, Word, HTML ...). Knows nothing of any of them."""

import re
from collections.abc import Mapping, Sequence

from retrieval.loading.loaded import Kind, Loaded, NotLoaded, Span

# Six times War and Peace. A page or style that is used over and over can make a small file say endlessly much.
MAX_CHARACTERS = 20_000_000
# Titles and fields are shown in lists.
MAX_TITLE_CHARACTERS = 300
_MAX_FIELD_CHARACTERS = 1_000

_NEWLINE = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters and lone surrogates: databases and UTF-8 refuse them, and nobody sees them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Composer:
    """Collects the blocks of one document, in reading order."""

    def __init__(self, name: str) -> None:
        """`name` is what the document's owner calls it."""
        self._name = name
        self._parts: list[str] = []
        self._spans: list[Span] = []
        self._length = 0

    @property
    def blocks(self) -> int:
        """How many blocks there are so far."""
        return len(self._spans)

    def add(self, text: str, kind: Kind = Kind.PARAGRAPH, *, page: int | None = None, level: int = 0) -> None:
        """Write down a block, a blank line after the one before. A block without characters is left out."""
        text = writable(text).strip()
        if not text:
            return
        start = self._length + (2 if self._parts else 0)
        end = start + len(text)
        if end > MAX_CHARACTERS:
            raise NotLoaded(f"{self._name} holds more than {MAX_CHARACTERS:,} characters; split it and add the parts.")
        self._parts.append(text)
        self._spans.append(Span(start, end, kind, page=page, level=level))
        self._length = end

    def drop_last(self) -> None:
        """Take back the last block: a heading that turned out to stand above nothing."""
        span = self._spans.pop()
        self._parts.pop()
        self._length = span.start - (2 if self._parts else 0)

    def loaded(
        self, *, title: str = "", metadata: Mapping[str, str] | None = None, warnings: Sequence[str] = ()
    ) -> Loaded:
        """Close the document. Raises NotLoaded if nothing was written down."""
        if not self._spans:
            raise NotLoaded(f"{self._name} holds no text; check that it is the right file.")
        fields = {
            key: line for key, value in (metadata or {}).items() if (line := one_line(value)[:_MAX_FIELD_CHARACTERS])
        }
        title = one_line(title)[:MAX_TITLE_CHARACTERS]
        return Loaded("\n\n".join(self._parts), tuple(self._spans), title, fields, tuple(warnings))


def tell(fields: dict[str, str], key: str, value: str) -> None:
    """Add what a document says of itself. What it says twice is told with both values: neither may be passed over,
    since it may be the marking."""
    key, value = one_line(key), one_line(value)
    before = fields.get(key, "")
    if key and value and value != before:
        fields[key] = f"{before}; {value}" if before else value


def writable(text: str) -> str:
    """Universal newlines, plain spaces, no soft hyphens (both would keep a word from being found), and U+FFFD for what
    cannot be stored."""
    return _UNWRITABLE.sub("\ufffd", _NEWLINE.sub("\n", text).replace("\xa0", " ").replace("\xad", ""))


def one_line(text: str) -> str:
    """As a title or a field: without line breaks and doubled blanks."""
    return " ".join(writable(text).split())
