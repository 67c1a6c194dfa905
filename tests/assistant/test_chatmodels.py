"""The scripted model says what it was told to, word by word, and stops when it should."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage

from assistant.chatmodels import Cancelled, MarksItsTurns, ScriptedChat


@given(st.text(alphabet="ab \n.[1]", max_size=30))
def test_the_pieces_are_the_reply(reply: str) -> None:
    pieces = ["".join(str(chunk.content)) for chunk in ScriptedChat(replies=(reply,)).stream("?")]
    assert "".join(pieces) == reply


def test_a_reply_comes_word_by_word() -> None:
    model = ScriptedChat(replies=("one two one",))
    assert [chunk.content for chunk in model.stream("?") if chunk.content] == ["one", " two", " one"]


def test_streaming_and_asking_at_once_give_the_same_text() -> None:
    assert ScriptedChat(replies=("The bridge is open [1].",)).invoke("?").content == "The bridge is open [1]."


def test_replies_are_given_in_turn_and_the_last_one_for_ever() -> None:
    model = ScriptedChat(replies=("first", "second"))
    assert [model.invoke("?").content for _ in range(4)] == ["first", "second", "second", "second"]


def test_the_messages_of_each_call_are_kept() -> None:
    model = ScriptedChat(replies=("yes",))
    model.invoke([HumanMessage("Is it open?")])
    model.invoke("And now?")
    assert [[message.content for message in call] for call in model.calls] == [["Is it open?"], ["And now?"]]


def test_two_models_do_not_share_their_calls() -> None:
    one, other = ScriptedChat(replies=("a",)), ScriptedChat(replies=("a",))
    one.invoke("?")
    assert other.calls == []


def test_a_model_that_fails_raises_what_it_was_told_to() -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        ScriptedChat(fails_with="out of memory").invoke("?")


def test_a_stream_stops_between_words_when_it_is_cancelled() -> None:
    cancelled = threading.Event()
    stream = ScriptedChat(replies=("one two three",)).stream("?", cancelled=cancelled)
    assert next(stream).content == "one"
    cancelled.set()
    with pytest.raises(Cancelled):
        next(stream)


def test_a_call_that_was_cancelled_before_it_began_says_nothing() -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        ScriptedChat(replies=("one",)).invoke("?", cancelled=cancelled)


def test_tokens_are_words() -> None:
    assert ScriptedChat().get_num_tokens("one two  three") == 3


def test_a_model_need_not_tell_its_special_tokens() -> None:
    assert not isinstance(ScriptedChat(), MarksItsTurns)
