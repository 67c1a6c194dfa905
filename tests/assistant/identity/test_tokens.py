"""Tokens: shown once, and worth no more than their account is at that moment."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.identity import Attributes
from assistant.identity.tokens import MACHINE, TokenInvalid, TokenUnknown
from tests.assistant.identity import making
from tests.assistant.identity.making import House

NOW = datetime(2026, 2, 4, 9, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def _issue(house: House, account: str, *permissions: str) -> tuple[str, str]:
    token, secret = house.tokens.issue(account, "nightly", permissions or ("ask",), LATER, at=NOW)
    return token.id, secret


def test_a_token_has_its_accounts_principal_and_its_own_permissions(house: House) -> None:
    account = house.settled()
    id, secret = _issue(house, account.id, "ask", "corpora:write")
    holder = house.tokens.holder(secret, at=NOW)
    assert holder
    assert holder.principal == account.principal
    assert holder.permissions == {"ask", "corpora:write"}
    assert holder.token_id == id


def test_the_secret_is_not_kept(house: House) -> None:
    _, secret = _issue(house, house.settled().id)
    assert secret not in repr(house.store.tokens_of(None))
    assert secret not in repr([one.body for one in house.journal.read()])
    assert secret not in repr(house.tokens.list(None))


def test_the_machines_user_has_tokens_too(house: House) -> None:
    _, secret = _issue(house, MACHINE)
    holder = house.tokens.holder(secret, at=NOW)
    assert holder
    assert holder.principal == making.MACHINE


def test_what_is_forged_truncated_or_mixed_is_nobodys(house: House) -> None:
    id, secret = _issue(house, house.settled().id)
    other_id, other = _issue(house, house.settled("bert").id)
    wrong = "0" if secret[-1] != "0" else "1"
    forged = [
        *("", " ", "stw_", secret[:-1], secret + "0", secret[:-1] + wrong, secret.upper(), f" {secret}", f"{secret}\n"),
        secret.replace(id, other_id),
        other.replace(other_id, id),
        secret.replace(id, "0" * 16),
        f"stw_' OR 1=1 --_{'0' * 64}",
        secret.replace("stw", "stw\0"),
        "é" * 85,
    ]
    assert [house.tokens.holder(one, at=NOW) for one in forged] == [None] * len(forged)
    assert house.tokens.holder(secret, at=NOW)


def test_it_ends_when_it_expires(house: House) -> None:
    _, secret = _issue(house, house.settled().id)
    assert house.tokens.holder(secret, at=LATER - timedelta(seconds=1))
    assert house.tokens.holder(secret, at=LATER) is None


def test_it_ends_when_it_is_revoked_by_its_own_account_only(house: House) -> None:
    anna, bert = house.settled(), house.settled("bert")
    id, secret = _issue(house, anna.id)
    for account in (bert.id, MACHINE):
        with pytest.raises(TokenUnknown):
            house.tokens.revoke(id, account=account)
    assert house.tokens.holder(secret, at=NOW)
    house.tokens.revoke(id, account=anna.id)
    assert house.tokens.holder(secret, at=NOW) is None
    assert house.told("token") == ["issued anna", "revoked anna"]


@pytest.mark.parametrize("action", ["lock", "remove", "renew_password"])
def test_it_ends_with_its_account(house: House, action: str) -> None:
    account = house.settled()
    _, secret = _issue(house, account.id)
    getattr(house.operator, action)(account)
    assert house.tokens.holder(secret, at=NOW) is None


def test_it_reads_what_the_account_may_read_now(house: House) -> None:
    account = house.settled()
    _, secret = _issue(house, account.id)
    house.operator.change(account, Attributes(roles=frozenset({"operator"})))
    holder = house.tokens.holder(secret, at=NOW)
    assert holder
    assert holder.principal.clearance == ()


def test_an_account_with_a_first_password_gets_none(house: House) -> None:
    account, _ = house.operator.add("anna", Attributes())
    with pytest.raises(TokenInvalid):
        _issue(house, account.id)
    with pytest.raises(TokenInvalid):
        _issue(house, "nobody")


@pytest.mark.parametrize(
    ("name", "permissions", "days"),
    [
        ("", ("ask",), 30),
        ("x" * 81, ("ask",), 30),
        ("a\x1b[2J", ("ask",), 30),
        ("nightly", (), 30),
        ("nightly", ("ask", "everything"), 30),
        ("nightly", ("ask",), 0),
        ("nightly", ("ask",), -1),
        ("nightly", ("ask",), 367),
    ],
)
def test_what_cannot_be_given_is_refused(house: House, name: str, permissions: tuple[str, ...], days: int) -> None:
    with pytest.raises(TokenInvalid):
        house.tokens.issue(MACHINE, name, permissions, NOW + timedelta(days=days), at=NOW)
    assert house.tokens.list(None) == []


def test_its_last_use_is_kept_by_the_hour(house: House) -> None:
    account = house.settled()
    _, secret = _issue(house, account.id)
    assert [one.used for one in house.tokens.list(account.id)] == [""]
    house.tokens.holder(secret, at=NOW)
    house.tokens.holder(secret, at=NOW + timedelta(minutes=3))
    assert [one.used for one in house.tokens.list(account.id)] == ["2026-02-04T09:00:00.000+00:00"]
