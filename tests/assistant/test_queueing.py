"""The queue before the model is fair, never lets too many in, and can be left."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chatmodels import Cancelled
from assistant.queueing import FairQueue, Ticket


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.001)


def turn(ticket: Ticket, cancelled: threading.Event | None = None) -> list[int]:
    """Wait for this ticket's turn; return the positions that were told on the way."""
    return list(ticket.positions(cancelled=cancelled))


def test_the_first_is_served_at_once() -> None:
    with FairQueue(1).join() as ticket:
        assert turn(ticket) == []


def test_those_who_wait_are_told_how_many_are_before_them_each_time_that_changes() -> None:
    queue, first, second = FairQueue(1), ExitStack(), ExitStack()
    turn(first.enter_context(queue.join()))
    second.enter_context(queue.join())
    with queue.join() as third:
        positions = third.positions(cancelled=None)
        assert next(positions) == 2
        second.close()
        assert next(positions) == 1
        first.close()
        assert list(positions) == []


def test_askers_are_served_in_the_order_in_which_they_came() -> None:
    queue, served, threads = FairQueue(1), [], []

    def ask(number: int) -> None:
        with queue.join() as ticket:
            turn(ticket)
            served.append(number)

    with queue.join() as holder:
        turn(holder)
        for number in range(8):
            thread = threading.Thread(target=ask, args=(number,))
            thread.start()
            threads.append(thread)
            wait_until(lambda so_far=number: queue.length == so_far + 2)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert served == list(range(8))


@settings(max_examples=10)
@given(places=st.integers(1, 4), askers=st.integers(1, 12))
def test_never_more_than_the_places_are_served_at_once_and_everybody_is_served(places: int, askers: int) -> None:
    queue, lock = FairQueue(places), threading.Lock()
    inside, most, served = 0, 0, 0

    def ask() -> None:
        nonlocal inside, most, served
        with queue.join() as ticket:
            turn(ticket)
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.001)
            with lock:
                inside -= 1
                served += 1

    threads = [threading.Thread(target=ask) for _ in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (served, queue.length) == (askers, 0)
    assert most <= places


def test_all_places_are_used() -> None:
    queue = FairQueue(2)
    with queue.join() as first, queue.join() as second, queue.join() as third:
        assert turn(first) == turn(second) == []
        assert next(third.positions(cancelled=None)) == 1


def test_whoever_waits_can_leave_and_the_others_move_up() -> None:
    queue, second, cancelled = FairQueue(1), ExitStack(), threading.Event()
    with queue.join() as first:
        turn(first)
        positions = second.enter_context(queue.join()).positions(cancelled=cancelled)
        assert next(positions) == 1
        with queue.join() as third:
            behind = third.positions(cancelled=None)
            assert next(behind) == 2
            cancelled.set()
            with pytest.raises(Cancelled):
                next(positions)
            second.close()
            assert next(behind) == 1


def test_leaving_takes_no_long_time() -> None:
    queue, cancelled = FairQueue(1), threading.Event()
    with queue.join() as first:
        turn(first)
        started = time.monotonic()
        threading.Timer(0.05, cancelled.set).start()
        with pytest.raises(Cancelled), queue.join() as second:
            turn(second, cancelled)
        assert time.monotonic() - started < 2


def test_an_error_while_being_served_gives_the_place_up() -> None:
    queue = FairQueue(1)

    def fail() -> None:
        with queue.join() as ticket:
            turn(ticket)
            raise RuntimeError("model")

    with pytest.raises(RuntimeError, match="model"):
        fail()
    assert queue.length == 0


def test_a_generator_that_is_dropped_while_it_waits_gives_the_place_up() -> None:
    queue = FairQueue(1)

    def stream() -> Generator[int, None, None]:
        with queue.join() as ticket:
            yield from ticket.positions(cancelled=None)

    with queue.join() as first:
        turn(first)
        dropped = stream()
        assert next(dropped) == 1
        dropped.close()
        assert queue.length == 1
