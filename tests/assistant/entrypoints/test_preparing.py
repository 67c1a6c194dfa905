"""An assistant that is made in a thread: once, waited for, and tried again after a failure."""

import logging
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.answers import Event, Question
from assistant.chatmodels import ModelUnavailable
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.journal import Journal


class Silent:
    journal: Journal

    def stream(self, question: Question, *, cancelled: threading.Event | None = None) -> Iterator[Event]:
        return iter(())


def test_it_is_made_once_however_many_ask() -> None:
    made: list[Silent] = []

    def make() -> Silent:
        time.sleep(0.05)
        made.append(Silent())
        return made[-1]

    prepared = PreparedAssistant(make)
    prepared.start()
    assert not prepared.ready
    threads = [threading.Thread(target=prepared.get) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert prepared.ready
    assert len(made) == 1


def test_a_failure_is_told_to_who_asks_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def make() -> Silent:
        tries.append(1)
        if len(tries) < 3:
            raise ModelUnavailable("It is not there.", hint="Put it there.")
        return Silent()

    prepared = PreparedAssistant(make)
    with caplog.at_level(logging.WARNING):
        prepared.start()
        for _ in range(500):
            if caplog.text:
                break
            time.sleep(0.01)
        prepared.wait(5)
    assert "It is not there. Put it there." in caplog.text
    assert "Traceback" not in caplog.text
    with pytest.raises(ModelUnavailable):
        prepared.get()
    assert isinstance(prepared.get(), Silent)


def test_waiting_gives_up_after_its_time() -> None:
    release = threading.Event()

    def make() -> Silent:
        release.wait(5)
        return Silent()

    prepared = PreparedAssistant(make)
    prepared.start()
    time.sleep(0.05)
    began = time.monotonic()
    prepared.wait(0.1)
    assert time.monotonic() - began < 2
    release.set()
