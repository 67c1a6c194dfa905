"""Keep runs: a folder each, with what was asked, of what, under which settings, and a record a line as it is made.

    HOME/evals/NAME/run.json        what was run (Manifest)
                    cases.jsonl     the cases, as they were asked
                    records.jsonl   a record a case, appended and on disk before the next case is asked
                    judgements.jsonl   what people said of the answers, if they did

A run that was interrupted anywhere is gone on with: a line that was cut short is dropped, its case asked again."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.citing import as_json
from evals.cases import Case
from evals.records import Record, read_record, write_record
from evals.sets import read_set, write_set
from retrieval.errors import StafwijzerError
from retrieval.locking import Busy, exclusive_now


class RunUnknown(StafwijzerError):
    """There is no run of that name."""


class RunDamaged(StafwijzerError):
    """A run's files do not read as a run."""


class RunBusy(StafwijzerError):
    """Another process is writing to this run."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was run."""

    set_name: str
    set_sha256: str
    cases: int
    system: str
    settings_fingerprint: str
    settings: dict[str, Any]
    """All of them, but for secrets, which settings never hold."""
    index_snapshot: str
    seed: int
    """Of the sample, the bootstrap and the tests."""
    started: str
    """UTC, ISO 8601."""
    finished: str | None
    version: str
    """Of Stafwijzer."""
    machine: str
    on_date: str
    """The day that cases without one were asked on."""
    asker: str


_MANIFEST = TypeAdapter(Manifest)


@dataclass(frozen=True, slots=True)
class Run:
    """A run on disk."""

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.path.name

    def cases(self) -> list[Case]:
        """Return the cases in the order in which they are asked."""
        return read_set(str(self.path / "cases.jsonl"))

    def records(self) -> Iterator[Record]:
        """Yield the records, one a case; of a case that was asked again, the last. Holds one at a time."""
        places = self._places()
        with (self.path / "records.jsonl").open("rb") as file:
            for place in sorted(places.values()):
                file.seek(place)
                yield _read(self, file.readline())

    def pairs(self) -> Iterator[tuple[Case, Record]]:
        """Yield each case that has a record, with it."""
        cases = {case.id: case for case in self.cases()}
        for record in self.records():
            if record.case in cases:
                yield cases[record.case], record

    def done(self) -> set[str]:
        """Return the ids of the cases that have a record."""
        return set(self._places())

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        """Open the run for records. Raises RunBusy when another process has it open."""
        try:
            with exclusive_now(self.path / "lock"):
                path = self.path / "records.jsonl"
                _drop_half_line(path)
                with path.open("a", encoding="utf-8") as file:
                    yield Writer(file)
        except Busy as error:
            raise RunBusy(
                f"Process {error.process} is writing to the run '{self.name}'.",
                hint="Wait for it, or stop it and give the same command again.",
            ) from error

    def finish(self) -> "Run":
        """Note that every case was asked."""
        run = replace(self, manifest=replace(self.manifest, finished=now()))
        run._write_manifest()
        return run

    def _write_manifest(self) -> None:
        draft = self.path / "run.json.part"
        draft.write_text(json.dumps(as_json(self.manifest), indent=1, ensure_ascii=False), encoding="utf-8")
        draft.replace(self.path / "run.json")

    def _places(self) -> dict[str, int]:
        """Return where in the file the last record of each case begins."""
        places: dict[str, int] = {}
        path = self.path / "records.jsonl"
        if not path.exists():
            return places
        with path.open("rb") as file:
            place = 0
            for line in file:
                if line.endswith(b"\n"):
                    places[_case_of(self, line)] = place
                place += len(line)
        return places


@dataclass(frozen=True, slots=True)
class Writer:
    """Appends records to a run."""

    file: Any

    def append(self, record: Record) -> None:
        """Write a record. On return it is on disk."""
        self.file.write(write_record(record) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


def new_run(folder: Path, manifest: Manifest, cases: list[Case]) -> Run:
    """Make a run's folder, named for what is run and when."""
    stem = f"{Path(manifest.set_name).stem}-{manifest.system}-{manifest.settings_fingerprint[:6]}"
    name, number = f"{stem}-{manifest.started[:16].replace(':', '').replace('-', '')}", 1
    while (folder / name).exists():
        number += 1
        name = f"{stem}-{manifest.started[:16].replace(':', '').replace('-', '')}-{number}"
    # Whole before it has its name: a folder with a run.json is always a run.
    draft = folder / f".{name}.{os.getpid()}"
    draft.mkdir(parents=True)
    write_set(draft / "cases.jsonl", cases)
    (draft / "records.jsonl").touch()
    Run(draft, manifest)._write_manifest()
    draft.replace(folder / name)
    return Run(folder / name, manifest)


def open_run(folder: Path, name: str) -> Run:
    """Return the run of that name, or at that path. Raises RunUnknown or RunDamaged."""
    path = folder / name if (folder / name / "run.json").exists() else Path(name)
    try:
        return Run(path, _MANIFEST.validate_json((path / "run.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError) as error:
        known = [run.name for run in all_runs(folder)]
        hint = f"Runs: {', '.join(known[-5:])}." if known else "Make one with `stafwijzer eval run SET`."
        raise RunUnknown(f"There is no run '{name}'.", hint=hint) from error
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise RunDamaged(f"{path / 'run.json'} cannot be read.", hint="Restore it, or run the set again.") from error


def all_runs(folder: Path) -> list[Run]:
    """Return all runs, oldest first; what is no run is passed over."""
    found = []
    for path in folder.glob("*/run.json"):
        try:
            found.append(open_run(folder, path.parent.name))
        except StafwijzerError:
            continue
    return sorted(found, key=lambda run: run.manifest.started)


def unfinished(folder: Path, wanted: Manifest) -> Run | None:
    """Return the run that asked the same cases of the same system under the same settings and was interrupted."""
    for run in reversed(all_runs(folder)):
        if run.manifest.finished is None and _asks_the_same(run.manifest, wanted):
            return run
    return None


def now() -> str:
    """Return the time, UTC, ISO 8601 to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _asks_the_same(one: Manifest, other: Manifest) -> bool:
    def told(manifest: Manifest) -> tuple[object, ...]:
        return (
            manifest.set_sha256,
            manifest.system,
            manifest.settings_fingerprint,
            manifest.index_snapshot,
            manifest.seed,
            manifest.version,
            manifest.on_date,
            manifest.asker,
        )

    return told(one) == told(other)


def _read(run: Run, line: bytes) -> Record:
    try:
        return read_record(line)
    except ValidationError as error:
        raise RunDamaged(
            f"{run.path / 'records.jsonl'} holds a line that is no record: {line[:60].decode(errors='replace')} …",
            hint="Remove that line, and go on with the run.",
        ) from error


def _case_of(run: Run, line: bytes) -> str:
    # A record begins with its case: the whole of a long line need not be parsed to know whose it is.
    head = line[:4096].decode("utf-8", "replace")
    try:
        start = head.index('{"case": ') + len('{"case": ')
        case, _ = json.JSONDecoder().raw_decode(head, start)
    except ValueError:
        return _read(run, line).case
    return str(case)


def _drop_half_line(path: Path) -> None:
    with path.open("rb+") as file:
        data_end = file.seek(0, os.SEEK_END)
        while data_end:
            step = min(65536, data_end)
            file.seek(data_end - step)
            block = file.read(step)
            if (newline := block.rfind(b"\n")) >= 0:
                file.truncate(data_end - step + newline + 1)
                return
            data_end -= step
        file.truncate(0)
