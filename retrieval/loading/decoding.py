"""Turn bytes into characters: the encoding they declare, else UTF-8, else the one they look like.

Refuses to repair a text. What no encoding explains becomes U+FFFD and is said."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from retrieval.identifying import byte_order_mark, utf16_without_mark
from retrieval.loading.loaded import NotLoaded

# The guess needs to see some sentences, not a whole book.
_SAMPLE_BYTES = 256 * 1024

# What Dutch, English, French and German texts use beyond ASCII in Windows-1252: Latin-1, its quotes and dashes.
# charset-normalizer 3.5 takes a sentence in them for mac_latin2, cp775 or mac_turkish more often than not (3 of 5
# tried), and Windows-1252 is what these languages are written in when it is not UTF-8.
_WESTERN = frozenset(map(chr, range(0xA0, 0x100))) | frozenset(
    "\u0152\u0153\u0178\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u20ac\u2122"
)
# Measured over 490 Dutch laws and treaties: 0.4 % of the letters on average, below 7 % in all but one (a table of
# signs). In Cyrillic or Greek read as Windows-1252 nearly all letters are beyond ASCII.
_WESTERN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters with '\\n' newlines and without byte order mark."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(name: str, content: bytes, *, declared: str | None = None) -> Decoded:
    """Decode the bytes of the file called `name`; `declared` is what its format says of itself and is believed
    unless the bytes contradict it. Raises NotLoaded for bytes that are no characters."""
    encoding, warnings = _encoding(name, content, declared)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
        broken = text.count("\ufffd")
        warnings = (*warnings, f"{name} holds {broken} characters that are not valid {encoding}; save it as UTF-8.")
    if "\0" in text:
        raise NotLoaded(f"{name} holds bytes that are not text; save it as plain text in UTF-8 and add it again.")
    # The universal newlines of `open(path, newline=None)`.
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), warnings)


def _encoding(name: str, content: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    if marked := byte_order_mark(content):
        return marked, ()
    if declared and declared.lower().startswith("iso-2022") and b"\x1b" in content and _decodes(content, declared):
        return declared, ()  # Japanese and Korean mail in disguise: seven bits that are valid UTF-8 too.
    if _decodes(content, "utf-8"):
        return utf16_without_mark(content) or "utf-8-sig", ()
    if declared and _known(declared) and _decodes(content, declared):
        return declared, ()
    if sixteen := utf16_without_mark(content):
        return sixteen, ()
    if _is_nearly_utf8(content):
        return "utf-8-sig", ()
    sample = content[:_SAMPLE_BYTES]
    guess = "cp1252"
    if not _is_western(sample):
        best = from_bytes(sample).best()
        if best is None:
            raise NotLoaded(f"{name} is in an encoding that is not recognised; save it as UTF-8 and add it again.")
        guess = best.encoding
    return guess, (f"{name} does not say how its characters are encoded; it was read as {guess}.",)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _known(encoding: str) -> bool:
    # Python also has codecs that turn bytes into bytes ('zlib') or do something else than reading characters ('idna').
    try:
        return codecs.lookup(encoding).name not in ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7")
    except (LookupError, ValueError):
        return False


def _is_nearly_utf8(content: bytes) -> bool:
    """Whether a few stray bytes stand in what is otherwise UTF-8 with characters beyond ASCII."""
    text = content.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= character <= "\udcff" for character in text)
    valid = sum(character > "\x7f" for character in text) - stray
    return valid > 3 * stray


def _is_western(sample: bytes) -> bool:
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [character for character in text if character > "\x7f"]
    letters = sum(character.isalpha() for character in text)
    return all(character in _WESTERN for character in beyond) and len(beyond) <= max(3, letters * _WESTERN_SHARE)
