"""Find what the owner of a corpus should look at: what is not served, badly read, ending, twice there or unsafe.

Each finding names its document and what to do. Pure: it is handed what the catalog holds, as far as its asker may know
of it. Shows no text of a document, and decides nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import PurePosixPath

from retrieval.catalog import Holding, Measured
from retrieval.loading.scanned import DOUBTFUL
from retrieval.near_duplicates import SIGNATURE_VERSION, Pair, candidates, jaccard
from retrieval.screening.flags import Flag, Severity
from retrieval.splitting import MAXIMUM_TABLE_CHARACTERS

SOON_DAYS = 30
NEARLY = 0.7
"""The share of shingles from which two documents are nearly the same."""
# A page of a letter has some 2,000; below this there is a heading, a stamp or a failed export.
_SHORT_CHARACTERS = 100
# How `retrieval.marking.stated` begins to say that a marking word stands above the marking.
_ON_IT = "On it stands "


class Topic(StrEnum):
    """What a finding is about, in the order in which an owner reads them."""

    HELD_BACK = "held back"
    NOT_READ = "not read"
    MARKING = "marking words above the marking"
    SCREENING = "screening"
    RECOGNITION = "doubtful recognition"
    EXPIRING = "ending within 30 days"
    ENDED = "ended"
    SUPERSEDED = "superseded"
    SAME = "exact duplicates"
    ALIKE = "near-duplicates"
    SHORT = "empty or very short"
    LONG = "very long passages"
    WARNING = "warnings"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    topic: Topic
    key: str
    told: str
    """What is the matter, one sentence or more."""
    remedy: str = ""
    """What to do; '' where `told` says it."""
    severity: Severity | None = None
    """Of what screening found."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a corpus is."""

    corpus: str
    documents: int
    """Live ones."""
    languages: Mapping[str, int]
    """Live documents by language, the most frequent first."""
    not_compared: int
    """Live documents without a signature of today's rule: near-duplicates of them are not found."""
    not_read: Mapping[str, int]
    """What was offered and not read, by the suffix of its name."""
    findings: tuple[Finding, ...]


def health(
    corpus: str,
    holdings: Sequence[Holding],
    measured: Mapping[str, Measured],
    *,
    refusals: Iterable[tuple[str, str]] = (),
    same: Iterable[Sequence[str]] = (),
    alike: Iterable[Pair] = (),
    on_date: date,
) -> Health:
    """Examine the documents of a corpus.

    `measured`: by version id. `refusals`: (key, reason) of what was not read. `same`: names of documents with the same
    content, by group. `alike`: pairs of keys."""
    live = [one for one in holdings if one.live]
    keys = {one.document.id: one.document.key for one in holdings}
    findings = [Finding(Topic.NOT_READ, key, reason) for key, reason in refusals]
    kinds = Counter(PurePosixPath(one.key).suffix.casefold() or "no suffix" for one in findings)
    not_read = dict(kinds.most_common())
    for one in holdings:
        if one.quarantined:
            findings.append(Finding(Topic.HELD_BACK, one.document.key, one.quarantine))
        if one.live and one.version:
            findings += _validity(one, keys, corpus, on_date)
            findings += _measures(one, measured.get(one.version.id))
        if one.held:
            findings += _said(one, corpus)
    findings += [*map(_same, same), *map(_alike, alike)]
    languages = dict(Counter(one.language or "unknown" for one in live).most_common())
    signatures = [measured[one.version.id].signature for one in live if one.version and one.version.id in measured]
    not_compared = len(live) - sum(map(_is_current, signatures))
    order, gravest = list(Topic), list(Severity)
    findings.sort(key=lambda one: (order.index(one.topic), -gravest.index(one.severity or Severity.NOTE), one.key))
    return Health(corpus, len(live), languages, not_compared, not_read, tuple(findings))


