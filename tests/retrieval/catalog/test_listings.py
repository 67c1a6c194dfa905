"""Who may list documents counts and names those that they may know of, and no call gives them text."""

import inspect
import typing
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrieval.access import METADATA_ONLY, Listing, Scope, listing_for, scope_for
from retrieval.catalog import Catalog, Found
from retrieval.documents import Hit, Passage
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever
from tests.installations import CLEARED, OFFICER, SECRET, TODAY, a_corpus, an_ingestion

_WORDS = "bridge"
# Give text to the index and to whoever checks it, whoever may read it, and are called by nothing that shows.
_FOR_THE_INDEX = {"live_passages", "passages_of_versions", "kept_texts"}


@pytest.fixture
def filled(tmp_path: Path) -> Ingestion:
    ingestion = an_ingestion(tmp_path)
    for name, marking in (("plans", None), ("secrets", SECRET)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.md").write_text(f"# Title of {name}\n\nThe battalion guards the bridge.\n")
        ingestion.add(folder, a_corpus(name, marking) if marking else a_corpus(name))
    return ingestion


def _listing(catalog: Catalog, *, cleared: bool = False) -> Listing:
    principal = replace(CLEARED if cleared else OFFICER, roles=frozenset({METADATA_ONLY}))
    corpora = [one.name for one in catalog.corpora()]
    return listing_for(principal, markings=catalog.markings(), corpora=corpora, on_date=TODAY)


def _scope(catalog: Catalog) -> Scope:
    support = replace(CLEARED, roles=frozenset({METADATA_ONLY}))
    corpora = [one.name for one in catalog.corpora()]
    return scope_for(support, markings=catalog.markings(), corpora=corpora, on_date=TODAY)


def test_documents_are_counted_and_named_under_markings_that_may_be_known(filled: Ingestion) -> None:
    catalog = filled.catalog
    for cleared, counts in ((False, [1, 0]), (True, [1, 1])):
        listing = _listing(catalog, cleared=cleared)
        assert [one.documents for one in catalog.listed(listing=listing)] == counts
        assert [len(catalog.known(name, listing=listing)) for name in ("plans", "secrets")] == counts
    (one,) = catalog.known("plans", listing=_listing(catalog))
    assert (one.document.title, str(one.marking)) == ("Title of plans", "Ongerubriceerd")


def test_a_corpus_outside_the_listing_has_nothing_in_it(filled: Ingestion) -> None:
    markings = filled.catalog.markings()
    listing = listing_for(CLEARED, markings=markings, corpora=["plans"], on_date=TODAY)
    assert filled.catalog.known("secrets", listing=listing) == []
    assert [one.corpus.name for one in filled.catalog.listed(listing=listing)] == ["plans"]


def test_what_a_listing_gives_holds_no_text(filled: Ingestion) -> None:
    catalog, listing = filled.catalog, _listing(filled.catalog, cleared=True)
    holdings = catalog.known("plans", listing=listing)
    versions = [one.version.id for one in holdings if one.version]
    told = [catalog.listed(listing=listing), holdings, catalog.measured(versions)]
    assert len(versions) == 1
    assert _WORDS not in str(told)


def _public() -> list[tuple[str, Callable[..., Any]]]:
    classes = (Catalog, Retriever)
    return [pair for one in classes for pair in inspect.getmembers(one, inspect.isfunction) if pair[0][0] != "_"]


def _gives_text(method: Callable[..., Any]) -> bool:
    """Tell by what it returns: passages, hits, and texts by version."""

    def within(kind: object) -> bool:
        return kind in (Found, Passage, Hit) or any(within(one) for one in typing.get_args(kind))

    return within(typing.get_type_hints(method)["return"]) or "text" in method.__name__


def test_whatever_gives_text_takes_a_scope_and_no_listing() -> None:
    found = {name: typing.get_type_hints(method) for name, method in _public() if _gives_text(method)}
    assert set(found) - _FOR_THE_INDEX == {"passages", "passages_of", "version_text", "search", "stretch"}
    for name in found.keys() - _FOR_THE_INDEX:
        assert found[name]["scope"] is Scope
        assert Listing not in found[name].values()


def test_whatever_gives_text_gives_none_to_who_may_only_list(filled: Ingestion) -> None:
    catalog, scope = filled.catalog, _scope(filled.catalog)
    (one,) = catalog.known("plans", listing=_listing(catalog))
    assert one.version
    passages = [found.passage.id for found in catalog.passages_of_versions([one.version.id])]
    retriever = Retriever(catalog, filled.index, filled.embedder)
    assert passages
    assert catalog.passages(passages, scope=scope) == {}
    assert catalog.passages_of("plans", one.document.key, scope=scope) == []
    assert catalog.version_text(one.version.id, scope=scope) is None
    assert retriever.search(_WORDS, scope=scope) == []
    assert catalog.documents("plans", scope=scope) == []
    assert catalog.duplicates(scope=scope) == []
    assert not catalog.has_passages(scope=scope)
