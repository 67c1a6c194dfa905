"""What went wrong in use becomes a draft case, for those who may read it, once."""

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from assistant.answers import Answer, Turn
from assistant.service import Assistant
from assistant.settings import AnswerSettings
from evals.cases import Asker, Case, Exchange
from evals.commands.drafting import drafts as command
from evals.drafting import Drafts, DraftsUnwritable, append_drafts, drafts_of
from evals.sets import SetInvalid, read_set, write_set
from retrieval.access import Principal
from tests.installations import CLEARED, OFFICER, OPEN, SECRET, TODAY, a_corpus, an_assistant, an_ingestion, asking

NOBODY = Principal("nobody", (), "NLD")
ASKER = Asker("officer", {"NLD": "Ongerubriceerd"}, "NLD")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant that answers what stands in its two corpora, one of them secret."""
    ingestion = an_ingestion(tmp_path)
    for name, text, corpus in (
        ("plan", "The Amber bridge is closed to tracked vehicles.", a_corpus()),
        ("raid", "The raid on the depot begins at dawn.", a_corpus("raids", SECRET)),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text(text)
        ingestion.add(tmp_path / name, corpus)
    yield an_assistant(ingestion)
    ingestion.catalog.close()


def made(assistant: Assistant, evaluator: Principal = OFFICER) -> Drafts:
    return drafts_of(assistant.journal.read, evaluator=evaluator, on_date=TODAY)


def abstaining(assistant: Assistant) -> Assistant:
    return replace(assistant, answer=AnswerSettings(answerability=1.0))


def judge(assistant: Assistant, answer: Answer, verdict: str, comment: str = "") -> None:
    body = {"answer": answer.id, "verdict": verdict, "comment": comment, "by": "officer"}
    assistant.journal.append("feedback", body)


def test_a_thumbs_down_becomes_a_draft_with_all_that_asking_again_needs(assistant: Assistant) -> None:
    first = assistant.ask(asking("Which bridge is closed?", "plans"))
    turns = (Turn("Which bridge is closed?", first.text),)
    answer = assistant.ask(asking("And to tracked vehicles?", "plans", history=turns))
    judge(assistant, first, "up")
    judge(assistant, answer, "down")
    judge(assistant, answer, "down", "It is open since 06:00.")
    found = made(assistant)
    assert found.cases == (
        Case(
            id=f"draft-{answer.id}",
            question="And to tracked vehicles?",
            language="en",
            corpora=frozenset({"plans"}),
            history=(Exchange("Which bridge is closed?", first.text),),
            principal=ASKER,
            on_date=TODAY,
            answerable=None,
            draft=True,
            marking=OPEN,
            tags=frozenset({"draft", "thumbs-down"}),
            note="It is open since 06:00.",
            source=f"journal:{answer.id}",
        ),
    )
    assert found.marking([found.cases[0].id]) == "Ongerubriceerd"


def test_every_abstention_becomes_a_draft_and_an_answer_that_was_right_does_not(assistant: Assistant) -> None:
    judge(assistant, assistant.ask(asking("Which bridge is closed?")), "up")
    assistant.ask(asking("Where are vehicles?"))
    judge(assistant, abstaining(assistant).ask(asking("Welke brug is dicht?")), "up")
    (case,) = made(assistant).cases
    assert (case.question, case.language, case.answerable) == ("Welke brug is dicht?", "nl", None)
    assert case.tags == {"draft", "abstained", "thumbs-up"}


def test_a_question_that_the_same_person_asks_again_is_one_draft(assistant: Assistant) -> None:
    silent = abstaining(assistant)
    first = silent.ask(asking("Which bridge is closed?"))
    judge(assistant, assistant.ask(asking(" which  bridge is closed?")), "down", "It is open.")
    silent.ask(asking("Which bridge is closed?", principal=replace(OFFICER, name="other")))
    silent.ask(asking("Which bridge is closed?", "plans"))
    cases = made(assistant).cases
    assert [(case.principal and case.principal.name, sorted(case.corpora)) for case in cases] == [
        ("officer", []),
        ("other", []),
        ("officer", ["plans"]),
    ]
    assert cases[0].source == f"journal:{first.id}"
    assert cases[0].tags == {"draft", "abstained", "thumbs-down"}
    assert cases[0].note == "It is open."


def test_what_an_evaluator_may_not_read_is_counted_and_not_told(assistant: Assistant) -> None:
    secret = assistant.ask(asking("When does the raid begin?", "raids", principal=CLEARED))
    judge(assistant, secret, "down")
    turns = (Turn("When does the raid begin?", secret.text),)
    later = assistant.ask(asking("Which bridge is closed?", "plans", principal=CLEARED, history=turns))
    judge(assistant, later, "down")
    assert later.marking != secret.marking
    assert (made(assistant).cases, made(assistant).closed) == ((), 2)
    cleared = made(assistant, CLEARED)
    assert [case.question for case in cleared.cases] == ["When does the raid begin?", "Which bridge is closed?"]
    assert cleared.closed == 0
    assert [case.marking for case in cleared.cases] == [SECRET, SECRET]
    assert cleared.marking([cleared.cases[1].id]) == "Stg. Geheim"


def test_an_earlier_answer_that_the_journal_does_not_hold_closes_the_case(assistant: Assistant) -> None:
    turns = (Turn("When does the raid begin?", "At dawn."),)
    abstaining(assistant).ask(asking("Which bridge is closed?", history=turns))
    assert (made(assistant, CLEARED).cases, made(assistant, CLEARED).closed) == ((), 1)


def test_an_abstention_that_showed_nothing_is_for_every_evaluator(assistant: Assistant) -> None:
    assistant.ask(asking("When does the raid begin?", principal=NOBODY))
    found = made(assistant, NOBODY)
    assert [case.question for case in found.cases] == ["When does the raid begin?"]
    assert found.marking([found.cases[0].id]) == ""


def test_drafts_are_added_once_and_what_the_file_has_stays_to_the_letter(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    abstaining(assistant).ask(asking("Which bridge is closed?"))
    assert [len(append_drafts(path, made(assistant).cases).added) for _ in range(2)] == [1, 0]
    # A person finishes it, in a way of writing of their own and without a line end.
    (draft,) = read_set(str(path))
    told = {
        "id": "bridge",
        "source": draft.source,
        "question": "Which bridge?",
        "language": "en",
        "expected": ["Amber"],
    }
    path.write_text(json.dumps(told, separators=(",", ":")))
    before = path.read_bytes()
    abstaining(assistant).ask(asking("Where is the depot?"))
    done = append_drafts(path, made(assistant).cases)
    assert ([case.question for case in done.added], done.present) == (["Where is the depot?"], 1)
    assert path.read_bytes().startswith(before + b"\n{")
    assert [case.id for case in read_set(str(path))] == ["bridge", done.added[0].id]
    assert append_drafts(path, made(assistant).cases).added == ()


def test_a_question_that_the_file_has_from_another_answer_is_not_added(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    case = Case(id="x", question="Which bridge is closed?", language="en", principal=ASKER, answerable=False)
    write_set(path, [case])
    abstaining(assistant).ask(asking("which bridge is closed?"))
    assert append_drafts(path, made(assistant).cases).added == ()


def test_a_file_that_is_no_test_set_is_left_alone(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all,\n")
    abstaining(assistant).ask(asking("Which bridge is closed?"))
    with pytest.raises(SetInvalid, match="line 1 is not JSON"):
        append_drafts(path, made(assistant).cases)
    assert path.read_text() == "Dear all,\n"
    with pytest.raises(DraftsUnwritable, match="cannot be written"):
        append_drafts(tmp_path / "nowhere" / "set.jsonl", made(assistant).cases)


def test_the_command_reads_the_journal_of_the_installation(tmp_path: Path, assistant: Assistant) -> None:
    assistant.ask(asking("When does the raid begin?", principal=NOBODY))
    answer = assistant.ask(asking("When does the raid begin?", "raids", principal=CLEARED))
    judge(assistant, answer, "down")
    assert "catalog.sqlite" in {one.name for one in tmp_path.iterdir()}
    first, second = (invoke(tmp_path, "--to", str(tmp_path / "new.jsonl")) for _ in range(2))
    assert first.splitlines() == [
        f"1 drafts added to {tmp_path / 'new.jsonl'}; 0 were there already.",
        "1 left out: their answers are marked higher than you may read.",
        "Marking of what was added: none, no document was shown",
    ]
    assert second.startswith("0 drafts added")
    assert json.loads(invoke(tmp_path, "--to", str(tmp_path / "new.jsonl"), "--json"))["present"] == 1
    (case,) = read_set(str(tmp_path / "new.jsonl"))
    assert case.draft
    assert stat.S_IMODE((tmp_path / "new.jsonl").stat().st_mode) == 0o600


def test_an_empty_journal_makes_no_file(tmp_path: Path) -> None:
    assert append_drafts(tmp_path / "new.jsonl", ()).added == ()
    assert not (tmp_path / "new.jsonl").exists()


def invoke(home: Path, *arguments: str) -> str:
    @click.group()
    @click.pass_context
    def root(context: click.Context) -> None:
        context.obj = home / "stafwijzer.toml"

    root.add_command(command)
    (home / "stafwijzer.toml").write_text("")
    runner = CliRunner(env={"STAFWIJZER_HOME": str(home)})
    return runner.invoke(root, ["drafts", *arguments], catch_exceptions=False).output
