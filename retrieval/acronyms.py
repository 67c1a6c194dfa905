"""Find what acronyms stand for where documents say so: 'operation order (OPORD)', 'OPORD (operation order)'.

Schwartz & Hearst 2003, "A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text". Reads what it
is given: an expansion is never wider than what the asker may read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ACRONYM = r"[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|[A-Z]\d+"
_SHORT = re.compile(rf"(?<![\w-])(?:{_ACRONYM})(?![\w-])")
_LONG_FIRST = re.compile(rf"(?P<before>[^().;:\n]{{4,120}}?)\s*\((?P<short>{_ACRONYM})\)")
_SHORT_FIRST = re.compile(rf"(?<![\w-])(?P<short>{_ACRONYM})\s*\((?P<long>[^()\n]{{4,90}})\)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORTEST, _LONGEST = 2, 10


@dataclass(frozen=True, slots=True)
class Definition:
    short: str
    long: str


def acronyms(text: str) -> list[str]:
    """Return the acronyms of a text: OPORD, C2, HHBn. A text in capitals has none."""
    if text.isupper():
        return []
    return [
        short for short in dict.fromkeys(map(_singular, _SHORT.findall(text))) if _SHORTEST <= len(short) <= _LONGEST
    ]


def definitions(texts: Iterable[str]) -> Iterator[Definition]:
    """Yield what texts say that acronyms stand for, in their order."""
    for text in texts:
        for match in _LONG_FIRST.finditer(text):
            short = _singular(match["short"])
            if long := _long_form(short, match["before"]):
                yield Definition(short, long)
        for match in _SHORT_FIRST.finditer(text):
            short, long = _singular(match["short"]), match["long"].strip()
            if _long_form(short, long) == long:
                yield Definition(short, long)


def expansions(query: str, texts: Iterable[str], *, limit: int = 3) -> list[str]:
    """Return the other forms of what a query names: long forms of its acronyms, acronyms of its long forms."""
    short, plain = set(acronyms(query)), f" {' '.join(_words(query))} "
    found: dict[str, None] = {}
    for one in definitions(texts):
        long = " ".join(_words(one.long))
        if one.short in short and f" {long} " not in plain:
            found[one.long] = None
        elif " " in long and f" {long} " in plain and one.short not in short:
            found[one.short] = None
    return list(found)[:limit]


def _long_form(short: str, before: str) -> str:
    """Return the last words of a text that an acronym can stand for; '' when there are none.

    Each letter of the acronym stands in them, from the last to the first, and the first one begins a word."""
    letters = [letter for letter in short.lower() if letter.isalnum()]
    words = list(_WORD.finditer(before))
    # As many words as Schwartz & Hearst look back.
    words = words[-min(len(letters) + 5, 2 * len(letters)) :]
    if not words:
        return ""
    text, at = before.lower(), words[-1].end() - 1
    for number in range(len(letters) - 1, -1, -1):
        while at >= words[0].start() and (text[at] != letters[number] or (number == 0 and _inside_word(text, at))):
            at -= 1
        if at < words[0].start():
            return ""
        at -= 1
    long = before[at + 1 : words[-1].end()]
    return long if len(long) > len(short) and short.lower() not in long.lower().split() else ""


def _singular(short: str) -> str:
    """Return SOP for SOPs."""
    return short[:-1] if len(short) > _SHORTEST and short[-1] == "s" and short[-2].isupper() else short


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isalnum()


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
