"""Make answers that were given: each claim is a quote from a passage of its own."""

from assistant.answers import Answer, Citation, Claim, Evidence, Origin, Tokens, Trace, Verdict
from retrieval.access import Marking, high_water_mark
from tests.making import OPEN, a_document, a_passage


def quoting(evidence: Evidence, quote: str, *, origin: Origin = Origin.QUOTE, text: str = "") -> Claim:
    """Return a claim that rests on a quote from a piece of evidence."""
    passage, document = evidence.passage, evidence.document
    start = passage.start + passage.text.index(quote)
    citation = Citation(
        evidence.label,
        passage.id,
        passage.version,
        document.corpus,
        document.key,
        document.title,
        passage.page,
        start,
        start + len(quote),
        quote,
    )
    return Claim(text or quote, (citation,), Verdict.SUPPORTED, (), origin)


def answering(evidence: tuple[Evidence, ...], claims: tuple[Claim, ...], *, question: str = "Is it?") -> Answer:
    return Answer(
        id="answer",
        question=question,
        language="en",
        claims=claims,
        text="\n".join(f"{claim.text} [{claim.citations[0].label}] ✓" for claim in claims),
        citations=tuple(citation for claim in claims for citation in claim.citations),
        evidence=evidence,
        abstained=False,
        abstention=None,
        unanswered=(),
        conflicts=(),
        marking=high_water_mark(one.marking for one in evidence),
        withheld=(),
        strikes=False,
        unresolved=0,
        trace=Trace("tests", question, (), {}, None, "tests", {"answered": 1.0}, Tokens(), 0.9),
    )


def an_answer(*quotes: str, before: str = "", marking: Marking = OPEN) -> Answer:
    """Return an answer that quotes each of these from a passage that begins with `before`."""
    evidence = tuple(
        Evidence(label, a_passage(before + quote), a_document(title="Order"), marking, "en", 1.0)
        for label, quote in enumerate(quotes, start=1)
    )
    return answering(evidence, tuple(quoting(one, quote) for one, quote in zip(evidence, quotes, strict=True)))
