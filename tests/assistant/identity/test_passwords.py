"""Which passwords are taken, and how they are kept."""

import pytest

from assistant.identity.passwords import Passwords, PasswordWeak, check_password, new_password
from tests.assistant.identity.making import quick_passwords


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "xxannaxxxxxx",
        "my name is ANNA",
        "aaaaaaaaaaaa",
        "abababababab",
        "Welkom123456!",
        "wachtwoord2026",
        "password-password",
        "123456789012",
        "098765432109",
        "qwertyuiopas",
        "x" * 257,
        "",
    ],
)
def test_what_is_short_common_or_holds_the_name_is_refused(password: str) -> None:
    with pytest.raises(PasswordWeak):
        check_password(password, name="anna")


@pytest.mark.parametrize("password", ["correct paard batterij", "zeven gele fietsen", "wachtwoord van de brug"])
def test_a_short_sentence_is_taken(password: str) -> None:
    check_password(password, name="anna")


def test_first_passwords_differ_and_are_taken() -> None:
    passwords = {new_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        check_password(password, name="anna")
        assert not set(password) & set("01oil O")


def test_a_hash_is_argon2id_with_a_salt_and_without_the_password() -> None:
    passwords = Passwords()
    hashes = {passwords.hashed("correct paard"), passwords.hashed("correct paard")}
    assert len(hashes) == 2
    for one in hashes:
        assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert "correct" not in one
        assert passwords.match("correct paard", one)


@pytest.mark.parametrize("password", ["", "Correct paard", "correct paard ", "correct", "\0", "half \ud83d"])
def test_only_the_same_password_matches(password: str) -> None:
    passwords = quick_passwords()
    assert not passwords.match(password, passwords.hashed("correct paard"))
    assert passwords.match(password, passwords.hashed(password))


def test_nothing_matches_where_there_is_no_hash() -> None:
    for hash_ in (None, "", "no hash", "$argon2id$v=19$m=65536,t=3,p=4$"):
        assert not quick_passwords().match("correct paard", hash_)


def test_accents_match_in_either_form() -> None:
    passwords = quick_passwords()
    assert passwords.match("ge\u0301e\u0301n", passwords.hashed("géén"))


def test_a_hash_of_other_parameters_is_outdated() -> None:
    assert Passwords().outdated(quick_passwords().hashed("correct paard"))
    assert not quick_passwords().outdated(quick_passwords().hashed("correct paard"))
