"""Look at every part of an installation and say what is in order, what is not, and how to mend it.

Changes nothing, and a part that fails never hides the others."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.bootstrap import Installation
from assistant.surroundings import SWITCHES
from retrieval.consistency import check_index
from retrieval.errors import StafwijzerError

_LOWEST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and what was found."""

    part: str
    in_order: bool
    found: str
    remedy: str = ""


def examine(installation: Installation) -> Iterator[Check]:
    """Yield a check for each part, in the order in which they rest on each other."""
    for part, look in _PARTS:
        try:
            yield Check(part, True, look(installation))
        except StafwijzerError as error:
            yield Check(part, False, error.problem, error.hint)
        except Exception as error:  # noqa: BLE001 (whatever a part raises must not hide the parts after it)
            yield Check(part, False, f"{type(error).__name__}: {error}.", "Look in the part's own log.")


def _home(installation: Installation) -> str:
    home = installation.settings.home
    if not os.access(home, os.W_OK):
        raise StafwijzerError(f"{home} cannot be written.", hint="Set STAFWIJZER_HOME to a folder that you may write.")
    return str(home)


def _disk(installation: Installation) -> str:
    free = shutil.disk_usage(installation.settings.home).free
    told = f"{free / 1024**3:.1f} GiB free"
    if free < _LOWEST_FREE_BYTES:
        raise StafwijzerError(f"Only {told}.", hint="Free some space, or set STAFWIJZER_HOME to a larger disk.")
    return told


def _catalog(installation: Installation) -> str:
    catalog = installation.catalog
    names = ", ".join(corpus.name for corpus in catalog.corpora()) or "no corpora yet"
    return f"{catalog.engine.url.render_as_string()}: {catalog.live_passage_count()} passages in {names}"


def _embedder(installation: Installation) -> str:
    vector = installation.embedder.embed_query("Is the embedder in order?")
    return f"{vector.size} dimensions, fingerprint {installation.embedder.fingerprint}"


def _index(installation: Installation) -> str:
    check_index(installation.catalog, installation.index, installation.embedder)
    health = installation.index.health()
    return f"{health.engine}, {health.points} points"


def _model(installation: Installation) -> str:
    model = installation.model
    if model is None:
        return "none wanted (model.kind): answers are quotes only"
    reply = model.chat.invoke("Say yes.").text if installation.settings.model.kind == "openai" else "loaded"
    return f"{reply[:20]}; SHA-256 {model.sha256 or 'not known (an endpoint)'}"


def _journal(installation: Installation) -> str:
    if (broken := installation.journal.check()) is not None:
        raise StafwijzerError(
            f"Record {broken} of the journal was altered or removed.", hint="Compare the database with a backup."
        )
    return "the chain of records is whole"


def _port(installation: Installation) -> str:
    chat = installation.settings.chat
    family = socket.AF_INET6 if ":" in chat.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chat.host, chat.port))
        except OSError as error:
            raise StafwijzerError(
                f"Port {chat.port} is taken, perhaps by a chat that is already running.",
                hint="Stop that program, or set chat.port.",
            ) from error
    return f"{chat.host}:{chat.port} is free"


def _offline(installation: Installation) -> str:
    del installation
    if wrong := [name for name, value in SWITCHES.items() if os.environ.get(name) != value]:
        raise StafwijzerError(
            f"Not switched off: {', '.join(wrong)}.", hint="Start through the `stafwijzer` command, which sets them."
        )
    return "model hubs and tracing are switched off"


_PARTS: list[tuple[str, Callable[[Installation], str]]] = [
    ("state folder", _home),
    ("disk", _disk),
    ("catalog", _catalog),
    ("embedding model", _embedder),
    ("index", _index),
    ("language model", _model),
    ("journal", _journal),
    ("port", _port),
    ("offline switches", _offline),
]
