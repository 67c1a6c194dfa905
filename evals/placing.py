"""Find the relevant places of a case: in a passage that was shown, in the catalog at all, and whether a quote reads so.

Recognises a quote whatever its line breaks and spaces. Knows no answer and no metric."""

from collections import OrderedDict
from collections.abc import Collection, Sequence

from evals.cases import Relevant
from evals.records import PlaceState
from retrieval.access import Scope
from retrieval.catalog import Catalog

# Texts of versions kept in memory: answers in a row cite the same few documents.
_TEXTS = 16


def places_shown(relevant: Sequence[Relevant], *, document: str, text: str) -> tuple[int, ...]:
    """Return which of the places, from 0, a passage of a document shows."""
    mine = [number for number, place in enumerate(relevant) if place.document == document]
    if not mine:
        return ()
    plain = _plain(text)
    return tuple(number for number in mine if _plain(relevant[number].quote) in plain)


class Places:
    """Looks places up in a catalog, always within a scope."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._texts: OrderedDict[tuple[str, Scope], str] = OrderedDict()

    def states(self, relevant: Sequence[Relevant], *, found: Collection[int], scope: Scope) -> tuple[PlaceState, ...]:
        """Return whether search could have found each place. Those in `found` it did."""
        return tuple(
            PlaceState.INDEXED if number in found else self._state(place, scope)
            for number, place in enumerate(relevant)
        )

    def reads(self, version: str, start: int, end: int, quote: str, *, scope: Scope) -> bool:
        """Tell whether the stored text of a version reads `quote` from start to end."""
        key = (version, scope)
        if key not in self._texts:
            self._texts[key] = self._catalog.version_text(version, scope=scope) or ""
            if len(self._texts) > _TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return bool(quote) and self._texts[key][start:end] == quote

    def _state(self, place: Relevant, scope: Scope) -> PlaceState:
        passages = [
            passage
            for corpus in sorted(scope.corpora)
            for passage in self._catalog.passages_of(corpus, place.document, scope=scope)
        ]
        if not passages:
            return PlaceState.NO_DOCUMENT
        quote = _plain(place.quote)
        if any(quote in _plain(passage.text) for passage in passages):
            return PlaceState.INDEXED
        texts = [self._catalog.version_text(version, scope=scope) for version in {one.version for one in passages}]
        return PlaceState.NOT_WHOLE if any(quote in _plain(text or "") for text in texts) else PlaceState.NO_QUOTE


def _plain(text: str) -> str:
    return "".join(text.split())
