"""Words are read as the marking that people mean by them, or not at all."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import POLICIES, Marking
from retrieval.marking.wording import MarkingUnclear, read_level, read_marking, read_nations
from retrieval.policies import establish_policies


@pytest.fixture(autouse=True)
def _as_built_in() -> Iterator[None]:
    yield
    establish_policies({})


@pytest.mark.parametrize("policy", POLICIES)
def test_every_level_is_read_by_its_own_name_in_any_case(policy: str) -> None:
    for level in POLICIES[policy]:
        for words in (level, level.upper(), level.lower(), f"  {level} "):
            assert read_level(words) == (policy, level) == read_level(words, policy=policy.lower())


@pytest.mark.parametrize(
    ("words", "marking"),
    [
        ("Dep.V.", Marking("NLD", "Departementaal Vertrouwelijk")),
        ("STG. GEHEIM", Marking("NLD", "Stg. Geheim")),
        ("Staatsgeheim zeer geheim", Marking("NLD", "Stg. Zeer Geheim")),
        ("NATO RESTRICTED REL NLD/DEU", Marking("NATO", "NATO RESTRICTED", frozenset({"NLD", "DEU"}))),
        ("NATO SECRET // REL TO AUS, JPN and EU", Marking("NATO", "NATO SECRET", frozenset({"AUS", "JPN", "EU"}))),
        (
            "Stg. Confidentieel vrij te geven aan NLD en BEL",
            Marking("NLD", "Stg. Confidentieel", frozenset({"NLD", "BEL"})),
        ),
        ("TRES SECRET UE", Marking("EU", "TRÈS SECRET UE/EU TOP SECRET")),
        ("eu restricted", Marking("EU", "RESTREINT UE/EU RESTRICTED")),
    ],
)
def test_usual_spellings_are_read(words: str, marking: Marking) -> None:
    assert read_marking(words) == marking


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "is no level"),
        ("SECRET", "'SECRET' is no level of any policy"),
        ("Geheim", "is no level"),
        ("NATO SECRET ATOMAL", "'NATO SECRET ATOMAL' is no level"),
        ("Ongerubriceerd of hoger", "is no level"),
        ("NATO SECRET REL THE NETHERLANDS", "'NETHERLANDS' is neither a nation"),
        ("NATO SECRET REL TO", "'TO' is neither a nation"),
        ("NATO SECRET REL TO and", "does not say to whom"),
        ("REL NLD", "is no level"),
    ],
)
def test_words_that_are_left_over_are_not_guessed_at(words: str, reason: str) -> None:
    with pytest.raises(MarkingUnclear, match=reason):
        read_marking(words)


def test_a_bare_word_means_something_beside_its_policy() -> None:
    assert read_level("SECRET", policy="NATO") == ("NATO", "NATO SECRET")
    assert read_level("secret", policy="EU") == ("EU", "SECRET UE/EU SECRET")
    assert read_level("zeer geheim", policy="NLD") == ("NLD", "Stg. Zeer Geheim")
    with pytest.raises(MarkingUnclear, match="no policy 'USA'"):
        read_level("SECRET", policy="USA")


def test_words_that_two_policies_share_need_the_policy() -> None:
    establish_policies({"BEL": ("BEPERKT", "NATO SECRET")})
    assert read_level("Beperkt") == ("BEL", "BEPERKT")
    with pytest.raises(MarkingUnclear, match="a level of NATO and of BEL"):
        read_level("NATO SECRET")
    assert read_level("NATO SECRET", policy="BEL") == ("BEL", "NATO SECRET")


@given(st.text(max_size=40))
def test_no_words_are_too_odd_to_be_refused(words: str) -> None:
    try:
        found = read_marking(words)
    except MarkingUnclear:
        return
    assert found.level in POLICIES[found.policy]


@given(st.sampled_from(["NLD", "NATO", "EU"]), st.frozensets(st.sampled_from(["NLD", "DEU", "NATO", "EU"])), st.data())
def test_a_marking_is_read_from_the_way_it_is_written(
    policy: str, nations: frozenset[str], data: st.DataObject
) -> None:
    marking = Marking(policy, data.draw(st.sampled_from(POLICIES[policy])), nations)
    assert read_marking(str(marking)) == marking


def test_nothing_but_nations_and_their_groups_is_released_to() -> None:
    assert read_nations(["nld", " EU", "and", ""]) == {"NLD", "EU"}
    with pytest.raises(MarkingUnclear, match="'FVEY' is neither a nation of three letters"):
        read_nations(["NLD", "FVEY"])
