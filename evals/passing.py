"""Run every public set and attack that fits, and write what came of it: one pass over the development data.

    python -m evals.passing --data ../shared/data --home FOLDER --to evals/RESULTS.md

Each set gets an installation of its own below FOLDER, so that no set's words count in another's search. What was asked
is not asked again: the same command goes on where it stopped, and writes the results of what there is. The sets are
development data; nothing here is a claim about other data."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from assistant.bootstrap import Installation
from assistant.settings import Settings
from assistant.surroundings import prepare
from evals.attribution import Lost
from evals.carrying_out import eval_journal, runs_folder, sampled
from evals.commands.running import carry_out
from evals.importing.formats import FORMATS
from evals.importing.gathering import Options
from evals.importing.writing import CASES_FILE, DOCUMENTS_FOLDER, write_imported
from evals.metrics import Aggregate
from evals.results import Results, results_of
from evals.runs import Run, all_runs
from evals.sets import read_set
from evals.systems import system_of
from retrieval.catalog import Corpus

_SEED = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A set of the pass, and how many of its cases each system is asked."""

    name: str
    format: str
    source: str
    """Below the data folder."""
    systems: dict[str, int]
    """How many cases at most; 0: all."""
    language: str = "en"


PARTS = (
    Part("squad2", "squad", "sets/squad2_en/dev-v2.0.json",
         {"assistant": 300, "retrieval": 0, "langchain": 60, "closed-book": 60}),
    Part("xquad-en", "squad", "sets/xquad_en_de/xquad.en.json", {"assistant": 100, "retrieval": 0}),
    Part("xquad-de-of-en", "squad", "sets/xquad_en_de", {"assistant": 50, "retrieval": 0}, "de"),
    Part("clapnq", "clapnq", "sets/clapnq_en", {"assistant": 0}),
    Part("ramdocs", "ramdocs", "sets/ramdocs_en/ramdocs.jsonl", {"assistant": 120}),
    Part("tatqa", "tatqa", "sets/tatqa_en/tatqa_dataset_dev.json", {"assistant": 150, "retrieval": 0}),
    Part("aitqa", "aitqa", "sets/aitqa_en", {"assistant": 100, "retrieval": 0}),
    Part("halueval", "halueval", "sets/halueval_en", {"assistant": 100, "retrieval": 0}),
    Part("conflictqa", "conflictqa", "sets/conflictqa_en/conflictQA-strategyQA-gpt4.json",
         {"assistant": 60, "retrieval": 0}),
    Part("poisonedrag", "poisonedrag", "sets/poisonedrag_en/nq.json", {"assistant": 0}),
    Part("scifact", "beir", "sets/scifact_en", {"assistant": 50, "retrieval": 0}),
    Part("govbench-nl", "beir", "sets/govbench_nl", {"assistant": 0}, "nl"),
    Part("parallel-nl", "parallel", "corpora/parallel_nl_en", {"retrieval": 0, "plain-hybrid": 0}, "nl"),
    Part("parallel-en", "parallel", "corpora/parallel_nl_en", {"retrieval": 0, "plain-hybrid": 0}, "en"),
    Part("bipia", "bipia", "attacks/bipia", {"assistant": 0}),
    Part("purplellama", "purplellama", "attacks/purplellama", {"assistant": 0}),
    Part("spikee-cybersec", "spikee", "attacks/spikee/seeds-cybersec-2025-04", {"assistant": 0}),
    Part("spikee-targeted", "spikee", "attacks/spikee/seeds-targeted-2024-12", {"assistant": 0}),
    Part("spikee-mini", "spikee", "attacks/spikee/seeds-mini-test", {"assistant": 0}),
)  # fmt: skip
_TABLES = {
    "Retrieval": ("recall@1", "recall@5", "recall@20", "mrr@10", "ndcg@10", "evidence recall"),
    "Answers": ("answer", "nothing wrong", "token f1", "nuggets strict", "numbers", "conflict shown", "language"),
    "Citations": ("quote exactness", "citation recall", "citation precision", "verified", "unresolved"),
    "Abstention": ("abstention", "abstention precision", "abstention recall", "aurc", "calibration error"),
    "Attacks": ("injection", "attack quoted"),
    "Speed": ("seconds", "first source", "first token", "answers a minute"),
}


