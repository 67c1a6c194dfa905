"""A request for information says what was asked, searched and found, and to whom it goes."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.abstaining import abstain, request_for_information
from assistant.quoting import rank_sentences
from assistant.scoping import Reach
from assistant.settings import AnswerSettings
from retrieval.access import scope_for
from retrieval.embedding import HashEmbedder
from tests.installations import OFFICER, a_corpus, an_assistant, an_ingestion, asking
from tests.making import OPEN, some_evidence

DAY = date(2026, 2, 4)
REACH = Reach(("plans",), ("owner",), scope_for(OFFICER, markings=[OPEN], corpora=["plans"], on_date=DAY), ())


def test_a_request_names_question_owner_corpora_marking_and_the_nearest_quotes(tmp_path: Path) -> None:
    (tmp_path / "order.md").write_text("De brug bij Kruisvoorde is open voor wielvoertuigen.")
    ingestion = an_ingestion(tmp_path)
    ingestion.add(tmp_path / "order.md", a_corpus())
    answer = an_assistant(ingestion, answer=AnswerSettings(answerability=1.0)).ask(
        asking("Welke helikopter vliegt over de brug?")
    )
    request = request_for_information(answer, asker="officer", asked_on=DAY)
    assert request.splitlines()[0] == "Rubricering: Ongerubriceerd"
    for part in ("owner of plans", "officer, 2026-02-04", answer.question, "plans", "helikopter", answer.id):
        assert part in request
    assert "“De brug bij Kruisvoorde is open voor wielvoertuigen.”" in request


def test_an_answer_is_no_request(tmp_path: Path) -> None:
    (tmp_path / "order.md").write_text("The bridge is open.")
    ingestion = an_ingestion(tmp_path)
    ingestion.add(tmp_path / "order.md", a_corpus())
    answer = an_assistant(ingestion).ask(asking("Is the bridge open?"))
    assert request_for_information(answer, asker="officer", asked_on=DAY) == ""
    assert request_for_information(replace(answer, abstained=True), asker="officer", asked_on=DAY) == ""


@pytest.mark.parametrize("quotes", [1, 2])
def test_each_part_of_a_question_has_its_own_nearest_passage(quotes: int) -> None:
    parts = ("Who commands the brigade?", "Is the river deep?")
    evidence = some_evidence(["The brigade has three battalions.", "The river is wide and cold."])
    rankings = [rank_sentences(part, evidence, embedder=HashEmbedder(256), trust=1.0) for part in parts]
    told = abstain(" ".join(parts), REACH, evidence, *rankings, quotes=quotes)
    assert [one.quote for one in told.nearest] == ["The brigade has three battalions.", "The river is wide and cold."]


def test_what_is_nearest_to_two_parts_is_told_once() -> None:
    parts = ("Who crosses the river?", "How deep is the river?")
    evidence = some_evidence(["The river is wide and cold."])
    rankings = [rank_sentences(part, evidence, embedder=HashEmbedder(256), trust=1.0) for part in parts]
    assert len(abstain(" ".join(parts), REACH, evidence, *rankings, quotes=3).nearest) == 1


def test_without_evidence_nothing_is_nearest_and_no_word_is_missing() -> None:
    told = abstain("Who crosses the river?", REACH, [], [], quotes=3)
    assert told.nearest == ()
    assert told.missing == ()
