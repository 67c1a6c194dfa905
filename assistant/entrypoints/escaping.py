"""Write text from a document as Markdown that shows that text and nothing else, with stretches of it marked.

The reader of this Markdown is Chainlit's: react-markdown with GitHub's extensions, directives and a rule of its own
for alerts. Every character that could mean something is written as a numeric reference, which CommonMark (section
2.5) says never stands for structure. Knows nothing of documents or citations."""

import re
from collections.abc import Iterable
from itertools import groupby

# Some rules of that reader look at the finished text instead of its source, so a reference does not stop them: GitHub's
# automatic links (https://, www., name@host), Chainlit's alerts (:::note), and the trimming of lines. They only look
# within one stretch of text, so an emphasis around their mark breaks them. The style sheet shows it as nothing.
_BROKEN = re.compile(r"(?:@|:(?=[:/])|(?<=:):|(?<=www)\.|\n(?=[ \t])|(?<=[ \t])\n)+", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Chainlit draws its cursor at U+200B, and a byte order mark is cut off at the start. Neither shows anything itself.
_UNSEEN = frozenset("\u200b\ufeff")
_REPLACEMENT = "\ufffd"


def plain(text: str) -> str:
    """Return Markdown that shows this text, in one line, and gives it no effect."""
    return marked(text, ())


def marked(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """Return Markdown, in one line, that shows this text with the (start, end) ranges of its characters in bold.

    Line breaks and spaces are kept. Control characters and marks that reverse the direction of writing show as
    U+FFFD, because they could make a passage read as what it is not."""
    bold = _covered(ranges, len(text))
    characters = [
        (shown, is_bold)
        for character, is_bold in zip(_one_line_end_each(text), bold, strict=True)
        if (shown := _shown(character))
    ]
    broken = _positions_to_break("".join(shown for shown, _ in characters))
    written: list[str] = []
    in_bold = False
    numbered = ((is_bold, index in broken, shown) for index, (shown, is_bold) in enumerate(characters))
    for (is_bold, is_broken), group in groupby(numbered, key=lambda one: one[:2]):
        if is_bold != in_bold:
            written.append("**")
            in_bold = is_bold
        body = _written([shown for _, _, shown in group])
        written.append(f"_{body}_" if is_broken else body)
    return "".join(written) + ("**" if in_bold else "")


def _covered(ranges: Iterable[tuple[int, int]], length: int) -> list[bool]:
    covered = [False] * length
    for start, end in ranges:
        for index in range(max(start, 0), min(end, length)):
            covered[index] = True
    return covered


def _one_line_end_each(text: str) -> list[str]:
    """Return one entry for each character: a line end of two characters is '' and a line feed."""
    characters = list(text)
    for match in _LINE_ENDS.finditer(text):
        characters[match.start() : match.end()] = [""] * (len(match[0]) - 1) + ["\n"]
    return characters


def _shown(character: str) -> str:
    if character in _UNSEEN:
        return ""
    return _REPLACEMENT if character and _is_unshowable(ord(character)) else character


def _is_unshowable(code: int) -> bool:
    """Controls, surrogates and non-characters, which have no reference, and marks that reverse the writing."""
    return (
        (code < 0x20 and code not in (0x09, 0x0A))
        or 0x7F <= code < 0xA0
        or 0xD800 <= code < 0xE000
        or 0xFDD0 <= code < 0xFDF0
        or code & 0xFFFE == 0xFFFE
        or 0x202A <= code < 0x202F
        or 0x2066 <= code < 0x206A
    )


def _positions_to_break(text: str) -> set[int]:
    return {index for match in _BROKEN.finditer(text) for index in range(*match.span())}


def _written(characters: list[str]) -> str:
    """Write a stretch. Its first and last are references, so that a mark beside it stands beside punctuation.

    Between punctuation a mark can open and close whatever it stands between (CommonMark section 6.2)."""
    last = len(characters) - 1
    return "".join(
        one if 0 < index < last and _means_nothing(one) else f"&#{ord(one)};" for index, one in enumerate(characters)
    )


def _means_nothing(character: str) -> bool:
    return character.isalnum() or character == " " or ord(character) >= 0xA0
