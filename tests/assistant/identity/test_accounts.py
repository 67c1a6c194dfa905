"""What may be said of an account, and the principal that comes of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.identity.accounts import (
    ROLES,
    Account,
    AccountInvalid,
    Attributes,
    State,
    checked,
    checked_name,
    known_name,
)
from retrieval.access import METADATA_ONLY, Marking, may_know, may_read

SECRET = Marking("NLD", "Stg. Geheim")
CLEARANCE = (("NLD", "Stg. Geheim"),)


def _account(*roles: str) -> Account:
    return Account("1", "anna", Attributes(CLEARANCE, roles=frozenset(roles)), State.ACTIVE, False, "", "", 1)


@pytest.mark.parametrize("roles", [("reader",), ("owner",), ("owner:plans",), ("evaluator",), ("operator", "reader")])
def test_a_role_that_reads_leaves_the_clearance_in_force(roles: tuple[str, ...]) -> None:
    assert may_read(_account(*roles).principal, SECRET, date(2026, 2, 4))


@pytest.mark.parametrize(
    "roles",
    [(), ("operator",), ("operator", "owner"), ("operator", "owner:plans", "evaluator"), ("operator", METADATA_ONLY)],
)
def test_an_operator_who_is_no_reader_may_not_even_know(roles: tuple[str, ...]) -> None:
    principal = _account(*roles).principal
    assert principal.clearance == ()
    assert not may_know(principal, SECRET, date(2026, 2, 4))
    assert principal.roles == set(roles)


def test_who_has_metadata_only_knows_and_does_not_read() -> None:
    principal = _account(METADATA_ONLY).principal
    assert may_know(principal, SECRET, date(2026, 2, 4))
    assert not may_read(principal, SECRET, date(2026, 2, 4))


@pytest.mark.parametrize(
    "told",
    [
        Attributes((("NLD", "Very secret"),)),
        Attributes((("XXX", "Stg. Geheim"),)),
        Attributes((("NLD", "Stg. Geheim"), ("NLD", "Ongerubriceerd"))),
        Attributes(nationality="nl"),
        Attributes(nationality="NLD\n"),
        Attributes(groups=frozenset({""})),
        Attributes(categories=frozenset({"a\x1b[31m"})),
        Attributes(groups=frozenset({"x" * 65})),
        Attributes(roles=frozenset({"metadata_only"})),
        Attributes(roles=frozenset({"owner:"})),
        Attributes(roles=frozenset({METADATA_ONLY, "reader"})),
        Attributes(roles=frozenset({METADATA_ONLY, "owner:plans"})),
    ],
)
def test_what_means_nothing_or_contradicts_itself_is_refused(told: Attributes) -> None:
    with pytest.raises(AccountInvalid):
        checked(told)


@given(st.sets(st.sampled_from([role for role in ROLES if role != METADATA_ONLY])))
def test_every_set_of_roles_without_metadata_only_can_be_given(roles: set[str]) -> None:
    assert checked(Attributes(roles=frozenset(roles))).roles == roles


@pytest.mark.parametrize("name", ["", " ", "a b", "../x", "a'; DROP TABLE accounts;--", "ánna", "a\0", "x" * 65, "-x"])
def test_odd_names_are_no_names(name: str) -> None:
    assert known_name(name) is None
    with pytest.raises(AccountInvalid):
        checked_name(name)


def test_names_are_the_same_in_capitals() -> None:
    assert checked_name(" Anna.de-Vries@Staf ") == "anna.de-vries@staf"
