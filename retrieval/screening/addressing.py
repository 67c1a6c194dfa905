"""Find text that addresses a language model: to replace its instructions, to give it a part, to order its answer.

Rules in English and Dutch, each with a weight: a grave one is enough, of the light ones two different ones must stand
near each other. Refuses to judge what a text asks for ('what is the capital of Brazil?' is a question like any other),
so an attack without such a phrase is not found; what the assistant does with documents must not depend on this."""

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from retrieval.screening.addressing_rules import RULES, Rule
from retrieval.screening.characters import undisguised
from retrieval.screening.flags import Flag, Kind, Place, Severity, flag

_NEAR_CHARACTERS = 400
"""Two light rules within this distance are one grave finding."""


# A rule is tried only on stretches of this length that hold a word it needs.
_STRETCH_CHARACTERS = 2000
_OVERLAP_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class _Match:
    rule: Rule
    start: int
    end: int


def addresses_model(text: str, *, place: Place | None = None) -> Iterator[Flag]:
    """Flag what addresses a model, each stretch once: HOLD for a grave rule or two different light ones nearby,
    WARN for a light one. The place is an offset in `text`, or `place` if that is given."""
    plain = undisguised(text)
    matches = list(_matches(plain.text))
    matches += _encoded(plain.text)
    for group in _stretches(sorted(matches, key=lambda one: (one.start, one.end))):
        names = {one.rule.name for one in group}
        grave = any(one.rule.grave for one in group) or len(names) > 1
        start, end = plain.original(group[0].start), plain.original(max(one.end for one in group) - 1) + 1
        severity = Severity.HOLD if grave else Severity.WARN
        yield flag(Kind.ADDRESSES_MODEL, severity, place or Place(start=start, end=end), text[max(0, start - 20) : end])


# A line of base64, or a phrase in hexadecimal or binary digits: at least thirty letters' worth.
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{40,4000}={0,2}(?![\w+/])")
_DIGITS = {16: re.compile(r"(?:[0-9a-fA-F]{2}\s?){30,2000}"), 2: re.compile(r"(?:[01]{8}\s){29,2000}[01]{8}")}


def _encoded(text: str) -> Iterator[_Match]:
    """What addresses a model once it is decoded."""
    for found in _BASE64.finditer(text):
        with suppress(ValueError):
            yield from _decoded(found, base64.b64decode(found[0] + "=" * (-len(found[0]) % 4)))
    for radix, digits in _DIGITS.items():
        width = 2 if radix == 16 else 8
        for found in digits.finditer(text):
            numerals = "".join(found[0].split())
            steps = range(0, len(numerals) - width + 1, width)
            yield from _decoded(found, bytes(int(numerals[at : at + width], radix) for at in steps))


def _decoded(found: re.Match[str], content: bytes) -> Iterator[_Match]:
    text = content.decode("latin-1")
    rule = next((rule for rule in RULES if rule.pattern.search(text)), None) if text.isprintable() else None
    if rule is not None:
        yield _Match(replace(rule, grave=True), found.start(), found.end())


def _matches(text: str) -> Iterator[_Match]:
    for at in range(0, max(1, len(text) - _OVERLAP_CHARACTERS), _STRETCH_CHARACTERS):
        end = at + _STRETCH_CHARACTERS + _OVERLAP_CHARACTERS
        small = text[at:end].lower()
        for rule in RULES:
            if any(word in small for word in rule.needs):
                yield from (_Match(rule, one.start(), one.end()) for one in rule.pattern.finditer(text, at, end))


def unseen(text: str, place: Place, *, severity: Severity = Severity.WARN) -> Iterator[Flag]:
    """Flag text that a reader does not see, and what in it addresses a model."""
    if text.strip():
        yield flag(Kind.HIDDEN_TEXT, severity, place, text)
        yield from addresses_model(text, place=place)


def _stretches(matches: list[_Match]) -> Iterator[list[_Match]]:
    group: list[_Match] = []
    for match in matches:
        if group and match.start - group[-1].end > _NEAR_CHARACTERS:
            yield group
            group = []
        group.append(match)
    if group:
        yield group
