"""Recognise a document that a corpus holds already: by its key, its content or its file. Reads nothing."""

from collections.abc import Iterable, Iterator
from itertools import chain, count

from retrieval.catalog import Holding
from retrieval.documents import document_id


class Held:
    """The documents of a corpus, by key, by content and by file."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self._by_key = {holding.document.key: holding for holding in holdings}
        self._ids = {holding.document.id for holding in self._by_key.values()}
        self._by_content: dict[str, list[Holding]] = {}
        self._by_file: dict[str | None, list[Holding]] = {}
        for holding in self._by_key.values():
            self._by_file.setdefault(holding.file, []).append(holding)
            if holding.version:
                self._by_content.setdefault(holding.version.sha256, []).append(holding)

    def __iter__(self) -> Iterator[Holding]:
        return iter(self._by_key.values())

    def get(self, key: str) -> Holding | None:
        return self._by_key.get(key)

    def of_file(self, file: str) -> list[Holding]:
        return self._by_file.get(file, [])

    def with_content(self, sha256: str) -> list[Holding]:
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
        identifier = next(told for name in names if (told := document_id(corpus, name)) not in self._ids)
        self._ids.add(identifier)
        return identifier
