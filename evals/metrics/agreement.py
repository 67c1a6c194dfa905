"""How far two judges agree, and how much of that is more than chance. Knows labels, not what they are about."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from evals.metrics.intervals import draws, percentile_interval

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Agreement(Generic[Item]):
    """What two judges made of the items that both of them judged."""

    n: int
    """Items that both judged."""
    raw: float | None
    """Share of them that got the same label. None when n is 0."""
    kappa: float | None
    """Cohen's kappa. None when it is undefined."""
    low: float | None
    high: float | None
    """95 % interval of kappa. None when kappa is, or when nothing was judged differently: resampling cannot tell."""
    disagreements: tuple[Item, ...]
    """Items that got different labels, in the first judge's order."""


def agreement(
    first: Mapping[Item, str],
    second: Mapping[Item, str],
    *,
    group: Callable[[Item], Hashable],
    seed: int = 0,
    samples: int = 1000,
) -> Agreement[Item]:
    """Compare two judges' labels, each by item, over the items that both judged.

    The interval is the percentile bootstrap (Efron 1979) over whole groups: what is judged of one case, such as the
    claims of an answer, goes together. Resamples in which kappa is undefined are left out."""
    both = [item for item in first if item in second]
    one, other = [first[item] for item in both], [second[item] for item in both]
    differing = tuple(item for item in both if first[item] != second[item])
    kappa = cohen_kappa(one, other)
    low = high = None
    if kappa is not None and differing:
        tables = _tables(one, other, [group(item) for item in both])
        low, high = _interval(tables, seed=seed, samples=samples) or (None, None)
    return Agreement(len(both), raw_agreement(one, other), kappa, low, high, differing)


def raw_agreement(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Return the share of items that got the same label from both; None without items.

    Raises ValueError when the two differ in length."""
    same = [one == other for one, other in zip(first, second, strict=True)]
    return sum(same) / len(same) if same else None


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Return Cohen's kappa, unweighted: (observed - chance) / (1 - chance) (Cohen 1960).

    Chance is how often two judges would agree who each hand out their own labels as often as they did, blindly. 1 is
    full agreement, 0 what chance gives. None where it is undefined: without items, or when both used one and the same
    label throughout. Raises ValueError when the two differ in length."""
    kappas = _kappas(_tables(first, second, [0] * len(first)))
    return None if np.isnan(kappas).all() else float(kappas[0])


def _tables(first: Sequence[str], second: Sequence[str], groups: Sequence[Hashable]) -> NDArray[np.int64]:
    """Return, for each group, how often each pair of labels was given: (groups, labels, labels)."""
    labels = {label: place for place, label in enumerate(dict.fromkeys([*first, *second]))}
    places = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    tables = np.zeros((len(places), len(labels), len(labels)), dtype=np.int64)
    for one, other, group in zip(first, second, groups, strict=True):
        tables[places[group], labels[one], labels[other]] += 1
    return tables


def _kappas(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return kappa of each (labels, labels) table; nan where it is undefined."""
    # Counts instead of shares: whole numbers tell exactly when chance alone gives full agreement.
    n = tables.sum(axis=(1, 2))
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1)
    observed = n * np.trace(tables, axis1=1, axis2=2)
    possible = n * n - chance
    kappas = np.full(len(tables), np.nan)
    np.divide(observed - chance, possible, out=kappas, where=possible > 0)
    return kappas


def _interval(tables: NDArray[np.int64], *, seed: int, samples: int) -> tuple[float, float] | None:
    drawn = draws(len(tables), seed=seed, samples=samples)
    return percentile_interval(np.concatenate([_kappas(np.tensordot(counts, tables, axes=1)) for counts in drawn]))
