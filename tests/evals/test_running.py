"""Every case is asked once, what came of it is written down, and a failure is never a zero."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from assistant.answers import Answered, Event, Question, Searched, SourcesFound
from evals.cases import Asker, Case, Relevant
from evals.records import PlaceState, Record
from evals.running import Runner, RunStopped, missing_corpora, missing_documents
from evals.systems import AssistantSystem, RetrievalOnly, System
from retrieval.errors import StafwijzerError
from retrieval.ingesting import Ingestion
from tests.evals.making import a_run
from tests.installations import CLEARED, OFFICER, SECRET, TODAY, a_corpus, an_assistant, an_ingestion

ORDER = """# Operation order

The convoy crosses the Amber bridge at 05:15. The engineers repair the culvert before noon.
"""
QUESTION = "When does the convoy cross the Amber bridge?"
CASE = Case(
    id="when",
    question=QUESTION,
    language="en",
    expected=("05:15",),
    relevant=(Relevant("order.md", quote="The convoy crosses the\nAmber bridge at 05:15."),),
)
HIDDEN = Asker("stranger", {"NLD": "Ongerubriceerd"})


@pytest.fixture
def ingestion(tmp_path: Path) -> Ingestion:
    for folder, text in (
        ("open", ORDER),
        ("secret", "# Plan Red\n\nThe reserve waits at Zwolle for the Amber bridge.\n"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / ("order.md" if folder == "open" else "plan-red.md")).write_text(text)
    ingestion = an_ingestion(tmp_path)
    ingestion.add(tmp_path / "open", a_corpus())
    ingestion.add(tmp_path / "secret", a_corpus("secret", SECRET))
    return ingestion


def a_runner(ingestion: Ingestion, system: System | None = None, **fields: object) -> Runner:
    system = system or AssistantSystem(an_assistant(ingestion))
    return replace(Runner(system, ingestion.catalog, OFFICER, TODAY), **fields)  # type: ignore[arg-type]


@dataclass
class Failing:
    """Fails on some questions, and counts what it is asked."""

    inner: System
    fails: tuple[str, ...] = ()
    error: Exception = field(default_factory=lambda: StafwijzerError("The model is gone.", hint="Start it."))
    asked: list[str] = field(default_factory=list)
    name: str = "failing"
    fingerprint: str = "f"
    index_snapshot: str = "i"

    def stream(self, question: Question) -> Iterator[Event]:
        self.asked.append(question.text)
        if question.text in self.fails:
            raise self.error
        return self.inner.stream(question)


def test_a_record_holds_the_answer_its_evidence_and_where_the_place_was_found(ingestion: Ingestion) -> None:
    record = a_runner(ingestion).record(CASE)
    assert record.error == ""
    assert record.statements[0].citations[0].exact is True
    assert record.places == (PlaceState.INDEXED,)
    assert record.ranking[0].places == (0,)
    assert record.evidence[0].places == (0,)
    assert record.seconds >= (record.first_source_seconds or 0) > 0
    assert [str(marking) for marking in record.markings] == ["Ongerubriceerd"]


def test_the_runner_asks_through_the_assistants_own_stream(ingestion: Ingestion) -> None:
    assistant = an_assistant(ingestion)
    record = a_runner(ingestion, AssistantSystem(assistant)).record(CASE)
    answer = assistant.ask(Question(QUESTION, OFFICER, frozenset(), TODAY))
    assert [one.text for one in record.statements] == [claim.text for claim in answer.claims]
    assert [one.passage for one in record.evidence] == [one.passage.id for one in answer.evidence]


def test_a_place_that_search_cannot_find_says_why(ingestion: Ingestion) -> None:
    places = (
        Relevant("gone.md", quote="x"),
        Relevant("order.md", quote="words that are not there"),
        Relevant("plan-red.md", quote="Zwolle"),
    )
    record = a_runner(ingestion).record(replace(CASE, relevant=places))
    assert record.places == (PlaceState.NO_DOCUMENT, PlaceState.NO_QUOTE, PlaceState.NO_DOCUMENT)


def test_a_failing_case_keeps_its_error_and_the_others_their_answers(ingestion: Ingestion, tmp_path: Path) -> None:
    cases = [replace(CASE, id="one"), replace(CASE, id="two", question="Which culvert?"), replace(CASE, id="three")]
    for error, told in (
        (StafwijzerError("The model is gone.", hint="Start it."), "The model is gone. Start it."),
        (ZeroDivisionError("a defect"), "ZeroDivisionError: a defect"),
    ):
        system = Failing(AssistantSystem(an_assistant(ingestion)), ("Which culvert?",), error)
        run = a_runner(ingestion, system).run(a_run(tmp_path / type(error).__name__, cases))
        assert [record.error for record in run.records()] == ["", told, ""]
        assert run.manifest.finished


def test_a_run_goes_on_where_it_was_interrupted_and_asks_failures_again(ingestion: Ingestion, tmp_path: Path) -> None:
    cases = [replace(CASE, id=name, question=f"{QUESTION} {name}") for name in ("one", "two", "three")]
    run = a_run(tmp_path / "runs", cases, [Record("one"), Record("two", error="failed")])
    system = Failing(AssistantSystem(an_assistant(ingestion)))
    a_runner(ingestion, system).run(run)
    assert system.asked == [cases[1].question, cases[2].question]
    assert [record.error for record in run.records()] == ["", "", ""]


def test_an_interruption_loses_nothing_that_was_measured(ingestion: Ingestion, tmp_path: Path) -> None:
    cases = [replace(CASE, id=name, question=f"{QUESTION} {name}") for name in ("one", "two", "three")]
    system = Failing(AssistantSystem(an_assistant(ingestion)), (cases[1].question,), KeyboardInterrupt())  # type: ignore[arg-type]
    run = a_run(tmp_path / "runs", cases)
    with pytest.raises(KeyboardInterrupt):
        a_runner(ingestion, system).run(run)
    assert run.done() == {"one"}
    assert run.manifest.finished is None
    assert a_runner(ingestion).run(run).done() == {"one", "two", "three"}


def test_a_system_that_answers_nothing_stops_the_run(ingestion: Ingestion, tmp_path: Path) -> None:
    cases = [replace(CASE, id=str(number)) for number in range(30)]
    system = Failing(AssistantSystem(an_assistant(ingestion)), (QUESTION,))
    run = a_run(tmp_path / "runs", cases)
    with pytest.raises(RunStopped, match="10 cases in a row failed; the last: The model is gone"):
        a_runner(ingestion, system).run(run)
    assert len(run.done()) == len(system.asked) == 10


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"draft": True}, "a draft"),
        ({"requires": frozenset({"time travel"})}, "needs what this version does not have: time travel"),
        ({"principal": Asker("chief", {"NLD": "Stg. Geheim"})}, "'chief' may read Stg. Geheim, which you, officer"),
        ({"marking": SECRET}, "the case itself is marked Stg. Geheim, which you, officer"),
        ({"forbidden": frozenset({"plan-blue.md"})}, "it forbids what is in no corpus that it asks: plan-blue.md"),
        ({"corpora": frozenset({"gone"})}, "there is no corpus gone"),
        ({"corpora": frozenset({"secret"})}, "'officer' may read none of the corpora secret"),
    ],
)
def test_what_cannot_be_asked_is_unscored_with_its_reason(
    ingestion: Ingestion, tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    system = Failing(AssistantSystem(an_assistant(ingestion)))
    run = a_runner(ingestion, system).run(a_run(tmp_path / "runs", [replace(CASE, **change)]))  # type: ignore[arg-type]
    (record,) = run.records()
    assert reason in record.error
    assert not record.asked
    assert system.asked == []


def test_a_refusal_is_asked_although_the_asker_may_read_none_of_the_corpora(ingestion: Ingestion) -> None:
    case = replace(CASE, corpora=frozenset({"secret"}), refusal=True, relevant=())
    runner = a_runner(ingestion)
    assert runner.unscorable(case) == ""
    assert runner.record(case).abstained


def test_an_access_case_is_asked_a_second_time_without_what_is_forbidden(ingestion: Ingestion) -> None:
    case = replace(
        CASE, question="Where does the reserve wait?", forbidden=frozenset({"plan-red.md"}), principal=HIDDEN
    )
    record = a_runner(ingestion).record(case)
    assert record.control is not None
    assert (record.control.evidence, record.control.found) == (len(record.evidence), len(record.ranking))
    assert {one.corpus for one in record.ranking} == {"plans"}
    cleared = a_runner(ingestion, evaluator=CLEARED).record(replace(case, principal=None))
    assert cleared.control is None


def test_retrieval_alone_ranks_as_the_assistant_does_and_answers_nothing(ingestion: Ingestion) -> None:
    assistant = an_assistant(ingestion)
    system = RetrievalOnly(assistant.retriever, 8, 50, "fingerprint", "index")
    events = list(system.stream(Question(QUESTION, OFFICER, frozenset(), TODAY)))
    assert [type(event) for event in events] == [Searched, SourcesFound, Answered]
    record = a_runner(ingestion, system).record(CASE)
    assert record.ranking == a_runner(ingestion).record(CASE).ranking
    assert (record.text, record.statements, record.abstained) == ("", (), False)


def test_missing_corpora_and_documents_are_found_before_anything_is_asked(ingestion: Ingestion) -> None:
    cases = [CASE, replace(CASE, id="two", corpora=frozenset({"gone"}), relevant=(Relevant("gone.md"),))]
    assert missing_corpora(cases, ingestion.catalog) == ["gone"]
    assert missing_documents(cases, a_runner(ingestion)) == ({"order.md", "gone.md"}, {"gone.md"})
