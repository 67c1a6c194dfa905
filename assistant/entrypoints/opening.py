"""Open the doors beside the chat: which pages and interfaces there are, and what of the installation each is handed.

Knows nothing of what is behind them."""

from collections.abc import Sequence

from assistant.bootstrap import Installation
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.pages import Frame, Place
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.programs.holders import Holders
from assistant.entrypoints.programs.opening import program_doors
from assistant.entrypoints.web import MakeDoors

_PLACES = (
    Place("/", {"nl": "Vragen", "en": "Questions"}),
    Place("/coa", {"nl": "Handelwijzen", "en": "Courses of action"}),
)


def doors_of(installation: Installation, assistant: PreparedAssistant, *, holders: Holders | None = None) -> MakeDoors:
    """Return what makes the doors of this installation. Nothing of it is made before a page asks for it.

    `holders`: of personal tokens; without them there are no doors for programs."""

    def make(identify: Identify) -> Sequence[Door]:
        Frame(_PLACES)
        return program_doors(installation, assistant, holders) if holders else ()

    return make
