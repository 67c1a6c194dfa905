"""Go through all that a workspace holds: its statements, its citations, and a copy with some of it changed.

Knows how values are nested, and nothing of what they mean."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast

from assistant.answers import Citation
from assistant.courses.workspace import Statement
from retrieval.access import Marking

_Part = TypeVar("_Part")


def parts(whole: object) -> Iterator[object]:
    """Yield every dataclass within a whole, itself first, in the order in which it is written."""
    if isinstance(whole, tuple):
        for one in whole:
            yield from parts(one)
    elif is_dataclass(whole):
        yield whole
        for field in fields(whole):
            yield from parts(getattr(whole, field.name))


def statements(whole: object) -> Iterator[Statement]:
    """Yield every statement within a whole."""
    return (part for part in parts(whole) if isinstance(part, Statement))


def citations(whole: object) -> Iterator[Citation]:
    """Yield every citation within a whole, as often as it is there."""
    return (part for part in parts(whole) if isinstance(part, Citation))


def changed(whole: _Part, change: Callable[[object], object | None]) -> _Part:
    """Return a whole with each dataclass in it replaced by what `change` makes of it; None takes it out of its tuple.

    `change` sees a part before what is within it."""
    return cast(_Part, _changed(whole, change))


def _changed(whole: object, change: Callable[[object], object | None]) -> object | None:
    if isinstance(whole, tuple):
        return tuple(one for one in (_changed(part, change) for part in whole) if one is not None)
    if not is_dataclass(whole) or isinstance(whole, Citation | Marking):
        return whole
    made: Any = change(whole)
    if made is None:
        return None
    within = {field.name: _changed(getattr(made, field.name), change) for field in fields(made)}
    return type(made)(**within)  # type: ignore[no-any-return]
