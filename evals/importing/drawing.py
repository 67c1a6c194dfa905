"""Draw a part of an imported set by lot. Knows no format."""

import random
from collections import defaultdict

from evals.cases import Case
from evals.importing.gathering import Imported


def drawn(imported: Imported, count: int, *, seed: int) -> Imported:
    """Return at most `count` cases in their order, as many of each kind of answerable as their share (largest
    remainders), equal for equal seeds. All documents stay, so that finding is as hard as in the whole set; but for
    those that were made for cases that are not drawn."""
    strata: defaultdict[bool | None, list[Case]] = defaultdict(list)
    for case in imported.cases:
        strata[case.answerable].append(case)
    draw = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    sizes = _sizes({kind: len(cases) for kind, cases in strata.items()}, count)
    chosen = {case.id for kind, cases in strata.items() for case in draw.sample(cases, sizes[kind])}
    return Imported(
        tuple(case for case in imported.cases if case.id in chosen),
        tuple(one for one in imported.documents if not one.only_for or one.only_for & chosen),
        imported.left_out,
    )


def _sizes(strata: dict[bool | None, int], count: int) -> dict[bool | None, int]:
    total = sum(strata.values())
    if count >= total:
        return strata
    shares = {kind: size * count / total for kind, size in strata.items()}
    sizes = {kind: int(share) for kind, share in shares.items()}
    for kind in sorted(shares, key=lambda kind: sizes[kind] - shares[kind])[: count - sum(sizes.values())]:
        sizes[kind] += 1
    return sizes
