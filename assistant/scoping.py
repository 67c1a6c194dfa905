"""Say of which corpora a question is asked, as far as its asker may know of them.

What the asker may not read is not there: not to be chosen, not to be named. Knows nothing of search or answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers import Question
from retrieval.access import Scope, may_read, scope_for
from retrieval.catalog import Catalog, CorpusUnknown
from retrieval.documents import Hit


@dataclass(frozen=True, slots=True)
class Reach:
    """What a question is asked of."""

    corpora: tuple[str, ...]
    owners: tuple[str, ...]
    scope: Scope
    notes: tuple[str, ...]
    """What was left out, and why."""


def reach_of(question: Question, catalog: Catalog) -> Reach:
    """Return what a question is asked of. Raises CorpusUnknown when none of the corpora that it names is there."""
    known = [corpus for corpus in catalog.corpora() if may_read(question.principal, corpus.marking, question.on_date)]
    chosen = [corpus for corpus in known if not question.corpora or corpus.name in question.corpora]
    notes = []
    for name in sorted(question.corpora - {corpus.name for corpus in known}):
        unknown = CorpusUnknown.named(name, (corpus.name for corpus in known))
        if not chosen:
            raise unknown
        notes.append(f"left out: {unknown.problem}")
    names = tuple(corpus.name for corpus in chosen)
    owners = tuple(dict.fromkeys(corpus.owner for corpus in chosen if corpus.owner))
    scope = scope_for(question.principal, markings=catalog.markings(), corpora=names, on_date=question.on_date)
    return Reach(names, owners, scope, tuple(notes))


def of_one_policy(hits: Sequence[Hit], *, considered: int) -> tuple[list[Hit], str]:
    """Keep what stands under the policy of the best hit: no order between two policies could mark the answer.

    Returns a note beside it when any of the first `considered` hits was left out, else ''."""
    kept = [hit for hit in hits if hit.marking.policy == hits[0].marking.policy]
    others = [hit.marking.policy for hit in hits[:considered] if hit.marking.policy != hits[0].marking.policy]
    if not others:
        return kept, ""
    policies = ", ".join(sorted(set(others)))
    return kept, (
        f"left out, because an answer carries one marking: {len(others)} under the policy {policies}; "
        "ask about those corpora by name"
    )
