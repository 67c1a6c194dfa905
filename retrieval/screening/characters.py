"""Find characters that make a text say something else than a reader sees, and undo them for who must know what it says.

Knows Unicode. Refuses to change a text that is stored: what it undoes is only looked at."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.screening.flags import Flag, Kind, Place, Severity, flag

_TAGS = re.compile(r"[\U000e0000-\U000e007f]+")
# Flags of England, Scotland and Wales: a black flag, a region in tags, and a cancel tag (UTS #51, ED-14a).
_FLAG = re.compile(r"\U0001f3f4[\U000e0061-\U000e007a]{3,6}\U000e007f")
_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_OVERRIDES = frozenset("\u202d\u202e")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
# A joiner stands rightly in Arabic, Indic and Persian words and in pictures of people; between Latin letters it hides.
_WITHIN_WORD = re.compile(
    r"(?<=[A-Za-z\u00c0-\u024f])[\u180e\u200b-\u200f\u2060-\u2064\ufeff]+(?=[A-Za-z\u00c0-\u024f])"
)
# A word broken for the eye ('inter\u200bnational', addresses) holds one or two; a word in disguise one per letter.
_FEW_WITHIN_WORDS = 2

# The letters of Cyrillic and Greek that are drawn as ours (Unicode confusables, UTS #39).
_LOOKALIKES = dict(
    zip(
        "асеорхуіјѕԁһӏԛԝвкмнтАВСЕНІЈКМОРЅТХУԌ" + "αοικνρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aceopxyijsdhlqwbkmhtABCEHIJKMOPSTXYG" + "aoiknptuxABEZHIKMNOPTYX",
        strict=True,
    )
)
# Not those that sciences write beside our letters: TNFα, NFκB, χ2, Tτ.
_ALIKE = "".join(one for one in _LOOKALIKES if one not in "αικτχ")
_MIXED = re.compile(rf"\b(?=\w*[a-zA-Z])(?=\w*[{_ALIKE}])[a-zA-Z{_ALIKE}]{{4,}}\b")
# 'kΩ', 'μm', 'Δt': a unit or symbol has few letters; a word that is disguised keeps most of its own.
_LATIN = re.compile(r"[a-zA-Z]")

_UNDONE = {ord(theirs): ours for theirs, ours in _LOOKALIKES.items()}
_UNDONE |= {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
_UNDONE |= {0xFF00 + code - 0x20: chr(code) for code in range(0x21, 0x7F)}
_UNDONE |= dict.fromkeys((0xA0, 0x2007, 0x202F, 0x3000), " ")
_REMOVED = re.compile(f"[{_INVISIBLE}\u202a-\u202e\u2066-\u2069\U000e0001\U000e007f]+")


def strange_characters(text: str) -> Iterator[Flag]:
    """Flag tag characters, bidirectional controls, zero-width characters in words and look-alike letters.

    The place is an offset in the text."""
    if text.isascii():
        return
    bare = _FLAG.sub(lambda found: "x" * len(found[0]), text)
    for found in _TAGS.finditer(bare):
        yield flag(Kind.TAG_CHARACTERS, Severity.HOLD, _at(found), found[0].translate(_UNDONE))
    for found in _DIRECTIONS.finditer(text):
        yield _direction(text, found)
    zero = list(_WITHIN_WORD.finditer(text))
    severity = Severity.WARN if len(zero) > _FEW_WITHIN_WORDS else Severity.NOTE
    for found in zero:
        yield flag(Kind.ZERO_WIDTH, severity, _at(found), _around(text, found))
    for found in _MIXED.finditer(text):
        if len(_LATIN.findall(found[0])) >= 2:
            yield flag(Kind.LOOKALIKES, Severity.WARN, _at(found), _around(text, found))


def _direction(text: str, found: re.Match[str]) -> Flag:
    # A text with Arabic or Hebrew in it embeds directions rightly; an override is rare even there.
    near = text[max(0, found.start() - 100) : found.end() + 100]
    expected = bool(_RIGHT_TO_LEFT.search(near)) and found[0] not in _OVERRIDES
    severity = Severity.NOTE if expected else Severity.WARN
    return flag(Kind.BIDIRECTIONAL, severity, _at(found), _around(text, found))


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 30) : found.end() + 30]


def _at(found: re.Match[str]) -> Place:
    return Place(start=found.start(), end=found.end())


@dataclass(frozen=True, slots=True)
class Undisguised:
    """A text as a model may read it: without what cannot be seen and in our letters."""

    text: str
    _starts: tuple[int, ...]
    """Offsets here from which on more was left out before, in order."""
    _before: tuple[int, ...]
    """How much, for each of them."""

    def original(self, offset: int) -> int:
        """Return where an offset of this text stands in the text that it was made from."""
        index = bisect_right(self._starts, offset) - 1
        return offset + (self._before[index] if index >= 0 else 0)


def undisguised(text: str) -> Undisguised:
    """Return a text in the letters that it shows, without invisible characters; tag characters as what they spell."""
    if text.isascii():
        return Undisguised(text, (), ())
    text = "".join(_simplified(part) for part in re.split(r"([^\x00-\u024f]+)", text)).translate(_UNDONE)
    starts, before, removed = [], [], 0
    for found in _REMOVED.finditer(text):
        starts.append(found.start() - removed)
        removed += len(found[0])
        before.append(removed)
    return Undisguised(_REMOVED.sub("", text), tuple(starts), tuple(before))


def _simplified(part: str) -> str:
    """Mathematical and circled letters as plain ones, where that leaves the length."""
    if not part or part[0] <= "\u024f":
        return part
    return "".join(
        plain if len(plain := unicodedata.normalize("NFKC", one)) == 1 and plain.isascii() else one for one in part
    )
