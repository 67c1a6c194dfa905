"""An operator adds policies; what is stored under the built-in ones keeps its meaning."""

from collections.abc import Iterator
from datetime import date

import pytest

from retrieval.access import POLICIES, Marking, Principal, may_read
from retrieval.policies import BUILT_IN, MEMBERS, establish_policies, policies_with

TLP = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:RED")


@pytest.fixture(autouse=True)
def _as_built_in() -> Iterator[None]:
    yield
    establish_policies({})


def test_a_policy_is_read_by_its_own_order_once_it_is_established() -> None:
    reader = Principal("analyst", (("TLP", "TLP:AMBER"),), "NLD")
    assert not may_read(reader, Marking("TLP", "TLP:CLEAR"), date(2026, 2, 4))
    establish_policies({"TLP": TLP})
    assert [may_read(reader, Marking("TLP", level), date(2026, 2, 4)) for level in TLP] == [True, True, True, False]


def test_what_is_established_takes_the_place_of_what_was() -> None:
    establish_policies({"TLP": TLP})
    establish_policies({"CUI": ("CUI",)})
    assert dict(POLICIES) == {**BUILT_IN, "CUI": ("CUI",)}


def test_a_level_can_be_put_between_those_of_a_built_in_policy() -> None:
    levels = list(BUILT_IN["NLD"])
    levels.insert(1, "Intern")
    assert policies_with({"NLD": levels})["NLD"] == tuple(levels)


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ({"NLD": ("Stg. Geheim", "Ongerubriceerd")}, "'NLD' is built in"),
        ({"NATO": BUILT_IN["NATO"][::-1]}, "none left out or moved"),
        ({"TLP": ()}, "'TLP' needs a name and levels"),
        ({"TLP": ("TLP:CLEAR", " ")}, "'TLP' needs a name and levels"),
        ({" ": ("LOW",)}, "needs a name"),
        ({"TLP": ("Low", "LOW")}, "names a level twice"),
    ],
)
def test_a_policy_without_one_clear_order_is_refused_and_nothing_changes(
    own: dict[str, tuple[str, ...]], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        establish_policies(own)
    assert dict(POLICIES) == dict(BUILT_IN)


def test_the_groups_are_as_large_as_they_say() -> None:
    assert {group: len(nations) for group, nations in MEMBERS.items()} == {"NATO": 32, "EU": 27}
    assert all(len(nation) == 3 and nation.isupper() for nations in MEMBERS.values() for nation in nations)
