"""Sign in, be refused, and lose access: on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from assistant.identity import Attributes, SignedIn
from assistant.identity.passwords import PasswordWeak
from assistant.identity.signing import PasswordWrong, is_same_session
from assistant.identity.storing import Counted
from tests.assistant.identity.making import PASSWORD, SECRET, House


def test_without_accounts_nobody_signs_in(house: House) -> None:
    assert not house.accounts.any()
    assert house.accounts.sign_in("machine", PASSWORD) is None


def test_the_right_password_begins_a_session_of_that_account(house: House) -> None:
    account = house.settled()
    signed = house.accounts.sign_in(" ANNA ", PASSWORD)
    assert signed
    assert signed.account.id == account.id
    found = house.accounts.visiting(signed.session)
    assert found
    assert found.principal.clearance == SECRET.clearance
    (session,) = house.accounts.sessions(account.id)
    assert is_same_session(signed.session, session.id)
    assert signed.session not in repr(session)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", "wrong"),
        ("anna", ""),
        ("anna", PASSWORD + " "),
        ("bert", PASSWORD),
        ("", PASSWORD),
        ("anna' OR '1'='1", PASSWORD),
        ("anna'--", PASSWORD),
        ("%", PASSWORD),
        ("a\0nna", PASSWORD),
        ("\ud83d", "\ud83d"),
    ],
)
def test_nobody_else_gets_in(house: House, name: str, password: str) -> None:
    house.settled()
    assert house.accounts.sign_in(name, password) is None


def test_after_ten_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour(house: House) -> None:
    house.settled()
    for _ in range(10):
        assert house.accounts.sign_in("anna", "wrong") is None
    assert house.accounts.sign_in("anna", PASSWORD) is None
    assert house.operator.waiting(house.operator.named("anna"))
    house.clock.pass_(minutes=14)
    assert house.accounts.sign_in("anna", PASSWORD) is None
    house.clock.pass_(minutes=1, seconds=1)
    assert house.accounts.sign_in("anna", PASSWORD)
    assert not house.operator.waiting(house.operator.named("anna"))


def test_the_tenth_try_may_still_be_right_and_forgets_the_nine(house: House) -> None:
    house.settled()
    for _ in range(2):
        for _ in range(9):
            assert house.accounts.sign_in("anna", "wrong") is None
        assert house.accounts.sign_in("anna", PASSWORD)


def test_failures_are_on_disk_and_an_operator_ends_the_wait(house: House) -> None:
    house.settled()
    for _ in range(10):
        house.accounts.sign_in("anna", "wrong")
    again = House(house.store._engine)
    assert again.accounts.sign_in("anna", PASSWORD) is None
    house.operator.unlock(house.operator.named("anna"))
    assert again.accounts.sign_in("anna", PASSWORD)


def test_a_name_that_nobody_has_costs_the_same_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.settled()
    house.operator.lock(house.settled("bert"))
    work: list[str] = []
    match, count = house.accounts._passwords.match, house.store.count_try

    def watch_match(password: str, hash_: str | None) -> bool:
        work.append("hash")
        return match(password, hash_)

    def watch_count(name: str, **told: Any) -> Counted:
        work.append("count")
        return count(name, **told)

    monkeypatch.setattr(house.accounts._passwords, "match", watch_match)
    monkeypatch.setattr(house.store, "count_try", watch_count)
    for name in ("anna", "bert", "carla", "no name"):
        work.clear()
        assert house.accounts.sign_in(name, "wrong") is None
        assert work == ["count", "hash"]


def test_names_that_were_not_ours_are_not_kept(house: House) -> None:
    house.accounts.sign_in("my secret password", "x")
    assert house.told("sign-in") == ["refused "]


def test_tries_at_one_moment_do_not_slip_through(house: House) -> None:
    house.settled()
    with ThreadPoolExecutor(8) as threads:
        tried = list(threads.map(lambda number: house.accounts.sign_in("anna", f"wrong {number}"), range(24)))
    assert not any(tried)
    assert house.accounts.sign_in("anna", PASSWORD) is None


def test_two_sign_ins_at_once_are_two_sessions(house: House) -> None:
    account = house.settled()
    with ThreadPoolExecutor(2) as threads:
        signed = list(threads.map(lambda _: house.accounts.sign_in("anna", PASSWORD), range(2)))
    assert all(isinstance(one, SignedIn) for one in signed)
    assert len({one.session for one in signed if one}) == 2
    assert len(house.accounts.sessions(account.id)) == 2


def test_signing_out_ends_this_session_only(house: House) -> None:
    house.settled()
    one, other = house.session(), house.session()
    house.accounts.sign_out(one)
    assert house.accounts.visiting(one) is None
    assert house.accounts.visiting(other)
    assert house.told("sign-in")[-1] == "signed out anna"


def test_a_session_ends_after_a_working_day(house: House) -> None:
    house.settled()
    session = house.session()
    house.clock.pass_(hours=9, minutes=59)
    assert house.accounts.visiting(session)
    house.clock.pass_(minutes=2)
    assert house.accounts.visiting(session) is None


@pytest.mark.parametrize("action", ["lock", "remove", "renew_password", "end_sessions"])
def test_who_is_locked_removed_or_ended_is_out_at_once(house: House, action: str) -> None:
    account, session = house.settled(), house.session()
    getattr(house.operator, action)(account)
    assert house.accounts.visiting(session) is None


def test_who_is_locked_stays_out_until_unlocked(house: House) -> None:
    account = house.operator.lock(house.settled())
    assert house.accounts.sign_in("anna", PASSWORD) is None
    house.clock.pass_(days=9)
    assert house.accounts.sign_in("anna", PASSWORD) is None
    house.operator.unlock(account)
    assert house.accounts.sign_in("anna", PASSWORD)


def test_another_clearance_holds_at_the_next_look(house: House) -> None:
    account, session = house.settled(), house.session()
    house.operator.change(account, Attributes())
    found = house.accounts.visiting(session)
    assert found
    assert found.principal.clearance == ()


@pytest.mark.parametrize("session", ["", "x", "0" * 43, "' OR 1=1 --"])
def test_a_made_up_session_is_nobodys(house: House, session: str) -> None:
    house.settled()
    house.session()
    assert house.accounts.visiting(session) is None
    house.accounts.sign_out(session)


def test_a_first_password_has_to_be_changed(house: House) -> None:
    account, first = house.operator.add("anna", SECRET)
    signed = house.accounts.sign_in("anna", first)
    assert signed
    assert signed.account.must_change
    for weak in ("short", first, "anna is my name"):
        with pytest.raises(PasswordWeak):
            house.accounts.change_password(account, first, weak, session=signed.session)
    changed = house.accounts.change_password(account, first, PASSWORD, session=signed.session)
    assert not changed.must_change
    assert house.accounts.sign_in("anna", first) is None


def test_changing_a_password_ends_the_other_sessions(house: House) -> None:
    account = house.settled()
    this, other = house.session(), house.session()
    house.accounts.change_password(account, PASSWORD, "een heel ander paard", session=this)
    assert house.accounts.visiting(this)
    assert house.accounts.visiting(other) is None


def test_the_present_password_cannot_be_guessed_from_within(house: House) -> None:
    account, session = house.settled(), house.session()
    for _ in range(10):
        with pytest.raises(PasswordWrong):
            house.accounts.change_password(account, "wrong", "een heel ander paard", session=session)
    with pytest.raises(PasswordWrong):
        house.accounts.change_password(account, PASSWORD, "een heel ander paard", session=session)


def test_a_session_of_another_account_is_not_ended_by_its_id(house: House) -> None:
    anna, bert = house.settled(), house.settled("bert")
    session = house.session()
    (id,) = [one.id for one in house.accounts.sessions(anna.id)]
    house.accounts.end_session(bert, id)
    assert house.accounts.visiting(session)
    house.accounts.end_session(replace(bert, id=anna.id), id)
    assert house.accounts.visiting(session) is None
