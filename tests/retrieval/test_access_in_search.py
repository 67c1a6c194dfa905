"""No query of any principal returns a passage that `may_read` refuses: through the catalog and a real index."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from retrieval.access import METADATA_ONLY, POLICIES, Marking, Principal, Scope, listing_for, may_read, scope_for
from retrieval.catalog import StoredVersion
from retrieval.consistency import IndexMismatch, remember_index
from retrieval.index import ALWAYS, FOREVER, EdgeIndex, Point, Vector
from retrieval.ingesting import Ingestion
from retrieval.lexical import encode_passage
from retrieval.searching import Retriever
from tests.installations import TODAY, a_corpus, an_ingestion
from tests.retrieval.catalog.storing import a_version

MARKINGS = [
    Marking("NLD", "Ongerubriceerd"),
    Marking("NLD", "Departementaal Vertrouwelijk", need_to_know=frozenset({"G2", "G3"})),
    Marking("NLD", "Stg. Geheim"),
    Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({"NLD", "DEU"})),
    Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({"EU"})),
    Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({"NONE"})),
    Marking("NATO", "NATO UNCLASSIFIED", releasable_to=frozenset({"NATO"})),
    Marking("NATO", "NATO SECRET", frozenset({"NATO", "IRL"}), frozenset({"ATOMAL", "CRYPTO"})),
    Marking("EU", "SECRET UE/EU SECRET"),
    Marking("TLP", "TLP:CLEAR"),
]
VALIDITIES = [(None, None), (TODAY, None), (None, TODAY)]
CORPORA = ("plans", "law")
NAMES = st.frozensets(st.sampled_from(["G2", "G3", "ATOMAL", "CRYPTO", "NONE"]))
PRINCIPALS = st.builds(
    Principal,
    name=st.just("asker"),
    clearance=st.fixed_dictionaries(
        {},
        optional={policy: st.sampled_from(levels) for policy, levels in [*POLICIES.items(), ("TLP", ("TLP:CLEAR",))]},
    ).map(lambda held: tuple(held.items())),
    nationality=st.sampled_from(["NLD", "DEU", "NOR", "IRL", "JPN", "NATO", "NONE"]),
    groups=NAMES,
    roles=st.sampled_from([frozenset(), frozenset(), frozenset({METADATA_ONLY})]),
    access=NAMES,
)
QUERIES = st.lists(st.sampled_from(["bridge", "brug", "convoy", "is", "the", "0", "27"]), min_size=1, max_size=3).map(
    " ".join
)
SCOPES = st.tuples(
    PRINCIPALS,
    st.frozensets(st.sampled_from([*CORPORA, "no such corpus"])),
    st.sampled_from([TODAY - timedelta(1), TODAY]),
)


@dataclass(frozen=True)
class World:
    """Documents of every marking and validity, in an index that tells the truth about them or not."""

    ingestion: Ingestion
    stored: list[StoredVersion]

    def allowed(self, principal: Principal, corpora: frozenset[str], on_date: date) -> set[str]:
        return {
            one.version.id
            for one in self.stored
            if one.document.corpus in corpora
            and may_read(principal, one.marking, on_date)
            and (one.version.valid_from or on_date) <= on_date < (one.version.valid_until or date.max)
        }

    def scope(self, principal: Principal, corpora: frozenset[str], on_date: date) -> Scope:
        return scope_for(principal, markings=self.ingestion.catalog.markings(), corpora=corpora, on_date=on_date)

    def retriever(self) -> Retriever:
        return Retriever(self.ingestion.catalog, self.ingestion.index, self.ingestion.embedder)


def _filled(home: Path, pointed: Callable[[Point], Point]) -> World:
    """Bring the documents into a catalog and an Edge shard, each point as `pointed` makes it."""
    ingestion = an_ingestion(home, index=EdgeIndex(home / "index", dimensions=64))
    stored = [
        a_version(
            f"{number}.md",
            f"The bridge of convoy {number}.",
            corpus=corpus,
            marking=marking,
            valid_from=start,
            valid_until=end,
        )
        for number, (corpus, marking, (start, end)) in enumerate(product(CORPORA, MARKINGS, VALIDITIES))
    ]
    for corpus in CORPORA:
        ingestion.catalog.ensure_corpus(a_corpus(corpus))
        some = [one for one in stored if one.document.corpus == corpus]
        ingestion.catalog.stage(some)
        ingestion.catalog.go_live(some)
    remember_index(ingestion.catalog, ingestion.embedder)
    vectors = ingestion.embedder.embed_passages([one.text for one in stored])
    ingestion.index.upsert([pointed(_point(one, vector)) for one, vector in zip(stored, vectors, strict=True)])
    return World(ingestion, stored)


def _point(one: StoredVersion, vector: Vector) -> Point:
    start, end = one.version.valid_from, one.version.valid_until
    return Point(
        id=one.passages[0].id,
        version=one.version.id,
        corpus=one.document.corpus,
        marking=one.marking.id,
        valid_from=start.toordinal() if start else ALWAYS,
        valid_until=end.toordinal() if end else FOREVER,
        dense=np.asarray(vector, dtype=np.float32),
        sparse=encode_passage(one.text, "en"),
    )


def _closed(world: World) -> None:
    world.ingestion.index.close()
    world.ingestion.catalog.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = _filled(tmp_path_factory.mktemp("true"), lambda point: point)
    yield made
    _closed(made)


@pytest.fixture(scope="module")
def lying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An index in which everything is open, always valid and of one corpus: stale, or tampered with."""
    everyones = {"marking": MARKINGS[0].id, "valid_from": ALWAYS, "valid_until": FOREVER, "corpus": "plans"}
    made = _filled(tmp_path_factory.mktemp("lying"), lambda point: replace(point, **everyones))  # type: ignore[arg-type]
    yield made
    _closed(made)


