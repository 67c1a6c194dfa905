"""What owners do to documents that they ticked: check it, do it, and write down who did what.

The same functions as the commands. Knows nothing of requests and pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from assistant.bootstrap import Installation
from assistant.entrypoints.corpora.tabling import Row
from retrieval.access import Marking, Principal
from retrieval.catalog import Dates, Holding, Receipt
from retrieval.errors import StafwijzerError
from retrieval.lifecycle.curating import Chosen, Curation
from retrieval.lifecycle.remarking import check_remarking
from retrieval.policies import POLICIES

ACTIONS = ("mark", "validity", "retire", "restore", "release", "delete")
_KIND = "curated"


class BusyElsewhere(StafwijzerError):
    """Something else is changing the corpora, such as an upload that is being read."""


class NotUnderstood(StafwijzerError):
    """A form was sent that the pages do not send."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done to documents."""

    action: str
    marking: Marking | None = None
    valid_from: date | str = ""
    """A day, 'open', or '' to leave what is."""
    valid_until: date | str = ""
    reason: str = ""


def check(change: Change, rows: list[Row], principal: Principal, on_date: date) -> bool:
    """Return whether any marking is lowered. Raises what a person can mend, before anything is changed."""
    if change.marking is None:
        return False
    return check_remarking(
        principal, [row.marking for row in rows], change.marking, reason=change.reason, on_date=on_date
    )


def carry_out(
    installation: Installation, corpus: str, change: Change, rows: list[Row], seals: Mapping[str, str], *, by: Principal
) -> Receipt | None:
    """Do it to all of the documents as they were seen, or to none; return the receipt of a deletion.

    Raises DocumentsChanged, BusyElsewhere, and what the commands raise."""
    lowered = check(change, rows, by, date.today())
    curation, chosen, receipt = Curation(installation.ingestion, on_wait=_refuse_to_wait), Chosen(dict(seals)), None
    if change.action == "mark" and change.marking:
        curation.mark(corpus, chosen, change.marking)
    elif change.action == "validity":
        curation.set_validities(corpus, chosen, lambda one: _dates(change, one))
    elif change.action == "retire":
        curation.retire(corpus, chosen)
    elif change.action == "restore":
        curation.restore(corpus, chosen)
    elif change.action == "release":
        curation.release(corpus, chosen)
    elif change.action == "delete":
        receipt = curation.delete(corpus, chosen, by=by.name)
    else:
        raise NotUnderstood("It is not clear what to do.", hint="Go back to the list, and choose again.")
    told: dict[str, object] = {"corpus": corpus, "by": by.name, "did": change.action, "documents": sorted(seals)}
    if change.marking:
        told |= {"marking": str(change.marking), "policy": change.marking.policy, "lowered": lowered}
        told |= {"before": sorted({str(row.marking) for row in rows}), "reason": change.reason}
    if change.action == "validity":
        told |= {"valid_from": str(change.valid_from), "valid_until": str(change.valid_until)}
    if receipt:
        told["receipt"] = receipt.number
    installation.journal.append(_KIND, told)
    return receipt


def supersede(installation: Installation, corpus: str, old: Row, new: Row, on: date | None, *, by: Principal) -> None:
    """Let one document take the place of another. Raises BusyElsewhere and what the command raises."""
    Curation(installation.ingestion, on_wait=_refuse_to_wait).supersede(corpus, old.key, new.key, on=on)
    told = {"documents": [old.id], "successor": new.id, "on": str(on or "")}
    installation.journal.append(_KIND, {"corpus": corpus, "by": by.name, "did": "supersede", **told})


def marking_in(form: Mapping[str, str]) -> Marking:
    """Return the marking that a form names as 'policy|level'. Raises NotUnderstood for one that is not known."""
    policy, _, level = form.get("level", "").partition("|")
    if level not in POLICIES.get(policy, ()):
        raise NotUnderstood("There is no such marking.", hint="Choose one from the list.")
    return Marking(
        policy,
        level,
        frozenset(one.upper() for one in _several(form.get("releasable", ""))),
        frozenset(_several(form.get("categories", ""))),
        frozenset(_several(form.get("groups", ""))),
    )


def day_in(text: str) -> date | None:
    """Raises NotUnderstood."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotUnderstood(f"'{text[:20]}' is no day.", hint="Write it as 2026-02-05.") from error


def readable_levels(principal: Principal) -> list[tuple[str, str]]:
    """Return the (policy, level) pairs that a principal is cleared for, the lowest first."""
    cleared = dict(principal.clearance)
    return [
        (policy, level)
        for policy, levels in POLICIES.items()
        if cleared.get(policy) in levels
        for level in levels[: levels.index(cleared[policy]) + 1]
    ]


def _several(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _dates(change: Change, one: Holding) -> Dates:
    version = one.version
    kept = (version.valid_from, version.valid_until) if version else (None, None)
    return _day(change.valid_from, kept[0]), _day(change.valid_until, kept[1])


def _day(told: date | str, kept: date | None) -> date | None:
    if isinstance(told, date):
        return told
    return None if told == "open" else kept


def _refuse_to_wait(process: str) -> NoReturn:
    raise BusyElsewhere("Documents are being taken in or changed at this moment.", hint="Try again when that is done.")
