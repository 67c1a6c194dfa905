"""Open the doors beside the chat: which pages and interfaces there are, and what of the installation each is handed.

Knows nothing of what is behind them."""

from collections.abc import Sequence

from assistant.bootstrap import Installation
from assistant.entrypoints.answers import answers_door
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.pages import Frame, Place
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.web import MakeDoors

_PLACES = (
    Place("/", {"nl": "Vragen", "en": "Questions"}),
    Place("/coa", {"nl": "Handelwijzen", "en": "Courses of action"}),
)


def doors_of(installation: Installation, assistant: PreparedAssistant) -> MakeDoors:
    """Return what makes the doors of this installation. Nothing of it is made before a page asks for it."""

    def make(identify: Identify) -> Sequence[Door]:
        frame = Frame(_PLACES)
        return (
            answers_door(identify, frame, journal=lambda: installation.journal, catalog=lambda: installation.catalog),
        )

    return make
