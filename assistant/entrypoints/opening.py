"""Open the doors beside the chat: which pages and interfaces there are, and what of the installation each is handed.

Knows nothing of what is behind them."""

from collections.abc import Sequence

from assistant.bootstrap import Installation
from assistant.entrypoints.accounts.own import own_door
from assistant.entrypoints.accounts.users import users_door
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.pages import Frame, Place
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.web import MakeDoors

_PLACES = (
    Place("/", {"nl": "Vragen", "en": "Questions"}),
    Place("/coa", {"nl": "Handelwijzen", "en": "Courses of action"}),
    Place("/admin/users", {"nl": "Gebruikers", "en": "Users"}, role="operator"),
)


def doors_of(installation: Installation, assistant: PreparedAssistant) -> MakeDoors:
    """Return what makes the doors of this installation. Nothing of it is made before a page asks for it."""

    def make(identify: Identify) -> Sequence[Door]:
        frame = Frame(_PLACES)
        return (
            own_door(frame, lambda: installation.accounts, lambda: installation.tokens),
            users_door(frame, lambda: installation.accounts, identify),
        )

    return make
