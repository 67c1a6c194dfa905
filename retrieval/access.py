"""Who may read what, and who may know of what: one rule, and the scope that carries it into a search.

`may_read` is the only access rule of the product. A Scope is made here and nowhere else, by asking that rule about
every distinct marking in the catalog; whatever reads passages takes one. A Listing is the same for `may_know`, and
nothing that reads passages takes one. Fail closed: an unknown policy or level is refused, and a passage without a
marking has no marking id that a scope could hold."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from datetime import date

from retrieval.policies import MEMBERS, POLICIES

__all__ = [
    "METADATA_ONLY",
    "POLICIES",
    "UNMARKED",
    "Listing",
    "Marking",
    "Principal",
    "Scope",
    "high_water_mark",
    "listing_for",
    "may_know",
    "may_read",
    "scope_for",
]

METADATA_ONLY = "metadata-only"
"""The role of those who may list and count documents, and read no text at all: a supplier's support desk, say."""


@dataclass(frozen=True, slots=True)
class Marking:
    """What a person said about who may read something."""

    policy: str
    level: str
    releasable_to: frozenset[str] = frozenset()
    """Nationalities (ISO 3166-1 alpha-3), and groups of them: NATO, EU. Empty: no restriction by nationality."""
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


UNMARKED = Marking("", "unmarked")
"""What nobody marked: no clearance is for its policy, so that nobody may read it."""


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
    """METADATA_ONLY, or none."""
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


@dataclass(frozen=True, slots=True)
class Listing:
    """What one principal may know of by title, owner, date and marking, at one date. Made by `listing_for` only.

    Its fields are not those of a Scope, so that whatever returns text fails on it instead of returning some."""

    principal: str
    within: frozenset[str]
    """Corpora."""
    knowable: frozenset[str]
    """Ids of the markings under which documents may be listed and counted."""
    on_date: date
    made_here: InitVar[object]

    def __post_init__(self, made_here: object) -> None:
        if made_here is not _SEAL:
            raise TypeError("a Listing is made by retrieval.access.listing_for")


_SEAL = object()
_NOBODY = frozenset({"NONE"})
"""A nationality and a group that open nothing, whoever claims them."""


def may_read(principal: Principal, marking: Marking, on_date: date) -> bool:
    """Decide whether this principal may read text under this marking on this date.

    Clearance at or above the level, nationality among those it is releasable to, every category held, and one of the
    need-to-know groups; and not the role that reads no text. `on_date` is part of the rule so that markings that lapse
    can be added without a new rule."""
    return METADATA_ONLY not in principal.roles and may_know(principal, marking, on_date)


def may_know(principal: Principal, marking: Marking, on_date: date) -> bool:
    """Decide whether this principal may know of a document under this marking: its title, owner, date and marking.

    The same demands as for reading it, whatever the role: a title can tell as much as a text."""
    levels = POLICIES.get(marking.policy, ())
    cleared = dict(principal.clearance).get(marking.policy)
    if marking.level not in levels or cleared not in levels:
        return False
    return (
        levels.index(cleared) >= levels.index(marking.level)
        and (not marking.releasable_to or _is_among(principal.nationality, marking.releasable_to))
        and marking.categories <= principal.access
        and (not marking.need_to_know or bool(marking.need_to_know & principal.groups - _NOBODY))
    )


def scope_for(principal: Principal, *, markings: Iterable[Marking], corpora: Iterable[str], on_date: date) -> Scope:
    """Make the scope of a principal from the distinct markings that the catalog holds."""
    readable = frozenset(marking.id for marking in markings if may_read(principal, marking, on_date))
    return Scope(principal.name, frozenset(corpora), readable, on_date, _SEAL)


def listing_for(principal: Principal, *, markings: Iterable[Marking], corpora: Iterable[str], on_date: date) -> Listing:
    """Make what a principal may know of from the distinct markings that the catalog holds."""
    knowable = frozenset(marking.id for marking in markings if may_know(principal, marking, on_date))
    return Listing(principal.name, frozenset(corpora), knowable, on_date, _SEAL)


def high_water_mark(markings: Iterable[Marking]) -> Marking | None:
    """Combine the markings of everything that something was derived from: the strictest of each part.

    Releasable to the nations that all of them are releasable to; every category; the need-to-know groups that all of
    them name. None for no markings. Raises ValueError when two policies meet: no order between them is assumed."""
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
        releasable_to=_common_nations(marking.releasable_to for marking in markings),
        categories=frozenset().union(*(marking.categories for marking in markings)),
        need_to_know=_intersection(marking.need_to_know for marking in markings),
    )


def _is_among(nationality: str, releasable_to: frozenset[str]) -> bool:
    """A nation is named itself or by a group that it is in; the name of a group is nobody's nationality."""
    named = releasable_to - MEMBERS.keys() - _NOBODY
    return nationality in named or any(nationality in MEMBERS[group] for group in releasable_to & MEMBERS.keys())


def _common_nations(restrictions: Iterable[frozenset[str]]) -> frozenset[str]:
    """What all of them name, and the nations that each of them names or has in a group."""
    distinct = {restriction for restriction in restrictions if restriction}
    if len(distinct) < 2:
        return frozenset().union(*distinct)
    named = frozenset.intersection(*distinct)
    every = frozenset().union(*distinct, *MEMBERS.values())
    nations = {one for one in every if all(_is_among(one, restriction) for restriction in distinct)}
    told_by_group = frozenset().union(*(MEMBERS[group] for group in named & MEMBERS.keys()))
    return named | (nations - told_by_group) or _NOBODY


def _intersection(groups: Iterable[frozenset[str]]) -> frozenset[str]:
    """Intersect the restrictions; empty means unrestricted, so a contradiction becomes a group nobody is in."""
    restrictions = [group for group in groups if group]
    if not restrictions:
        return frozenset()
    return frozenset.intersection(*restrictions) or _NOBODY
