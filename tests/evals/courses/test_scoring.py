"""A workspace is held to its case: what is considered, flagged and reckoned; and a fact that is none is found."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.courses.workspace import Basis, CourseOfAction, Filled, Statement
from evals.courses.cases import Expected, Problem, Reckoned, read_problems
from evals.courses.command import summarise
from evals.courses.running import Worked
from evals.courses.scoring import Scored, distinguishability, score
from evals.sets import SHIPPED, SetInvalid
from retrieval.loading import load
from tests.assistant.courses.doubles import a_citation, a_fact, a_workspace

LOAD = Expected("load", (("12000|12", "bridge"), ("mlc",)), frozenset({"order.md"}))
FERRY = Expected("ferry", (("ferry", "owner|owns"),))
PROBLEM = Problem("crossing", "en", "Cross the river.", facts=(LOAD,), gaps=(FERRY,))
GAP = Statement("gap", "Who owns the ferry?", Basis.GAP)


def scored(*told: Statement, problem: Problem = PROBLEM, verified: bool = False, reads: bool = True) -> Scored:
    workspace = a_workspace(framing=(Filled("mission", told),))
    return score(
        problem,
        workspace,
        reads=lambda cited: reads,
        verified=lambda text, quotes: verified,
        reckon=lambda expression, language: expression == "1 < 2" or "1.455 day",
    )


def test_a_fact_is_considered_however_its_number_is_written() -> None:
    for text in ("The bridge carries 12,000 kg.", "A BRIDGE of\n12.000 kg.", "It is MLC 40."):
        assert scored(a_fact("f", text)).facts == {"load": True}
    for text in ("The bridge is closed.", "It carries 12,000 kg."):
        assert scored(a_fact("f", text)).facts == {"load": False}


def test_only_a_fact_that_cites_the_document_counts() -> None:
    text = "The bridge carries 12,000 kg."
    elsewhere = replace(a_citation(text), document="other.md")
    for one in (
        Statement("s", text, Basis.STATED),
        Statement("s", text, Basis.GAP),
        Statement("s", text, Basis.FACT, (elsewhere,)),
    ):
        assert scored(one).facts == {"load": False}


def test_a_gap_counts_only_where_it_is_flagged_as_one() -> None:
    assert scored(GAP).gaps == {"ferry": True}
    assert scored(replace(GAP, basis=Basis.ASSUMPTION)).gaps == {"ferry": False}


def test_a_fact_without_its_words_or_a_check_is_unsupported() -> None:
    fact = a_fact("f", "The bridge carries twelve tonnes.")
    other = replace(fact, text="The bridge carries twenty tonnes.")
    assert scored(fact).unsupported == ()
    assert scored(other).unsupported == (other.text,)
    assert scored(other, verified=True).unsupported == ()
    assert scored(replace(fact, citations=()), verified=True).unsupported == (fact.text,)
    assert scored(fact, verified=True, reads=False).unsupported == (fact.text,)


def test_sums_are_held_to_what_they_come_to() -> None:
    sums = (Reckoned("24 / 16", "1.455 DAY"), Reckoned("1 < 2", "true"), Reckoned("2 > 1", "false"))
    assert scored(problem=replace(PROBLEM, arithmetic=sums)).arithmetic == {
        "24 / 16": True,
        "1 < 2": True,
        "2 > 1": False,
    }


def test_distinguishability_is_the_share_that_only_one_of_two_courses_has() -> None:
    def course(id: str, *texts: str) -> CourseOfAction:
        told = tuple(a_fact(f"{id}{text}", text) for text in texts)
        return CourseOfAction(id, id, (), (Filled("how", told), Filled("why", (a_fact("w", "mission"),))))

    assert distinguishability([course("a", "x", "y"), course("b", "y", "z")]) == pytest.approx(2 / 3)
    assert distinguishability([course("a", "x"), course("b", "x")]) == 0
    assert distinguishability([course("a", "x"), replace(course("b"), baseline=True)]) is None


def test_a_problem_that_failed_is_unscored_and_no_zero() -> None:
    done = Worked("crossing", scored(a_fact("f", "MLC"), GAP), 1.0, 2.0, 3.0)
    failed = Worked("other", None, error="The index is gone.")
    told = summarise([PROBLEM, replace(PROBLEM, id="other")], [done, failed], fingerprint="tests", seed=0).measures
    assert (told["facts considered"].mean, told["facts considered"].n, told["facts considered"].unscored) == (1, 1, 1)
    assert (told["unsupported facts"].mean, told["unsupported facts"].unscored) == (0, 1)
    assert (told["whole set seconds"].mean, told["whole set seconds"].n) == (3, 1)


def test_the_shipped_problems_expect_what_their_documents_say() -> None:
    problems = read_problems()
    assert [problem.language for problem in problems] == ["nl", "en"]
    named = {key for problem in problems for fact in problem.facts for key in fact.documents}
    assert [key for key in sorted(named) if not (SHIPPED / "corpus" / key).exists()] == []
    assert all(len(problem.facts) >= 10 and len(problem.gaps) >= 5 and problem.arithmetic for problem in problems)
    for problem in problems:
        for fact in problem.facts:
            texts = [load(SHIPPED / "corpus" / key).text for key in fact.documents]
            assert any(considers(problem, fact, text) for text in texts), fact.id
            # It is to be found in the corpus: the problem as given does not tell it.
            assert not considers(problem, fact, problem.problem), fact.id


def considers(problem: Problem, fact: Expected, text: str) -> bool:
    told = tuple(Statement("s", text, Basis.FACT, (replace(a_citation(text), document=key),)) for key in fact.documents)
    return scored(*told, problem=replace(problem, facts=(fact,), gaps=())).facts[fact.id]


def test_a_line_that_is_no_problem_is_named(tmp_path: Path) -> None:
    file = tmp_path / "problems.jsonl"
    for text, told in (("", "holds no problems"), ('{"id": "a"}', "line 1"), ("nonsense", "line 1")):
        file.write_text(text)
        with pytest.raises(SetInvalid, match=told):
            read_problems(file)
    with pytest.raises(SetInvalid, match="cannot be read"):
        read_problems(tmp_path / "absent.jsonl")
