"""What operators may do with accounts, and what the journal says of it."""

from dataclasses import replace

import pytest

from assistant.identity import Attributes
from assistant.identity.accounts import AccountChanged, AccountInvalid, AccountTaken, AccountUnknown, NotAllowed
from tests.assistant.identity.making import MACHINE, PASSWORD, SECRET, House


@pytest.mark.parametrize("roles", [(), ("reader",), ("owner",), ("evaluator", "owner:plans"), ("metadata-only",)])
def test_who_is_no_operator_changes_nothing(house: House, roles: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed):
        house.accounts.operated_by(replace(MACHINE, roles=frozenset(roles)))


@pytest.mark.parametrize("action", ["change", "lock", "unlock", "remove", "renew_password"])
def test_an_operator_leaves_their_own_account_alone(house: House, action: str) -> None:
    own = house.settled("olga", Attributes(roles=frozenset({"operator"})))
    operator = house.accounts.operated_by(own.principal, account=own.id)
    with pytest.raises(NotAllowed):
        getattr(operator, action)(own, *([SECRET] if action == "change" else []))
    assert house.operator.named("olga").principal.clearance == ()


def test_everything_is_journalled_with_who_did_it_and_what_it_was(house: House) -> None:
    account = house.settled()
    operator = house.operator
    account = operator.change(account, Attributes((("NLD", "Ongerubriceerd"),)))
    account = operator.unlock(operator.lock(account))
    operator.end_sessions(account)
    operator.renew_password(account)
    operator.remove(house.operator.named("anna"))
    assert house.told("account") == [
        f"{action} anna"
        for action in ("added", "changed", "locked", "unlocked", "sessions ended", "password renewed", "removed")
    ]
    changed = [one.body for one in house.journal.read() if one.body.get("action") == "changed"]
    assert changed == [
        {
            "action": "changed",
            "account": "anna",
            "by": "machine",
            "before": {"clearance": [["NLD", "Stg. Geheim"]]},
            "after": {"clearance": [["NLD", "Ongerubriceerd"]]},
        }
    ]
    assert house.journal.check() is None


def test_no_password_nor_hash_is_in_the_journal(house: House) -> None:
    _, first = house.operator.add("anna", SECRET)
    house.accounts.sign_in("anna", first)
    house.accounts.sign_in("anna", "a wrong password")
    told = repr([one.body for one in house.journal.read()])
    assert first not in told
    assert "a wrong password" not in told
    assert "argon2" not in told


def test_a_name_stays_taken_after_its_account_is_removed(house: House) -> None:
    account = house.settled()
    with pytest.raises(AccountTaken):
        house.operator.add("ANNA", SECRET)
    house.operator.remove(account)
    assert not house.accounts.any()
    assert house.accounts.sign_in("anna", PASSWORD) is None
    with pytest.raises(AccountTaken):
        house.operator.add("anna", SECRET)
    with pytest.raises(AccountUnknown):
        house.operator.named("anna")


def test_of_two_changes_at_once_the_second_is_told(house: House) -> None:
    account = house.settled()
    house.operator.change(account, Attributes())
    with pytest.raises(AccountChanged):
        house.operator.change(account, replace(SECRET, nationality="BEL"))
    assert house.operator.named("anna").attributes == Attributes()


@pytest.mark.parametrize("name", ["Robert'); DROP TABLE accounts;--", "a b", "", "\0"])
def test_sql_in_a_name_is_no_name(house: House, name: str) -> None:
    with pytest.raises(AccountInvalid):
        house.operator.add(name, SECRET)
    with pytest.raises(AccountUnknown):
        house.operator.named(name)
    assert not house.accounts.any()


def test_accounts_are_listed_by_name_in_pages(house: House) -> None:
    for name in ("carla", "anna", "bert_x", "dirk"):
        house.operator.add(name, SECRET)
    listed = [one.name for one in house.operator.list(first=1, most=2)[0]]
    assert (listed, house.operator.list(first=1, most=2)[1]) == (["bert_x", "carla"], 4)
    assert [one.name for one in house.operator.list(matching="AR")[0]] == ["carla"]
    for wild in ("%", "' OR 1=1 --"):
        assert house.operator.list(matching=wild) == ([], 0)
    assert [one.name for one in house.operator.list(matching="_")[0]] == ["bert_x"]


def test_a_change_that_is_refused_leaves_all_as_it_was(house: House) -> None:
    with pytest.raises(AccountInvalid):
        house.operator.change(house.settled(), Attributes(roles=frozenset({"root"})))
    assert house.operator.named("anna").attributes == SECRET
