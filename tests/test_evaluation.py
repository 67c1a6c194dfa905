"""An evaluation from end to end: the installed command, the real models, the example corpus."""

# ir_measures annotates nothing.
# mypy: untyped-calls-exclude=ir_measures

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from ir_measures import P, R, nDCG

from evals.runs import open_run
from retrieval.index import stop_owner

pytestmark = pytest.mark.models

_ROOT = Path(__file__).resolve().parents[1]
_COMMAND = Path(sys.executable).parent / "stafwijzer"
_WORSE = """You write riddles.

=== user
{evidence} {question}
Write about something else, with the number 4711 in every sentence:
"""


# Plain enough for a model of 135 million parameters to answer some of it in words that verify.
_POSTS = """# Posts

The depot at Hoogwolde, which lies beside the canal, opens at 06:00 on working days.

The fuel store at Tolmarsum, behind the railway, holds 40,000 litres of diesel for the brigade.

The field hospital at Grauwhaven, near the harbour, has 24 beds and two surgical teams.

The signals office at Kruisvoorde, in the old school, closes at 22:00 every evening.

The workshop at Zuiderwaag, next to the lock, repairs twelve vehicles a week.

The kitchen of the brigade, behind the sports hall, serves breakfast at 05:30 each day.
"""
_POST_CASES = [
    {"id": name, "question": question, "language": "en", "corpora": ["posts"], "expected": [expected]}
    for name, question, expected in (
        ("depot", "When does the depot at Hoogwolde open?", "06:00"),
        ("fuel", "How many litres of diesel does the fuel store hold?", "40,000"),
        ("hospital", "How many beds does the field hospital at Grauwhaven have?", "24"),
        ("signals", "When does the signals office close?", "22:00"),
        ("workshop", "How many vehicles does the workshop repair a week?", "twelve"),
        ("kitchen", "When does the kitchen serve breakfast?", "05:30"),
    )
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("home")
    assert _run(home, "corpus", "add", "examples", _ROOT / "examples" / "corpus").returncode == 0
    (home / "set.jsonl").write_text("\n".join(_english_cases()), encoding="utf-8")
    yield home
    for index in (home / "index").glob("*"):
        stop_owner(index)


def test_a_run_that_was_killed_goes_on_where_it_stopped(home: Path) -> None:
    process = subprocess.Popen(
        [_COMMAND, "eval", "run", home / "set.jsonl"],
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        records = _wait_for_a_record(home)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    before = records.read_bytes()
    told = _json(home, "eval", "run", home / "set.jsonl")
    assert told["finished"]
    run = open_run(home / "evals", told["run"])
    assert run.path == records.parent
    assert records.read_bytes().startswith(before[: before.rindex(b"\n") + 1])
    assert len(list(run.records())) == len(run.done()) == told["cases"]
    assert told["metrics"]["quote exactness"]["mean"] == 1.0


def test_a_deliberately_worsened_prompt_does_not_pass_the_gate(home: Path) -> None:
    (home / "prompts").mkdir()
    (home / "prompts" / "compose.en.v1.txt").write_text(_WORSE, encoding="utf-8")
    (home / "worse.toml").write_text('[answer]\nprompts = "prompts"\n', encoding="utf-8")
    (home / "gate.toml").write_text(
        '[thresholds]\n"quote exactness" = { min = 1.0 }\nverified = { min = 0.2 }\n[regressions]\nanswer = 0.05\n'
    )
    (home / "posts.md").write_text(_POSTS, encoding="utf-8")
    (home / "posts.jsonl").write_text("\n".join(map(json.dumps, _POST_CASES)), encoding="utf-8")
    assert _run(home, "corpus", "add", "posts", home / "posts.md").returncode == 0
    good = _json(home, "eval", "run", home / "posts.jsonl")
    worse = _json(home, "--settings", home / "worse.toml", "eval", "run", home / "posts.jsonl")
    assert worse["settings"] != good["settings"]
    assert good["metrics"]["verified"]["mean"] > worse["metrics"]["verified"]["mean"]
    same = _run(home, "eval", "gate", good["run"], "gate.toml", "--baseline", good["run"])
    assert same.returncode == 0, same.stdout
    shut = _run(home, "eval", "gate", worse["run"], "gate.toml", "--baseline", good["run"])
    assert shut.returncode == 1
    assert "FAIL  verified" in shut.stdout
    assert "pass  quote exactness" in shut.stdout


def test_an_ablation_switches_off_what_there_is_and_says_what_there_is_not(home: Path) -> None:
    told = _json(home, "eval", "ablate", home / "set.jsonl", "--component", "verifier", "--component", "neighbours")
    assert list(told["without"]) == ["verifier"]
    whole, lesser = (open_run(home / "evals", told["without"]["verifier"][name]) for name in ("a", "b"))
    assert [len(list(run.records())) for run in (whole, lesser)] == [12, 12]
    assert any(record.withheld for record in whole.records())
    assert not any(record.withheld for record in lesser.records())
    assert whole.manifest.command.id == lesser.manifest.command.id
    assert told["not in use"] == {"neighbours": "this version joins no neighbouring passages"}


def test_the_baselines_answer_the_same_questions(home: Path) -> None:
    for system in ("langchain", "closed-book"):
        told = _json(home, "eval", "run", home / "set.jsonl", "--baseline", system, "--sample", "2")
        compared = told["against"]["measures"]
        assert compared["answer"]["n"] == 2
        assert ("recall@5" in compared) is (system == "langchain")


def test_the_ranking_measures_are_those_of_trec_eval_on_a_real_run(home: Path) -> None:
    told = _json(home, "eval", "run", "examples", "--system", "retrieval")
    for form in ("trec-run", "trec-qrels"):
        assert _run(home, "eval", "export", told["run"], "--format", form, "--to", home / form).returncode == 0
    theirs = ir_measures.calc_aggregate(
        [R @ 1, R @ 5, R @ 20, P @ 5, nDCG @ 10],
        list(ir_measures.read_trec_qrels(str(home / "trec-qrels"))),
        list(ir_measures.read_trec_run(str(home / "trec-run"))),
    )
    ours = {"recall@1": R @ 1, "recall@5": R @ 5, "recall@20": R @ 20, "precision@5": P @ 5, "ndcg@10": nDCG @ 10}
    for name, measure in ours.items():
        assert told["metrics"][name]["n"] == 45
        assert told["metrics"][name]["mean"] == pytest.approx(theirs[measure], abs=1e-6)
    assert "answer" not in told["metrics"]


def test_a_set_for_a_corpus_that_is_not_there_is_refused_with_the_remedy(home: Path) -> None:
    (home / "gone.jsonl").write_text(
        json.dumps({"id": "1", "question": "Who?", "language": "en", "corpora": ["gone"], "expected": ["x"]})
    )
    ran = _run(home, "eval", "run", home / "gone.jsonl")
    assert ran.returncode == 1
    assert "no corpus named 'gone'" in ran.stderr
    (home / "lost.jsonl").write_text(
        json.dumps({"id": "1", "question": "Who?", "language": "en", "relevant": [{"document": "gone.md"}]})
    )
    ran = _run(home, "eval", "run", home / "lost.jsonl")
    assert ran.returncode == 1
    assert "None of the 1 documents that the set names is in a corpus" in ran.stderr


def _english_cases() -> list[str]:
    """Return some cases that the model writes about."""
    lines = (_ROOT / "examples" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return [json.dumps(case) for case in cases if case["language"] == "en" and case["answerable"]][:12]


def _wait_for_a_record(home: Path) -> Path:
    for _ in range(600):
        found = [path for path in home.glob("evals/*/records.jsonl") if path.stat().st_size]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("no record was written in a minute")


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "STAFWIJZER_HOME": str(home)}


def _run(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_COMMAND, *arguments],
        capture_output=True,
        text=True,
        env=_environment(home),
        cwd=home,
        timeout=250,
        check=False,
    )


def _json(home: Path, *arguments: str | Path) -> Any:
    ran = _run(home, *arguments, "--json")
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return json.loads(ran.stdout)
