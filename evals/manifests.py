"""Say what a run was of: which cases, of which system, in which state of everything that its answers depend on.

Plain values and their JSON. Knows no folder."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

FORMAT = 2
"""Of a run's files. 1 had records without markings."""


@dataclass(frozen=True, slots=True)
class Command:
    """The command that a run is a part of. A comparison or an ablation makes several runs, a plain one makes one."""

    id: str = ""
    parts: tuple[str, ...] = ()
    """What each of its runs is of."""
    part: int = 0
    """Which of them this run is, from 0."""


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
    corpora_sha256: str = ""
    """Of the live versions in the corpora that were asked, when the run began."""
    model_sha256: str | None = None
    command: Command = Command()
    format: int = FORMAT


_MANIFEST = TypeAdapter(Manifest)


def read_manifest(text: bytes) -> Manifest | None:
    """Read a manifest back; None when it is in another format. Raises ValueError for what is no manifest."""
    told = json.loads(text)
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return None
    return _MANIFEST.validate_python(told)


def asks_the_same(one: Manifest, other: Manifest) -> bool:
    """Tell whether two runs ask the same cases of the same system in the same state, whatever the day."""

    def told(manifest: Manifest) -> tuple[object, ...]:
        return (
            manifest.set_sha256,
            manifest.system,
            manifest.settings_fingerprint,
            manifest.index_snapshot,
            manifest.seed,
            manifest.version,
            manifest.asker,
            manifest.corpora_sha256,
            manifest.model_sha256,
        )

    return told(one) == told(other)


def now() -> str:
    """Return the time, UTC, ISO 8601 to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
