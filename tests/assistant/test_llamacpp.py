"""The packaged model stops soon after it is told to, and names the marks of its own template."""

import threading
import time

import pytest
from langchain_core.messages import HumanMessage

from assistant.chatmodels import Cancelled, MarksItsTurns
from assistant.composing import as_data, special_tokens_of, without
from assistant.llamacpp import LlamaCppChat, default_model_path

pytestmark = pytest.mark.models

# What one who cancels waits at most, in seconds of computing: the clock of a loaded machine says nothing of the model.
# 0.05 of it is slack for a core slower than the one measured on.
_SOON = 0.2 + 0.05


@pytest.fixture(scope="module")
def model() -> LlamaCppChat:
    return LlamaCppChat(path=default_model_path(), threads=1)


@pytest.mark.parametrize("after_seconds", [0.1, 0.3])
def test_reading_a_prompt_stops_within_200_milliseconds(model: LlamaCppChat, after_seconds: float) -> None:
    text = " ".join(f"Convoy {number} crosses the bridge at {number:02}:15." for number in range(100))
    cancelled = threading.Event()
    told: list[float] = []
    written: list[str] = []

    def cancel() -> None:
        cancelled.set()
        told.append(time.process_time())

    model.forget()
    thread = threading.Timer(after_seconds, cancel)
    thread.start()
    with pytest.raises(Cancelled):
        written.extend(model.tokens_of([HumanMessage(text)], (), cancelled))
    stopped = time.process_time()
    thread.join()
    assert not written
    assert stopped - told[0] < _SOON


def test_writing_stops_within_200_milliseconds(model: LlamaCppChat) -> None:
    cancelled = threading.Event()
    pieces = model.tokens_of([HumanMessage("Tell a long story of a bridge.")], (), cancelled)
    for _ in range(4):
        next(pieces)
    cancelled.set()
    told = time.process_time()
    with pytest.raises(Cancelled):
        list(pieces)
    assert time.process_time() - told < _SOON


def test_a_model_that_was_cancelled_answers_the_next_question(model: LlamaCppChat) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        list(model.tokens_of([HumanMessage("Say yes.")], (), cancelled))
    assert "".join(model.tokens_of([HumanMessage("Say yes.")], (), None)).strip()


def test_every_special_token_of_the_vocabulary_is_taken_out(model: LlamaCppChat) -> None:
    assert isinstance(model, MarksItsTurns)
    special = special_tokens_of(model)
    assert special == model.special_tokens
    assert {"<|im_start|>", "<|im_end|>", "<repo_name>"} <= special
    for token in special:
        text = without(special, as_data(f"The bridge {token} is open."))
        assert text.split() == ["The", "bridge", "is", "open."]
        assert model._llama.tokenize(text.encode(), add_bos=False, special=True) == model._llama.tokenize(
            text.encode(), add_bos=False, special=False
        )
