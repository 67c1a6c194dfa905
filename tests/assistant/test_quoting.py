"""Quotes are exact stretches of the evidence, and the best one answers the question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quoting import Sentence, best_sentences, cite, rank_sentences
from retrieval.embedding import HashEmbedder
from retrieval.languages import LANGUAGES, Language
from tests.making import some_evidence

EMBEDDER = HashEmbedder(256)
_FRAGMENTS = (
    "De brug is open. ",
    "zie art. 5 ",
    "| A | B |\n",
    "\n\n",
    "é",
    "x" * 700,
    "Line\n" * 150,
    "No. 3 ",
    "60 ",
    " ",
)
_TEXTS = st.lists(st.lists(st.sampled_from(_FRAGMENTS), max_size=8).map("".join), max_size=4)


def ranked(query: str, *texts: str, language: Language = "en", trust: float = 1.0) -> list[Sentence]:
    return rank_sentences(query, some_evidence(texts, language=language), embedder=EMBEDDER, trust=trust)


@settings(max_examples=50)
@given(_TEXTS, st.sampled_from(LANGUAGES), st.sampled_from([0.0, 1.0]), st.integers(0, 500))
def test_a_quote_is_the_exact_stretch_of_its_passage_and_of_its_version(
    texts: list[str], language: Language, trust: float, start: int
) -> None:
    evidence = some_evidence(texts, language=language, start=start)
    for sentence in rank_sentences("Is de brug 60 open?", evidence, embedder=EMBEDDER, trust=trust):
        citation, passage = cite(sentence), sentence.evidence.passage
        assert citation.quote == passage.text[sentence.start : sentence.end]
        assert citation.quote == (" " * start + passage.text)[citation.start : citation.end]
        assert passage.start <= citation.start < citation.end <= passage.end
        assert citation.quote == citation.quote.strip()
        assert (citation.passage_id, citation.version_id) == (passage.id, passage.version)
        assert (citation.label, citation.page) == (sentence.evidence.label, passage.page)


@settings(max_examples=50)
@given(_TEXTS, st.sampled_from(LANGUAGES))
def test_sentences_come_best_first_and_each_once(texts: list[str], language: Language) -> None:
    found = ranked("Is de brug 60 open?", *texts, language=language)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({(one.evidence.label, one.start) for one in found}) == len(found)
    for one in found:
        assert 0 <= one.coverage <= 1 + 1e-9
        assert 0 <= one.context_coverage <= 1 + 1e-9
        assert -1 - 1e-6 <= one.similarity <= 1 + 1e-6


@pytest.mark.parametrize(
    ("query", "language", "texts", "best"),
    [
        (
            "What is the load class of the bridge at Kruisvoorde?",
            "en",
            [
                "The convoy leaves at dawn. The bridge at Kruisvoorde has load class MLC 40. Drivers rest at noon.",
                "The ford at Lageraelm is closed. Its banks are steep.",
            ],
            "The bridge at Kruisvoorde has load class MLC 40.",
        ),
        (
            "Wie is verantwoordelijk voor de beveiliging van de route?",
            "nl",
            [
                "De route is 12 km lang. 2 Compagnie is verantwoordelijk voor de beveiliging van de route. Er is mist.",
                "Het konvooi telt 60 voertuigen. De beveiliging van het kamp is geregeld.",
            ],
            "2 Compagnie is verantwoordelijk voor de beveiliging van de route.",
        ),
        (
            "Hoeveel voertuigen telt het konvooi?",
            "nl",
            ["De weg is smal. Er zijn 3 konvooien.", "Het konvooi telt 60 voertuigen. Het rijdt bij nacht."],
            "Het konvooi telt 60 voertuigen.",
        ),
        (
            "When does C-130 flight 14 land?",
            "en",
            ["The C-130 lands at 14:30 hours. Flight plans vary."],
            "The C-130 lands at 14:30 hours.",
        ),
    ],
)
@pytest.mark.parametrize("trust", [0.0, 1.0])
def test_the_sentence_that_answers_is_first(
    query: str, language: Language, texts: list[str], best: str, trust: float
) -> None:
    assert ranked(query, *texts, language=language, trust=trust)[0].text == best


def test_a_row_of_a_table_is_a_sentence() -> None:
    table = "| Unit | Strength |\n| --- | --- |\n| 1 Company | 120 soldiers |\n| 2 Company | 95 soldiers |"
    assert ranked("What is the strength of 2 Company?", table)[0].text == "| 2 Company | 95 soldiers |"


def test_a_row_of_a_sheet_is_a_sentence() -> None:
    rows = [f"Unit: {number} Company | Strength: {90 + number} | Place: Lageraelm" for number in range(1, 15)]
    found = ranked("Which place has 7 Company?", "\n".join(rows))
    assert {one.text for one in found} == set(rows)
    assert found[0].text == rows[6]


def test_crumbs_are_no_sentences() -> None:
    assert [one.text for one in ranked("Where is it?", "12.\n\nPage 3\n\nThe depot is in Lageraelm.")] == [
        "The depot is in Lageraelm."
    ]


def test_a_long_stretch_without_stops_is_quoted_by_line() -> None:
    lines = [f"item number {number} is stored in hall {number}" for number in range(30)]
    found = ranked("Where is item number 7?", "\n".join(lines))
    assert found[0].text == lines[7]


def test_evidence_without_sentences_ranks_nothing() -> None:
    assert ranked("Where?", "", "\n", "3.") == []
    assert ranked("Where?") == []


def test_headings_and_title_count_as_context_and_not_as_the_sentence() -> None:
    (one,) = rank_sentences(
        "brigade logistics",
        some_evidence(["Rations are issued."], heading="Logistics", title="Brigade order"),
        embedder=EMBEDDER,
        trust=1.0,
    )
    assert one.coverage == 0
    assert one.context_coverage == pytest.approx(1.0)


def test_without_trust_similarity_does_not_count() -> None:
    (known,), (foreign,) = (ranked("The bridge", "The bridge is open.", trust=trust) for trust in (1.0, 0.0))
    assert known.score - foreign.score == pytest.approx(known.similarity)


def test_a_question_of_function_words_ranks_by_order_of_evidence() -> None:
    found = ranked("What is it?", "The first depot.", "The second depot.", trust=0.0)
    assert [one.text for one in found] == ["The first depot.", "The second depot."]


def test_words_of_the_sentence_before_count_for_the_one_that_goes_on_about_it() -> None:
    found = ranked(
        "load of the Kruisvoorde bridge", "The Kruisvoorde bridge is old. Its load is limited to forty tons."
    )
    apart = ranked(
        "load of the Kruisvoorde bridge", "The weather is very bad today. Its load is limited to forty tons."
    )
    score = {one.text: one.score for one in found}, {one.text: one.score for one in apart}
    assert score[0]["Its load is limited to forty tons."] > score[1]["Its load is limited to forty tons."]


def test_of_two_like_sentences_the_one_that_names_what_is_asked_for_is_first() -> None:
    text = "The convoy is to cross the river by a bridge. The convoy is to cross the river by the Kruisvoorde bridge."
    assert "Kruisvoorde" in ranked("Which bridge does the convoy use to cross the river?", text)[0].text
    assert (
        "14:30" in ranked("When does it land?", "It is to land here soon enough. It is to land here at 14:30.")[0].text
    )


def test_which_bridge_is_answered_by_the_bridge_with_a_name_and_not_by_facts_about_the_bridge() -> None:
    text = "• Speed on the bridge over the river: 8 km/h.\n\nThe unit crosses the river at the Kruisvoorde Bridge."
    assert "Kruisvoorde" in ranked("Which bridge over the river?", text)[0].text


def test_a_crumb_does_not_win_of_a_sentence() -> None:
    found = ranked("What is a fragmentary order?", "A fragmentary order.\n\nIt changes an earlier fragmentary order.")
    assert found[0].text == "It changes an earlier fragmentary order."


def test_the_same_sentence_in_two_documents_is_shown_once() -> None:
    found = ranked("Is the bridge open?", "The bridge is open.", "The  bridge\nis OPEN.")
    assert len(found) == 2
    assert [one.evidence.label for one in best_sentences(found, 5)] == [1]


def test_sentences_far_below_the_best_are_left_out() -> None:
    found = ranked("Is the bridge at Lageraelm open?", "The bridge at Lageraelm is open. Rations are issued at noon.")
    assert [one.text for one in best_sentences(found, 5)] == ["The bridge at Lageraelm is open."]


@settings(max_examples=50)
@given(
    _TEXTS.filter(lambda texts: any("brug" in text for text in texts)), st.integers(1, 5), st.sampled_from([0.0, 1.0])
)
def test_there_is_a_best_sentence_whenever_there_is_one(texts: list[str], limit: int, trust: float) -> None:
    found = ranked("Where do soldiers sleep?", *texts, trust=trust)
    best = best_sentences(found, limit)
    assert best[0] == found[0]
    assert len(best) <= limit


def test_nothing_has_no_best_sentence() -> None:
    assert best_sentences([], 3) == []
