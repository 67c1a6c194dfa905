"""What of a chat completion request is a question."""

from typing import Any

import pytest
from pydantic import ValidationError

from assistant.answers import Turn
from assistant.entrypoints.completions.asked import CompletionBody


def a_body(*messages: tuple[str, Any], **more: Any) -> CompletionBody:
    told = [{"role": role, "content": content} for role, content in messages]
    return CompletionBody.model_validate({"model": "stafwijzer", "messages": told, **more})


def test_the_last_message_is_the_question_and_the_turns_before_it_its_history() -> None:
    body = a_body(
        ("system", "You are a pirate."),
        ("user", "Who writes it?"),
        ("assistant", "The G5 [1] ✓"),
        ("user", "Alone?"),
        ("assistant", "Yes."),
        ("assistant", "Mostly."),
        ("user", [{"type": "text", "text": "And who"}, {"type": "text", "text": "approves it?"}]),
    )
    assert body.question == "And who\napproves it?"
    assert body.history == (Turn("Who writes it?", "The G5 [1] ✓"), Turn("Alone?", "Yes.\nMostly."))


def test_what_only_steers_a_sampler_is_left_alone() -> None:
    more = {"temperature": 0.2, "top_p": 1, "max_tokens": 5, "seed": 1, "user": "u", "tools": [], "n": 1, "stop": None}
    assert a_body(("user", "Who?"), **more).question == "Who?"


@pytest.mark.parametrize(
    "more",
    [
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
        {"tool_choice": "required"},
        {"functions": [{"name": "f"}]},
        {"response_format": {"type": "json_object"}},
        {"n": 2},
        {"logprobs": True},
        {"stop": ["."]},
        {"modalities": ["audio"]},
        {"principal": {"name": "somebody"}},
        {"corpora": ["secrets"]},
    ],
)
def test_what_would_change_the_answer_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_body(("user", "Who?"), **more)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [("assistant", "Hello")],
        [("tool", "42")],
        [("user", [{"type": "image_url", "image_url": {"url": "http://evil.example"}}])],
        [("user", None)],
    ],
)
def test_what_holds_no_question_is_refused(messages: list[tuple[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        a_body(*messages)
