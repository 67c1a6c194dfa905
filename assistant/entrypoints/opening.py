"""Open the doors beside the chat: which pages and interfaces there are, and what of the installation each is handed.

Knows nothing of what is behind them."""

from collections.abc import Sequence

from assistant.bootstrap import Installation
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.metering import Meter
from assistant.entrypoints.operations import Machine, operations, probes
from assistant.entrypoints.pages import Frame, Place
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.web import MakeDoors

_PLACES = (
    Place("/", {"nl": "Vragen", "en": "Questions"}),
    Place("/coa", {"nl": "Handelwijzen", "en": "Courses of action"}),
    Place("/admin", {"nl": "Beheer", "en": "Administration"}, role="operator"),
)


def doors_of(installation: Installation, assistant: PreparedAssistant, meter: Meter) -> MakeDoors:
    """Return what makes the doors of this installation. Nothing of it is made before a page asks for it."""

    def make(identify: Identify) -> Sequence[Door]:
        frame = Frame(_PLACES)
        machine = Machine(installation, meter, lambda: assistant.ready)
        return (
            Door(operations(machine, frame, identify)),
            Door(probes(machine, may_scrape=lambda secret: False), by_token=True),
        )

    return make
