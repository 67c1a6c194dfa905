"""The packaged model stops soon after it is told to, and names the marks of its own template."""

import random
import statistics
import threading
import time

import pytest
from langchain_core.messages import HumanMessage

from assistant.chatmodels import Cancelled, MarksItsTurns
from assistant.composing import as_data, special_tokens_of, without
from assistant.llamacpp import LlamaCppChat, default_model_path

pytestmark = pytest.mark.models

# What one who cancels waits at most, in seconds of computing: the clock of a loaded machine says nothing of the model.
_SOON = 0.2
# A batch of the prompt takes 0.15 s of one slow core: who waits for its end waits half of that in the median.
_WITHIN_A_BATCH = 0.03
_PROMPT = " ".join(f"Convoy {number} crosses the bridge at {number:02}:15." for number in range(100))


@pytest.fixture(scope="module")
def model() -> LlamaCppChat:
    return LlamaCppChat(path=default_model_path(), threads=1)


def test_reading_a_prompt_stops_within_200_milliseconds_and_in_the_middle_of_a_batch(model: LlamaCppChat) -> None:
    moments = random.Random(0)
    waited = [_waited(model, after_seconds=moments.uniform(0.02, 0.4)) for _ in range(20)]
    assert max(waited) < _SOON
    assert statistics.median(waited) < _WITHIN_A_BATCH


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


def test_what_was_cancelled_half_way_does_not_change_the_next_answer(model: LlamaCppChat) -> None:
    asked = [HumanMessage("Name three colours.")]
    model.forget()
    before = "".join(model.tokens_of(asked, (), None))
    _waited(model, after_seconds=0.3)
    assert "".join(model.tokens_of(asked, (), None)) == before


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


def _waited(model: LlamaCppChat, *, after_seconds: float) -> float:
    """Cancel while the model reads a prompt; return the seconds of computing until it stopped."""
    cancelled = threading.Event()
    told: list[float] = []

    def cancel() -> None:
        told.append(time.process_time())
        cancelled.set()

    model.forget()
    timer = threading.Timer(after_seconds, cancel)
    timer.start()
    with pytest.raises(Cancelled):
        list(model.tokens_of([HumanMessage(_PROMPT)], (), cancelled))
    stopped = time.process_time()
    timer.join()
    return stopped - told[0]
