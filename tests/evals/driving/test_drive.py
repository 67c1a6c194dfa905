"""Several users on a double of the chat."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from evals.cases import Asker, Case, Exchange
from evals.driving.drive import Plan, drive, questions_to_ask
from evals.driving.driven import Asked, Failure, summarise
from evals.driving.visiting import ChatUnreachable, Entrance, SignInRefused
from tests.evals.driving.chat_double import PASSWORD, PROBLEM, REFERENCE, WAIT_SECONDS, ChatDouble, chat_double


@pytest.fixture
def double() -> Iterator[ChatDouble]:
    with chat_double() as one:
        yield one


def cases(*questions: str) -> tuple[Case, ...]:
    return tuple(Case(id=question, question=question, language="en") for question in questions)


def plan(*questions: str, users: int = 3, seconds: float = 0.6, think: float = 0.05, seed: int = 0) -> Plan:
    return Plan(cases(*questions), users, seconds, think, patience_seconds=5.0, seed=seed)


def driven(told: Plan, double: ChatDouble, asked: list[Asked], *, password: str = PASSWORD) -> None:
    entrance = Entrance(double.address, "officer", password)
    asyncio.run(drive(told, entrance, on_asked=asked.append))


def test_every_user_signs_in_asks_and_is_answered(double: ChatDouble) -> None:
    asked: list[Asked] = []
    driven(plan("one", "two"), double, asked)
    assert {one.user for one in asked} == {1, 2, 3}
    assert all(one.complete and one.life_seconds and one.source_seconds for one in asked)
    assert len(asked) == len(double.questions) > 3
    assert len({session for session, _ in double.questions}) == double.sign_ins == 3


def test_users_sign_in_one_at_a_time(double: ChatDouble) -> None:
    driven(plan("one", users=12, seconds=0.1), double, [])
    assert double.sign_ins == 12
    assert double.most_sign_ins_at_once == 1


def test_a_seed_repeats_the_order_of_each_users_questions(double: ChatDouble) -> None:
    questions = [str(number) for number in range(50)]

    def orders(seed: int) -> dict[int, list[str]]:
        asked: list[Asked] = []
        driven(plan(*questions, users=2, seconds=0.6, think=0.0, seed=seed), double, asked)
        return {user: [one.case for one in asked if one.user == user][:8] for user in (1, 2)}

    first = orders(1)
    assert first == orders(1)
    assert first != orders(2)
    assert first[1] != first[2]
    assert len(first[1]) == 8


def test_time_in_the_queue_is_seen(double: ChatDouble) -> None:
    asked: list[Asked] = []
    driven(plan("queue"), double, asked)
    assert all(WAIT_SECONDS * 0.8 < one.queue_seconds <= one.seconds for one in asked)


def test_errors_keep_their_sentence_and_reference_and_the_load_goes_on(double: ChatDouble) -> None:
    asked: list[Asked] = []
    driven(plan("fail", "one", users=1), double, asked)
    summary = summarise(asked, users=1)
    assert summary.everyone.answered > 0
    (failure,) = summary.failures
    assert (failure.sentence, failure.references[0]) == (PROBLEM, REFERENCE)


def test_a_user_whose_connection_is_closed_counts_it_and_comes_back(double: ChatDouble) -> None:
    asked: list[Asked] = []
    driven(plan("drop", "one", "two", users=1), double, asked)
    summary = summarise(asked, users=1)
    assert summary.failures[0].sentence == "The chat closed the connection before the answer was whole."
    assert summary.everyone.answered > 0
    assert double.sign_ins > 1


def test_a_chat_that_breaks_off_again_and_again_ends_the_load_with_what_was_measured(double: ChatDouble) -> None:
    asked: list[Asked] = []
    with pytest.raises(ChatUnreachable, match="broke off 5 times in a row for user 1"):
        driven(plan("drop", users=1, seconds=60), double, asked)
    assert len(asked) == 5


def test_connections_that_are_not_taken_are_errors_and_bounded(double: ChatDouble) -> None:
    double.takes_connections = False
    asked: list[Asked] = []
    with pytest.raises(ChatUnreachable, match="broke off 5 times"):
        driven(plan("one", users=1, seconds=60), double, asked)
    assert {one.error for one in asked} == {"The chat did not take the connection."}


def test_a_chat_that_goes_away_ends_the_load_in_one_sentence_with_what_was_measured(double: ChatDouble) -> None:
    asked: list[Asked] = []
    double.dies_at = 4
    with pytest.raises(ChatUnreachable, match="is no longer there"):
        driven(plan("one", "two", users=1, seconds=60), double, asked)
    assert [one.complete for one in asked] == [True, True, True, False]


def test_a_wrong_password_is_tried_once_for_all_users(double: ChatDouble) -> None:
    with pytest.raises(SignInRefused, match="does not know this user and password"):
        driven(plan("one", users=8, seconds=60), double, [], password="wrong")
    assert double.sign_ins == 0


def test_nobody_there_is_told_with_how_to_start_it() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = "http://127.0.0.1:{1}".format(*probe.getsockname())
    with pytest.raises(ChatUnreachable) as raised:
        asyncio.run(drive(plan("one"), Entrance(address, "officer", PASSWORD), on_asked=lambda asked: None))
    assert str(raised.value) == f"No chat answers at {address}. Start it with `stafwijzer chat`, or give --url."


def test_a_cancelled_load_hands_over_what_is_under_way_as_unfinished(double: ChatDouble) -> None:
    asked: list[Asked] = []

    async def cancelled() -> None:
        entrance = Entrance(double.address, "officer", PASSWORD)
        task = asyncio.create_task(drive(plan("never", users=2, seconds=4), entrance, on_asked=asked.append))
        await asyncio.sleep(1.5)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert [one.unfinished for one in asked] == [True, True]
    # The chat is told, so that its model does not go on for nobody.
    assert double.events.count("stop") == 2


def test_only_questions_that_the_chats_user_can_ask_as_they_stand_are_asked() -> None:
    fit = Case(id="fit", question="q", language="en")
    unfit = (
        Case(id="draft", question="q", language="en", draft=True),
        Case(id="follow-up", question="q", language="en", history=(Exchange("a", "b"),)),
        Case(id="other", question="q", language="en", principal=Asker("clerk")),
        Case(id="then", question="q", language="en", on_date=date(2026, 2, 4)),
    )
    assert questions_to_ask((*unfit, fit)) == (fit,)


def test_users_arrive_over_the_first_quarter_and_ten_seconds_at_most() -> None:
    assert plan("one", seconds=8).ramp_seconds == 2
    assert plan("one", seconds=600).ramp_seconds == 10


@pytest.mark.slow
def test_the_real_chat_is_driven_through_its_own_door(tmp_path: Path) -> None:
    from tests.browser.conftest import serving

    asked: list[Asked] = []
    with serving(tmp_path, "parts") as served:
        entrance = Entrance(served.address, served.user, served.password)
        told = Plan(cases("quick bridge", "the bridge", "broken", "nothing"), 4, 5.0, 0.2, 30.0)
        asyncio.run(drive(told, entrance, on_asked=asked.append))
        log = served.log
    by_case = {case: [one for one in asked if one.case == case] for case in ("the bridge", "broken", "nothing")}
    assert all(by_case.values())
    assert {one.user for one in asked if one.complete} == {1, 2, 3, 4}
    for one in by_case["the bridge"]:
        # The player pauses 0.4 seconds at each of two places in the queue, and before the first source.
        assert one.complete
        assert one.queue_seconds > 0.7
        assert one.source_seconds is not None
        assert one.source_seconds >= 0.4
    assert all(one.complete for one in by_case["nothing"])
    for one in by_case["broken"]:
        assert one.error == "Something went wrong in the program. Report this to its administrator."
        assert re.fullmatch("[0-9A-F]{4}-[0-9A-F]{4}", one.reference)
        assert one.reference in log
    assert summarise(asked, users=4).failures == (
        Failure(
            by_case["broken"][0].error,
            len(by_case["broken"]),
            tuple(one.reference for one in by_case["broken"])[:5],
        ),
    )
