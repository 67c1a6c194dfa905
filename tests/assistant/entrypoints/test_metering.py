"""What is counted of questions."""

from collections.abc import Iterator

import pytest

from assistant.answers import Event, Stage, StageName
from assistant.chatmodels import Cancelled
from assistant.entrypoints.metering import Meter
from retrieval.errors import StafwijzerError


def _raising(error: Exception) -> Iterator[Event]:
    yield Stage(StageName.SEARCHING)
    raise error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(Cancelled(), "cancelled"), (StafwijzerError("No.", hint=""), "refused"), (ZeroDivisionError(), "failed")],
)
def test_what_ends_a_question_is_counted(error: Exception, outcome: str) -> None:
    meter = Meter()
    with pytest.raises(type(error)):
        list(meter.follow(_raising(error)))
    assert meter.outcomes() == {
        **dict.fromkeys(("answered", "abstained", "cancelled", "refused", "failed"), 0),
        outcome: 1,
    }


def test_a_reader_who_leaves_is_counted_as_cancelled() -> None:
    meter = Meter()
    events = meter.follow(_raising(ZeroDivisionError()))
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert meter.outcomes()["cancelled"] == 1


def test_figures_are_in_the_text_format_of_prometheus() -> None:
    meter = Meter()
    meter.gauge("stafwijzer_queue_length", "Those who wait.", lambda: 3)
    told = meter.exposition().decode()
    assert "stafwijzer_queue_length 3.0" in told
    assert 'stafwijzer_questions_total{outcome="answered"} 0.0' in told
    assert "process_resident_memory_bytes" in told
