"""Who may read what: one rule, and the scope that carries it into a search.

`may_read` is the only access rule of the product. A Scope is made here and nowhere else, by asking that rule about
every distinct marking in the catalog; whatever reads passages takes one. Fail closed: an unknown policy or level is
refused, and a passage without a marking has no marking id that a scope could hold."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from datetime import date

# Levels from low to high. The Dutch scale is that of the Voorschrift Informatiebeveiliging Rijksdienst 2013 (VIRBI);
# the NATO scale that of C-M(2002)49.
POLICIES: dict[str, tuple[str, ...]] = {
    "NLD": (
        "Ongerubriceerd",
        "Departementaal Vertrouwelijk",
        "Stg. Confidentieel",
        "Stg. Geheim",
        "Stg. Zeer Geheim",
    ),
    "NATO": (
        "NATO UNCLASSIFIED",
        "NATO RESTRICTED",
        "NATO CONFIDENTIAL",
        "NATO SECRET",
        "COSMIC TOP SECRET",
    ),
}


@dataclass(frozen=True, slots=True)
class Marking:
    """What a person said about who may read something."""

    policy: str
    level: str
    releasable_to: frozenset[str] = frozenset()
    """Nationalities (ISO 3166-1 alpha-3). Empty: no restriction by nationality."""
    categories: frozenset[str] = frozenset()
    """All of them are required of the reader."""
    need_to_know: frozenset[str] = frozenset()
    """Groups, one of which is required of the reader. Empty: no restriction by group."""

    @property
    def id(self) -> str:
        parts = [self.policy, self.level, *map(sorted, (self.releasable_to, self.categories, self.need_to_know))]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def __str__(self) -> str:
        extra = [f"REL {'/'.join(sorted(self.releasable_to))}"] if self.releasable_to else []
        return " ".join([self.level, *extra, *sorted(self.categories), *sorted(self.need_to_know)])


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    name: str
    clearance: tuple[tuple[str, str], ...]
    """(policy, highest level) pairs; a policy that is not named is not readable."""
    nationality: str
    """ISO 3166-1 alpha-3."""
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    """Categories the principal is read into."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one principal may read, at one date, in some corpora. Made by `scope_for` only."""

    principal: str
    corpora: frozenset[str]
    markings: frozenset[str]
    """Ids of the markings that the principal may read."""
    on_date: date
    # Not kept: a scope that carried its seal could be widened with `replace`.
    made_here: InitVar[object]

    def __post_init__(self, made_here: object) -> None:
        if made_here is not _SEAL:
            raise TypeError("a Scope is made by retrieval.access.scope_for")


_SEAL = object()
_NOBODY = frozenset({"NONE"})
"""A nationality and a group that open nothing, whoever claims them."""


def may_read(principal: Principal, marking: Marking, on_date: date) -> bool:
    """Decide whether this principal may read text under this marking on this date.

    Clearance at or above the level, nationality among those it is releasable to, every category held, and one of the
    need-to-know groups. `on_date` is part of the rule so that markings that lapse can be added without a new rule."""
    levels = POLICIES.get(marking.policy, ())
    cleared = dict(principal.clearance).get(marking.policy)
    if marking.level not in levels or cleared not in levels:
        return False
    return (
        levels.index(cleared) >= levels.index(marking.level)
        and (not marking.releasable_to or principal.nationality in marking.releasable_to - _NOBODY)
        and marking.categories <= principal.access
        and (not marking.need_to_know or bool(marking.need_to_know & principal.groups - _NOBODY))
    )


def scope_for(principal: Principal, *, markings: Iterable[Marking], corpora: Iterable[str], on_date: date) -> Scope:
    """Make the scope of a principal from the distinct markings that the catalog holds."""
    readable = frozenset(marking.id for marking in markings if may_read(principal, marking, on_date))
    return Scope(principal.name, frozenset(corpora), readable, on_date, _SEAL)


def high_water_mark(markings: Iterable[Marking]) -> Marking | None:
    """Combine the markings of everything that something was derived from: the strictest of each part.

    Releasable to what all of them are releasable to; every category; every need-to-know group of the most restricted.
    Returns None for no markings. Raises ValueError when two policies meet, because there is no order between them."""
    markings = list(markings)
    if not markings:
        return None
    policies = {marking.policy for marking in markings}
    if len(policies) > 1:
        raise ValueError(f"no order between the policies {', '.join(sorted(policies))}")
    (policy,) = policies
    levels = POLICIES[policy]
    return Marking(
        policy=policy,
        level=max((marking.level for marking in markings), key=levels.index),
        releasable_to=_intersection(marking.releasable_to for marking in markings),
        categories=frozenset().union(*(marking.categories for marking in markings)),
        need_to_know=_intersection(marking.need_to_know for marking in markings),
    )


def _intersection(groups: Iterable[frozenset[str]]) -> frozenset[str]:
    """Intersect the restrictions; empty means unrestricted, so a contradiction becomes a group nobody is in."""
    restrictions = [group for group in groups if group]
    if not restrictions:
        return frozenset()
    return frozenset.intersection(*restrictions) or _NOBODY
