"""A report is marked as the strictest of what stands in it, and nothing in it is without a say."""

import pytest

from evals.marking import high_water
from retrieval.access import POLICIES, Marking, high_water_mark

OPEN, SECRET = Marking("NLD", "Ongerubriceerd"), Marking("NLD", "Stg. Geheim")


@pytest.mark.parametrize(
    ("markings", "highest"),
    [
        ([], ""),
        ([OPEN, SECRET, OPEN], "Stg. Geheim"),
        ([SECRET, Marking("NATO", "NATO SECRET")], "Stg. Geheim / NATO SECRET"),
        ([OPEN, Marking("TLP", "TLP:RED")], "Ongerubriceerd / TLP:RED"),
        ([Marking("NLD", "Very secret")], "Very secret"),
    ],
)
def test_the_highest_is_told_and_what_has_no_order_beside_it(markings: list[Marking], highest: str) -> None:
    assert high_water(markings) == highest


@pytest.mark.parametrize("policy", POLICIES)
def test_within_a_policy_it_is_the_rule_for_answers(policy: str) -> None:
    markings = [
        Marking(policy, level, frozenset(nations), frozenset(categories), frozenset(groups))
        for level in POLICIES[policy]
        for nations in ({"NLD", "DEU"}, {"NLD"}, set())
        for categories in ({"CRYPTO"}, set())
        for groups in ({"G2"}, {"G3"})
    ]
    for one in markings:
        for other in markings:
            assert high_water([one, other]) == str(high_water_mark([one, other]))
