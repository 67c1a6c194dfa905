"""Documents are counted by how they stand on a day, its borders included."""

from datetime import date, timedelta

from retrieval.catalog import Holding
from retrieval.documents import Document, State, Version
from retrieval.lifecycle.summing import Standing, standing
from tests.making import OPEN

DAY = date(2026, 2, 4)


def _holding(
    first: date | None = None, end: date | None = None, *, live: bool = True, superseded_by: str | None = None
) -> Holding:
    version = Version("v", "d", "0" * 64, OPEN.id, first, end, None, State.LIVE if live else State.RETIRED)
    document = Document("d", "plans", "a.md", "A", "v" if live else None)
    return Holding(document, 1, "a.md", not live, superseded_by, version, OPEN, "load-1", None)


def test_documents_are_counted_by_how_they_stand() -> None:
    next_day = DAY + timedelta(days=1)
    counted = standing(
        [
            _holding(),
            _holding(DAY, DAY + timedelta(days=31)),
            _holding(end=next_day),
            _holding(next_day),
            _holding(end=DAY, superseded_by="e"),
            _holding(live=False),
        ],
        on_date=DAY,
    )
    assert counted == Standing(
        live=5, in_force=3, not_yet=1, ended=1, ending_soon=1, superseded=1, retired=1, withdrawn=1
    )