def _returns_all_that_may_be_read(world: World, asked: tuple[Principal, frozenset[str], date], query: str) -> None:
    allowed = world.allowed(*asked)
    event("something may be read" if allowed else "nothing may be read")
    hits = world.retriever().search(query, scope=world.scope(*asked), limit=50)
    assert all(may_read(asked[0], hit.marking, asked[2]) for hit in hits)
    assert {hit.passage.version for hit in hits} == allowed


@settings(max_examples=500)
@given(SCOPES, QUERIES)
def test_a_search_returns_all_that_its_asker_may_read_and_nothing_else(
    world: World, asked: tuple[Principal, frozenset[str], date], query: str
) -> None:
    _returns_all_that_may_be_read(world, asked, query)


@pytest.mark.slow
@settings(max_examples=2000)
@given(SCOPES, QUERIES)
def test_no_query_of_thousands_returns_what_its_asker_may_not_read(
    world: World, asked: tuple[Principal, frozenset[str], date], query: str
) -> None:
    _returns_all_that_may_be_read(world, asked, query)


@settings(max_examples=500)
@given(SCOPES, QUERIES)
def test_an_index_that_says_otherwise_opens_nothing(
    lying: World, asked: tuple[Principal, frozenset[str], date], query: str
) -> None:
    with suppress(IndexMismatch):  # It may also be found out.
        hits = lying.retriever().search(query, scope=lying.scope(*asked), limit=50)
        assert {hit.passage.version for hit in hits} <= lying.allowed(*asked)


def test_an_index_that_says_otherwise_is_searched_and_not_merely_empty(lying: World) -> None:
    reader = Principal("chief", tuple((policy, levels[-1]) for policy, levels in POLICIES.items()), "NLD")
    scope = lying.scope(reader, frozenset({"plans"}), TODAY)
    assert lying.retriever().search("bridge", scope=scope, limit=50)


def test_whoever_is_kept_to_metadata_finds_nothing_by_any_query(world: World) -> None:
    chief = Principal("chief", tuple((policy, levels[-1]) for policy, levels in POLICIES.items()), "NLD")
    everywhere = frozenset(CORPORA)
    assert world.retriever().search("bridge", scope=world.scope(chief, everywhere, TODAY))
    support = replace(chief, roles=frozenset({METADATA_ONLY}))
    assert world.retriever().search("bridge", scope=world.scope(support, everywhere, TODAY)) == []


def test_no_call_that_returns_text_takes_a_listing_for_a_scope(world: World) -> None:
    catalog, one = world.ingestion.catalog, world.stored[0]
    reader = Principal("reader", (("NLD", "Stg. Zeer Geheim"),), "NLD")
    markings = catalog.markings()
    listing = listing_for(reader, markings=markings, corpora=CORPORA, on_date=TODAY)
    assert listing.knowable
    calls: list[Callable[[], object]] = [
        lambda: world.retriever().search("bridge", scope=listing),  # type: ignore[arg-type]
        lambda: catalog.passages([one.passages[0].id], scope=listing),  # type: ignore[arg-type]
        lambda: catalog.passages_of("plans", one.document.key, scope=listing),  # type: ignore[arg-type]
        lambda: catalog.version_text(one.version.id, scope=listing),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises(AttributeError):
            call()
