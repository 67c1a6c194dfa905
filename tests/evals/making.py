"""Make cases, records and runs out of little more than what a test is about."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from assistant.answers import Origin, Verdict
from evals.cases import Case, Relevant
from evals.records import Cited, PlaceState, Ranked, Record, Shown, Statement
from evals.runs import Manifest, Run, new_run
from evals.sets import set_sha256
from retrieval.access import Marking

OPEN, SECRET = Marking("NLD", "Ongerubriceerd"), Marking("NLD", "Stg. Geheim")
PLACE = Relevant("order.md", quote="the Amber bridge")
SENTENCE = "The convoy crosses the Amber bridge."


def a_case(name: str = "one", **fields: Any) -> Case:
    """Return a case that is answered by SENTENCE in order.md."""
    told: dict[str, Any] = {"expected": ("Amber",), "relevant": (PLACE,), "language": "en"}
    return Case(id=name, question="Which bridge?", **{**told, **fields})


def a_statement(
    text: str = SENTENCE,
    *quotes: str,
    verdict: Verdict = Verdict.SUPPORTED,
    origin: Origin = Origin.QUOTE,
    exact: bool | None = True,
    label: int = 1,
) -> Statement:
    """Return a statement that cites itself, or the quotes."""
    cited = tuple(Cited(label, "order.md", 1, 0, len(one), one, exact) for one in quotes or (text,))
    return Statement(text, verdict, origin, cited)


def a_shown(label: int = 1, *, text: str = SENTENCE, document: str = "order.md", places: Iterable[int] = (0,)) -> Shown:
    return Shown(label, f"p{label}", "plans", document, "Order", "", 1, 0, len(text), text, "Open", tuple(places))


def a_ranking(*places: Sequence[int], document: str = "order.md") -> tuple[Ranked, ...]:
    """Return a ranking whose passages show these places of the case."""
    return tuple(
        Ranked(f"p{rank}", "plans", document, 1, 0, 10, 1 / rank, tuple(shown))
        for rank, shown in enumerate(places, start=1)
    )


def a_record(name: str = "one", **fields: Any) -> Record:
    """Return the record of a right answer to `a_case`."""
    told: dict[str, Any] = {
        "text": f"{SENTENCE} [1]",
        "language": "en",
        "confidence": 0.8,
        "statements": (a_statement(),),
        "evidence": (a_shown(),),
        "ranking": a_ranking([0], []),
        "places": (PlaceState.INDEXED,),
        "markings": (OPEN,),
        "seconds": 1.5,
        "first_source_seconds": 0.2,
    }
    return Record(name, **{**told, **fields})


def an_abstention(name: str = "one", **fields: Any) -> Record:
    return a_record(name, **{"text": "Not in these documents.", "abstained": True, "statements": (), **fields})


def a_manifest(cases: Sequence[Case], **fields: Any) -> Manifest:
    told: dict[str, Any] = {
        "set_name": "plans",
        "set_sha256": set_sha256(cases),
        "cases": len(cases),
        "system": "assistant",
        "settings_fingerprint": "0123456789ab",
        "settings": {"search": {"limit": 8}},
        "index_snapshot": "index",
        "seed": 0,
        "started": "2026-02-04T10:00:00Z",
        "finished": None,
        "version": "0",
        "machine": "tests",
        "on_date": "2026-02-04",
        "asker": "officer",
    }
    return Manifest(**{**told, **fields})


def a_run(folder: Path, cases: Sequence[Case], records: Iterable[Record] = (), **fields: Any) -> Run:
    """Return a run on disk."""
    run = new_run(folder, a_manifest(cases, **fields), list(cases))
    with run.writing() as writer:
        for record in records:
            writer.append(record)
    return run
