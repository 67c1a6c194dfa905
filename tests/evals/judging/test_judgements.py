"""What people said of answers is kept line by line, and found again when the same answer comes back."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from evals.cases import Case
from evals.judging.judgements import (
    Better,
    Judgement,
    JudgementsDamaged,
    Mark,
    NothingToJudge,
    answer_sha256,
    append_judgement,
    exhibits,
    human_score,
    in_common,
    judged,
    standing,
)
from evals.records import Record, Statement
from evals.runs import Run
from tests.evals.judging.answered import CASES, a_run, a_statement, an_abstention, an_answer, judge_answer, sha_of
from tests.processes import at_once

BRIDGE = CASES[0]
ANSWER = an_answer("bridge", "the Amber bridge", "in the north")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return a_run(tmp_path, ANSWER, an_answer("plan", "de commandant"), an_abstention("tanks"))


def statements(*texts: str) -> tuple[Statement, ...]:
    return tuple(a_statement(text) for text in texts)


def test_an_answer_is_named_by_its_words_only() -> None:
    name = answer_sha256(BRIDGE, ANSWER)
    assert name == answer_sha256(BRIDGE, replace(ANSWER, seconds=9, text="other labels", settings_fingerprint="x"))


@pytest.mark.parametrize(
    ("case", "record"),
    [
        (replace(BRIDGE, question="Which ford?"), ANSWER),
        (BRIDGE, replace(ANSWER, abstained=True)),
        (BRIDGE, replace(ANSWER, conflicts=("order.md says otherwise",))),
        (BRIDGE, replace(ANSWER, statements=statements("in the north", "the Amber bridge"))),
        (BRIDGE, replace(ANSWER, statements=statements("the Amber bridgein the north"))),
        (BRIDGE, replace(ANSWER, statements=())),
        (BRIDGE, replace(ANSWER, statements=(a_statement("the Amber bridge", "Amber"), ANSWER.statements[1]))),
    ],
)
def test_other_words_are_another_answer(case: Case, record: Record) -> None:
    assert answer_sha256(case, record) != answer_sha256(BRIDGE, ANSWER)


def test_a_text_without_claims_is_an_answer_too() -> None:
    one, other = Record("bridge", text="Amber."), Record("bridge", text="Ochre.")
    assert answer_sha256(BRIDGE, one) != answer_sha256(BRIDGE, other)


def test_what_failed_or_only_searched_is_not_put_before_a_person(tmp_path: Path) -> None:
    run = a_run(tmp_path, Record("bridge", error="no model"), Record("plan"), an_abstention("tanks"))
    assert [one.case.id for one in exhibits(run)] == ["tanks"]


def test_a_run_without_answers_is_refused_by_name(tmp_path: Path) -> None:
    empty, failed = a_run(tmp_path), a_run(tmp_path, Record("bridge", error="no model"))
    for run in (empty, failed):
        with pytest.raises(NothingToJudge, match=f"'{run.name}' holds no answers"):
            exhibits(run)
        assert judged(run) == {}


def test_runs_are_set_side_by_side_where_they_answered_the_same_question(tmp_path: Path, run: Run) -> None:
    changed = [replace(CASES[1], question="Wie tekent het plan?"), CASES[2]]
    other = a_run(tmp_path, an_answer("plan", "Jan"), an_answer("tanks", "Twelve."), cases=changed)
    pairs = in_common(exhibits(run), exhibits(other))
    assert [(one.case.id, two.case.id) for one, two in pairs] == [("tanks", "tanks")]


def test_runs_without_a_case_in_common_are_refused(tmp_path: Path, run: Run) -> None:
    other = a_run(
        tmp_path, an_answer("else", "Yes."), cases=[Case(id="else", question="Else?", language="en", expected=("yes",))]
    )
    with pytest.raises(NothingToJudge, match="no case in common"):
        in_common(exhibits(run), exhibits(other))


def test_a_judgement_reads_back_as_it_was_given(run: Run) -> None:
    judgement = Judgement(
        "bridge",
        "0" * 64,
        "Zoë",
        "2026-02-05T10:00:00Z",
        (Mark.UNSURE,),
        Mark.PARTLY,
        Better.NEITHER,
        "1" * 64,
        "één\nnoot",
    )
    append_judgement(run, judgement)
    assert standing(run) == [judgement]
    append_judgement(run, replace(judgement, note="a lone \udcff surrogate"))
    assert standing(run)[1].note == "a lone ? surrogate"


def test_a_run_that_nobody_judged_has_no_judgements(run: Run, tmp_path: Path) -> None:
    assert standing(run) == []
    assert judged(run) == {}


def test_a_judgement_taken_back_lets_the_one_before_it_stand(run: Run) -> None:
    first = judge_answer(run, "bridge", "ann", Mark.RIGHT)
    second = judge_answer(run, "bridge", "ann", Mark.WRONG)
    others = judge_answer(run, "bridge", "bob", Mark.PARTLY)
    append_judgement(run, replace(second, withdrawn=True))
    assert standing(run) == [first, others]
    for _ in range(2):
        append_judgement(run, replace(first, withdrawn=True))
    assert standing(run) == [others]


def test_the_last_word_of_each_evaluator_counts(run: Run, tmp_path: Path) -> None:
    judge_answer(run, "bridge", "ann", Mark.RIGHT, at="2026-02-05T10:00:00Z")
    last = judge_answer(run, "bridge", "ann", Mark.WRONG, at="2026-02-05T10:00:00Z")
    other = judge_answer(run, "bridge", "bob", Mark.PARTLY)
    assert judged(run) == {"bridge": [last, other]}


def test_a_judgement_without_a_comparison_leaves_the_preference(run: Run, tmp_path: Path) -> None:
    plain = judge_answer(run, "bridge", "ann", Mark.RIGHT)
    append_judgement(run, replace(plain, better=Better.OTHER, other_sha256="1" * 64))
    judge_answer(run, "bridge", "ann", Mark.PARTLY)
    (only,) = judged(run)["bridge"]
    assert (only.answer, only.better, only.other_sha256) == (Mark.PARTLY, Better.OTHER, "1" * 64)


def test_the_same_answer_of_another_run_is_found_judged(run: Run, tmp_path: Path) -> None:
    given = judge_answer(run, "bridge", "ann", Mark.RIGHT)
    judge_answer(run, "plan", "ann", Mark.RIGHT)
    later = a_run(tmp_path, replace(ANSWER, seconds=3), an_answer("plan", "Jan"), started="2026-03-04")
    assert judged(later, [run]) == {"bridge": [given]}
    assert judged(later) == {}


def test_a_damaged_file_of_another_run_is_told_and_left_out_and_its_own_is_refused(run: Run, tmp_path: Path) -> None:
    given = judge_answer(run, "bridge", "ann", Mark.RIGHT)
    other = a_run(tmp_path, ANSWER)
    (other.path / "judgements.jsonl").write_text("{}\n")
    told: list[JudgementsDamaged] = []
    assert judged(run, [run, other], on_damaged=told.append) == {"bridge": [given]}
    assert [str(other.path) in str(one) for one in told] == [True]
    with pytest.raises(JudgementsDamaged):
        judged(other, [run, other], on_damaged=told.append)


def test_judgements_are_for_nobody_else_to_read(run: Run) -> None:
    judge_answer(run, "bridge", "ann", Mark.RIGHT)
    assert stat.S_IMODE((run.path / "judgements.jsonl").stat().st_mode) == 0o600


def test_the_same_answer_to_another_case_is_not_judged_with_it(tmp_path: Path) -> None:
    # The same question, asked by someone who may read the answer and someone who may not.
    cases = [CASES[2], replace(CASES[2], id="tanks-cleared", answerable=None)]
    run = a_run(tmp_path, an_abstention("tanks"), an_abstention("tanks-cleared"), cases=cases)
    assert sha_of(run, "tanks") == sha_of(run, "tanks-cleared")
    judge_answer(run, "tanks", "ann", Mark.RIGHT)
    assert list(judged(run)) == ["tanks"]


def test_a_broken_line_is_refused_with_its_number_and_field(run: Run) -> None:
    judge_answer(run, "bridge", "ann", Mark.RIGHT)
    path = run.path / "judgements.jsonl"
    good = path.read_text()
    path.write_text(good + good.replace('"answer": "right"', '"answer": "splendid"'))
    with pytest.raises(JudgementsDamaged, match=r"line 2 is no judgement \('answer'"):
        standing(run)
    path.write_text(good + "{\n" + good)
    with pytest.raises(JudgementsDamaged, match=r"judgements\.jsonl, line 2 .*'the line'"):
        standing(run)


def test_a_line_that_was_cut_short_is_dropped_at_every_byte(run: Run) -> None:
    first = judge_answer(run, "bridge", "ann", Mark.RIGHT)
    path = run.path / "judgements.jsonl"
    line = path.read_bytes()
    for end in range(len(line) - 1):
        path.write_bytes(line + line[:end])
        assert standing(run) == [first]
    second = judge_answer(run, "bridge", "bob", Mark.WRONG)
    assert standing(run) == [first, second]


def test_a_whole_last_line_without_its_end_counts(run: Run) -> None:
    first = judge_answer(run, "bridge", "ann", Mark.RIGHT)
    path = run.path / "judgements.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert standing(run) == [first]
    second = judge_answer(run, "bridge", "bob", Mark.WRONG)
    assert standing(run) == [first, second]


def test_evaluators_may_judge_at_the_same_moment(run: Run) -> None:
    at_once(_judge_often, [(run.path, f"evaluator {number}") for number in range(3)])
    assert sorted(one.evaluator for one in standing(run)) == sorted(
        f"evaluator {n}" for n in range(3) for _ in range(20)
    )


def test_a_human_score_is_the_mean_of_those_who_could_tell() -> None:
    def of(*marks: Mark) -> float | None:
        return human_score(Judgement("c", "0", str(n), "", (), mark) for n, mark in enumerate(marks))

    assert of(Mark.RIGHT) == 1.0
    assert of(Mark.PARTLY) == 0.5
    assert of(Mark.WRONG) == 0.0
    assert of(Mark.RIGHT, Mark.RIGHT, Mark.WRONG, Mark.PARTLY) == pytest.approx(2.5 / 4)
    assert of(Mark.RIGHT, Mark.UNSURE) == 1.0
    assert of(Mark.UNSURE) is None
    assert of() is None


def test_a_preference_seen_from_the_other_answer_is_its_mirror() -> None:
    assert [one.mirrored for one in Better] == [Better.OTHER, Better.THIS, Better.EQUAL, Better.NEITHER]
    assert [one.mirrored.mirrored for one in Better] == list(Better)


def _judge_often(path: Path, evaluator: str) -> None:
    from evals.runs import open_run

    run = open_run(path.parent, path.name)
    for _ in range(20):
        append_judgement(run, Judgement("bridge", "0" * 64, evaluator, "2026-02-05T10:00:00Z", (), Mark.RIGHT))
