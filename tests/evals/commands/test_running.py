"""A run is gone on with where it stopped, as long as nothing that its answers depend on has changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.answers import Answer, Answered, Event, Question
from assistant.bootstrap import Installation
from assistant.settings import AccessSettings, ModelSettings, Settings
from evals.carrying_out import corpora_sha256, next_part
from evals.cases import Case
from evals.commands.running import carry_out
from evals.running import WARM_UP
from evals.runs import Run
from evals.systems import an_answer
from retrieval.access import Marking
from tests.evals.making import a_case
from tests.installations import OPEN, SECRET, a_corpus

CASES = [a_case("one", relevant=()), a_case("two", relevant=())]
PARTS = ("whole", "lesser")


@dataclass
class Parrot:
    """Answers everything, until it is stopped."""

    name: str = "whole"
    fingerprint: str = "0123456789ab"
    index_snapshot: str = "tests"
    stops_after: int = 100
    asked: list[Question] = field(default_factory=list)

    def stream(self, question: Question) -> Iterator[Event]:
        if question.text == WARM_UP:
            return
        if len(self.asked) == self.stops_after:
            raise KeyboardInterrupt
        self.asked.append(question)
        yield Answered(self._answer(question))

    def _answer(self, question: Question) -> Answer:
        return an_answer(question, text="Amber.", claims=(), evidence=(), fingerprint="", index_snapshot="", timings={})


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(Settings(home=tmp_path, model=ModelSettings(kind="none")))
    yield installation
    installation.close()


def run_of(
    installation: Installation,
    system: Parrot,
    before: list[Run] | None = None,
    *,
    parts: tuple[str, ...] = PARTS,
    on_date: date | None = None,
    fresh: bool = False,
) -> Run:
    return carry_out(
        installation,
        system,
        CASES,
        name="set.jsonl",
        seed=0,
        on_date=on_date,
        command=next_part(before or [], parts),
        fresh=fresh,
        quiet=True,
    )


def interrupted(installation: Installation, system: Parrot, before: list[Run] | None = None) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_of(installation, system, before)


def test_a_command_that_was_interrupted_asks_no_finished_part_again(installation: Installation) -> None:
    whole = run_of(installation, Parrot())
    interrupted(installation, Parrot("lesser", stops_after=1), [whole])
    again, rest = Parrot(), Parrot("lesser")
    runs = [run_of(installation, again)]
    runs.append(run_of(installation, rest, runs))
    assert (len(again.asked), len(rest.asked)) == (0, 1)
    assert runs[0].name == whole.name
    assert len({run.manifest.command.id for run in runs}) == 1
    assert all(run.manifest.finished for run in runs)


def test_a_command_that_was_stopped_between_its_parts_goes_on_and_a_whole_one_begins_anew(
    installation: Installation,
) -> None:
    whole = run_of(installation, Parrot())
    first, second = Parrot(), Parrot("lesser")
    run_of(installation, second, [run_of(installation, first)])
    assert (len(first.asked), len(second.asked)) == (0, 2)
    third = Parrot()
    assert run_of(installation, third).name != whole.name
    assert len(third.asked) == 2


def test_fresh_begins_anew(installation: Installation) -> None:
    whole = run_of(installation, Parrot())
    system = Parrot()
    run = run_of(installation, system, fresh=True)
    assert (run.name == whole.name, len(system.asked)) == (False, 2)
    lesser = run_of(installation, Parrot("lesser"), [run], fresh=True)
    assert lesser.manifest.command.id == run.manifest.command.id


def test_another_command_does_not_go_on_with_a_part(installation: Installation) -> None:
    run_of(installation, Parrot())
    system = Parrot()
    run_of(installation, system, parts=("whole",))
    assert len(system.asked) == 2


def test_a_run_that_is_gone_on_with_the_day_after_asks_as_on_the_day_before(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupted(installation, Parrot(stops_after=1))
    (path,) = (installation.settings.home / "evals").glob("*/run.json")
    yesterday = date.today() - timedelta(days=1)
    path.write_text(json.dumps({**json.loads(path.read_text()), "on_date": yesterday.isoformat()}))
    whole, lesser = Parrot(), Parrot("lesser")
    run = carry_out(installation, whole, CASES, name="set.jsonl", seed=0, command=next_part([], PARTS))
    assert [question.on_date for question in whole.asked] == [yesterday]
    assert f"Going on with {run.name}, as on {yesterday}: 1 of 2 were asked." in capsys.readouterr().err
    other = run_of(installation, lesser, [run])
    assert {question.on_date for question in lesser.asked} == {yesterday}
    assert other.manifest.on_date == run.manifest.on_date == yesterday.isoformat()


def test_a_run_of_another_day_is_not_gone_on_with_when_a_day_is_given(installation: Installation) -> None:
    interrupted(installation, Parrot(stops_after=1))
    system = Parrot()
    run_of(installation, system, on_date=date(2026, 2, 4))
    assert [question.on_date for question in system.asked] == [date(2026, 2, 4)] * 2


def test_a_run_is_not_gone_on_with_when_the_corpora_have_changed(installation: Installation) -> None:
    interrupted(installation, Parrot(stops_after=1))
    installation.catalog.ensure_corpus(a_corpus())
    system = Parrot()
    run_of(installation, system)
    assert len(system.asked) == 2


def test_the_state_of_the_corpora_is_of_those_that_are_asked_and_may_be_read(installation: Installation) -> None:
    def state(*cases: Case) -> str:
        return corpora_sha256(cases, installation, evaluator=installation.settings.principal, on_date=date(2026, 2, 4))

    everything, named = a_case(), a_case(corpora=frozenset({"plans"}))
    empty = state(everything)
    installation.catalog.ensure_corpus(a_corpus("raids", SECRET))
    assert state(everything) == empty
    installation.catalog.ensure_corpus(a_corpus("plans", OPEN))
    assert state(everything) == state(named) != empty
    installation.catalog.ensure_corpus(a_corpus("other", Marking("NLD", "Ongerubriceerd")))
    assert state(everything) != state(named)


def test_an_interrupted_run_that_may_not_be_read_any_more_is_not_gone_on_with(tmp_path: Path) -> None:
    def asking(system: Parrot, level: str) -> None:
        settings = Settings(
            home=tmp_path, model=ModelSettings(kind="none"), access=AccessSettings(clearance={"NLD": level})
        )
        installation = Installation(settings)
        try:
            cases = [replace(case, marking=SECRET) for case in CASES[:1]] + CASES[1:]
            carry_out(installation, system, cases, name="set.jsonl", seed=0, quiet=True)
        finally:
            installation.close()

    with pytest.raises(KeyboardInterrupt):
        asking(Parrot(stops_after=1), "Stg. Geheim")
    lower = Parrot()
    asking(lower, "Ongerubriceerd")
    assert len(lower.asked) == 1


def test_a_set_called_cases_in_the_current_folder_has_a_name(installation: Installation) -> None:
    run = carry_out(installation, Parrot(), CASES, name="cases.jsonl", seed=0, quiet=True)
    assert run.manifest.set_name == "set"
    assert run.name.startswith("set-whole-")