@click.command()
@click.option("--data", type=click.Path(path_type=Path), envvar="STAFWIJZER_DATA", default="../shared/data")
@click.option("--home", type=click.Path(path_type=Path), required=True, help="Where the installations are made.")
@click.option("--to", type=click.Path(path_type=Path), default="evals/RESULTS.md", show_default=True)
@click.option("--only", multiple=True, help="Only this part; may be given again.")
def main(data: Path, home: Path, to: Path, only: tuple[str, ...]) -> None:
    """Run the parts, and write the results of all runs that are finished."""
    for part in PARTS:
        if not only or part.name in only:
            click.echo(part.name, err=True)
            _run(part, data, home.absolute() / part.name)
    to.write_text("\n".join(_written(home.absolute())) + "\n", encoding="utf-8")


def _run(part: Part, data: Path, home: Path) -> None:
    imported = home / "set"
    if not imported.exists():
        read = FORMATS[part.format].read(data / part.source, Options(language=part.language, seed=_SEED))
        home.mkdir(parents=True, exist_ok=True)
        write_imported(read, imported, corpus=part.name)
    installation = Installation(Settings(home=home))
    try:
        marking = installation.settings.default_marking
        installation.ingestion.add(imported / DOCUMENTS_FOLDER, Corpus(part.name, part.name, "public", marking))
        cases = read_set(str(imported / CASES_FILE))
        finished = {
            (run.manifest.system, run.manifest.settings_fingerprint) for run in _last(runs_folder(installation))
        }
        for name, count in part.systems.items():
            system = system_of(name, installation, journal=eval_journal(installation))
            if (system.name, system.fingerprint) not in finished:
                drawn = sampled(cases, count or None, _SEED)
                carry_out(installation, system, drawn, name=part.name, seed=_SEED, on_date=date.today())
    finally:
        installation.close()


def _written(home: Path) -> Iterator[str]:
    runs = [(part, run) for part in PARTS for run in _last(home / part.name / "evals")]
    results = {run.path: results_of(run) for _, run in runs}
    manifests = [run.manifest for _, run in runs]
    days = sorted({manifest.started[:10] for manifest in manifests})
    yield "# One pass over the public sets"
    yield ""
    yield (
        f"Made by `python -m evals.passing` with Stafwijzer {_listed(one.version for one in manifests)} and its "
        f"packaged models, settings {_listed(one.settings_fingerprint for one in manifests)}, on {os.cpu_count()} "
        f"cores ({_listed(one.machine for one in manifests)}), {' to '.join(dict.fromkeys((days[0], days[-1])))}. "
        "Each cell: mean [95 % bootstrap interval] N. Samples are drawn with seed 0. These sets are development data "
        "with imperfect labels: they show what changes, not how good the product is on other documents. What each "
        "measure is, and where it is from, stands in [docs/evaluating.md](../docs/evaluating.md)."
    )
    for title, measures in _TABLES.items():
        rows = [(part, run) for part, run in runs if results[run.path].summary.keys() & set(measures)]
        yield from _table(title, measures, rows, results)
    yield from _attributed(runs, results)


def _last(folder: Path) -> list[Run]:
    """Return the last finished run of each system."""
    runs = {run.manifest.system: run for run in all_runs(folder) if run.manifest.finished}
    return list(runs.values())


def _listed(told: Iterable[str]) -> str:
    return ", ".join(sorted(set(told)))


def _table(
    title: str,
    measures: Sequence[str],
    runs: Sequence[tuple[Part, Run]],
    results: dict[Path, Results],
) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield f"| set | system | {' | '.join(measures)} |"
    yield "|---|---|" + "---|" * len(measures)
    for part, run in runs:
        cells = [_cell(results[run.path].summary.get(measure)) for measure in measures]
        yield f"| {part.name} | {run.manifest.system} | {' | '.join(cells)} |"


def _cell(measured: Aggregate | None) -> str:
    if measured is None or measured.mean is None:
        return ""
    interval = f" [{measured.low:.2f}, {measured.high:.2f}]" if measured.low is not None else ""
    return f"{measured.mean:.3f}{interval} {measured.n}"


def _attributed(runs: Sequence[tuple[Part, Run]], results: dict[Path, Results]) -> Iterator[str]:
    yield from ("", "## Where wrong answers were lost", "")
    yield f"| set | cases | without an answer | wrong | {' | '.join(Lost)} |"
    yield "|---|---|---|---|" + "---|" * len(Lost)
    for part, run in runs:
        if run.manifest.system == "assistant":
            one = results[run.path]
            counts = " | ".join(str(one.lost.get(stage, "")) for stage in Lost)
            wrong, failed = sum(one.lost.values()), one.unanswered.total()
            yield f"| {part.name} | {len(one.outcomes)} | {failed} | {wrong} | {counts} |"


if __name__ == "__main__":
    prepare()
    main()
