"""Keep runs: a folder each, with what was asked, of what, under which settings, and a record a line as it is made.

    HOME/evals/NAME/run.json        what was run (Manifest)
                    cases.jsonl     the cases, as they were asked
                    records.jsonl   a record a case, appended and on disk before the next case is asked
                    markings.json   every marking of the cases and the records: who may read the run
                    judgements.jsonl   what people said of the answers, if they did

A run that was interrupted anywhere is gone on with: a line that was cut short is dropped, its case asked again. A run
is for those who may read all that is in it: commands open runs with `readable_run`, and see no others."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.citing import as_json
from evals.cases import Case
from evals.manifests import Command as Command
from evals.manifests import Manifest as Manifest
from evals.manifests import asks_the_same, read_manifest
from evals.manifests import now as now
from evals.records import Record, read_record, write_record
from evals.sets import read_set, write_set
from retrieval.access import Marking, Principal, may_read
from retrieval.errors import StafwijzerError
from retrieval.locking import Busy, exclusive_now

_MARKINGS = TypeAdapter(tuple[Marking, ...])
_SAFE = re.compile(r"[^A-Za-z0-9._]+")
_LONGEST = 60


class RunUnknown(StafwijzerError):
    """There is no run of that name."""


class RunDamaged(StafwijzerError):
    """A run's files do not read as a run."""


class RunBusy(StafwijzerError):
    """Another process is writing to this run."""


class RunClosed(StafwijzerError):
    """A run holds what its reader may not read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a run, and when."""

    principal: Principal
    on_date: date


@dataclass(frozen=True, slots=True)
class Run:
    """A run on disk."""

    path: Path
    manifest: Manifest
    reader: Reader | None = None
    """Who may read all that is read of it, or reading ends with RunClosed. None: the bench itself reads."""

    @property
    def name(self) -> str:
        return self.path.name

    def markings(self) -> frozenset[Marking]:
        """Return every marking of its cases and records. Raises RunDamaged."""
        path = self.path / "markings.json"
        try:
            return frozenset(_MARKINGS.validate_json(path.read_bytes()))
        except (OSError, ValidationError) as error:
            raise RunDamaged(f"{path} cannot be read.", hint="Restore it, or run the set again.") from error

    def cases(self) -> list[Case]:
        """Return the cases in the order in which they are asked."""
        cases = read_set(str(self.path / "cases.jsonl"))
        self._admit(case.marking for case in cases if case.marking)
        return cases

    def records(self) -> Iterator[Record]:
        """Yield the records, one a case; of a case that was asked again, the last. Holds one at a time.

        Raises RunDamaged, and RunClosed for a record that the reader may not read."""
        places = self._places()
        with (self.path / "records.jsonl").open("rb") as file:
            for place in sorted(places.values()):
                file.seek(place)
                record = _read(self, file.readline())
                self._admit(record.markings)
                yield record

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
                    yield Writer(file, self.path, set(self.markings()))
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

    def _admit(self, markings: Iterable[Marking]) -> None:
        """Raise RunClosed unless the reader may read under all these markings."""
        reader = self.reader
        if reader and not all(may_read(reader.principal, marking, reader.on_date) for marking in markings):
            raise RunClosed(
                f"The run '{self.name}' holds what you, {reader.principal.name}, may not read.",
                hint=f"Ask {self.manifest.asker}, who made it.",
            )

    def _write_manifest(self) -> None:
        _write(self.path / "run.json", json.dumps(as_json(self.manifest), indent=1, ensure_ascii=False))

    def _places(self) -> dict[str, int]:
        """Return where in the file the last record of each case begins."""
        places: dict[str, int] = {}
        path = self.path / "records.jsonl"
        try:
            with path.open("rb") as file:
                place = 0
                for line in file:
                    if line.endswith(b"\n"):
                        places[_case_of(self, line)] = place
                    place += len(line)
        except OSError as error:
            raise RunDamaged(
                f"{path} cannot be read ({error.strerror}).", hint="Restore it, or run the set again."
            ) from error
        return places


