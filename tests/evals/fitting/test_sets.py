"""Each set says what has to be withheld, and no article is fitted on in one set and measured in another."""

import json
from pathlib import Path

import pytest

from evals.fitting.sets import read_sets


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write SQuAD's layout as XQuAD and as SQuAD 2, with twenty articles of two paragraphs."""
    articles = [
        {
            "title": f"Article_{number}",
            "paragraphs": [
                {
                    "context": f"The depot {number}-{place} is in Lageraelm.",
                    "qas": [
                        {
                            "id": f"{number}-{place}",
                            "question": f"Where is depot {number}-{place}?",
                            "answers": [
                                {"text": "Lageraelm", "answer_start": len(f"The depot {number}-{place} is in ")}
                            ],
                        }
                    ],
                }
                for place in range(2)
            ],
        }
        for number in range(20)
    ]
    for name in ("squad2_en/dev-v2.0.json", "xquad_en_de/xquad.en.json", "xquad_en_de/xquad.de.json"):
        path = tmp_path / "data" / "sets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"version": "1", "data": articles}), encoding="utf-8")
    return tmp_path / "data"


def test_no_article_is_fitted_on_in_one_set_and_asked_in_the_english_set_held_out(data: Path, tmp_path: Path) -> None:
    read = {one.source.name: one for one in read_sets(data, tmp_path / "home")}
    fitted = {asked.case.question for asked in read["squad2"].asked if not asked.held_out}
    kept = {asked.case.question for asked in read["xquad-en"].asked}
    assert 0 < len(fitted) < 40
    assert kept == {asked.case.question for asked in read["squad2"].asked if asked.held_out}
    assert all(asked.held_out for asked in read["xquad-en"].asked)


def test_a_document_is_withheld_alone_and_with_its_article(data: Path, tmp_path: Path) -> None:
    squad = next(read_sets(data, tmp_path / "home"))
    for asked in squad.asked:
        assert [len(keys) for keys in asked.withheld.values()] == [1, 2]
        assert asked.withheld["document withheld"] < asked.withheld["article withheld"]


def test_a_set_that_is_not_there_is_passed_over(data: Path, tmp_path: Path) -> None:
    assert {one.source.name for one in read_sets(data, tmp_path / "home")} == {"squad2", "xquad-en", "xquad-de"}
