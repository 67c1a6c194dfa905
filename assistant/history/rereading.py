"""Find again what answers rest on, as far as a reader may read it today. The catalog decides, by the one access rule.

What is live in the reader's scope is found at once. What was replaced, retired or expired since is still shown, under
the marking that its document has now. Fail closed: what the catalog does not know, or holds back, is not found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answers import Answer, Evidence
from retrieval.access import Principal, may_read, scope_for
from retrieval.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Readable:
    """What a reader may read today."""

    texts: Mapping[tuple[str, int, int], str]
    """By version, start and end: the text of a passage. What is not in it may not be read."""
    corpora: frozenset[str]
    """Names that the reader may know."""


Reread = Callable[[Principal, Sequence[Answer], date], Readable]
"""Find again what these answers rest on, for a reader on a day."""


def reread_from(catalog: Catalog) -> Reread:
    """Return what finds passages again in a catalog."""

    def reread(principal: Principal, answers: Sequence[Answer], on_date: date) -> Readable:
        corpora = frozenset(one.name for one in catalog.corpora() if may_read(principal, one.marking, on_date))
        wanted = {span_of(one): one for answer in answers for one in answer.evidence if one.document.corpus in corpora}
        scope = scope_for(principal, markings=catalog.markings(), corpora=corpora, on_date=on_date)
        live = catalog.passages(sorted({one.passage.id for one in wanted.values()}), scope=scope)
        texts = {
            (found.passage.version, found.passage.start, found.passage.end): found.passage.text
            for found in live.values()
        }
        rest = [one for span, one in wanted.items() if span not in texts]
        return Readable(texts | _kept(rest, principal, catalog, on_date), corpora)

    return reread


def span_of(evidence: Evidence) -> tuple[str, int, int]:
    """Return where the text of a passage stands."""
    return evidence.passage.version, evidence.passage.start, evidence.passage.end


def _kept(
    wanted: Iterable[Evidence], principal: Principal, catalog: Catalog, on_date: date
) -> dict[tuple[str, int, int], str]:
    """Return the texts of passages that are not live any more, or were joined, of documents that may be read now."""
    by_document: dict[tuple[str, str], list[Evidence]] = {}
    for one in wanted:
        by_document.setdefault((one.document.corpus, one.document.id), []).append(one)
    texts: dict[tuple[str, int, int], str] = {}
    for (corpus, document), some in by_document.items():
        if _is_open(corpus, document, principal, catalog, on_date):
            versions = catalog.versions_of(document).keys() & {one.passage.version for one in some}
            whole = catalog.kept_texts(sorted(versions))
            texts |= {
                span_of(one): whole[one.passage.version][one.passage.start : one.passage.end]
                for one in some
                if one.passage.version in whole
            }
    return texts


def _is_open(corpus: str, document: str, principal: Principal, catalog: Catalog, on_date: date) -> bool:
    found = [one for one in catalog.holdings_with(corpus, document=document) if one.document.id == document]
    return any(
        one.marking is not None and may_read(principal, one.marking, on_date) and (one.live or not one.quarantined)
        for one in found
    )
