"""The access rule, the scope it makes and the marking of what is derived."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import (
    METADATA_ONLY,
    POLICIES,
    Listing,
    Marking,
    Principal,
    Scope,
    high_water_mark,
    listing_for,
    may_know,
    may_read,
    scope_for,
)
from retrieval.policies import MEMBERS

TODAY = date(2026, 2, 4)
# 'NONE' is what a contradiction becomes: no group of that name may open what nobody may read.
# The Dutch are in both groups, Norwegians and the Irish in one each; nobody's nationality is the name of a group.
NATIONS = ("NLD", "NOR", "IRL", "NATO", "EU", "NONE")
CATEGORIES = ("ATOMAL", "CRYPTO")
GROUPS = ("G2", "G4", "NONE")


def _sets(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names))


def _markings(policy: str) -> st.SearchStrategy[Marking]:
    levels = st.sampled_from(POLICIES[policy])
    return st.builds(Marking, st.just(policy), levels, _sets(NATIONS), _sets(CATEGORIES), _sets(GROUPS))


ANY_MARKING = st.sampled_from(sorted(POLICIES)).flatmap(_markings)
CLEARANCES = st.fixed_dictionaries(
    {}, optional={policy: st.sampled_from(levels) for policy, levels in POLICIES.items()}
).map(lambda held: tuple(sorted(held.items())))
PRINCIPALS = st.builds(
    Principal,
    name=st.just("officer"),
    clearance=CLEARANCES,
    nationality=st.sampled_from(NATIONS),
    groups=_sets(GROUPS),
    roles=_sets((METADATA_ONLY,)),
    access=_sets(CATEGORIES),
)

OFFICER = Principal(
    "officer",
    (("NATO", "NATO RESTRICTED"), ("NLD", "Stg. Confidentieel")),
    "NLD",
    groups=frozenset({"G2"}),
    access=frozenset({"ATOMAL"}),
)


@pytest.mark.parametrize(
    ("marking", "readable"),
    [
        (Marking("NLD", "Ongerubriceerd"), True),
        (Marking("NLD", "Stg. Confidentieel"), True),
        (Marking("NLD", "Stg. Geheim"), False),
        (Marking("NATO", "NATO RESTRICTED"), True),
        (Marking("NATO", "NATO CONFIDENTIAL"), False),
        (Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({"NLD", "DEU"})), True),
        (Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({"DEU"})), False),
        (Marking("NLD", "Ongerubriceerd", categories=frozenset({"ATOMAL"})), True),
        (Marking("NLD", "Ongerubriceerd", categories=frozenset({"ATOMAL", "CRYPTO"})), False),
        (Marking("NLD", "Ongerubriceerd", need_to_know=frozenset({"G2", "G4"})), True),
        (Marking("NLD", "Ongerubriceerd", need_to_know=frozenset({"G4"})), False),
    ],
    ids=str,
)
def test_every_part_of_a_marking_must_be_met(marking: Marking, readable: bool) -> None:
    assert may_read(OFFICER, marking, TODAY) is readable


@pytest.mark.parametrize(
    "marking",
    [
        Marking("TLP", "TLP:RED"),
        Marking("EU", "RESTREINT UE"),
        Marking("", ""),
        Marking("NLD", "ongerubriceerd"),
        Marking("NLD", "NATO UNCLASSIFIED"),
        Marking("NLD", ""),
    ],
    ids=str,
)
def test_unknown_policy_or_level_is_refused(marking: Marking) -> None:
    highest = Principal("chief", tuple((name, levels[-1]) for name, levels in POLICIES.items()), "NLD")
    assert not may_read(highest, marking, TODAY)


@pytest.mark.parametrize(
    ("nationality", "group", "readable"),
    [
        ("NLD", "NATO", True),
        ("NLD", "EU", True),
        ("NOR", "NATO", True),
        ("NOR", "EU", False),
        ("IRL", "EU", True),
        ("IRL", "NATO", False),
        ("NATO", "NATO", False),
        ("EU", "EU", False),
    ],
)
def test_a_group_stands_for_the_nations_in_it(nationality: str, group: str, readable: bool) -> None:
    marking = Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({group}))
    assert may_read(replace(OFFICER, nationality=nationality), marking, TODAY) is readable
    beside = replace(marking, releasable_to=frozenset({group, "JPN"}))
    assert may_read(replace(OFFICER, nationality="JPN"), beside, TODAY)
    assert not may_read(replace(OFFICER, nationality="JPN"), marking, TODAY)


def test_a_nation_that_left_a_group_is_not_in_it_on_the_dates_before_either() -> None:
    marking = Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({"EU"}))
    assert not may_read(replace(OFFICER, nationality="GBR"), marking, date(2018, 1, 1))


def test_one_policy_says_nothing_about_another() -> None:
    for own, levels in POLICIES.items():
        principal = Principal("officer", ((own, levels[-1]),), "NLD")
        for policy, others in POLICIES.items():
            assert may_read(principal, Marking(policy, others[0]), TODAY) is (policy == own)


@pytest.mark.parametrize("clearance", [(), (("NATO", "COSMIC TOP SECRET"),), (("NLD", "Top Secret"),)])
def test_clearance_that_is_absent_or_unknown_reads_nothing(clearance: tuple[tuple[str, str], ...]) -> None:
    assert not may_read(Principal("stranger", clearance, "NLD"), Marking("NLD", "Ongerubriceerd"), TODAY)


@given(PRINCIPALS, ANY_MARKING, st.data())
def test_raising_clearance_never_loses_access(principal: Principal, marking: Marking, data: st.DataObject) -> None:
    held = dict(principal.clearance)
    for policy, levels in POLICIES.items():
        lowest = levels.index(held[policy]) if policy in held else 0
        held[policy] = data.draw(st.sampled_from(levels[lowest:]))
    raised = replace(principal, clearance=tuple(held.items()))
    assert may_read(raised, marking, TODAY) >= may_read(principal, marking, TODAY)


@given(PRINCIPALS, ANY_MARKING)
def test_a_marking_without_restrictions_is_read_by_whoever_reads_it_restricted(
    principal: Principal, marking: Marking
) -> None:
    bare = Marking(marking.policy, marking.level)
    assert may_read(principal, bare, TODAY) >= may_read(principal, marking, TODAY)


@given(PRINCIPALS, st.lists(ANY_MARKING), _sets(("plans", "law")))
def test_a_scope_holds_the_markings_that_may_be_read_and_no_other(
    principal: Principal, markings: list[Marking], corpora: frozenset[str]
) -> None:
    scope = scope_for(principal, markings=markings, corpora=corpora, on_date=TODAY)
    assert scope.markings == {marking.id for marking in markings if may_read(principal, marking, TODAY)}
    assert (scope.principal, scope.corpora, scope.on_date) == (principal.name, corpora, TODAY)


@given(PRINCIPALS, ANY_MARKING)
def test_who_may_read_may_know_and_the_role_alone_makes_the_difference(principal: Principal, marking: Marking) -> None:
    reader, lister = replace(principal, roles=frozenset()), replace(principal, roles=frozenset({METADATA_ONLY}))
    assert not may_read(lister, marking, TODAY)
    assert may_know(lister, marking, TODAY) == may_know(reader, marking, TODAY) == may_read(reader, marking, TODAY)


@given(PRINCIPALS, st.lists(ANY_MARKING), _sets(("plans", "law")))
def test_a_listing_holds_the_markings_that_may_be_known_and_no_other(
    principal: Principal, markings: list[Marking], corpora: frozenset[str]
) -> None:
    listing = listing_for(principal, markings=markings, corpora=corpora, on_date=TODAY)
    assert listing.knowable == {marking.id for marking in markings if may_know(principal, marking, TODAY)}
    assert (listing.principal, listing.within, listing.on_date) == (principal.name, corpora, TODAY)


def test_a_listing_cannot_be_made_elsewhere_or_widened() -> None:
    with pytest.raises(TypeError, match="listing_for"):
        Listing("officer", frozenset({"plans"}), frozenset({"all"}), TODAY, object())
    listing = listing_for(OFFICER, markings=[], corpora=["plans"], on_date=TODAY)
    with pytest.raises((TypeError, ValueError)):
        replace(listing, knowable=frozenset({"all"}))  # type: ignore[call-arg]


def test_a_listing_has_nothing_of_a_scope_but_who_and_when() -> None:
    scope = scope_for(OFFICER, markings=[], corpora=["plans"], on_date=TODAY)
    listing = listing_for(OFFICER, markings=[], corpora=["plans"], on_date=TODAY)
    assert not isinstance(listing, Scope)
    assert {name for name in Scope.__slots__ if hasattr(listing, name)} == {"principal", "on_date"}
    assert not any(hasattr(scope, name) for name in ("within", "knowable"))


def test_a_scope_cannot_be_made_elsewhere() -> None:
    everything = frozenset({Marking("NLD", "Stg. Zeer Geheim").id})
    with pytest.raises(TypeError):
        Scope("officer", frozenset({"plans"}), everything, TODAY)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="scope_for"):
        Scope("officer", frozenset({"plans"}), everything, TODAY, object())


def test_a_scope_cannot_be_widened() -> None:
    scope = scope_for(OFFICER, markings=[], corpora=["plans"], on_date=TODAY)
    with pytest.raises((TypeError, ValueError)):
        replace(scope, markings=frozenset({Marking("NLD", "Stg. Zeer Geheim").id}))  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        scope.markings = frozenset({"all"})  # type: ignore[misc]


@given(ANY_MARKING, ANY_MARKING)
def test_markings_have_the_same_id_only_when_they_are_the_same(one: Marking, other: Marking) -> None:
    assert (one.id == other.id) == (one == other)


def test_the_id_of_a_marking_stays_what_it_is_in_stored_catalogs() -> None:
    assert Marking("NLD", "Ongerubriceerd").id == "77ce9425c74b722598a3fc3fdf42ffe2"


def test_a_marking_is_written_as_its_level_and_what_restricts_it() -> None:
    marking = Marking("NATO", "NATO SECRET", frozenset({"NLD", "DEU"}), frozenset({"ATOMAL"}), frozenset({"G2"}))
    assert str(marking) == "NATO SECRET REL DEU/NLD ATOMAL G2"
    assert str(Marking("NLD", "Ongerubriceerd")) == "Ongerubriceerd"


@given(PRINCIPALS, st.sampled_from(sorted(POLICIES)).flatmap(lambda policy: st.lists(_markings(policy), min_size=1)))
def test_whoever_may_read_the_high_water_mark_may_read_each_part(principal: Principal, markings: list[Marking]) -> None:
    mark = high_water_mark(markings)
    assert mark is not None
    if may_know(principal, mark, TODAY):
        assert all(may_know(principal, marking, TODAY) for marking in markings)
    if may_read(principal, mark, TODAY):
        assert all(may_read(principal, marking, TODAY) for marking in markings)


@given(st.sampled_from(sorted(POLICIES)).flatmap(lambda policy: st.lists(_markings(policy), min_size=1)))
def test_a_high_water_mark_does_not_depend_on_order_or_repetition(markings: list[Marking]) -> None:
    assert high_water_mark(markings) == high_water_mark([*reversed(markings), markings[0]])


@given(ANY_MARKING)
def test_the_high_water_mark_of_one_marking_is_that_marking(marking: Marking) -> None:
    assert high_water_mark([marking]) == marking


def test_the_strictest_of_each_part_makes_the_high_water_mark() -> None:
    low = Marking("NLD", "Ongerubriceerd", frozenset({"NLD", "DEU"}), frozenset({"ATOMAL"}), frozenset())
    high = Marking("NLD", "Stg. Geheim", frozenset({"DEU", "BEL"}), frozenset({"CRYPTO"}), frozenset({"G2"}))
    expected = Marking("NLD", "Stg. Geheim", frozenset({"DEU"}), frozenset({"ATOMAL", "CRYPTO"}), frozenset({"G2"}))
    assert high_water_mark([low, high]) == expected


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({"NATO"}, {"NLD", "IRL"}, {"NLD"}),
        ({"NATO"}, {"NATO", "JPN"}, {"NATO"}),
        ({"NATO", "IRL"}, {"EU"}, MEMBERS["NATO"] & MEMBERS["EU"] | {"IRL"}),
        ({"NATO", "EU"}, {"NATO", "IRL"}, {"NATO", "IRL"}),
        ({"NATO"}, set(), {"NATO"}),
        ({"NATO"}, {"IRL"}, {"NONE"}),
    ],
)
def test_a_group_and_a_nation_in_it_have_that_nation_in_common(one: set[str], other: set[str], both: set[str]) -> None:
    markings = [Marking("NLD", "Ongerubriceerd", frozenset(nations)) for nations in (one, other)]
    mark = high_water_mark(markings)
    assert mark is not None
    assert mark.releasable_to == both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"need_to_know": frozenset({"G2"})}, {"need_to_know": frozenset({"G4"})}),
        ({"releasable_to": frozenset({"NLD"})}, {"releasable_to": frozenset({"DEU"})}),
    ],
)
def test_what_contradicts_itself_is_read_by_nobody_whatever_they_call_themselves(
    one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]
) -> None:
    mark = high_water_mark([Marking("NLD", "Ongerubriceerd", **part) for part in (one, other)])
    assert mark is not None
    claimed = mark.need_to_know | mark.releasable_to
    for nationality in ("NLD", "DEU", *claimed):
        impostor = replace(OFFICER, nationality=nationality, groups=frozenset({"G2", "G4", *claimed}))
        assert not may_read(impostor, mark, TODAY)


def test_nothing_has_no_high_water_mark() -> None:
    assert high_water_mark([]) is None


def test_two_policies_have_no_high_water_mark() -> None:
    with pytest.raises(ValueError, match="NATO, NLD"):
        high_water_mark([Marking("NLD", "Ongerubriceerd"), Marking("NATO", "NATO SECRET")])
