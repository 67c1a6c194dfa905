"""Run a function in several processes at the same moment."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

_Result = TypeVar("_Result")

# Forks of a server that has imported what takes long and opened nothing: a fork of the test itself would share its
# connections.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["alembic.command", "assistant.journal", "retrieval.catalog", "psycopg"])


def at_once(function: Callable[..., _Result], arguments: Sequence[tuple[Any, ...]]) -> list[_Result]:
    """Call the function once for each tuple of arguments, each in a process of its own; return what they return.

    The processes wait for each other before they start. Raises what one of them raises."""
    barrier = _processes.Barrier(len(arguments))
    # Not multiprocessing's Pool: when a process of that one dies, it waits for ever.
    with ProcessPoolExecutor(len(arguments), _processes, initializer=_remember, initargs=(barrier,)) as pool:
        waiting = [pool.submit(_call, function, *one) for one in arguments]
        return [one.result(60) for one in waiting]


def _remember(barrier: Barrier) -> None:
    globals()["barrier"] = barrier


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    globals()["barrier"].wait(30)
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 (told in words: not every error finds its way to another process)
        raise RuntimeError(f"{type(error).__name__}: {error}") from None
