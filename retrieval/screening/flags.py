"""What screening says of a file: what was found, where, how grave it is, and what that means in plain words.

Knows no file format. Refuses to act: a flag changes no text and admits or bars no document; the owner decides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

_EXCERPT_CHARACTERS = 160
# A workbook may hold a hidden cell in each of its rows; an owner reads a list.
MOST_OF_A_KIND = 20


class Kind(StrEnum):
    """What was found."""

    HIDDEN_TEXT = "hidden text"
    TAG_CHARACTERS = "tag characters"
    BIDIRECTIONAL = "bidirectional controls"
    ZERO_WIDTH = "zero-width characters"
    LOOKALIKES = "look-alike letters"
    ADDRESSES_MODEL = "addresses a model"
    MACRO = "macro"
    SCRIPT = "script"
    LAUNCH = "launch action"
    REMOTE = "remote reference"
    LINK = "link"
    EMBEDDED = "embedded file"
    EXECUTABLE = "executable"
    PROTECTED = "protected part"
    EARLIER_REVISION = "earlier revision"


class Severity(StrEnum):
    """How grave. In the order of their definition, the mildest first."""

    NOTE = "note"
    """Ordinary in documents; worth knowing."""
    WARN = "warn"
    """Unusual; worth a look."""
    HOLD = "hold"
    """Proposes quarantine until the owner has looked."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where: as much as the format can tell."""

    page: int | None = None
    """Page or slide, from 1."""
    part: str = ""
    """A sheet, a member of an archive, an attachment."""
    start: int | None = None
    """Offset in `Loaded.text`, in characters; with `end`."""
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """One finding."""

    kind: Kind
    severity: Severity
    place: Place
    excerpt: str
    """On one line, shortened; control characters are written as <U+202E>."""
    count: int = 1
    """How many there are of the kind; more than one when this flag stands for the others too."""

    def explanation(self, language: str = "nl") -> str:
        """Return what the finding means, in plain words, in 'nl' or 'en'. Raises KeyError for another language."""
        return _EXPLANATIONS[self.kind][language]


def as_fields(one: Flag) -> list[object]:
    """Return a flag as plain values, to be written to a pipe or a database."""
    place = one.place
    return [one.kind, one.severity, place.page, place.part, place.start, place.end, one.excerpt, one.count]


def from_fields(told: Sequence[object]) -> Flag:
    """Return the flag of `as_fields`. Raises ValueError or TypeError for anything else."""
    kind, severity, page, part, start, end, excerpt, count = told
    if not isinstance(count, int):
        raise TypeError(count)
    place = Place(_number(page), str(part), _number(start), _number(end))
    return Flag(Kind(str(kind)), Severity(str(severity)), place, str(excerpt), count)


def _number(told: object) -> int | None:
    if told is not None and not isinstance(told, int):
        raise TypeError(told)
    return told


def flag(kind: Kind, severity: Severity, place: Place, excerpt: str) -> Flag:
    """Make a flag whose excerpt is fit to be shown."""
    return Flag(kind, severity, place, shown(excerpt))


def shown(text: str) -> str:
    """Return text on one line, shortened, with what cannot be seen written out."""
    line = " ".join(text[: 4 * _EXCERPT_CHARACTERS].split())
    visible = "".join(one if one.isprintable() else f"<U+{ord(one):04X}>" for one in line)
    return visible if len(visible) <= _EXCERPT_CHARACTERS else visible[: _EXCERPT_CHARACTERS - 1] + "…"


def shortened(flags: Iterable[Flag]) -> Iterator[Flag]:
    """Yield the gravest first, at most MOST_OF_A_KIND of a kind and severity; the last of them counts what is left."""
    order = list(Severity)
    groups: dict[tuple[Severity, Kind], list[Flag]] = {}
    for one in flags:
        groups.setdefault((one.severity, one.kind), []).append(one)
    for _, group in sorted(groups.items(), key=lambda item: -order.index(item[0][0])):
        kept = list(dict.fromkeys(group))
        yield from kept[: MOST_OF_A_KIND - 1]
        if len(kept) >= MOST_OF_A_KIND:
            rest = kept[MOST_OF_A_KIND - 1 :]
            yield replace(rest[0], count=sum(one.count for one in rest))


_EXPLANATIONS: dict[Kind, dict[str, str]] = {
    Kind.HIDDEN_TEXT: {
        "nl": "Tekst die een lezer niet ziet (verborgen, wit, te klein of buiten de pagina).",
        "en": "Text that a reader does not see (hidden, white, too small or off the page).",
    },
    Kind.TAG_CHARACTERS: {
        "nl": "Onzichtbare Unicode-tagtekens; daarmee kan een tekst voor een taalmodel worden verstopt.",
        "en": "Invisible Unicode tag characters; with these a text for a language model can be hidden.",
    },
    Kind.BIDIRECTIONAL: {
        "nl": "Tekens die de leesrichting omkeren; wat er staat kan anders luiden dan wat een lezer ziet.",
        "en": "Characters that turn the direction of reading; what is written may differ from what a reader sees.",
    },
    Kind.ZERO_WIDTH: {
        "nl": "Tekens zonder breedte binnen woorden; die woorden worden bij zoeken niet gevonden.",
        "en": "Characters without width inside words; a search does not find those words.",
    },
    Kind.LOOKALIKES: {
        "nl": "Letters uit een ander schrift die op de onze lijken; een woord is niet wat het lijkt.",
        "en": "Letters of another script that look like ours; a word is not what it seems.",
    },
    Kind.ADDRESSES_MODEL: {
        "nl": "Tekst die zich tot een taalmodel richt, bijvoorbeeld om zijn instructies te vervangen.",
        "en": "Text that addresses a language model, for instance to replace its instructions.",
    },
    Kind.MACRO: {
        "nl": "Het bestand bevat een macro of besturingselement; het is niet uitgevoerd.",
        "en": "The file holds a macro or control; it was not run.",
    },
    Kind.SCRIPT: {
        "nl": "Het bestand bevat een script; het is niet uitgevoerd.",
        "en": "The file holds a script; it was not run.",
    },
    Kind.LAUNCH: {
        "nl": "Het bestand wil een programma of ander bestand starten, of gegevens versturen; dat is niet gedaan.",
        "en": "The file wants to start a program or another file, or to send data; that was not done.",
    },
    Kind.REMOTE: {
        "nl": "Het bestand haalt bij openen iets op van elders; dat is niet gedaan.",
        "en": "The file fetches something from elsewhere when it is opened; that was not done.",
    },
    Kind.LINK: {
        "nl": "Het bestand bevat koppelingen naar elders; ze zijn niet gevolgd.",
        "en": "The file holds links to elsewhere; they were not followed.",
    },
    Kind.EMBEDDED: {
        "nl": "Het bestand bevat een ander bestand; voeg dat apart toe als het gelezen moet worden.",
        "en": "The file holds another file; add that by itself if it is to be read.",
    },
    Kind.EXECUTABLE: {
        "nl": "Het bestand bevat een programma; het is niet uitgevoerd.",
        "en": "The file holds a program; it was not run.",
    },
    Kind.PROTECTED: {
        "nl": "Een deel is versleuteld, beveiligd of beschadigd; het is niet nagekeken.",
        "en": "A part is encrypted, protected or damaged; it was not looked at.",
    },
    Kind.EARLIER_REVISION: {
        "nl": "Het bestand bewaart een eerdere versie van zichzelf; verwijderde tekst kan er nog in staan.",
        "en": "The file keeps an earlier version of itself; text that was removed may still be in it.",
    },
}
