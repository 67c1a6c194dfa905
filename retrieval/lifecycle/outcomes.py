"""Say what became of one document when its file was offered. Values only."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Became(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    HELD_BACK = "held back"
    NOT_READ = "not read"
    KEPT_OUT = "kept out"


@dataclass(frozen=True, slots=True)
class Outcome:
    key: str
    became: Became
    reason: str = ""
    """Why, in plain words with the remedy, where it is not served."""


OnOutcome = Callable[[Outcome], None]
"""Told what becomes of a document that was not as it was. It can be cited only when the intake has ended."""


def tell_nobody(told: Outcome) -> None:
    pass
