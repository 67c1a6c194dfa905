"""Let one document take the place of another from a day on: the older is found for the days before.

Knows the rules about days and circles. Told by an owner's command, or stated beside or in a document."""

from collections.abc import Iterable, Mapping
from datetime import date

from retrieval.catalog import Dates, Holding
from retrieval.errors import StafwijzerError
from retrieval.lifecycle.pointing import PointWriter
from retrieval.sources import Refusal


class DatesImpossible(StafwijzerError):
    """A document would end before it begins, or the day on which it is superseded is not known."""


class SupersessionCyclic(StafwijzerError):
    """A document would, in the end, take its own place."""


def superseding(
    documents: Iterable[Holding], before: Holding, after: Holding, *, on: date | None = None
) -> dict[str, Dates]:
    """Return the dates that versions, by id, get when the live document `after` takes the place of `before`.

    `on`: the day of it, else the first day of `after`. Raises SupersessionCyclic or DatesImpossible."""
    _refuse_cycle(documents, before, after)
    assert before.version is not None and after.version is not None  # noqa: PT018 (live ones have)
    day = on or after.version.valid_from
    if day is None:
        raise DatesImpossible(
            f"'{after.document.key}' has no first day, so that it is not known when it takes the place of "
            f"'{before.document.key}'.",
            hint="Add --on YYYY-MM-DD, or state valid_from in corpus.toml.",
        )
    dates = dates_of(before, before.version.valid_from, day)
    if after.version.valid_from is None:
        dates |= dates_of(after, day, after.version.valid_until)
    return dates


def supersede_as_stated(points: PointWriter, corpus: str, stated: Mapping[str, str]) -> list[Refusal]:
    """Let documents take the places that are stated, new key to old; return what cannot be, with the reason."""
    refused: list[Refusal] = []
    for new, old in stated.items():
        holdings = points.catalog.holdings(corpus)
        by_key = {holding.document.key: holding for holding in holdings}
        before, after = by_key.get(old), by_key[new]
        if before is None or not before.live or not after.live:
            why = "is not in the corpus" if before is None else "is not served, or this document is not"
            refused.append(Refusal(new, f"It says that it supersedes '{old}', which {why}."))
            continue
        try:
            dates = superseding(holdings, before, after)
        except StafwijzerError as error:
            refused.append(Refusal(new, f"It says that it supersedes '{old}': {error}"))
            continue
        points.catalog.set_validity(dates, superseded_by={before.document.id: after.document.id})
    points.finish_pending()
    return refused


def dates_of(holding: Holding, valid_from: date | None, valid_until: date | None) -> dict[str, Dates]:
    """Return the dates of a live version by its id. Raises DatesImpossible."""
    if valid_from and valid_until and valid_until <= valid_from:
        raise DatesImpossible(
            f"'{holding.document.key}' would hold from {valid_from} and end on {valid_until}, not later.",
            hint="Give an end after the first day: --from and --until of `stafwijzer corpus validity`.",
        )
    assert holding.version is not None
    return {holding.version.id: (valid_from, valid_until)}


def _refuse_cycle(documents: Iterable[Holding], before: Holding, after: Holding) -> None:
    by_id = {holding.document.id: holding for holding in documents}
    chain = [after]
    while (following := by_id.get(chain[-1].superseded_by or "")) and following not in chain:
        chain.append(following)
    if before in chain:
        told = " → ".join(f"'{one.document.key}'" for one in [before, *chain[: chain.index(before) + 1]])
        raise SupersessionCyclic(
            f"A document would take its own place: {told}.",
            hint="Name the older one first; `stafwijzer corpus validity NAME KEY --until open` undoes an earlier one.",
        )
