"""Leave out of an answer that was given before what its reader may not read today.

A quote stays while its own passage may be read. What the model wrote, or a search made of earlier answers, may rest on
any passage that was before it: it stays only while all of them may be read. Pure; where texts come from is told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.answers import Abstention, Answer, Citation, Claim, Conflict, Evidence, Origin
from assistant.citing import as_text
from assistant.history.rereading import Readable, span_of
from retrieval.access import high_water_mark


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as a reader may read it."""

    answer: Answer
    withheld: bool
    """Something was left out."""


def as_seen(answer: Answer, readable: Readable) -> Seen:
    """Return an answer with the text of its passages, and without what may not be read."""
    evidence = tuple(found for one in answer.evidence if (found := _with_text(one, readable)))
    whole = len(evidence) == len(answer.evidence) and _may_know(answer.abstention, readable)
    claims = tuple(claim for claim in answer.claims if _stays(claim, evidence, whole=whole))
    conflicts = tuple(one for one in answer.conflicts if _stands(one, evidence))
    whole = whole and len(claims) == len(answer.claims) and len(conflicts) == len(answer.conflicts)
    if whole:
        return Seen(replace(answer, evidence=evidence), withheld=False)
    return Seen(
        replace(
            answer,
            claims=claims,
            text=as_text(claims, answer.language),
            citations=tuple(dict.fromkeys(citation for claim in claims for citation in claim.citations)),
            evidence=evidence,
            abstention=_without(answer.abstention, evidence),
            unanswered=(),
            conflicts=conflicts,
            marking=high_water_mark(one.marking for one in evidence),
            withheld=(),
            unresolved=0,
            trace=replace(answer.trace, query="", parts=(), notes=()),
        ),
        withheld=True,
    )


def without_query(answer: Answer) -> Answer:
    """Return an answer without what was searched for: words of an earlier answer may have come into that."""
    return replace(answer, trace=replace(answer.trace, query="", parts=()))


def _with_text(evidence: Evidence, readable: Readable) -> Evidence | None:
    text = readable.texts.get(span_of(evidence))
    if text is None or evidence.document.corpus not in readable.corpora:
        return None
    return replace(evidence, passage=replace(evidence.passage, text=text))


def _stays(claim: Claim, evidence: Iterable[Evidence], *, whole: bool) -> bool:
    if claim.origin is Origin.MODEL and not whole:
        return False
    return bool(claim.citations) and all(_is_there(citation, evidence) for citation in claim.citations)


def _stands(conflict: Conflict, evidence: Iterable[Evidence]) -> bool:
    return all(_is_there(side.citation, evidence) for side in conflict.sides)


def _is_there(citation: Citation, evidence: Iterable[Evidence]) -> bool:
    """Tell whether a quote stands, word for word, in what may be read."""
    return any(
        one.passage.version == citation.version_id
        and one.passage.start <= citation.start
        and one.passage.text[citation.start - one.passage.start : citation.end - one.passage.start] == citation.quote
        for one in evidence
    )


def _may_know(abstention: Abstention | None, readable: Readable) -> bool:
    return abstention is None or readable.corpora.issuperset(abstention.corpora)


def _without(abstention: Abstention | None, evidence: Iterable[Evidence]) -> Abstention | None:
    if abstention is None:
        return None
    return Abstention((), (), (), tuple(one for one in abstention.nearest if _is_there(one, evidence)))
