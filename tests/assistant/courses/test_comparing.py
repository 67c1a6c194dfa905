"""Courses are scored, weighed and ranked as the method says, for all inputs."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.courses.comparing import describe, matrix, ranked, weigh
from assistant.courses.measuring import parse
from assistant.courses.sensitivity import sensitivity
from assistant.courses.workspace import Criterion, RawValue
from tests.assistant.courses.making import PLACES, citation, random_workspace, workspace

SEEDS = st.integers(0, 100_000)


def test_scores_run_from_the_worst_to_the_best_of_the_values_and_the_benchmark() -> None:
    compared = matrix(workspace({"coa-1": ["8 hours", "0 EUR"], "coa-2": ["10 hours", "31,500 EUR"]}))
    assert compared.scores == ((0.5, 1.0), (0.0, 0.0))
    assert compared.ranking == (("coa-1",), ("coa-2",))
    assert compared.dominance == (("coa-1", "coa-2"),)


def test_values_and_benchmarks_are_read_in_the_notation_of_the_workspace() -> None:
    dutch = workspace({"coa-1": ["4,5 uur", "€ 25.000"], "coa-2": ["270 minuten", "25.000"]}, language="nl")
    assert matrix(dutch).values == ((4.5, 25_000.0), (4.5, 25_000.0))


def test_more_is_better_where_it_is() -> None:
    compared = matrix(workspace({"coa-1": ["288 seats"], "coa-2": ["900 beds"]}, criteria=[PLACES]))
    assert compared.first == ("coa-2",)


def test_a_missing_value_makes_an_interval_and_is_told() -> None:
    compared = matrix(workspace({"coa-1": ["4 hours", ""], "coa-2": ["6 hours", "0 EUR"]}))
    assert (compared.total("coa-1").low, compared.total("coa-1").high) == (0.75, 1.0)
    assert [(one.course, one.criterion, one.reason) for one in compared.unknown] == [("coa-1", "cost", "not given")]
    assert compared.dominance == ()


def test_a_value_in_a_unit_that_does_not_convert_is_unknown_and_names_both_units() -> None:
    compared = matrix(workspace({"coa-1": ["4 km", "1 EUR"], "coa-2": ["6 hours", "1 USD"]}))
    assert [one.reason for one in compared.unknown] == [
        "'kilometer' cannot be converted to 'hour'.",
        "'USD' cannot be converted to 'EUR'.",
    ]


def test_a_formula_has_a_scale_that_other_courses_do_not_change() -> None:
    curve = Criterion("speed", "Speed", "", "hour", "6 hour", "benchmark / value if value > benchmark else 1", 1)
    one = matrix(workspace({"coa-1": ["12 hours"]}, criteria=[curve]))
    two = matrix(workspace({"coa-1": ["12 hours"], "coa-2": ["0 hours"]}, criteria=[curve]))
    assert one.scores[0] == two.scores[0] == (0.5,)


def test_without_courses_or_criteria_there_is_nothing_to_rank() -> None:
    assert matrix(workspace({})).ranking == ()
    empty = matrix(workspace({"coa-1": [], "coa-2": []}, criteria=[]))
    assert sensitivity(empty).first == ()


def test_the_table_in_words_says_what_is_for_and_against_with_its_source() -> None:
    given_ = workspace({"coa-1": ["4 uur", ""], "coa-2": ["7 uur", "0 EUR"]}, language="nl")
    cited = replace(given_.values[0], citations=(citation(),))
    one, two = describe(replace(given_, values=(cited, *given_.values[1:])), matrix(given_))
    assert one.advantages[0].text == "Time until the first fuel: 4 h; haalt de norm van 6 h, beste van 2"
    assert one.advantages[0].citations == (citation(),)
    assert one.unknown[0].text == "Cost: niet gegeven"
    assert two.disadvantages[0].text == "Time until the first fuel: 7 h; haalt de norm van 6 h niet, slechtste van 2"


def test_totals_within_a_billionth_are_ties() -> None:
    assert ranked({"a": 0.5, "b": 0.5 + 5e-10, "c": 0.4}) == (("a", "b"), ("c",))


@given(SEEDS)
def test_a_total_lies_within_0_and_1_and_unknown_values_only_widen_it(seed: int) -> None:
    for total in matrix(random_workspace(seed)).totals:
        assert -1e-12 <= total.low <= total.high <= 1 + 1e-12


@given(SEEDS, st.floats(0.01, 1000))
@settings(max_examples=50)
def test_scaling_all_weights_changes_nothing_but_the_scale_of_the_flips(seed: int, factor: float) -> None:
    made = random_workspace(seed)
    scaled = replace(made, criteria=tuple(replace(one, weight=one.weight * factor) for one in made.criteria))
    one, two = matrix(made), matrix(scaled)
    assert (two.ranking, two.dominance) == (one.ranking, one.dominance)
    before, after = sensitivity(one, samples=100), sensitivity(two, samples=100)
    for mine, theirs in zip(before.flips, after.flips, strict=True):
        assert (mine.weight is None) == (theirs.weight is None)
        if mine.weight is not None and theirs.weight is not None:
            assert theirs.weight == pytest.approx(mine.weight * factor)
    assert [share.around for share in after.first] == pytest.approx([share.around for share in before.first])


@given(SEEDS)
@settings(max_examples=50)
def test_the_order_of_the_courses_changes_nothing(seed: int) -> None:
    made = random_workspace(seed)
    turned = replace(made, courses=made.courses[::-1])
    one, two = matrix(made), matrix(turned)
    assert [set(group) for group in two.ranking] == [set(group) for group in one.ranking]
    assert set(two.dominance) == set(one.dominance)
    mine = {share.course: share for share in sensitivity(one, samples=200).first}
    theirs = {share.course: share for share in sensitivity(two, samples=200).first}
    assert mine == theirs


@given(st.lists(st.integers(1, 600), min_size=2, max_size=5), st.integers(1, 600))
@settings(max_examples=50)
def test_minutes_and_hours_are_the_same_time(minutes: list[int], benchmark: int) -> None:
    criterion = Criterion("speed", "Speed", "", "min", f"{benchmark} min", "less is better", 1)
    in_minutes = {f"coa-{at}": [f"{one} min"] for at, one in enumerate(minutes)}
    in_hours = {f"coa-{at}": [f"{one / 60!r} hour"] for at, one in enumerate(minutes)}
    one = matrix(workspace(in_minutes, criteria=[criterion]))
    two = matrix(workspace(in_hours, criteria=[replace(criterion, unit="hour")]))
    assert two.ranking == one.ranking
    assert [row[0] for row in two.scores] == pytest.approx([row[0] for row in one.scores])


@given(SEEDS)
@settings(max_examples=50)
def test_who_dominates_totals_no_less_under_any_weights(seed: int) -> None:
    made = matrix(random_workspace(seed))
    for better, worse in made.dominance:
        assert made.total(better).low >= made.total(worse).high - 1e-9


@given(SEEDS)
@settings(max_examples=50)
def test_just_past_a_flip_the_leader_is_no_longer_first(seed: int) -> None:
    made = matrix(random_workspace(seed))
    for at, flip in enumerate(sensitivity(made, samples=1).flips):
        if flip.weight is None or len(made.first) > 1:
            continue
        step = 1e-4 if flip.weight > made.set_weights[at] else -1e-4
        weights = [*made.set_weights]
        weights[at] = max(0.0, flip.weight + step)
        past = weigh(
            courses=made.courses,
            criteria=made.criteria,
            values=made.values,
            scores=made.scores,
            set_weights=tuple(weights),
        )
        slope_is_seen = abs(past.total(made.first[0]).middle - past.total(flip.to[0]).middle) > 1e-9
        if slope_is_seen and flip.weight > 1e-4:
            assert past.first != made.first


@given(SEEDS)
@settings(max_examples=50)
def test_the_shares_of_first_places_sum_to_1(seed: int) -> None:
    found = sensitivity(matrix(random_workspace(seed)), samples=50)
    assert sum(share.around for share in found.first) == pytest.approx(1)
    assert sum(share.uniform for share in found.first) == pytest.approx(1)
    assert 0 <= found.stability <= 1


def test_courses_alike_share_the_first_places() -> None:
    found = sensitivity(matrix(workspace({"coa-1": ["4 h", "1 EUR"], "coa-2": ["4 h", "1 EUR"]})))
    assert [share.around for share in found.first] == [0.5, 0.5]
    assert found.stability == 1


def test_the_same_seed_gives_the_same_shares() -> None:
    made = matrix(random_workspace(7))
    assert sensitivity(made, seed=3) == sensitivity(made, seed=3)


def test_a_leader_that_leads_by_every_criterion_is_never_passed() -> None:
    found = sensitivity(matrix(workspace({"coa-1": ["4 h", "1 EUR"], "coa-2": ["5 h", "2 EUR"]})))
    assert [flip.weight for flip in found.flips] == [None, None]
    assert found.first[0].uniform == 1


def test_five_courses_by_ten_criteria_with_ten_thousand_samples_take_less_than_200_ms() -> None:
    criteria = [Criterion(f"c{at}", f"C{at}", "", "hour", "6 hour", "less is better", at + 1) for at in range(10)]
    rows = {f"coa-{row}": [f"{(row * 7 + at * 3) % 11 + 1} hour" for at in range(10)] for row in range(5)}
    made = workspace(rows, criteria=criteria)
    sensitivity(matrix(made))
    spent = []
    for _ in range(3):
        started = time.process_time()
        sensitivity(matrix(made))
        spent.append(time.process_time() - started)
    assert min(spent) < 0.2


def test_the_last_value_given_for_a_cell_counts() -> None:
    made = workspace({"coa-1": ["4 h", "1 EUR"]})
    again = replace(made, values=(*made.values, RawValue("coa-1", "speed", "5 h", made.values[0].basis, by="S4")))
    assert matrix(again).values[0][0] == parse("5 h", language="en").amount
