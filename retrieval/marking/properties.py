"""Read what a document states of itself: Markdown front matter, document properties, mail headers.

Works on what loaders put into `Loaded.metadata`. Knows the usual names of the fields, in Dutch and English, and those
that an owner adds. What it cannot read it names; it never passes over it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from retrieval.access import Marking
from retrieval.loading.loaded import Loaded
from retrieval.marking.agreement import strictest
from retrieval.marking.wording import MarkingUnclear, folded, read_marking, read_nations

# By what they state. Compared without case and punctuation.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "marking": (
        "marking",
        "rubricering",
        "merking",
        "security marking",
        "protective marking",
        "x protective marking",
        "x marking",
        "sio label",
        "classification",
        "classificatie",
        "security classification",
    ),
    "policy": ("marking policy", "rubriceringsbeleid"),
    "releasable_to": ("releasable to", "releasability", "vrij te geven aan", "vrijgegeven aan"),
    "categories": ("marking categories", "special category", "bijzondere categorie"),
    "need_to_know": ("need to know",),
    "valid_from": ("valid from", "geldig vanaf"),
    "valid_until": ("valid until", "geldig tot"),
    "supersedes": ("supersedes", "vervangt"),
}
# Sensitivity labels of Microsoft 365 in the custom properties of Office files.
_SENSITIVITY = re.compile(r"msip label .+ name")
# RFC 7444 gives the words in a parameter, the Australian e-mail protective marking standard the level in another.
_PARAMETER = re.compile(r"\bmarking\s*=\s*\"([^\"]*)\"|\bSEC\s*=\s*([^,;]+)", re.IGNORECASE)
# Where a format has no field of its own, people write 'Rubricering: Stg. Geheim' into these.
_FREE = ("keywords", "subject")
_PAIR = re.compile(r"\s*([^:=]{3,40})\s*[:=]\s*(\S.*)")
_LIST = re.compile(r"[,;/|]")
_ITEM = re.compile(r"\s*-\s+(.+)")
_BARE_KEY = re.compile(r"([A-Za-z_][\w.-]*):\s*$")
_DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})$")


@dataclass(frozen=True, slots=True)
class Own:
    """What a document states of itself."""

    source: str
    """What to call the place towards the owner: 'its front matter'."""
    marking: Marking | None = None
    released: frozenset[str] = frozenset()
    """As in a Marking; these three are also stated by documents that name no level."""
    categories: frozenset[str] = frozenset()
    need_to_know: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_until: date | None = None
    supersedes: str | None = None
    unclear: tuple[str, ...] = ()
    """Clauses: statements about the marking that cannot be read."""
    undated: tuple[str, ...] = ()
    """Clauses: statements about validity that cannot be read."""
    warnings: tuple[str, ...] = ()


def read_properties(loaded: Loaded, *, name: str, fields: Mapping[str, tuple[str, ...]] | None = None) -> Own:
    """Read what the document called `name` states of itself; `fields` adds names of an owner's, as in a manifest."""
    told = _told(loaded, fields or {})
    own = Own(_source(name), supersedes=next(iter(told["supersedes"].values()), None))
    own = _dated(own, told, "valid_from")
    own = _dated(own, told, "valid_until")
    return _marked(_restricted(own, told), told)


def _told(loaded: Loaded, fields: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
    """Return the values that are told by what they state, each by the name that tells it."""
    names = {folded(name): stated for stated, known in _NAMES.items() for name in (*known, *fields.get(stated, ()))}
    told: dict[str, dict[str, str]] = {stated: {} for stated in _NAMES}
    for key, value in _pairs(loaded):
        stated = "marking" if _SENSITIVITY.fullmatch(folded(key)) else names.get(folded(key))
        if stated and value.strip():
            # A name that is told twice is told with both values, which no reader of a level takes for one.
            before = told[stated].get(key, value)
            told[stated][key] = value if before == value else f"{before}, {value}"
    return told


def _pairs(loaded: Loaded) -> Iterator[tuple[str, str]]:
    yield from loaded.metadata.items()
    for key, value in loaded.metadata.items():
        if key.casefold() in _FREE:
            for part in re.split(r"[;\n]", value):
                if pair := _PAIR.fullmatch(part):
                    yield pair[1].strip(), pair[2].strip()
    yield from _front_matter_lists(loaded.text)


def _front_matter_lists(text: str) -> Iterator[tuple[str, str]]:
    """Yield what front matter tells as a list with a line for each item: loaders keep 'key: value' lines only."""
    if not text.startswith("---"):
        return
    key, items = "", list[str]()
    for line in text.splitlines()[1:500]:
        if (item := _ITEM.match(line)) and key:
            items.append(item[1])
            continue
        if items:
            yield key, ", ".join(items)
        bare = _BARE_KEY.match(line)
        key, items = bare[1] if bare else "", []
        if line.rstrip() in ("---", "..."):
            return


def _source(name: str) -> str:
    match PurePath(name).suffix.casefold():
        case ".md" | ".markdown":
            return "its front matter"
        case ".eml" | ".msg":
            return "its mail header"
        case _:
            return "its properties"


def _dated(own: Own, told: dict[str, dict[str, str]], stated: str) -> Own:
    for key, value in told[stated].items():
        day = _day(value)
        if day is None:
            own = replace(own, undated=(*own.undated, f"{key} '{value}' is not a date such as 2026-01-31"))
        elif stated == "valid_from":
            own = replace(own, valid_from=own.valid_from or day)
        else:
            own = replace(own, valid_until=own.valid_until or day)
    return own


def _day(value: str) -> date | None:
    dutch = _DUTCH_DAY.match(value.strip())
    try:
        return date(int(dutch[3]), int(dutch[2]), int(dutch[1])) if dutch else date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None


def _restricted(own: Own, told: dict[str, dict[str, str]]) -> Own:
    sets = {stated: _items(told[stated]) for stated in ("releasable_to", "categories", "need_to_know")}
    own = replace(own, categories=sets["categories"], need_to_know=sets["need_to_know"])
    try:
        return replace(own, released=read_nations(sets["releasable_to"]))
    except MarkingUnclear as error:
        return replace(own, unclear=(*own.unclear, str(error)))


def _items(told: dict[str, str]) -> frozenset[str]:
    items = (item.strip(" \t[]\"'") for value in told.values() for item in _LIST.split(value))
    return frozenset(item for item in items if item)


def _marked(own: Own, told: dict[str, dict[str, str]]) -> Own:
    policy = next(iter(told["policy"].values()), "")
    stated = []
    for key, value in told["marking"].items():
        # A header that occurs twice has a parameter for each.
        parameters = [found[1] or found[2] or "" for found in _PARAMETER.finditer(value)]
        for words in parameters or [value]:
            try:
                stated.append((f"{own.source} ({key})", read_marking(words, policy=policy)))
            except MarkingUnclear as error:
                own = replace(own, unclear=(*own.unclear, f"{key}: {error}"))
    agreed = strictest(stated)
    if agreed.conflict:
        return replace(own, unclear=(*own.unclear, agreed.conflict))
    return replace(own, marking=agreed.marking, warnings=agreed.warnings)
