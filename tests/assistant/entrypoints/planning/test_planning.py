"""`stafwijzer coa`: what an officer types, what comes back, and what is kept when it is stopped."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import jsonschema
import pytest
from click.testing import CliRunner, Result

from assistant.courses import recording
from assistant.courses.changing import NotYet
from assistant.courses.joining import Steps
from assistant.courses.service import CoursesOfAction
from assistant.courses.storing import WorkspaceStore
from assistant.courses.walking import statements
from assistant.courses.workspace import Basis, CourseOfAction
from assistant.entrypoints.planning import coa, opening
from assistant.entrypoints.planning.deciding import CriteriaUnreadable
from assistant.entrypoints.planning.opening import next_step
from assistant.entrypoints.planning.tabling import whole
from assistant.entrypoints.planning.working import ProblemUnreadable
from tests.assistant.courses.doubles import Recommended, a_full_workspace, some_steps
from tests.installations import OFFICER, a_corpus, an_assistant, an_ingestion

TODAY = date(2026, 2, 4)
ORDER = "# Order\n\nThe mission is to hold the bridge. Course 1 crosses by the bridge. Course 2 crosses by ferry.\n"
PROBLEM = "Cross the river before dawn with the whole battlegroup."
CRITERIA = [{"id": "time", "title": "Time", "unit": "hour", "benchmark": "6 hour", "weight": 2}]
Run = Callable[..., Result]


@dataclass(frozen=True)
class Total:
    low: float
    high: float


@dataclass(frozen=True)
class Matrix:
    courses: tuple[str, ...]
    criteria: tuple[str, ...]
    weights: tuple[float, ...]
    scores: tuple[tuple[float | None, ...], ...]
    totals: tuple[Total, ...]


@dataclass(frozen=True)
class First:
    course: str
    around: float


@dataclass(frozen=True)
class Sensitivity:
    first: tuple[First, ...]


@dataclass(frozen=True)
class Advice(Recommended):
    confidence: str = "high"
    dissent: tuple[str, ...] = ("By cost coa-2 is better.",)
    what_would_change: tuple[str, ...] = ()


def weighing(**changes: Any) -> Steps:
    """Steps whose comparison can be shown."""
    matrix = Matrix(
        courses=("coa-1", "coa-2"),
        criteria=("time",),
        weights=(1.0,),
        scores=((1.0,), (None,)),
        totals=(Total(1.0, 1.0), Total(0.0, 1.0)),
    )
    told: dict[str, Any] = {
        "matrix": lambda workspace: matrix,
        "sensitivity": lambda matrix: Sensitivity((First("coa-1", 0.9),)),
        "recommend": lambda workspace, matrix, sensitivity: Advice("coa-1"),
    }
    return some_steps(**{**told, **changes})


@pytest.fixture
def service(tmp_path: Path) -> CoursesOfAction:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "order.md").write_text(ORDER)
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus())
    store = WorkspaceStore(ingestion.catalog.engine)
    answer = an_assistant(ingestion).ask
    return CoursesOfAction(store, ingestion.catalog, answer, weighing(), tmp_path / "exports", lambda: TODAY)


@pytest.fixture
def run(service: CoursesOfAction, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, of: CoursesOfAction = service, code: int = 0) -> Result:
        @contextmanager
        def opened(context: click.Context) -> Iterator[SimpleNamespace]:
            yield SimpleNamespace(settings=SimpleNamespace(principal=OFFICER), courses=of)

        monkeypatch.setattr(opening, "installation_of", opened)
        ran = CliRunner().invoke(coa, list(map(str, arguments)))
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        assert ran.exit_code == code, ran.output
        return ran

    return run


def as_json(run: Run, *arguments: object) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_a_problem_is_worked_through_to_a_decision(run: Run, tmp_path: Path) -> None:
    made = as_json(run, "new", PROBLEM)
    id = made["id"][:8]
    assert "Next: read the framing" in run("show", id).output
    assert as_json(run, "lock", id)["framing_locked_by"] == "officer"
    assert [course["id"] for course in as_json(run, "develop", id)["courses"]] == ["coa-1", "coa-2", "coa-0"]
    (tmp_path / "criteria.json").write_text(json.dumps(CRITERIA))
    assert as_json(run, "criteria", id, "criteria.json")[0]["unit"] == "hour"
    run("lock", id, "--criteria")
    shown = run("score", id, "coa-1", "time", "4.5 hour").output
    assert "Time ×1.00" in shown
    assert "4.5 hour" in shown
    assert "Recommendation: coa-1 course 1 (high)" in shown
    assert "By cost coa-2 is better." in shown
    assert as_json(run, "score", id)["recommendation"]["course"] == "coa-1"
    told = as_json(run, "decide", id, "coa-2", "--reason", "The bridge is watched.")
    assert (told["decision"]["by"], told["decision"]["chosen"]) == ("officer", "coa-2")
    assert "Written: memos/memo.md" in run("memo", id, "--to", "memos", "--format", "md").output
    assert (tmp_path / "memos" / "memo.md").exists()
    assert "Next: write the memo" in run("show", id).output


def test_one_command_goes_all_the_way_to_screened_courses(run: Run) -> None:
    told = as_json(run, "new", "--go", PROBLEM)
    assert [bool(course["screening"]) for course in told["courses"]] == [True, True, True]


def test_what_is_printed_as_json_is_what_the_schema_describes(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    told = as_json(run, "new", "--go", PROBLEM)
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(told)) == []
    assert recording.read(json.dumps(told)).id == told["id"]


def test_the_schema_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    run("schema", "--to", "schema.json")
    assert (tmp_path / "schema.json").read_text() == run("schema").stdout


def test_what_was_stopped_goes_on_with_the_same_command(run: Run, service: CoursesOfAction) -> None:
    def stopped(*of: Any, **given: Any) -> Iterator[CourseOfAction]:
        yield next(service.steps.grow(*of, **given))
        raise KeyboardInterrupt

    broken = replace(service, steps=weighing(grow=stopped))
    stopped_ = run("new", "--go", PROBLEM, of=broken, code=1)
    assert "What is done is kept; the same command goes on." in stopped_.output
    (kept,) = service.list(principal=OFFICER)
    assert [len(course.fields) for course in kept.courses] == [1, 0, 1]
    ran = run("new", "--go", PROBLEM)
    assert f"Going on with workspace {kept.id}." in ran.output
    (now,) = service.list(principal=OFFICER)
    assert [len(course.fields) for course in now.courses] == [2, 2, 1]


def test_a_problem_is_read_from_a_document(run: Run, tmp_path: Path) -> None:
    (tmp_path / "problem.md").write_text(f"# Crossing\n\n{PROBLEM}")
    assert as_json(run, "new", "--file", "problem.md")["title"] == "Crossing"
    for name in ("absent.md", "."):
        with pytest.raises(ProblemUnreadable):
            run("new", "--file", name)


@pytest.mark.parametrize("arguments", [[], ["text", "--file", "problem.md"]])
def test_a_problem_is_given_in_one_way(run: Run, arguments: list[str]) -> None:
    assert "Give the problem as TEXT" in run("new", *arguments, code=2).output


def test_dutch_is_spoken_in_a_dutch_workspace(run: Run) -> None:
    problem = "Steek met de hele gevechtsgroep voor zonsopgang de rivier over en houd de brug bezet."
    told = run("new", problem).output
    assert "Nu: lees de probleemstelling" in told
    assert "Probleemstelling" in told
    assert "Next:" not in told


def test_lines_are_edited_and_added(run: Run) -> None:
    made = as_json(run, "new", PROBLEM)
    id, line = made["id"], made["framing"][0]["statements"][0]["id"]
    told = as_json(run, "edit", id, line, "Hold on.", "--basis", "assumption", "--if-false", "Retreat.")
    changed = recording.read(json.dumps(told))
    (one,) = [statement for statement in statements(changed) if statement.id == line]
    assert (one.text, one.basis, one.test and one.test.if_false) == ("Hold on.", Basis.ASSUMPTION, "Retreat.")
    added = as_json(run, "add", id, "restraints", "No fire.")
    assert added["framing"][-1]["statements"][0]["text"] == "No fire."
    assert as_json(run, "add", id, "idea", "Swim across.")["courses"][0]["name"] == "Swim across."


def test_the_list_names_what_there_is(run: Run) -> None:
    assert "There are no workspaces" in run("list").output
    made = as_json(run, "new", PROBLEM)
    assert made["id"][:8] in run("list").output
    (told,) = as_json(run, "list")
    assert (told["id"], told["by"], told["decided"]) == (made["id"], "officer", False)


@pytest.mark.parametrize("text", ["not json", "{}", "[1]", '[{"weight": "heavy"}]'])
def test_a_file_that_holds_no_criteria_is_told(run: Run, tmp_path: Path, text: str) -> None:
    made = as_json(run, "new", PROBLEM)
    (tmp_path / "criteria.json").write_text(text)
    with pytest.raises(CriteriaUnreadable):
        run("criteria", made["id"], "criteria.json")


def test_steps_out_of_their_order_are_told(run: Run) -> None:
    made = as_json(run, "new", PROBLEM)
    with pytest.raises(NotYet):
        run("develop", made["id"])
    assert "together" in run("score", made["id"], "coa-1", code=2).output
    assert "together" in run("screen", made["id"], "--course", "coa-1", code=2).output


def test_a_document_cannot_act_in_the_terminal(run: Run, service: CoursesOfAction) -> None:
    whole_one = a_full_workspace(title="\x1b[31mred[/]", notes=("[bold]\x07",))
    made = service.store.create(replace(whole_one, marking=None), principal=OFFICER)
    told = run("show", made.id).output
    assert "\x1b" not in told
    assert "[bold]" in told


def test_every_part_of_a_workspace_is_shown() -> None:
    from rich.console import Console

    console = Console(width=120, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    for part in whole(a_full_workspace(), stale={"how-1": ("superseded by order-2.md",)}):
        console.print(part)
    told = " ".join(console.export_text().split())
    for said in (
        "Framing, locked by officer",
        "The ice holds.",
        "If false: Use the ferry.",
        "10 t < 12 t",
        "! superseded by order-2.md",
        "What is not known (1)",
        "ask owner of plans",
        "Most likely",
        "6 hour",
        "Decided by officer",
        "Merged with: the old bridge",
    ):
        assert said in told


def test_what_comes_next_follows_what_is_done() -> None:
    full = a_full_workspace()
    assert next_step(full) == "memo"
    for missing, step in (
        ({"decision": None}, "decide"),
        ({"values": ()}, "score"),
        ({"criteria_locked_by": ""}, "lock criteria"),
        ({"criteria": ()}, "criteria"),
        ({"courses": ()}, "develop"),
        ({"framing_locked_by": ""}, "lock"),
        ({"framing": ()}, "frame"),
    ):
        assert next_step(replace(full, **missing)) == step


def test_a_line_is_withheld_with_why_and_put_back(run: Run) -> None:
    made = as_json(run, "new", PROBLEM)
    assert "Say --because" in run("withhold", made["id"], "mission", code=2).output
    told = run("withhold", made["id"], "mission", "--because", "Security of the State.").output
    assert "mission: Security of the State. (by officer)" in told
    assert as_json(run, "withhold", made["id"], "mission", "--undo")["withheld"] == []


def test_a_lock_is_undone_and_the_next_step_is_to_lock_again(run: Run) -> None:
    made = as_json(run, "new", PROBLEM)
    assert as_json(run, "lock", made["id"])["framing_locked_by"] == "officer"
    assert "coa lock" in run("lock", made["id"], "--undo").output
    assert as_json(run, "show", made["id"])["framing_locked_by"] == ""


def test_what_a_dutch_workspace_refuses_is_told_in_dutch(run: Run) -> None:
    made = as_json(run, "new", PROBLEM, "--language", "nl")
    with pytest.raises(NotYet, match="De probleemstelling is niet vastgesteld"):
        run("develop", made["id"])
