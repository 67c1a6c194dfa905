"""A request for information says what was asked, searched and found, and to whom it goes."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.abstaining import request_for_information
from assistant.settings import AnswerSettings
from tests.installations import a_corpus, an_assistant, an_ingestion, asking

DAY = date(2026, 2, 4)


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
