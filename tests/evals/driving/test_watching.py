"""What is seen of one answer, from the events that the chat sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.showing import write_problem
from evals.driving.driven import Asked
from evals.driving.watching import Watch, read_problem


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


TOOL = {"id": "1", "type": "tool"}
ANSWER = {"id": "2", "type": "assistant_message"}


def watched(*timed: tuple[float, str, object]) -> Asked:
    """Return what is seen of events, each so many seconds after the question."""
    clock = Clock()
    watch = Watch(clock)
    for seconds, event, told in timed:
        clock.now = 100.0 + seconds
        watch.see(event, told)
    return watch.asked(user=1, case="a", began=90.0)


def waiting(before: int) -> dict[str, str]:
    return {**TOOL, "name": phrase("waiting", "en", count=before)}


def test_an_answer_is_timed_from_the_question_to_each_thing_that_is_seen() -> None:
    seen = watched(
        (0.0, "task_start", {}),
        (0.25, "new_message", {**TOOL, "name": phrase("searching", "en")}),
        (0.5, "element", {"type": "text"}),
        (0.75, "element", {"type": "text"}),
        (1.0, "stream_start", ANSWER),
        (2.0, "task_end", {}),
    )
    assert (seen.at, seen.life_seconds, seen.source_seconds, seen.seconds) == (10.0, 0.25, 0.5, 2.0)
    assert seen.complete
    assert not seen.unfinished


def test_the_queue_is_timed_over_all_its_positions_and_until_the_model_begins() -> None:
    seen = watched(
        (0.0, "task_start", {}),
        (1.0, "new_message", waiting(2)),
        (2.0, "update_message", waiting(1)),
        (4.0, "update_message", {**TOOL, "name": phrase("draft", "en")}),
        (5.0, "stream_start", ANSWER),
        (6.0, "task_end", {}),
    )
    assert seen.queue_seconds == 3.0


def test_a_queue_that_is_left_by_an_abstention_ends_with_its_step() -> None:
    seen = watched((1.0, "new_message", waiting(1)), (1.5, "delete_message", TOOL), (9.0, "stream_start", ANSWER))
    assert seen.queue_seconds == 0.5


def test_the_end_that_is_told_at_the_sign_on_does_not_end_a_question() -> None:
    assert watched((0.1, "task_end", {})).unfinished


def test_the_users_own_message_is_no_sign_of_life() -> None:
    assert watched((0.1, "new_message", {"type": "user_message"})).life_seconds is None


def test_an_error_is_told_with_its_sentence_and_reference_and_is_no_answer() -> None:
    problem = write_problem("The file __x__.gguf (a*b) cannot be read.", "0A1B-FF09", "en")
    seen = watched(
        (0.0, "task_start", {}),
        (0.5, "stream_start", ANSWER),
        (1.0, "new_message", {**ANSWER, "isError": True, "output": problem}),
        (1.5, "task_end", {}),
    )
    assert (seen.error, seen.reference) == ("The file __x__.gguf (a*b) cannot be read.", "0A1B-FF09")
    assert not seen.complete


def test_a_question_that_ends_without_a_word_is_an_error() -> None:
    seen = watched((0.0, "task_start", {}), (1.0, "task_end", {}))
    assert seen.error == "The chat ended the question without an answer."


def test_giving_up_after_the_end_changes_nothing() -> None:
    clock = Clock()
    watch = Watch(clock)
    for event, told in (("task_start", {}), ("stream_start", ANSWER), ("task_end", {})):
        watch.see(event, told)
    watch.give_up("lost")
    assert watch.asked(user=1, case="a", began=0).complete


def test_half_an_answer_is_not_complete_when_the_connection_is_lost() -> None:
    clock = Clock()
    watch = Watch(clock)
    watch.see("task_start", {})
    watch.see("stream_start", ANSWER)
    watch.give_up("lost")
    seen = watch.asked(user=1, case="a", began=0)
    assert (seen.complete, seen.error) == (False, "lost")


@pytest.mark.parametrize("told", [None, 5, "text", [], {}])
def test_odd_payloads_say_nothing_wrong(told: object) -> None:
    seen = watched((0.0, "task_start", told), (1.0, "new_message", told), (2.0, "unheard of", told))
    assert seen.unfinished


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_every_sentence_that_the_chat_can_show_is_read_back(sentence: str) -> None:
    assert read_problem(write_problem(sentence, "ABCD-1234", "en")) == (sentence, "ABCD-1234")
