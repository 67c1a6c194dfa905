"""Serve the real chat with a double behind it: `python -m tests.browser.server HOME PORT PLAY`.

Prints what `stafwijzer chat --json` prints. The plays: `parts`, an assistant that plays a part for each question;
`late`, one that takes seconds to be made; `missing`, one whose model is not there; `real`, the product's own assistant
over a few documents, with an embedder and a model that need no weights; `courses`, parts and workspaces of courses
of action that are kept in memory; `remembering`, as real, with conversations that are kept."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from assistant.answers import ClaimChecked, Event, Question
from assistant.bootstrap import Installation
from assistant.chatmodels import Cancelled, ModelUnavailable, ScriptedChat
from assistant.courses.storing import WorkspaceChanged, WorkspaceUnknown
from assistant.entrypoints.metering import Meter
from assistant.entrypoints.opening import doors_of
from assistant.entrypoints.preparing import Answering, PreparedAssistant
from assistant.entrypoints.serving import listen, serve_assistant
from assistant.entrypoints.shelf import Shelf, answered_by
from assistant.entrypoints.workspaces.planner import PreparedPlanner, Refusals
from assistant.entrypoints.workspaces.running import Runs
from assistant.history import ConversationStore, History
from assistant.queueing import FairQueue
from assistant.service import LanguageModel
from assistant.settings import AccessSettings, AnswerSettings, ChatSettings, Settings
from retrieval.catalog import Corpus
from retrieval.catalog.database import DatabaseUnavailable
from retrieval.embedding import Embedder, HashEmbedder
from retrieval.index import stop_owner
from tests.assistant.entrypoints.workspaces.double import REFUSALS, MemoryPlanner
from tests.browser.player import Player

DOCUMENTS = {
    "route-card.md": "# Route card AMBER\n\n## Bridges\n\n"
    "The bridge at 31U:FT 4523 1198 is closed to tracked vehicles from 060400A until 071800A. "
    "Wheeled vehicles up to MLC 40 may cross one at a time.\n",
    "weather.md": "# Weather\n\nSnow is expected on 5 February, with drifts on the eastern dyke.\n",
}
REPLY = "The bridge is closed to tracked vehicles from 060400A until 071800A [1]. The bridge is pink [1]."


class WeightlessInstallation(Installation):
    """The product without weights: words decide what is near, and the model says what it was told to say."""

    @cached_property
    def embedder(self) -> Embedder:
        return HashEmbedder()

    @cached_property
    def model(self) -> LanguageModel | None:
        return LanguageModel(ScriptedChat(replies=(REPLY,)), None, frozenset({"nl", "en"}), FairQueue(1))


def main() -> None:
    home, port, play = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    settings = Settings(
        home=home,
        chat=ChatSettings(port=port),
        access=AccessSettings(name="officer"),
        # What the words have in common is all that this embedder knows.
        answer=AnswerSettings(answerability=0.0),
    )
    if play in ("real", "remembering"):
        installation = WeightlessInstallation(settings)
        _add_documents(installation)
        made = PreparedAssistant(lambda: installation.assistant)
        history: Callable[[], History] | None = None
        if play == "remembering":
            made = PreparedAssistant(lambda: Deliberate(installation.assistant))
            history = partial(_history, installation, ConversationStore(installation.catalog.engine))
        runs = Runs()
        serve_assistant(
            made,
            settings,
            listen(settings),
            as_json=True,
            planner=PreparedPlanner(lambda: installation.courses, Refusals(WorkspaceUnknown, WorkspaceChanged)),
            runs=runs,
            doors=doors_of(installation, made, Meter(), runs),
            accounts=lambda: installation.accounts,
            history=history,
            shelf=Shelf(lambda: installation.catalog, answered_by(lambda: made.get() if made.ready else None)),
        )
        print(f"{len(list(installation.journal.read()))} in the journal", flush=True)
        installation.close()
        # The process that holds the index would wait a while for the next one who needs it.
        for folder in (home / "index").iterdir():
            stop_owner(folder)
    else:
        planner = PreparedPlanner(lambda: _planner(home), REFUSALS) if play == "courses" else None
        made = PreparedAssistant(_PLAYS[play])
        serve_assistant(made, settings, listen(settings), as_json=True, planner=planner)


def _add_documents(installation: Installation) -> None:
    folder = installation.settings.home / "documents"
    folder.mkdir(exist_ok=True)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    marking = installation.settings.default_marking
    installation.ingestion.add(folder, Corpus("exercise", "Exercise", "G3", marking))


class FullDisk(ConversationStore):
    """A store that takes nothing while a file says that the disk is full."""

    def __init__(self, kept: ConversationStore, home: Path) -> None:
        self._engine, self._home = kept._engine, home

    def ask(self, id: str, question: Question, *, owner: str) -> int:
        if (self._home / "full").exists():
            raise DatabaseUnavailable("The database does not take what is written.", hint="Free disk space.")
        return super().ask(id, question, owner=owner)


def _history(installation: Installation, kept: ConversationStore) -> History:
    return replace(installation.history, store=FullDisk(kept, installation.settings.home))


class Deliberate:
    """The product's own assistant, which takes two seconds before the first claim of a question that says 'slowly'."""

    def __init__(self, assistant: Answering) -> None:
        self._assistant = assistant
        self.journal = assistant.journal

    def stream(self, question: Question, *, cancelled: threading.Event | None = None) -> Iterator[Event]:
        for event in self._assistant.stream(question, cancelled=cancelled):
            if isinstance(event, ClaimChecked) and "slowly" in question.text.lower():
                (cancelled or threading.Event()).wait(2)
                if cancelled and cancelled.is_set():
                    print("the model stopped", flush=True)
                    raise Cancelled
            yield event
            if isinstance(event, ClaimChecked) and "breaks" in question.text.lower():
                raise RuntimeError("the secret inside of the program")


def _planner(home: Path) -> MemoryPlanner:
    planner = MemoryPlanner(step_seconds=0.5)

    def interfere() -> None:
        """Change a line as another officer would, as soon as a file says so."""
        while True:
            time.sleep(0.05)
            if (said := home / "interfere").exists():
                said.unlink()
                planner.change_as_another("w1", "f-m", "Theirs: hold the western dyke.")

    threading.Thread(target=interfere, daemon=True).start()
    return planner


def _late() -> Answering:
    time.sleep(6)
    return Player()


def _missing() -> Answering:
    raise ModelUnavailable("The model file x.gguf cannot be read.", hint="Set model.path in stafwijzer.toml.")


_PLAYS: dict[str, Callable[[], Answering]] = {"parts": Player, "late": _late, "missing": _missing, "courses": Player}

if __name__ == "__main__":
    main()
