"""Prompts are text in files, filled in once, with nothing in a value read as a template."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from prompts import Prompt, load_prompt

_NAMES = sorted(path.stem for path in Path(prompts.__file__).parent.glob("*.txt"))
_TEMPLATE = Prompt("test.en.v1", "Be {brief}.", "Evidence:\n{evidence}\n\nQuestion: {question}\nAnswer:")


@pytest.mark.parametrize("name", _NAMES)
def test_every_prompt_has_a_system_and_a_user_message(name: str) -> None:
    prompt = load_prompt(name)
    assert prompt.system
    assert prompt.user
    assert prompt.system == prompt.system.strip()
    assert "=== user" not in prompt.system + prompt.user


@pytest.mark.parametrize("name", _NAMES)
def test_every_prompt_is_named_with_its_language_and_version(name: str) -> None:
    _, language, version = name.split(".")
    assert language in {"nl", "en"}
    assert version[0] == "v"
    assert version[1:].isdigit()


def test_every_prompt_exists_in_both_languages_and_asks_for_the_same_fields() -> None:
    fields: dict[str, list[set[str]]] = {}
    for name in _NAMES:
        base, _, version = name.split(".")
        asked = {field for _, field, _, _ in string.Formatter().parse(load_prompt(name).user) if field}
        fields.setdefault(f"{base}.{version}", []).append(asked)
    assert all(len(both) == 2 and both[0] == both[1] for both in fields.values())


def test_an_unknown_prompt_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        load_prompt("compose.fr.v1")


def test_fields_are_filled_in() -> None:
    system, user = _TEMPLATE.render(evidence="[1] It rains.", question="Does it rain?")
    assert system == "Be {brief}."
    assert user == "Evidence:\n[1] It rains.\n\nQuestion: Does it rain?\nAnswer:"


def test_a_field_that_is_not_given_is_named() -> None:
    with pytest.raises(KeyError, match="question"):
        _TEMPLATE.render(evidence="")


@given(st.text(), st.text(alphabet="{}!:.[]0eviduqston_"))
def test_nothing_in_a_value_is_read_as_a_template(evidence: str, question: str) -> None:
    _, user = _TEMPLATE.render(evidence=evidence, question=question)
    assert user == f"Evidence:\n{evidence}\n\nQuestion: {question}\nAnswer:"


def test_a_prompt_has_another_hash_when_any_of_its_text_is_another() -> None:
    hashes = {Prompt("n", system, user).sha256 for system, user in (("a", "b"), ("a", "c"), ("b", "b"), ("ab", ""))}
    assert len(hashes) == 4


def test_the_hash_of_a_prompt_is_of_its_text_and_not_of_its_name() -> None:
    assert Prompt("one", "a", "b").sha256 == Prompt("other", "a", "b").sha256
