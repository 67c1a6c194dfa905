"""Leave out of a workspace what its reader may not read, or what was deleted: each citation is held to the catalog.

What is left out says that it is, at its place. Fail closed: what the catalog does not know is left out. A version that
was replaced or retired is still shown under the marking that its document has now; staleness tells of that."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from assistant.answers import Citation
from assistant.courses.walking import changed, citations
from assistant.courses.workspace import (
    Basis,
    Calculation,
    CourseOfAction,
    Filled,
    Outcome,
    RawValue,
    Screened,
    Statement,
    Workspace,
)
from retrieval.access import Principal, may_read, scope_for
from retrieval.catalog import Catalog
from retrieval.languages import Language

_SENTENCES: dict[str, dict[Language, str]] = {
    "withheld": {
        "nl": "Weggelaten: dit berust op wat u niet mag lezen of wat is verwijderd.",
        "en": "Withheld: this rests on what you may not read, or what was deleted.",
    },
    "count": {
        "nl": "Weggelaten, omdat u het niet mag lezen of omdat het is verwijderd: {count}.",
        "en": "Withheld, because you may not read it or because it was deleted: {count}.",
    },
}


def as_seen_by(principal: Principal, workspace: Workspace, *, catalog: Catalog, on_date: date) -> Workspace:
    """Return a workspace as a principal may read it. Not to be saved: what is withheld is gone from it."""
    cited = set(citations(workspace))
    hidden = cited - _readable(cited, principal, catalog, workspace.on_date, on_date)
    told, count = _SENTENCES["withheld"][workspace.language], 0

    def withhold(part: object) -> object:
        nonlocal count
        seen = _without(part, hidden.__contains__, lambda filled: _beyond(filled, principal, on_date), told)
        count += seen is not part
        return seen

    seen = changed(workspace, withhold)
    if not count:
        return workspace
    return replace(seen, notes=(*seen.notes, _SENTENCES["count"][workspace.language].format(count=count)))


def _without(part: object, hidden: Callable[[Citation], bool], beyond: Callable[[Filled], bool], told: str) -> object:
    """Return a part without its text when that may not be read, else the same part."""
    match part:
        case Filled() if beyond(part):
            return replace(part, statements=(Statement(f"withheld-{part.name}", told, Basis.GAP),))
        case CourseOfAction() if any(map(hidden, citations(part.idea))):
            # Its name is copied from its idea.
            return replace(part, name=part.id, merged=())
        case Statement() if any(map(hidden, part.citations)):
            return Statement(part.id, told, Basis.GAP)
        case Screened() if any(map(hidden, citations(part))):
            return Screened(part.screen, Outcome.UNKNOWN, told, by=part.by)
        case Calculation() if any(map(hidden, part.citations)):
            return Calculation(told, None)
        case RawValue() if any(map(hidden, part.citations)):
            return RawValue(part.course, part.criterion, "", Basis.GAP, reason=told, by=part.by)
    return part


def _beyond(filled: Filled, principal: Principal, on_date: date) -> bool:
    return filled.marking is not None and not may_read(principal, filled.marking, on_date)


def _readable(
    cited: Iterable[Citation], principal: Principal, catalog: Catalog, valid_on: date, on_date: date
) -> set[Citation]:
    """Return the citations that a principal may read. `valid_on`: the day of the workspace; `on_date`: today."""
    open_ = {corpus.name for corpus in catalog.corpora() if may_read(principal, corpus.marking, on_date)}
    among = [one for one in cited if one.corpus in open_]
    scope = scope_for(principal, markings=catalog.markings(), corpora=open_, on_date=valid_on)
    live = catalog.passages(sorted({one.passage_id for one in among}), scope=scope)
    found = {one for one in among if one.passage_id in live}
    # Those of replaced, retired and expired versions, and of joined passages: seldom many.
    rest = [one for one in among if one not in found]
    kept = {corpus: _kept(corpus, rest, principal, catalog, on_date) for corpus in {one.corpus for one in rest}}
    return found | {one for one in rest if one.version_id in kept[one.corpus]}


def _kept(
    corpus: str, cited: Iterable[Citation], principal: Principal, catalog: Catalog, on_date: date
) -> frozenset[str]:
    """Return the ids of the versions, live or not, of documents whose marking lets the principal read them."""
    keys = {one.document for one in cited if one.corpus == corpus}
    documents = [
        holding.document.id
        for holding in catalog.holdings(corpus)
        if holding.document.key in keys
        and holding.marking
        and may_read(principal, holding.marking, on_date)
        and (holding.live or not holding.quarantined)
    ]
    return frozenset(version for document in documents for version in catalog.versions_of(document))
