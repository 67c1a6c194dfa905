"""Ask every question of a set through `Assistant.ask`, and score the answers.

A case that fails is unscored and keeps its error. Knows no screen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answers import Answer, Question
from assistant.service import Assistant
from evals.metrics import Aggregate, aggregate, holds_answer, ndcg_at, recall_at
from evals.sets import Case, Relevant
from retrieval.access import Principal, Scope, scope_for
from retrieval.catalog import Catalog
from retrieval.errors import StafwijzerError

METRICS = ("recall@1", "recall@5", "recall@8", "ndcg@10", "citation validity", "answer", "abstention", "seconds")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case."""

    case: Case
    answer: Answer | None
    error: str
    scores: Mapping[str, float]
    """By metric; a metric that does not apply is not there."""


def run(
    cases: Sequence[Case],
    *,
    assistant: Assistant,
    principal: Principal,
    on_date: date,
    on_done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Return the outcome of each case, in their order."""
    outcomes = []
    for case in cases:
        outcome = _outcome(case, assistant, principal, on_date)
        outcomes.append(outcome)
        on_done(outcome)
    return outcomes


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Aggregate]:
    """Return each metric over all cases."""
    return {metric: aggregate([outcome.scores.get(metric) for outcome in outcomes]) for metric in METRICS}


def by_tag(outcomes: Sequence[Outcome], metric: str) -> dict[str, Aggregate]:
    """Return one metric for each tag and language."""
    tags = sorted({tag for outcome in outcomes for tag in _tags(outcome.case)})
    return {tag: aggregate([o.scores.get(metric) for o in outcomes if tag in _tags(o.case)]) for tag in tags}


def _outcome(case: Case, assistant: Assistant, principal: Principal, on_date: date) -> Outcome:
    try:
        answer = assistant.ask(Question(case.question, principal, case.corpora, on_date))
    except StafwijzerError as error:
        return Outcome(case, None, str(error), {})
    catalog = assistant.retriever.catalog
    scope = scope_for(principal, markings=catalog.markings(), corpora=_names(case, catalog), on_date=on_date)
    return Outcome(case, answer, "", dict(_scores(case, answer, catalog, scope)))


def _scores(case: Case, answer: Answer, catalog: Catalog, scope: Scope) -> Iterator[tuple[str, float]]:
    yield "seconds", answer.trace.timings["answered"]
    yield "abstention", float(answer.abstained != case.answerable)
    if case.relevant:
        shown = [
            [number for number, place in enumerate(case.relevant) if _shows(one.document.key, one.passage.text, place)]
            for one in answer.evidence
        ]
        for k in (1, 5, 8):
            yield f"recall@{k}", recall_at(k, shown, len(case.relevant))
        yield "ndcg@10", ndcg_at(10, shown, len(case.relevant))
    if case.answerable and case.expected:
        claims = " ".join(claim.text for claim in answer.claims)
        yield "answer", holds_answer(claims, case.expected, case.must_not_contain)
    if answer.citations:
        valid = [
            (catalog.version_text(one.version_id, scope=scope) or "")[one.start : one.end] == one.quote
            for one in answer.citations
        ]
        yield "citation validity", sum(valid) / len(valid)


def _shows(document: str, text: str, place: Relevant) -> bool:
    return document == place.document and "".join(place.quote.split()) in "".join(text.split())


def _names(case: Case, catalog: Catalog) -> list[str]:
    return sorted(case.corpora) or [corpus.name for corpus in catalog.corpora()]


def _tags(case: Case) -> frozenset[str]:
    return case.tags | {case.language}
