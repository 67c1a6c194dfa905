"""Have the memo of a workspace written once for all of its files that a reader takes. Knows nothing of HTTP."""

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.courses import recording
from assistant.courses.workspace import Workspace
from assistant.entrypoints.workspaces.planner import Planner
from retrieval.access import Principal


class Memos:
    """Files of memos, each kept until what its reader may see of the workspace is another thing."""

    def __init__(self) -> None:
        # One writes at a time: a second one would write the same files.
        self._writing = threading.Lock()
        self._written: dict[tuple[str, str, str], tuple[str, tuple[Path, ...]]] = {}

    def of(self, workspace: Workspace, format: str, *, planner: Planner, principal: Principal) -> Sequence[Path]:
        """Return the memo's files, written now unless they are there. `workspace`: as its reader sees it.

        Raises what writing raises."""
        key, state = (principal.name, workspace.id, format), _state(workspace, planner, principal)
        with self._writing:
            before, files = self._written.get(key, ("", ()))
            if before != state or not all(file.is_file() for file in files):
                files = tuple(planner.export(workspace.id, format=format, principal=principal))
                self._written[key] = (state, files)
        return files


def _state(workspace: Workspace, planner: Planner, principal: Principal) -> str:
    """Return the hash of all that a memo is made of."""
    stale = {id: list(reasons) for id, reasons in planner.stale(workspace, principal=principal).items()}
    told = recording.written(workspace) + json.dumps(stale, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
