"""The questions that were put to a corpus and not answered, as far as its owner may know of them.

A question is as secret as what its asker may read, whatever was found for it: it is shown to who may read all of that,
and keeps or may know of every corpus that it reached. Knows nothing of pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from assistant.journal import Journal
from retrieval.access import Principal, may_read
from retrieval.lifecycle.knowing import Knowing

_LOOKED_AT = 2_000
"""Records of answers, the newest: what is older is in the journal of the operators."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    day: str
    question: str
    missing: tuple[str, ...]
    """Words of it that nothing found says."""


def unanswered(journal: Journal, knowing: Knowing, corpus: str, *, most: int = 50) -> list[Unanswered]:
    """Return the newest questions that this corpus was asked and that were not answered."""
    return list(islice(_unanswered(journal, knowing, corpus), most))


def _unanswered(journal: Journal, knowing: Knowing, corpus: str) -> Iterator[Unanswered]:
    markings, known = knowing.catalog.markings(), {one.name for one in knowing.corpora()}
    readable = knowing.scope().markings
    for record in islice(journal.newest(kind="answer"), _LOOKED_AT):
        body = record.body
        abstention = body.get("abstention") or {}
        reached = set(abstention.get("corpora") or ())
        if not body.get("abstained") or corpus not in reached or not reached <= known:
            continue
        asker = _asker(body)
        if asker is None or any(one.id not in readable for one in markings if may_read(asker, one, knowing.on_date)):
            continue
        yield Unanswered(record.at[:10], str(body.get("question", "")), tuple(abstention.get("missing") or ()))


def _asker(body: Mapping[str, Any]) -> Principal | None:
    try:
        told = body["asked"]["principal"]
        clearance = tuple((str(policy), str(level)) for policy, level in told["clearance"])
        sets = (frozenset(told[name]) for name in ("groups", "roles", "access"))
        return Principal(told["name"], clearance, told["nationality"], *sets)
    except (KeyError, TypeError, ValueError):
        return None
