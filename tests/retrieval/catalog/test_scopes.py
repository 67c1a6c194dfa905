"""Whatever reads the catalog returns what its scope allows, and nothing else."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.access import Marking, Principal, may_read, scope_for
from retrieval.catalog import Catalog, StoredVersion
from tests.retrieval.catalog.storing import TODAY, a_version

MARKINGS = (
    Marking("NLD", "Ongerubriceerd"),
    Marking("NLD", "Stg. Geheim"),
    Marking("NLD", "Ongerubriceerd", releasable_to=frozenset({"NLD"})),
    Marking("NLD", "Ongerubriceerd", categories=frozenset({"ATOMAL"})),
    Marking("NLD", "Ongerubriceerd", need_to_know=frozenset({"G2"})),
    Marking("NATO", "NATO UNCLASSIFIED"),
)
VALIDITIES = ((None, None), (TODAY, None), (None, TODAY), (TODAY - timedelta(10), TODAY + timedelta(10)))
_NAMES = st.frozensets(st.sampled_from(["ATOMAL", "G2"]))
PRINCIPALS = st.builds(
    Principal,
    st.just("officer"),
    st.sampled_from(
        [
            (),
            (("NLD", "Ongerubriceerd"),),
            (("NLD", "Stg. Geheim"), ("NATO", "NATO SECRET")),
            (("NATO", "NATO SECRET"),),
        ]
    ),
    st.sampled_from(["NLD", "DEU"]),
    groups=_NAMES,
    access=_NAMES,
)


@pytest.fixture
def live(catalog: Catalog) -> list[StoredVersion]:
    """Fill the catalog with staged, live and retired versions of every marking and validity; return the live ones."""
    made: dict[str, list[StoredVersion]] = {"live": [], "retired": [], "staged": []}
    for number, (corpus, marking, (start, end), state) in enumerate(
        product(("plans", "law"), MARKINGS, VALIDITIES, made)
    ):
        told = (f"{number}.md", f"{state} {number}")
        made[state].append(a_version(*told, corpus=corpus, marking=marking, valid_from=start, valid_until=end))
    for corpus in ("plans", "law"):
        first = [one for one in made["live"] + made["retired"] if one.document.corpus == corpus]
        catalog.stage(first)
        catalog.go_live(first)
        # What replaces the retired versions is more open than they are.
        replacing = [
            a_version(one.document.key, f"new {one.document.key}", corpus=corpus)
            for one in made["retired"]
            if one.document.corpus == corpus
        ]
        catalog.stage(replacing)
        catalog.go_live(replacing)
        made["live"] += replacing
    catalog.stage(made["staged"])
    return made["live"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    principal=PRINCIPALS,
    corpora=st.frozensets(st.sampled_from(["plans", "law", "no such corpus"])),
    on_date=st.sampled_from([TODAY + timedelta(days) for days in (-11, -10, -1, 0, 9, 10)]),
    first=st.integers(0, 18),
)
def test_every_way_of_reading_returns_what_the_scope_allows(
    catalog: Catalog,
    live: list[StoredVersion],
    principal: Principal,
    corpora: frozenset[str],
    on_date: date,
    first: int,
) -> None:
    scope = scope_for(principal, markings=catalog.markings(), corpora=corpora, on_date=on_date)
    allowed = {
        one.version.id: one
        for one in live
        if one.document.corpus in corpora
        and may_read(principal, one.marking, on_date)
        and (one.version.valid_from or on_date) <= on_date < (one.version.valid_until or date.max)
    }
    with catalog.engine.connect() as connection:
        versions = connection.exec_driver_sql("SELECT id FROM versions").scalars().all()
        passages = connection.exec_driver_sql("SELECT id FROM passages").scalars().all()

    found = catalog.passages(passages, scope=scope)
    assert found.keys() == {passage.id for one in allowed.values() for passage in one.passages}
    for one in found.values():
        assert one.marking == allowed[one.passage.version].marking
    for version in versions[first::19]:
        assert (catalog.version_text(version, scope=scope) is not None) == (version in allowed)
    assert catalog.has_passages(scope=scope) == bool(allowed)
    for corpus in ("plans", "law", "no such corpus"):
        keys = sorted(one.document.key for one in allowed.values() if one.document.corpus == corpus)
        assert [document.key for document in catalog.documents(corpus, scope=scope)] == keys
    counts = {one.corpus.name: (one.documents, one.passages) for one in catalog.status(scope=scope)}
    for corpus in corpora - {"no such corpus"}:
        count = sum(one.document.corpus == corpus for one in allowed.values())
        assert counts.pop(corpus) == (count, count)
    assert counts == {}
