"""The bench cancels a model that reads and one that writes, and counts only those that it stopped."""

import pytest

from assistant.llamacpp import LlamaCppChat, default_model_path
from evals.bench_cancelling import measure_cancelling

pytestmark = pytest.mark.models


def test_each_cancel_is_measured_by_the_clock_and_in_computing() -> None:
    measured = measure_cancelling(LlamaCppChat(path=default_model_path(), threads=1), cancels=3)
    for told in measured.values():
        assert 1 <= told["cancels"] <= 3
        assert 0 <= told["computing ms p50"] <= told["computing ms most"]
        assert told["clock ms p50"] <= told["clock ms most"]
