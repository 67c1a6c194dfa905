"""A question of several parts is parted so that each stands alone; what is not surely several questions is one."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.parting import MOST_PARTS, interleave, parts_of
from retrieval.access import Marking
from retrieval.documents import Document, Hit, Passage
from retrieval.languages import LANGUAGES, detect_language


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        (
            "What is the load class of bridge 7 and who guards it?",
            ["What is the load class of bridge 7?", "Who guards the load class of bridge 7?"],
        ),
        ("Where is the ford, and how deep is it?", ["Where is the ford?", "How deep is the ford?"]),
        ("Is the ford open and can it carry tanks?", ["Is the ford open?", "Can the ford carry tanks?"]),
        ("Wie leidt de staf en waar zit hij?", ["Wie leidt de staf?", "Waar zit de staf?"]),
        ("Verschil tussen AMBER en COBALT?", ["AMBER", "COBALT"]),
        ("Compare routes AMBER and COBALT", ["routes AMBER", "routes COBALT"]),
        (
            "Compare the load class of the ford and the ferry.",
            ["the load class of the ford", "the load class of the ferry"],
        ),
        ("What is the difference between primary and secondary sources?", ["primary sources", "secondary sources"]),
        ("Which is higher, the dike or the quay?", ["Which is higher: the dike?", "Which is higher: the quay?"]),
        ("Wat is hoger, de dijk of de kade?", ["Wat is hoger: de dijk?", "Wat is hoger: de kade?"]),
        ("(1) Who leads? (2) Where is the ford?", ["Who leads?", "Where is the ford?"]),
        ("Who leads the staff? Where is the ford?", ["Who leads the staff?", "Where is the ford?"]),
        (
            "Hoe ver van huizen mag het worden gebruikt en hoe ver van water?",
            ["Hoe ver van huizen mag het worden gebruikt?", "Hoe ver van water mag het worden gebruikt?"],
        ),
    ],
)
def test_each_part_is_a_question_of_its_own(query: str, parts: list[str]) -> None:
    assert parts_of(query, detect_language(query)) == parts


@pytest.mark.parametrize(
    "query",
    [
        "Who is responsible for command and control?",
        "Which unit does search and rescue?",
        "Who is the head of Public Order and Safety?",
        "Wie is het hoofd Openbare Orde en Veiligheid?",
        "Welke sneeuw en regen wordt er verwacht?",
        "Hoe lang rijden de ambulances bij droog weer en bij gladheid?",
        "When and where does the convoy cross?",
        "What does the order say of when to cross and how to cross?",
        "Which soldiers who cross and who guard carry weapons?",
        "How far is it between Olst and Ede?",
        "What is the difference between command and control and search and rescue?",
        "Is de weg open? Zo nee, waarom niet?",
        "Where is point (1) of the order?",
        "?",
        "",
        "and who? and why?",
    ],
)
def test_one_question_is_not_parted(query: str) -> None:
    assert all(parts_of(query, language) == [] for language in LANGUAGES)


def test_there_are_never_more_than_four_parts() -> None:
    many = " ".join(f"Where is bridge {number}?" for number in range(1, 40))
    assert len(parts_of(many, "en")) == MOST_PARTS
    assert len(parts_of(" and ".join(f"where is bridge {number}" for number in range(1, 40)), "en")) == MOST_PARTS


@settings(max_examples=300)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_whatever_is_typed_gives_no_part_or_several(query: str, language: str) -> None:
    parts = parts_of(query, "nl" if language == "nl" else "en")
    assert not parts or 2 <= len(parts) <= MOST_PARTS
    assert all(part.strip() for part in parts)
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize(
    "piece", ["and ", "compare x, y or z ", "a) ", "who is it? ", "what is the difference between ", ", "]
)
def test_a_hostile_question_takes_no_time(piece: str) -> None:
    started = time.perf_counter()
    parts_of(piece * 20_000, "en")
    assert time.perf_counter() - started < 1


def hits(*names: str) -> list[Hit]:
    document = Document("d", "corpus", "a.md", "A", None)
    return [
        Hit(
            Passage(name, "v", 0, "", None, 0, 1, name), document, Marking("NLD", "Ongerubriceerd"), "en", 1.0, rank, ()
        )
        for rank, name in enumerate(names, start=1)
    ]


def test_rankings_take_turns_and_no_passage_comes_twice() -> None:
    joined = interleave([hits("a", "b", "c"), hits("b", "x"), hits("y")], 8)
    assert [(hit.passage.id, hit.rank) for hit in joined] == [("a", 1), ("b", 2), ("y", 3), ("x", 4), ("c", 5)]


def test_the_limit_cuts_a_round_short() -> None:
    assert [hit.passage.id for hit in interleave([hits("a", "b"), hits("c", "d")], 3)] == ["a", "c", "b"]
    assert interleave([hits("a")], 0) == []


def test_one_ranking_stays_as_it_is_and_none_gives_none() -> None:
    ranking = hits("a", "b", "c")
    assert interleave([ranking], 8) == ranking
    assert interleave([], 8) == interleave([[], []], 8) == []


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=5), st.integers(0, 10))
def test_the_best_of_every_ranking_is_kept_where_the_limit_allows(rankings: list[list[str]], limit: int) -> None:
    joined = interleave([hits(*names) for names in rankings], limit)
    every = {name for names in rankings for name in names}
    assert len(joined) == min(limit, len(every))
    assert [hit.rank for hit in joined] == list(range(1, len(joined) + 1))
    if limit >= len(rankings):
        assert {names[0] for names in rankings if names} <= {hit.passage.id for hit in joined}
    assert all(replace(hit, rank=1).score == 1.0 for hit in joined)
