"""Read every hostile and odd file of the robustness set through the isolated loader, and count what became of it.

`python -m evals.bench_robustness DATA [--json]`. DATA holds robustness/manifest.jsonl, which says for each file what is
expected; how that is understood stands below. Files that hold documents (an archive, a mailbox) are taken apart as when
they are added to a corpus. Knows no format."""

import json
import re
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import click

from retrieval.loading import Loaded, NotLoaded
from retrieval.parsing import Cause, Limits, Readers, Stopped
from retrieval.sources import Offered, Refusal, documents

_BOMBS = "resource_bomb"
# Expectations, in the manifest's words, that are met by text only. 'no body text' and 'no text layer: OCR or clear
# notice' are met by a reason as well.
_ASKS_TEXT = re.compile(
    r"(?!no )(.*\btext\b(?! or)|structure kept|headers, body|correct characters|decode as|content is|odd file name"
    r"|long but legitimate|mixed:)"
)
# Of the characters that another reader (PyMuPDF) found on the first pages. Running heads, which repeat on each page,
# are kept once by ours.
_SHARE = 0.8
_COUNTED_PAGES = 20
_TEXT_TARGET = 0.95


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    file: str
    category: str
    expected: str
    ended: str
    """'indexed', 'listed' with a reason, or 'stopped: ' and the cause, which has a reason too."""
    reason: str
    seconds: float
    asks_text: bool
    recovered: bool
    characters: int


def measure(folder: Path, limits: Limits) -> tuple[list[Outcome], int]:
    """Read the files of the manifest in `folder`. Return their outcomes, and the most memory (MiB) that a worker or a
    program it started held for a bomb."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    bombs = list(_read(folder, (row for row in rows if row["category"] == _BOMBS), limits))
    # Of all children that have ended: the bombs' worker is the first.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return [*bombs, *_read(folder, (row for row in rows if row["category"] != _BOMBS), limits)], peak


def _read(folder: Path, rows: Iterable[dict[str, Any]], limits: Limits) -> Iterator[Outcome]:
    with Readers(limits=limits) as readers:
        for row in rows:
            started = time.perf_counter()
            results = list(_results(readers, folder / row["file"]))
            yield _outcome(row, results, time.perf_counter() - started)


def _results(readers: Readers, path: Path) -> Iterator[Loaded | NotLoaded]:
    """What came of a file, or of each document in it."""
    try:
        for offered in documents(path.name, path):
            yield NotLoaded(offered.reason) if isinstance(offered, Refusal) else _result(readers, path, offered)
    except NotLoaded as error:
        yield error


def _result(readers: Readers, path: Path, offered: Offered) -> Loaded | NotLoaded:
    is_record = offered.path == path and offered.key != path.name
    try:
        if is_record:
            return offered.load()
        return readers.load(offered.path, name=PurePosixPath(offered.key).name)
    except NotLoaded as error:
        return error


def _outcome(row: dict[str, Any], results: Sequence[Loaded | NotLoaded], seconds: float) -> Outcome:
    loaded = [result for result in results if isinstance(result, Loaded)]
    refused = [result for result in results if isinstance(result, NotLoaded)]
    stopped = [result for result in refused if isinstance(result, Stopped)]
    ended = f"stopped: {stopped[0].cause}" if stopped else "indexed" if loaded else "listed"
    expected = row["expected"]
    return Outcome(
        file=row["file"],
        category=row["category"],
        expected=expected,
        ended=ended,
        reason=" ".join(result.reason for result in stopped or refused),
        seconds=round(seconds, 3),
        asks_text=bool(_ASKS_TEXT.match(expected)),
        recovered=_is_whole(loaded, row.get("observed_pymupdf") or {}),
        characters=sum(len(one.text) for one in loaded),
    )


def _is_whole(loaded: Sequence[Loaded], observed: dict[str, Any]) -> bool:
    spans = [span for one in loaded for span in one.spans if (span.page or 1) <= _COUNTED_PAGES]
    found = sum(span.end - span.start for span in spans)
    return found > 0 and found >= _SHARE * observed.get("chars_first20", 0)


def summarise(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return a row for each category, and one for all."""
    categories = [*dict.fromkeys(outcome.category for outcome in outcomes), "all"]
    return [_row(name, [one for one in outcomes if name in (one.category, "all")]) for name in categories]


def _row(category: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    ended = [outcome.ended for outcome in outcomes]
    asking = [outcome for outcome in outcomes if outcome.asks_text]
    return {
        "category": category,
        "files": len(outcomes),
        "indexed": ended.count("indexed"),
        "listed": ended.count("listed"),
        "slow": ended.count(f"stopped: {Cause.SLOW}"),
        "large": ended.count(f"stopped: {Cause.LARGE}"),
        "crashed": ended.count(f"stopped: {Cause.CRASHED}"),
        "unexplained": sum(not _is_explained(outcome) for outcome in outcomes),
        "text expected": len(asking),
        "recovered": sum(outcome.recovered for outcome in asking),
        "slowest s": max((outcome.seconds for outcome in outcomes), default=0.0),
    }


def _is_explained(outcome: Outcome) -> bool:
    """Whether a file that is not in has a reason of a sentence."""
    return outcome.ended == "indexed" or outcome.reason.endswith(".")


def missed(whole: dict[str, Any], peak_mebibytes: int, limits: Limits) -> list[str]:
    """Return the targets that were not reached."""
    checks = {
        "no reader crashes": whole["crashed"] == 0,
        "no file hangs": whole["slow"] == 0,
        "every file is in, or out with a reason": whole["unexplained"] == 0,
        "text recovered for 95 % of the files that hold it": whole["recovered"]
        >= _TEXT_TARGET * whole["text expected"],
        "no bomb exceeds its limits": peak_mebibytes <= limits.memory_bytes >> 20,
    }
    return [name for name, reached in checks.items() if not reached]


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Every file, as JSON.")
def main(data: Path, as_json: bool) -> None:
    """Measure and print; leave with exit code 1 if a target is missed."""
    limits = Limits()
    outcomes, peak = measure(data / "robustness", limits)
    rows = summarise(outcomes)
    failures = missed(rows[-1], peak, limits)
    if as_json:
        told = {"peak MiB of bombs": peak, "categories": rows, "missed": failures}
        click.echo(json.dumps({**told, "files": [asdict(one) for one in outcomes]}, indent=2, ensure_ascii=False))
    else:
        _show(rows)
        for one in outcomes:
            if one.asks_text and not one.recovered:
                click.echo(f"text expected, not recovered: {one.file} ({one.characters} characters) {one.reason}")
        click.echo(f"peak memory for a bomb: {peak} MiB of {limits.memory_bytes >> 20}")
        click.echo("missed: " + ("; ".join(failures) or "none"))
    sys.exit(bool(failures))


def _show(rows: Sequence[dict[str, Any]]) -> None:
    widths = {key: max(len(key), *(len(str(row[key])) for row in rows)) for key in rows[0]}
    for row in ({key: key for key in rows[0]}, *rows):
        click.echo("  ".join(str(row[key]).rjust(width) for key, width in widths.items()))


if __name__ == "__main__":
    main()