def nearly_alike(
    holdings: Sequence[Holding], measured: Mapping[str, Measured], text_of: Callable[[str], str | None]
) -> Iterator[Pair]:
    """Yield the pairs of live documents, by key, that are nearly but not exactly the same.

    `text_of` returns the text of a version, or None when its asker may not read it: such a pair is not told."""
    live = {one.document.key: one.version for one in holdings if one.live and one.version}
    signatures = {
        key: measured[version.id].signature
        for key, version in live.items()
        if version.id in measured and _is_current(measured[version.id].signature)
    }
    for a, b in candidates(signatures, threshold=NEARLY):
        if live[a].sha256 != live[b].sha256:
            first, second = text_of(live[a].id), text_of(live[b].id)
            if first and second and (overlap := jaccard(first, second)) >= NEARLY:
                yield Pair(a, b, overlap)


def _validity(one: Holding, keys: Mapping[str, str], corpus: str, on_date: date) -> Iterator[Finding]:
    key, end = one.document.key, one.version.valid_until if one.version else None
    remedy = f"Give it other days with `stafwijzer corpus validity {corpus}`, or leave it."
    if one.superseded_by is not None:
        by = f" by {keys[one.superseded_by]}" if one.superseded_by in keys else ""
        since = f"; it is found for the days before {end}" if end else ""
        remedy = f"If it is not wanted for those days either, `stafwijzer corpus retire {corpus}`."
        yield Finding(Topic.SUPERSEDED, key, f"It is superseded{by}{since}.", remedy)
    elif end and end <= on_date:
        yield Finding(Topic.ENDED, key, f"It ended on {end}.", remedy)
    elif end and end <= on_date + timedelta(days=SOON_DAYS):
        yield Finding(Topic.EXPIRING, key, f"It ends on {end}.", f"Add what follows it. {remedy}")


def _measures(one: Holding, found: Measured | None) -> Iterator[Finding]:
    key = one.document.key
    if found is None:
        return
    if found.least_sure and found.least_sure[0] < DOUBTFUL:
        told = "Page {1} was recognised with a confidence of {0} of 100.".format(*found.least_sure)
        yield Finding(Topic.RECOGNITION, key, told, "Compare it with the original, or scan it more clearly.")
    if found.characters < _SHORT_CHARACTERS:
        told = f"It holds {found.characters} characters."
        yield Finding(Topic.SHORT, key, told, "Check that it is whole, or remove it.")
    if found.longest_passage > MAXIMUM_TABLE_CHARACTERS:
        told = f"A passage is {found.longest_passage:,} characters long; its end counts little when it is searched."
        yield Finding(Topic.LONG, key, told, "Divide the paragraph or table in the original.")


def _said(one: Holding, corpus: str) -> Iterator[Finding]:
    for flag in one.flags:
        remedy = "Look at it before it is relied on." if flag.severity is not Severity.NOTE else ""
        if flag.severity is Severity.HOLD:
            remedy = f"Look at it; `stafwijzer corpus retire {corpus}` takes it out."
        yield Finding(Topic.SCREENING, one.document.key, _found(flag), remedy, flag.severity)
    for warning in one.warnings:
        if warning.startswith(_ON_IT):
            remedy = f"`stafwijzer corpus mark {corpus}` gives it another marking."
            yield Finding(Topic.MARKING, one.document.key, warning, remedy)
        else:
            yield Finding(Topic.WARNING, one.document.key, warning)


def _found(flag: Flag) -> str:
    place = flag.place
    where = [f"page {place.page}"] if place.page else []
    where += [place.part] if place.part else []
    where += [f"characters {place.start}-{place.end}"] if place.start is not None else []
    times = f", {flag.count} times" if flag.count > 1 else ""
    return f"{flag.kind} ({', '.join(where) or 'the file'}{times}): {flag.explanation('en')}"


def _same(keys: Sequence[str]) -> Finding:
    told = f"The same content, byte for byte: {', '.join(keys[1:])}."
    return Finding(Topic.SAME, keys[0], told, "It is found once; keep one of them.")


def _alike(pair: Pair) -> Finding:
    told = f"{pair.jaccard:.0%} of its words in their order are those of {pair.b}."
    remedy = "If one replaces the other, `stafwijzer corpus supersede`; if one is a draft, retire it."
    return Finding(Topic.ALIKE, pair.a, told, remedy)


def _is_current(signature: bytes) -> bool:
    return signature[:1] == SIGNATURE_VERSION
