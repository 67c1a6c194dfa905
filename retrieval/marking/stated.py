"""Bring what is stated about a document to one: its labels, its owner's rules, what it says of itself, the default.

Where statements disagree the stricter holds and the owner is told. What cannot be read, has no order or says nothing
puts the document in quarantine: it is listed with the reason, and not served. Knows no catalog."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from retrieval.access import Marking, high_water_mark
from retrieval.loading.loaded import Loaded
from retrieval.marking.agreement import described, strictest
from retrieval.marking.labels import LabelInvalid, read_label
from retrieval.marking.manifest import Manifest
from retrieval.marking.properties import Own, read_properties
from retrieval.marking.sidecars import labels_beside
from retrieval.marking.statement import Stated
from retrieval.marking.suggesting import above
from retrieval.policies import POLICIES

_UNMARKED = (
    "It carries no marking and its corpus has no default; mark it by a label, in corpus.toml, or with"
    " `stafwijzer corpus mark`."
)


@dataclass(frozen=True, slots=True)
class HeldIn:
    """A message that a document hangs on, and what its marking came to."""

    key: str
    marking: Marking | None
    quarantine: str = ""
    """Why it is held back itself, a sentence."""


@dataclass(frozen=True, slots=True)
class _Labelled:
    markings: tuple[tuple[str, Marking], ...] = ()
    warnings: tuple[str, ...] = ()
    quarantine: str = ""


def state(
    key: str,
    path: Path,
    loaded: Loaded,
    manifest: Manifest | None = None,
    *,
    default: Marking | None = None,
    held_in: Sequence[HeldIn] = (),
) -> Stated:
    """Return what is stated about the document `key`, which lies at `path` and was read as `loaded`.

    In precedence: labels beside it, the rules of the manifest, what it says of itself; without any of these the
    manifest's default, else `default`, that of its corpus. Whatever those say, it gets at least the marking of every
    message in `held_in`, on which it hangs, and is held back with them. No marking comes with a `quarantine` that says
    why."""
    manifest = manifest or Manifest()
    labelled, ruled = _labelled(path), manifest.about(key)
    own = read_properties(loaded, name=path.name, fields=manifest.fields)
    by_owner = bool(labelled.markings or ruled.marking)
    of_corpus = ("the corpus's default", default) if default else None
    marked = _marked(labelled, ruled, own, manifest.default(key) or of_corpus, held_in)
    unreadable = _unreadable(own, marked=by_owner, dated=bool(ruled.valid_from or ruled.valid_until))
    with_them = (f"{one.key}, on which it hangs, is held back: {one.quarantine}" for one in held_in if one.quarantine)
    held = (labelled.quarantine, ruled.quarantine, *unreadable, marked.quarantine, *with_them)
    stated = _dated(replace(marked, title=ruled.title), ruled, own, key)
    quarantine = next(filter(None, (*held, stated.quarantine)), "")
    warnings = [*labelled.warnings, *ruled.warnings, *own.warnings, *stated.warnings]
    if by_owner:
        warnings += [f"What {own.source} says is not read ({clause})." for clause in own.unclear]
    if stated.marking and not quarantine:
        warnings += _on_it(loaded, stated.marking)
    marking = None if quarantine else stated.marking
    return replace(stated, marking=marking, warnings=tuple(dict.fromkeys(warnings)), quarantine=quarantine)


def _labelled(path: Path) -> _Labelled:
    found = _Labelled()
    try:
        for one in labels_beside(path):
            label = read_label(one.read_bytes())
            found = replace(
                found,
                markings=(*found.markings, (f"its label {one.name}", label.holds)),
                warnings=(*found.warnings, *(f"Its label {one.name}: {warning}." for warning in label.warnings)),
            )
            if label.successor and label.succeeds:
                becomes = f"{described(label.successor)} on {label.succeeds.date()}; mark it anew then"
                found = replace(found, warnings=(*found.warnings, f"By its label {one.name} it becomes {becomes}."))
    except LabelInvalid as error:
        return _Labelled(quarantine=f"Its label {one.name} cannot be relied on: {error.reason}; mend or remove it.")
    except OSError as error:
        return _Labelled(quarantine=f"Its label cannot be read ({error.strerror}); check its permissions.")
    return found


def _marked(
    labelled: _Labelled, ruled: Stated, own: Own, default: tuple[str, Marking] | None, held_in: Sequence[HeldIn]
) -> Stated:
    """Return the marking with its sources, and a quarantine without one."""
    stated = list(labelled.markings)
    if ruled.marking:
        stated.append((", ".join(ruled.sources), ruled.marking))
    if own.marking:
        stated.append((own.source, _with(own.marking, own)))
    above = [(f"{one.key}, on which it hangs,", one.marking) for one in held_in if one.marking]
    if not stated:
        given = [*([default] if default else []), *above]
        agreed = strictest(given)
        if agreed.marking is None:
            return Stated(quarantine=agreed.conflict or _UNMARKED)
        return Stated(_with(agreed.marking, own), tuple(source for source, _ in given))
    stated += above
    agreed = strictest(stated)
    if agreed.marking is None:
        return Stated(quarantine=agreed.conflict)
    sources = tuple(source for source, _ in stated)
    lowered = _lowered(stated[: len(stated) - len(above)], default[1] if default else None)
    return Stated(_with(agreed.marking, own), sources, warnings=(*agreed.warnings, *lowered))


def _with(marking: Marking, own: Own) -> Marking:
    """Add to a marking the restrictions that the document states of itself, with a level or without."""
    if marking.level not in POLICIES.get(marking.policy, ()):
        return marking  # Of a corpus whose policy is not configured any more: nobody may read it.
    restricted = Marking(marking.policy, marking.level, own.released, own.categories, own.need_to_know)
    return high_water_mark([marking, restricted]) or marking


def _lowered(stated: Sequence[tuple[str, Marking]], default: Marking | None) -> list[str]:
    return [
        f"{source[0].upper()}{source[1:]} says {described(marking)}, below what documents here get"
        f" ({described(default)})."
        for source, marking in stated
        if default
        and default.policy == marking.policy
        and default.level in POLICIES[marking.policy]
        and POLICIES[marking.policy].index(marking.level) < POLICIES[marking.policy].index(default.level)
    ]


def _unreadable(own: Own, *, marked: bool, dated: bool) -> list[str]:
    """What a document says of itself and cannot be read gives way to its owner's word alone."""
    clauses = [*([] if marked else own.unclear), *([] if dated else own.undated)]
    return [
        f"What {own.source} says cannot be read: {clause}; mend it, or state it in corpus.toml." for clause in clauses
    ]


