"""Recognise a document that a corpus holds already: by its key, its content or its file. Reads nothing."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count

from retrieval.catalog import Holding
from retrieval.documents import document_id

Find = Callable[..., list[Holding]]
"""Asks the catalog for documents with the content `sha256`, or with the id `document`."""


class Held:
    """The documents of a corpus, by key, by content and by file."""

    def __init__(self, holdings: Iterable[Holding], *, find: Find | None = None) -> None:
        """`find`: asked for those that are not among `holdings`; None: they are all there are."""
        self._find = find
        self._by_key: dict[str, Holding] = {}
        self._ids: set[str] = set()
        self._by_content: dict[str, list[Holding]] = {}
        self._by_file: dict[str | None, list[Holding]] = {}
        self._learn(holdings)

    def __iter__(self) -> Iterator[Holding]:
        return iter(self._by_key.values())

    def get(self, key: str) -> Holding | None:
        return self._by_key.get(key)

    def of_file(self, file: str) -> list[Holding]:
        return self._by_file.get(file, [])

    def with_content(self, sha256: str) -> list[Holding]:
        if self._find is not None:
            self._learn(self._find(sha256=sha256))
        return self._by_content.get(sha256, [])

    def put(self, holding: Holding, *, instead_of: Holding) -> None:
        """Let a document be known as it is now."""
        del self._by_key[instead_of.document.key]
        self._by_key[holding.document.key] = holding
        alike = self._by_content[holding.version.sha256] if holding.version else []
        alike[:] = [holding if one is instead_of else one for one in alike]

    def new_id(self, corpus: str, key: str) -> str:
        """Return an id for a document of this key: another than that of one which had the key and moved away."""
        names = chain([key], (f"{key}\0{number}" for number in count(2)))
        identifier = next(told for name in names if not self._is_known(told := document_id(corpus, name)))
        self._ids.add(identifier)
        return identifier

    def _is_known(self, document: str) -> bool:
        return document in self._ids or (self._find is not None and bool(self._find(document=document)))

    def _learn(self, holdings: Iterable[Holding]) -> None:
        for holding in holdings:
            if holding.document.id in self._ids:
                continue
            self._ids.add(holding.document.id)
            self._by_key[holding.document.key] = holding
            self._by_file.setdefault(holding.file, []).append(holding)
            if holding.version:
                self._by_content.setdefault(holding.version.sha256, []).append(holding)
