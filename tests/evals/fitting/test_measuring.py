"""Held-out figures are over a mix of which half is answerable, and each tells its interval."""

import pytest

from evals.fitting.measuring import measure, mix
from evals.fitting.observing import ADVERSARIAL, ANSWERABLE, Observed

_PARAMETERS = {"intercept": 0.0, "best": 1.0}


def observed(kind: str, best: float, *, name: str = "squad2") -> Observed:
    return Observed(name, "known", kind, True, {"best": best})


def test_in_the_mix_half_is_answerable_and_close_misses_are_three_quarters_of_the_rest() -> None:
    some = [
        *[observed(ANSWERABLE, 1.0)] * 3,
        *[observed(ADVERSARIAL, 0.0)] * 2,
        observed("document withheld", 0.0),
        observed(ANSWERABLE, 1.0, name="clapnq"),
        observed(ADVERSARIAL, 0.0, name="clapnq"),
    ]
    assert mix(some).tolist() == pytest.approx([1 / 6] * 3 + [3 / 16] * 2 + [1 / 8, 1 / 2, 1 / 2])


def test_an_estimate_that_tells_them_apart_has_auroc_1_and_passes_only_the_answerable() -> None:
    some = [observed(ANSWERABLE, 2.0 + at / 10) for at in range(9)] + [observed(ADVERSARIAL, -2.0)] * 5
    told = measure(some, _PARAMETERS, operating_point=0.5)
    assert told.counts == {ANSWERABLE: 9, ADVERSARIAL: 5}
    assert {name: told.figures[name].mean for name in told.figures if name != "ECE"} == {
        "answered, answerable": 1.0,
        f"AUROC, {ADVERSARIAL}": 1.0,
        f"answered, {ADVERSARIAL}": 0.0,
    }


def test_an_estimate_that_is_sure_and_wrong_half_of_the_time_is_off_by_half() -> None:
    some = [observed(kind, 50.0) for kind in (ANSWERABLE, ADVERSARIAL) for _ in range(20)]
    told = measure(some, _PARAMETERS, operating_point=0.5)
    assert told.figures["ECE"].mean == pytest.approx(0.5, abs=1e-3)
    assert told.figures[f"AUROC, {ADVERSARIAL}"].mean == 0.5


def test_figures_tell_an_interval() -> None:
    some = [observed(kind, at * sign) for kind, sign in ((ANSWERABLE, 1), (ADVERSARIAL, -1)) for at in range(-2, 9)]
    figure = measure(some, _PARAMETERS, operating_point=0.5).figures[f"AUROC, {ADVERSARIAL}"]
    low, mean, high = figure.low or 0.0, figure.mean or 0.0, figure.high or 0.0
    assert 0 < low < mean < high
