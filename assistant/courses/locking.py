"""Take a lock off again: that of the framing or of the criteria, by who put it there or who owns the workspace.

Courses are kept. One that was developed on a framing that has changed since says so, and no longer once the framing is
again as it was. Knows nothing of who may read a workspace."""

import hashlib
import json
from dataclasses import replace

from assistant.courses.workspace import Workspace
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

_EARLIER: dict[Language, str] = {
    "nl": "Uitgewerkt op een eerdere probleemstelling, die sindsdien is gewijzigd.",
    "en": "Developed on an earlier framing, which was changed since.",
}


class UnlockRefused(StafwijzerError):
    """A lock that this person may not take off, or that a decision rests on."""


def framing_unlocked(workspace: Workspace, *, by: str) -> Workspace:
    """Return a workspace whose framing can be changed; its courses remember which they were developed on.

    Raises UnlockRefused."""
    _check(workspace, workspace.framing_locked_by, by)
    courses = (replace(one, framing=one.framing or _fingerprint(workspace)) for one in workspace.courses)
    return replace(workspace, framing_locked_by="", courses=tuple(courses))


def criteria_unlocked(workspace: Workspace, *, by: str) -> Workspace:
    """Return a workspace whose criteria can be changed; the values are kept. Raises UnlockRefused."""
    _check(workspace, workspace.criteria_locked_by, by)
    return replace(workspace, criteria_locked_by="")


def on_earlier_framing(workspace: Workspace) -> dict[str, str]:
    """Return a sentence for each course that was developed on another framing than there is now, by its id."""
    now, told = _fingerprint(workspace), _EARLIER[workspace.language]
    return {one.id: told for one in workspace.courses if one.framing not in ("", now) and not one.baseline}


def _check(workspace: Workspace, locked_by: str, by: str) -> None:
    if locked_by and by not in (locked_by, workspace.owner):
        raise UnlockRefused(
            f"This was locked by {locked_by}.", hint=f"Only {locked_by} or the owner, {workspace.owner}, can unlock it."
        )
    if workspace.decision:
        raise UnlockRefused(
            f"{workspace.decision.by} decided on this.",
            hint="Make a new workspace of the problem where it must change.",
        )


def _fingerprint(workspace: Workspace) -> str:
    """Return the beginning of the hash of what the framing says, whoever says it."""
    told = [[filled.name, *([one.text, one.basis] for one in filled.statements)] for filled in workspace.framing]
    return hashlib.sha256(json.dumps(sorted(told, key=str)).encode()).hexdigest()[:16]
