"""Open the doors beside the chat: which pages and interfaces there are, and what of the installation each is handed.

Knows nothing of what is behind them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import entry_points

from assistant.bootstrap import Installation
from assistant.entrypoints.accounts.own import own_door
from assistant.entrypoints.accounts.users import users_door
from assistant.entrypoints.answers import answers_door
from assistant.entrypoints.corpora import corpora_doors
from assistant.entrypoints.documents.library import Library
from assistant.entrypoints.documents.routes import documents_door
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.evaluating import evaluations
from assistant.entrypoints.metering import Meter
from assistant.entrypoints.operations import Machine, operations, probes
from assistant.entrypoints.pages import PLACES, Frame, places_door
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.programs.opening import program_doors
from assistant.entrypoints.web import MakeDoors
from assistant.entrypoints.workspaces.running import Runs
from assistant.evaluations import Bench
from assistant.identity.accounts import OPERATOR
from retrieval.blobs import BlobStore
from retrieval.errors import StafwijzerError
from retrieval.rendering import Renderers

_BENCHES = "stafwijzer.bench"
"""The entry point group of what measures the assistant: a callable that takes an Installation and returns a Bench."""
_TEST_SET_BYTES = 64 << 20


def doors_of(installation: Installation, assistant: PreparedAssistant, meter: Meter, runs: Runs) -> MakeDoors:
    """Return what makes the doors of this installation. Nothing of it is made before a page asks for it."""
    library = Library(lambda: installation.catalog, BlobStore(installation.settings.home / "blobs"), Renderers())

    def waiting() -> float:
        made = vars(installation).get("model")
        return made.queue.length if made else 0

    meter.gauge("stafwijzer_model_queue", "Questions at the language model, served and waiting.", waiting)

    @cache
    def bench() -> Bench:
        found = entry_points(group=_BENCHES)
        if not found:
            raise StafwijzerError("No bench is installed.", hint="Install the package with its evals.")
        made: Bench = next(iter(found)).load()(installation)
        return made

    def may_scrape(secret: str) -> bool:
        holder = installation.tokens.holder(secret, at=datetime.now(UTC))
        return holder is not None and "metrics" in holder.permissions and OPERATOR in holder.principal.roles

    def make(identify: Identify) -> Sequence[Door]:
        frame = Frame(PLACES)
        machine = Machine(installation, meter, lambda: assistant.ready)
        return (
            places_door(frame, identify),
            answers_door(identify, frame, journal=lambda: installation.journal, catalog=lambda: installation.catalog),
            own_door(frame, lambda: installation.accounts, lambda: installation.tokens),
            users_door(frame, lambda: installation.accounts, identify),
            documents_door(library, frame, identify),
            *corpora_doors(installation, frame, identify),
            Door(evaluations(bench, frame, identify, runs), largest_body_bytes=_TEST_SET_BYTES),
            Door(operations(machine, frame, identify)),
            Door(probes(machine, may_scrape=may_scrape), by_token=True),
            *program_doors(installation, assistant, lambda: installation.tokens),
        )

    return make
