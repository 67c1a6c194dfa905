"""Rankings by hand, against trec_eval, and as properties; and passages turned into items."""

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Measure, P, R, nDCG

from evals.cases import Relevant
from evals.metrics import ndcg_at, precision_at, ranked_items, recall_at, reciprocal_rank
from evals.records import Ranked

_KS = (1, 3, 5, 8, 10, 20)
_RUNS = st.tuples(
    st.permutations([f"d{number}" for number in range(12)]).flatmap(
        lambda items: st.integers(0, len(items)).map(lambda size: items[:size])
    ),
    st.dictionaries(st.sampled_from([f"d{number}" for number in range(15)]), st.integers(0, 3), min_size=1).filter(
        lambda grades: max(grades.values()) > 0
    ),
    st.integers(1, 14),
)


@pytest.mark.parametrize(
    ("ranked", "grades", "k", "recall", "precision", "reciprocal", "ndcg"),
    [
        (["a", "b", "c"], {"a": 1, "c": 1}, 1, 0.5, 1.0, 1.0, 1.0),
        (["b", "a", "c"], {"a": 1, "c": 1}, 2, 0.5, 0.5, 0.5, (1 / math.log2(3)) / (1 + 1 / math.log2(3))),
        (["b", "a"], {"a": 1}, 1, 0.0, 0.0, 0.0, 0.0),
        ([], {"a": 2}, 5, 0.0, 0.0, 0.0, 0.0),
        (["a", "b"], {"a": 1, "b": 3}, 2, 1.0, 1.0, 1.0, (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))),
        (["a"], {"a": 1, "b": 0}, 4, 1.0, 0.25, 1.0, 1.0),
        (["b", "a"], {"a": 1, "b": 0}, 2, 1.0, 0.5, 0.5, 1 / math.log2(3)),
    ],
)
def test_each_measure_is_what_it_is_by_hand(
    ranked: list[str], grades: dict[str, int], k: int, recall: float, precision: float, reciprocal: float, ndcg: float
) -> None:
    assert recall_at(k, ranked, grades) == recall
    assert precision_at(k, ranked, grades) == precision
    assert reciprocal_rank(k, ranked, grades) == reciprocal
    assert ndcg_at(k, ranked, grades) == pytest.approx(ndcg)


def test_measures_equal_trec_eval_on_random_graded_runs() -> None:
    draw = np.random.default_rng(3)
    runs, qrels = _random_runs(draw, queries=200)
    for k in _KS:
        measured = {
            R @ k: (recall_at, runs),
            P @ k: (precision_at, runs),
            nDCG @ k: (ndcg_at, runs),
            # trec_eval's reciprocal rank has no cut-off: it gets the run cut off.
            RR: (reciprocal_rank, {query: ranked[:k] for query, ranked in runs.items()}),
        }
        for measure, (ours, given_runs) in measured.items():
            theirs = _trec_eval(measure, given_runs, qrels)
            for query, ranked in runs.items():
                assert ours(k, ranked, qrels[query]) == pytest.approx(theirs.get(query, 0.0), abs=1e-6), (measure, k)


@given(_RUNS)
def test_measures_equal_trec_eval_whatever_the_run(told: tuple[list[str], dict[str, int], int]) -> None:
    ranked, grades, k = told
    for measure, ours in ((R @ k, recall_at), (P @ k, precision_at), (nDCG @ k, ndcg_at)):
        theirs = _trec_eval(measure, {"q": ranked}, {"q": grades}).get("q", 0.0)
        assert ours(k, ranked, grades) == pytest.approx(theirs, abs=1e-6)


@given(_RUNS)
def test_measures_are_shares_and_recall_only_grows_with_k(told: tuple[list[str], dict[str, int], int]) -> None:
    ranked, grades, k = told
    for measure in (recall_at, precision_at, reciprocal_rank, ndcg_at):
        assert 0 <= measure(k, ranked, grades) <= 1 + 1e-12
    assert recall_at(k, ranked, grades) <= recall_at(k + 1, ranked, grades)


def test_places_become_items_when_first_shown() -> None:
    ranking = [_passage("p1"), _passage("p2", 3, 0), _passage("p3", 0), _passage("p4", 0, 1), _passage("p5", 3)]
    relevant = [Relevant("d", quote=f"words {number}", grade=grade) for number, grade in enumerate([1, 2, 1, 3])]

    items, grades = ranked_items(ranking, relevant)

    assert items == ["p1", "place:3", "place:0", "p3", "place:1", "p5"]
    assert grades == {"place:0": 1, "place:1": 2, "place:2": 1, "place:3": 3}
    assert recall_at(10, items, grades) == 0.75


def test_a_passage_that_shows_two_places_takes_two_ranks() -> None:
    items, grades = ranked_items([_passage("p1", 0, 1)], [Relevant("d", quote="one"), Relevant("d", quote="other")])
    assert [recall_at(k, items, grades) for k in (1, 2)] == [0.5, 1.0]


def test_a_passage_ranked_twice_is_one_item() -> None:
    items, _ = ranked_items(
        [_passage("p1", 0), _passage("p1", 0), _passage("p2"), _passage("p2")], [Relevant("d", quote="q")]
    )
    assert items == ["place:0", "p2"]


def test_without_quotes_each_document_counts_once_at_its_first_passage() -> None:
    ranking = [_passage("p1", document="b"), _passage("p2", document="a"), _passage("p3", document="b")]

    items, grades = ranked_items(ranking, [Relevant("a", grade=1), Relevant("a", page=2, grade=3), Relevant("c")])

    assert items == ["b", "a"]
    assert grades == {"a": 3, "c": 1}
    assert reciprocal_rank(10, items, grades) == 0.5


def test_one_quote_is_enough_to_go_place_by_place() -> None:
    items, grades = ranked_items([_passage("p1", 0, document="a")], [Relevant("a"), Relevant("b", quote="q")])
    assert items == ["place:0"]
    assert set(grades) == {"place:0", "place:1"}


@given(st.lists(st.tuples(st.integers(0, 6), st.lists(st.integers(0, 3), max_size=3)), max_size=15))
def test_items_are_distinct_and_show_every_place_that_a_passage_shows(told: list[tuple[int, list[int]]]) -> None:
    shown = dict(reversed(told))
    ranking = [_passage(f"p{number}", *shown[number]) for number, _ in told]

    items, grades = ranked_items(ranking, [Relevant("d", quote="q")] * 4)

    assert len(items) == len(set(items))
    assert set(items) & set(grades) == {f"place:{place}" for one in ranking for place in one.places}


def _passage(passage: str, *places: int, document: str = "d") -> Ranked:
    return Ranked(passage, "corpus", document, None, 0, 10, 1.0, tuple(places))


def _random_runs(draw: np.random.Generator, *, queries: int) -> tuple[dict[str, list[str]], dict[str, dict[str, int]]]:
    runs, qrels = {}, {}
    for query in range(queries):
        items = [f"d{number}" for number in draw.permutation(40)]
        runs[f"q{query}"] = items[: draw.integers(1, 31)]
        grades = {item: int(draw.integers(0, 4)) for item in draw.choice(items, size=draw.integers(1, 12))}
        qrels[f"q{query}"] = {**grades, "d999": 1}
    return runs, qrels


def _trec_eval(measure: Measure, runs: dict[str, list[str]], qrels: dict[str, dict[str, int]]) -> dict[str, float]:
    scored = {query: {item: -float(rank) for rank, item in enumerate(ranked)} for query, ranked in runs.items()}
    return {one.query_id: one.value for one in ir_measures.pytrec_eval.iter_calc([measure], qrels, scored)}