def _dated(stated: Stated, ruled: Stated, own: Own, key: str) -> Stated:
    """Add validity and supersession: the owner's rules go before what the document says."""
    warnings = list(stated.warnings)
    pairs = (
        ("valid_from", ruled.valid_from, own.valid_from),
        ("valid_until", ruled.valid_until, own.valid_until),
        ("supersedes", ruled.supersedes, own.supersedes),
    )
    for name, by_rule, by_itself in pairs:
        if by_rule and by_itself and by_rule != by_itself:
            warnings.append(f"corpus.toml says {name} {by_rule}, {own.source} {by_itself}; corpus.toml holds.")
    start, end = ruled.valid_from or own.valid_from, ruled.valid_until or own.valid_until
    supersedes = ruled.supersedes or own.supersedes
    if supersedes == key:
        supersedes = None
        warnings.append("It says that it supersedes itself, which is passed over.")
    problem = _never(start, end)
    return replace(
        stated,
        valid_from=start,
        valid_until=end,
        supersedes=supersedes,
        warnings=tuple(warnings),
        quarantine=stated.quarantine or problem,
    )


def _never(start: date | None, end: date | None) -> str:
    if start and end and end <= start:
        return f"It holds from {start} and no longer on {end}, which is never; mend one of the two."
    return ""


def _on_it(loaded: Loaded, marking: Marking) -> list[str]:
    return [
        f"On it stands {one.level} ({one.where}), and it is marked {described(marking)}; check its marking."
        for one in above(loaded, marking)
    ]