@dataclass(frozen=True, slots=True)
class Writer:
    """Appends records to a run."""

    file: Any
    path: Path
    """Of the run."""
    markings: set[Marking]
    """Those that the run is known to hold."""

    def append(self, record: Record) -> None:
        """Write a record. On return it is on disk."""
        if not self.markings.issuperset(record.markings):
            # Before the record: killed in between, the run is closed to some too many, never open to one too many.
            self.markings.update(record.markings)
            _write_markings(self.path, self.markings)
        self.file.write(write_record(record) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


@dataclass(frozen=True, slots=True)
class Listed:
    """The runs in a folder, for one reader."""

    open: tuple[Run, ...]
    """Oldest first."""
    closed: int
    """Runs that hold what the reader may not read."""
    damaged: int
    """Runs that cannot be read, or that another version made."""


def new_run(folder: Path, manifest: Manifest, cases: list[Case]) -> Run:
    """Make a run's folder, named for what is run and when."""
    parts = [_safe(manifest.set_name), _safe(manifest.system), manifest.settings_fingerprint[:6]]
    stem = f"{'-'.join(parts)}-{manifest.started[:16].replace(':', '').replace('-', '')}"
    name, number = stem, 1
    while (folder / name).exists():
        number += 1
        name = f"{stem}-{number}"
    # Whole before it has its name: a folder with a run.json is always a run.
    draft = folder / f".{name}.{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Marked text, maybe: nobody else's business.
    draft.mkdir(mode=0o700)
    write_set(draft / "cases.jsonl", cases)
    (draft / "cases.jsonl").chmod(0o600)
    for empty in ("records.jsonl", "lock"):
        (draft / empty).touch(mode=0o600)
    _write_markings(draft, {case.marking for case in cases if case.marking})
    Run(draft, manifest)._write_manifest()
    draft.replace(folder / name)
    return Run(folder / name, manifest)


def open_run(folder: Path, name: str) -> Run:
    """Return the run of that name, or at that path, whoever may read it: for the bench itself, not for a command.

    Raises RunUnknown or RunDamaged."""
    path = folder / name if (folder / name / "run.json").exists() else Path(name)
    try:
        manifest = read_manifest((path / "run.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        hint = "`stafwijzer eval list` names them; `stafwijzer eval run SET` makes one."
        raise RunUnknown(f"There is no run '{name}'.", hint=hint) from error
    except (OSError, ValueError) as error:
        raise RunDamaged(f"{path / 'run.json'} cannot be read.", hint="Restore it, or run the set again.") from error
    if manifest is None:
        raise _another_version(path)
    return Run(path, manifest)


def readable_run(folder: Path, name: str, *, principal: Principal, on_date: date) -> Run:
    """Return the run of that name, or at that path, for a person who may read all that is in it on that date.

    Raises RunUnknown, RunDamaged or RunClosed."""
    try:
        run = replace(open_run(folder, name), reader=Reader(principal, on_date))
    except RunUnknown as error:
        known = [run.name for run in readable_runs(folder, principal=principal, on_date=on_date).open]
        hint = f"Runs: {', '.join(known[-5:])}." if known else "Make one with `stafwijzer eval run SET`."
        raise RunUnknown(error.problem, hint=hint) from error
    run._admit(run.markings())
    return run


def readable_runs(folder: Path, *, principal: Principal, on_date: date) -> Listed:
    """Return the runs in a folder that a person may read on that date, and count the others."""
    found, closed, damaged = [], 0, 0
    for name in _names(folder):
        try:
            found.append(readable_run(folder, name, principal=principal, on_date=on_date))
        except RunClosed:
            closed += 1
        except StafwijzerError:
            damaged += 1
    return Listed(tuple(sorted(found, key=lambda run: run.manifest.started)), closed, damaged)


def all_runs(folder: Path) -> list[Run]:
    """Return all runs, whoever may read them, oldest first; what is no run is passed over."""
    found = []
    for name in _names(folder):
        try:
            found.append(open_run(folder, name))
        except StafwijzerError:
            continue
    return sorted(found, key=lambda run: run.manifest.started)


def to_go_on_with(runs: Sequence[Run], wanted: Manifest, *, on_any_date: bool = False) -> Run | None:
    """Return the newest run that asks the same as wanted, in the same part of the command that wanted belongs to.

    Without a command's id: of any command that has a part unfinished. The run may be finished, then. `runs`: oldest
    first. `on_any_date`: the day that it asks on does not matter."""
    for run in reversed(runs):
        ours, theirs = wanted.command, run.manifest.command
        of_command = theirs.id == ours.id if ours.id else not _complete(theirs, runs)
        same_part = (theirs.parts, theirs.part) == (ours.parts, ours.part)
        same_date = on_any_date or run.manifest.on_date == wanted.on_date
        if of_command and same_part and same_date and asks_the_same(run.manifest, wanted):
            return run
    return None


def markings_of(case: Case, record: Record) -> tuple[Marking, ...]:
    """Return the markings of a case and of what came of it."""
    return (*record.markings, *([case.marking] if case.marking else []))


def _complete(command: Command, runs: Sequence[Run]) -> bool:
    """Tell whether every part of a command has a finished run."""
    of_command = [run.manifest for run in runs if run.manifest.command.id == command.id]
    return {one.command.part for one in of_command if one.finished} >= set(range(len(command.parts)))


def _names(folder: Path) -> Iterator[str]:
    """Yield the names of the folders that are runs. One that begins with a dot is still being made."""
    for path in folder.glob("*/run.json"):
        if not path.parent.name.startswith("."):
            yield path.parent.name


def _safe(text: str) -> str:
    """Return a part of a name that any file system takes, and no command takes for an option."""
    return _SAFE.sub("-", text).strip("-.")[:_LONGEST] or "set"


def _another_version(path: Path) -> RunDamaged:
    return RunDamaged(f"The run at {path} was made by another version.", hint="Run the set again.")


def _write_markings(path: Path, markings: Iterable[Marking]) -> None:
    told = [as_json(marking) for marking in sorted(markings, key=lambda marking: marking.id)]
    _write(path / "markings.json", json.dumps(told, ensure_ascii=False, indent=1))


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all. On return it is on disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    draft.touch(mode=0o600)
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(run: Run, line: bytes) -> Record:
    try:
        record = read_record(line)
    except ValidationError as error:
        raise RunDamaged(
            f"{run.path / 'records.jsonl'} holds a line that is no record: {line[:60].decode(errors='replace')} …",
            hint="Remove that line, and go on with the run.",
        ) from error
    if (record.evidence or record.ranking) and not record.markings:
        # Unmarked is not open.
        raise _another_version(run.path)
    return record


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
