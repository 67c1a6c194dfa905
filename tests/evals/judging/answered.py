"""Make runs whose answers are known, with nothing but files."""

from collections.abc import Sequence
from pathlib import Path

from assistant.answers import Origin, Verdict
from evals.cases import Case
from evals.judging.judgements import Judgement, Mark, answer_sha256, append_judgement
from evals.records import Cited, Record, Statement
from evals.runs import Manifest, Run, new_run
from evals.sets import set_sha256

CASES = [
    Case(id="bridge", question="Which bridge?", language="en", expected=("the Amber bridge",)),
    Case(id="plan", question="Wie keurt het plan goed?", language="nl", expected=("de commandant",)),
    Case(id="tanks", question="How many tanks?", language="en", answerable=False),
]


def a_statement(text: str, quote: str = "", *, document: str = "order.md") -> Statement:
    cited = (Cited(1, document, 2, 0, len(quote), quote, True),) if quote else ()
    return Statement(text, Verdict.SUPPORTED, Origin.MODEL, cited)


def an_answer(case: str, *claims: str) -> Record:
    return Record(case, text=" [1] ".join(claims), statements=tuple(a_statement(claim, claim) for claim in claims))


def an_abstention(case: str) -> Record:
    return Record(case, text="The documents do not answer this.", abstained=True)


def a_run(
    folder: Path, *records: Record, cases: Sequence[Case] = CASES, system: str = "sut", started: str = "2026-02-04"
) -> Run:
    manifest = Manifest(
        set_name="set.jsonl",
        set_sha256=set_sha256(cases),
        cases=len(cases),
        system=system,
        settings_fingerprint="tests",
        settings={},
        index_snapshot="tests",
        seed=0,
        started=f"{started}T10:00:00Z",
        finished=None,
        version="0",
        machine="tests",
        on_date="2026-02-04",
        asker="officer",
    )
    run = new_run(folder, manifest, list(cases))
    with run.writing() as writer:
        for record in records:
            writer.append(record)
    return run


def sha_of(run: Run, case: str) -> str:
    return next(answer_sha256(one, record) for one, record in run.pairs() if one.id == case)


def judge_answer(
    run: Run, case: str, evaluator: str, answer: Mark, *claims: Mark, at: str = "2026-02-05T10:00:00Z"
) -> Judgement:
    """Keep a judgement of the run's answer to a case, and return it."""
    judgement = Judgement(case, sha_of(run, case), evaluator, at, claims, answer)
    append_judgement(run, judgement)
    return judgement
