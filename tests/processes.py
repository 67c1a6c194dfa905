"""Run a function in several processes at the same moment."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

_Result = TypeVar("_Result")

# Not a fork: a process of one's own shares no open connection with the others, as in real life.
_processes = multiprocessing.get_context("spawn")


def at_once(function: Callable[..., _Result], arguments: Sequence[tuple[Any, ...]]) -> list[_Result]:
    """Call the function once for each tuple of arguments, each in a process of its own; return what they return.

    The processes wait for each other before they start. Raises what one of them raises."""
    barrier = _processes.Barrier(len(arguments))
    with _processes.Pool(len(arguments), initializer=_remember, initargs=(barrier,)) as pool:
        return pool.starmap(_call, [(function, *one) for one in arguments], chunksize=1)


def _remember(barrier: Barrier) -> None:
    globals()["barrier"] = barrier


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    globals()["barrier"].wait(60)
    return function(*arguments)
