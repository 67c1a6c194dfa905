"""Make of a case and its record what a reader wants to see of it: how far each relevant place came, what was marked.

A pure function. Decides nothing about right and wrong."""

from collections.abc import Iterator, Mapping, Sequence

from evals.cases import Case
from evals.judging import Judgement
from evals.marking import high_water
from evals.records import PlaceState, Record, Shown
from evals.report.contents import CaseView, Outline, PassageView, Place
from evals.report.showing import Span, find_quote, stretches
from evals.runs import markings_of
from retrieval.languages import detect_language


def view(
    outline: Outline, case: Case, record: Record, *, scores: Mapping[str, float], judgements: Sequence[Judgement]
) -> CaseView:
    """Return the case as the report shows it."""
    return CaseView(
        outline,
        case,
        record,
        record.language or case.language,
        high_water(markings_of(case, record)),
        tuple(_places(case, record)),
        tuple(_passage(case, record, one) for one in record.evidence),
        scores,
        tuple(judgements),
    )


def _places(case: Case, record: Record) -> Iterator[Place]:
    cited = {citation.label for one in record.statements for citation in one.citations}
    # A case that failed before search has no states.
    states = [str(state) for state in record.places] or ["not looked up"] * len(case.relevant)
    for number, (place, state) in enumerate(zip(case.relevant, states, strict=True)):
        labels = [one.label for one in record.evidence if number in one.places]
        rank = next((rank for rank, one in enumerate(record.ranking, start=1) if number in one.places), None)
        yield Place(
            place.document,
            place.page,
            place.quote,
            "yes" if state == PlaceState.INDEXED else state,
            rank,
            labels[0] if labels else None,
            bool(cited.intersection(labels)),
        )


def _passage(case: Case, record: Record, shown: Shown) -> PassageView:
    ranks = (rank for rank, one in enumerate(record.ranking, start=1) if one.passage == shown.passage)
    relevant = [span for number in shown.places for span in find_quote(case.relevant[number].quote, shown.text)]
    return PassageView(
        shown,
        next(ranks, None),
        bool(shown.places),
        detect_language(shown.text),
        tuple(stretches(shown.text, relevant=relevant, cited=_cited(record, shown))),
    )


def _cited(record: Record, shown: Shown) -> Iterator[Span]:
    for statement in record.statements:
        for citation in statement.citations:
            if citation.label == shown.label:
                # Offsets count in the document; a system without them is taken at its words.
                exact = (citation.start - shown.start, citation.end - shown.start)
                yield from [exact] if citation.exact else find_quote(citation.quote, shown.text)
