"""Find what would change the first place: a weight by itself, or all weights and unknown values at once.

Knows nothing of units or documents: it works on the scores of a matrix. The same arithmetic runs in the page; both are
held to tests/assistant/courses/matrix-vectors.json.

Methods: one-way, the weight at which the leader and another total the same, all other weights as they are set. Monte
Carlo over weights (Butler, Jia & Dyer 1997, EJOR 103:531): a Dirichlet distribution around the set weights, and the
uniform distribution over all weights; unknown scores are drawn evenly from 0 to 1 (SMAA: Lahdelma & Salminen 2001,
Operations Research 49:444)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from assistant.courses.comparing import TIED, DecisionMatrix

_CONCENTRATION = 20.0
"""Of the Dirichlet distribution: a weight of 0.2 lies between 0.06 and 0.40 in 95 of 100 samples."""

_Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flip:
    """The nearest weight of one criterion at which another course comes first, the others as they are set."""

    criterion: str
    weight: float | None
    """On the scale on which the weights were set. None: no weight of 0 or more does. The set weight itself: courses tie
    for the first place, and any change of it decides."""
    share: float | None
    """The part of all weights that it would then be, 0 to 1."""
    to: tuple[str, ...]
    """Ids of the courses that then come first beside the leader, and past that weight instead of it."""


@dataclass(frozen=True, slots=True)
class FirstShare:
    """In which share of the samples a course comes first, 0 to 1. Of those that tie, each gets its part."""

    course: str
    around: float
    """Weights around those that were set."""
    uniform: float
    """Any weights of the criteria that count."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    flips: tuple[Flip, ...]
    """One for each criterion, in its order."""
    first: tuple[FirstShare, ...]
    """One for each course, in its order."""
    stability: float
    """Share of the samples around the set weights in which the whole ranking is as it is, 0 to 1."""
    samples: int
    seed: int


def sensitivity(matrix: DecisionMatrix, *, samples: int = 10_000, seed: int = 0) -> Sensitivity:
    """Return what would change the first place. The same seed gives the same shares, in any order of the courses."""
    flips = tuple(_flip(matrix, at) for at in range(len(matrix.criteria)))
    if not matrix.courses or not matrix.criteria or samples < 1:
        return Sensitivity(flips, (), 0.0, 0, seed)
    random = np.random.default_rng(seed)
    counts = np.array([weight > 0 for weight in matrix.weights])
    weights = np.array(matrix.weights)
    # Rounded: gamma variates of shape 1 are drawn otherwise than those of a shape that differs by its last digit.
    around = _dirichlet(random, np.where(counts, np.round(weights * _CONCENTRATION, 9), 0.0), samples)
    uniform = _dirichlet(random, np.where(counts, 1.0, 0.0), samples)
    # By name: the place of a course in the matrix must not decide what is drawn for its unknown scores.
    names = sorted(matrix.courses)
    scores = _sampled_scores(matrix, names, random, samples)
    totals = _totals(scores, around)
    first, first_of_any = _first_shares(totals), _first_shares(_totals(scores, uniform))
    shares = tuple(
        FirstShare(course, float(first[at]), float(first_of_any[at]))
        for course, at in ((course, names.index(course)) for course in matrix.courses)
    )
    ranking = [[names.index(course) for course in group] for group in matrix.ranking]
    return Sensitivity(flips, shares, _stability(totals, ranking), samples, seed)


def _flip(matrix: DecisionMatrix, at: int) -> Flip:
    criterion, weight = matrix.criteria[at], matrix.weights[at]
    whole = sum(matrix.set_weights) or float(len(matrix.weights))
    leader, *tied = matrix.first or ("",)
    if tied and len({round(_score(matrix, one, at), 9) for one in matrix.first}) > 1:
        return Flip(criterion, weight * whole, weight, tuple(tied))
    crossings = list(_crossings(matrix, leader, at))
    if not crossings:
        return Flip(criterion, None, None, ())
    nearest = min((crossing for crossing, _ in crossings), key=lambda crossing: (abs(crossing - weight), crossing))
    to = tuple(course for crossing, course in crossings if abs(crossing - nearest) <= TIED)
    return Flip(criterion, nearest * whole, nearest / (nearest + 1 - weight), to)


def _crossings(matrix: DecisionMatrix, leader: str, at: int) -> Iterator[tuple[float, str]]:
    """Yield each weight above 0 at which a course that is not first totals what the leader does."""
    weight = matrix.weights[at]
    for course in matrix.courses:
        if course in matrix.first:
            continue
        slope = _score(matrix, leader, at) - _score(matrix, course, at)
        if abs(slope) <= TIED:
            continue
        ahead = matrix.total(leader).middle - matrix.total(course).middle
        crossing = weight - ahead / slope
        if crossing > TIED:
            yield crossing, course


def _score(matrix: DecisionMatrix, course: str, at: int) -> float:
    """Return a score; of an unknown one the middle."""
    score = matrix.scores[matrix.courses.index(course)][at]
    return 0.5 if score is None else score


def _dirichlet(random: np.random.Generator, concentration: _Numbers, samples: int) -> _Numbers:
    """Return samples x criteria. A concentration of 0 is a weight of 0."""
    drawn = random.standard_gamma(concentration, (samples, len(concentration)))
    whole = drawn.sum(axis=1, keepdims=True)
    even = np.where(concentration > 0, 1.0, 0.0) / max(1, np.count_nonzero(concentration))
    return np.where(whole > 0, drawn / np.where(whole > 0, whole, 1.0), even)


def _sampled_scores(matrix: DecisionMatrix, names: list[str], random: np.random.Generator, samples: int) -> _Numbers:
    """Return courses x samples x criteria, or courses x 1 x criteria when all are known."""
    rows = [matrix.scores[matrix.courses.index(name)] for name in names]
    scores = np.array([[np.nan if one is None else one for one in row] for row in rows], dtype=float)
    unknown = np.isnan(scores)
    if not unknown.any():
        return scores[:, None, :]
    sampled = np.repeat(scores[:, None, :], samples, axis=1)
    for row, column in np.argwhere(unknown):
        sampled[row, :, column] = random.random(samples)
    return sampled


def _totals(scores: _Numbers, weights: _Numbers) -> _Numbers:
    """Return courses x samples."""
    totals: _Numbers = (scores * weights).sum(axis=2)
    return totals


def _first_shares(totals: _Numbers) -> _Numbers:
    first = totals >= totals.max(axis=0) - TIED
    shares: _Numbers = (first / first.sum(axis=0)).mean(axis=1)
    return shares


def _stability(totals: _Numbers, ranking: list[list[int]]) -> float:
    """Return the share of samples in which no course totals more than one of a group that is ranked before it."""
    kept = np.ones(totals.shape[1], dtype=bool)
    for before, after in pairwise(ranking):
        kept &= totals[before].min(axis=0) >= totals[after].max(axis=0) - TIED
    return float(kept.mean())
