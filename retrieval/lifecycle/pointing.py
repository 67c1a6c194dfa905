"""Say in the index what the catalog says: write points, write them again with other fields, remove those of the dead.

The catalog is always told first; what it says and the index does not yet is pending there, and is finished by whoever
writes next. Knows no files and no rules about dates or markings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from retrieval.catalog import Catalog, Found, Pending
from retrieval.documents import text_sha256
from retrieval.embedding import Embedder
from retrieval.index.protocol import ALWAYS, FOREVER, Index, Point, Vector
from retrieval.lexical import encode_passage

# Enough to sort by length and keep the embedder busy, little enough to be lost to a crash.
BATCH_PASSAGES = 512
# The engine applies each request in one go, and readers wait for none of them long.
_REQUEST_POINTS = 256


@dataclass(frozen=True, slots=True)
class PointWriter:
    catalog: Catalog
    index: Index
    embedder: Embedder

    def write(self, passages: Sequence[Found], vectors: Sequence[Vector]) -> None:
        """Write the points of passages, replacing those with their ids."""
        points = [point_of(found, vector) for found, vector in zip(passages, vectors, strict=True)]
        for start in range(0, len(points), _REQUEST_POINTS):
            self.index.upsert(points[start : start + _REQUEST_POINTS])

    def vectors_for(self, texts: Mapping[str, str]) -> tuple[dict[str, Vector], int]:
        """Return a vector for each searchable text, by its hash, and how many the model was run for."""
        twins = self.catalog.twins(list(texts))
        present = self.index.vectors(list(twins.values()))
        vectors = {digest: present[twin] for digest, twin in twins.items() if twin in present}
        missing = [digest for digest in texts if digest not in vectors]
        rows = self.embedder.embed_passages([texts[digest] for digest in missing])
        return vectors | dict(zip(missing, rows, strict=True)), len(missing)

    def rewrite(
        self, versions: Sequence[str], *, anew: bool = False, on_batch: Callable[[int], None] = lambda passages: None
    ) -> int:
        """Write all points of versions as the catalog has them now; return how many the model was run for.

        Vectors that the index holds are kept, unless they are to be made `anew`: a change of marking or dates costs no
        run of the model. On disk when this returns. `on_batch` is told the number of passages of each batch."""
        embedded = 0
        for batch in batches(self.catalog.passages_of_versions(versions)):
            held = {} if anew else self.index.vectors([found.passage.id for found in batch])
            lacking = [searchable_text(found) for found in batch if found.passage.id not in held]
            if anew:
                made = dict(zip(map(text_sha256, lacking), self.embedder.embed_passages(lacking), strict=True))
                embedded += len(lacking)
            else:
                made, count = self.vectors_for({text_sha256(text): text for text in lacking})
                embedded += count
            vectors = [
                held[found.passage.id] if found.passage.id in held else made[text_sha256(searchable_text(found))]
                for found in batch
            ]
            self.write(batch, vectors)
            on_batch(len(batch))
        self.index.flush()
        return embedded

    def finish_pending(self, *, on_batch: Callable[[int], None] = lambda passages: None) -> int:
        """Tell the index what the catalog says and it does not yet; return the number of versions."""
        pending = self.catalog.pending()
        for anew in (False, True):
            wanted = Pending.VECTORS if anew else Pending.PAYLOAD
            versions = sorted(version for version, lacks in pending.items() if lacks is wanted)
            if versions:
                self.rewrite(versions, anew=anew, on_batch=on_batch)
                self.catalog.told_index(versions)
        return len(pending)

    def remove_abandoned(self, corpus: str) -> int:
        """Remove the points of versions that never went live, or that were replaced; return the number of versions."""
        if abandoned := self.catalog.abandoned(corpus):
            self.index.delete_versions(abandoned)
            self.index.flush()
            self.catalog.out_of_index(abandoned)
        return len(abandoned)


def searchable_text(found: Found) -> str:
    """Return what is embedded and indexed for a passage: the title and headings above it give it context."""
    title, heading = found.document.title, found.passage.heading
    above = heading if heading.startswith(title) else " > ".join(part for part in (title, heading) if part)
    return f"{above}\n{found.passage.text}" if above else found.passage.text


def point_of(found: Found, dense: Vector) -> Point:
    """Return a passage as the index is to hold it."""
    return Point(
        id=found.passage.id,
        version=found.passage.version,
        corpus=found.document.corpus,
        marking=found.marking.id,
        valid_from=found.valid_from.toordinal() if found.valid_from else ALWAYS,
        valid_until=found.valid_until.toordinal() if found.valid_until else FOREVER,
        dense=dense,
        sparse=encode_passage(searchable_text(found), found.language),
    )


def batches(passages: Iterable[Found]) -> Iterator[list[Found]]:
    """Yield passages by BATCH_PASSAGES."""
    rest = iter(passages)
    while batch := list(islice(rest, BATCH_PASSAGES)):
        yield batch
