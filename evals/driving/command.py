"""`stafwijzer eval load`: put a load on a running chat, print what came of it, and keep it.

Prints and keeps what was measured also when the chat goes away or Ctrl-C is pressed. Measures nothing itself."""

import asyncio
import json
import math
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from assistant.citing import as_json
from assistant.entrypoints.installed import json_option, print_json, settings_of
from assistant.settings import Settings
from evals.driving.driven import Asked, Load, summarise
from evals.driving.driven_text import load_lines
from evals.driving.usage import Reading, Usage, listening_process, read_usage, usage_between
from evals.sets import read_set, set_sha256
from retrieval.errors import StafwijzerError

_CTRL_C = 130
"""128 and the signal's number, as shells tell it."""


class LoadImpossible(StafwijzerError):
    """What is asked for is no load."""


@dataclass(frozen=True, slots=True)
class _Measured:
    at: datetime
    asked: list[Asked]
    seconds: float
    own_processor_seconds: float
    usage: Usage | None
    ended: StafwijzerError | KeyboardInterrupt | None
    """What ended it before its time."""


def _number(context: click.Context, parameter: click.Parameter, told: float) -> float:
    """Refuse 'nan', which is in every range."""
    if math.isnan(told):
        raise click.BadParameter("'nan' is not a number.")
    return told


@click.command("load")
@click.option("--users", type=click.IntRange(1, 500), default=4, show_default=True, help="How many ask at once.")
@click.option(
    "--minutes",
    type=click.FloatRange(0, 1440, min_open=True),
    callback=_number,
    default=1.0,
    show_default=True,
    help="How long they ask. Answers under way at the end are waited for.",
)
@click.option(
    "--think",
    type=click.FloatRange(0, 3600),
    callback=_number,
    default=15.0,
    show_default=True,
    metavar="SECONDS",
    help="Mean time between an answer and the next question (exponentially distributed).",
)
@click.option("--set", "name", default="examples", show_default=True, metavar="SET", help="Where questions come from.")
@click.option(
    "--patience",
    type=click.FloatRange(0, 3600, min_open=True),
    callback=_number,
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="Longest that a user waits for an answer.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the order of questions and the think times.")
@click.option("--url", help="Address of the chat. Default: the one of --chat, or chat.port of the settings.")
@click.option("--user", help="Name to sign in with. Default: the one of --chat, or access.name of the settings.")
@click.option(
    "--password",
    envvar="STAFWIJZER_CHAT_PASSWORD",
    show_envvar=True,
    help="Password that the chat printed. Default: the one of --chat, or you are asked for it.",
)
@click.option(
    "--chat",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What `stafwijzer chat --json` printed: address, user and password in one.",
)
@click.option("--pid", type=click.IntRange(1), help="The chat's process. Default: the one that listens on its port.")
@json_option
@click.pass_context
def load(
    context: click.Context,
    users: int,
    minutes: float,
    think: float,
    name: str,
    patience: float,
    seed: int,
    url: str | None,
    user: str | None,
    password: str | None,
    chat: Path | None,
    pid: int | None,
    as_json_: bool,
) -> None:
    """Drive a running chat of this machine as several USERS at once, and report how long they wait.

    Each user signs in, asks a question of the set, waits for the whole answer, thinks, and asks again. Reported, for
    each user and for all: waiting (to the first sign of life, the first source, the whole answer, and in the queue for
    the model), answers a minute, errors with their references, how fairly answers were shared, and the memory and
    processor time of the chat. Kept in the state folder under evals/.

    \b
    stafwijzer chat --json > chat.json &
    stafwijzer eval load --users 4 --minutes 5 --chat chat.json
    """
    # Imported here: what speaks to the socket takes long to import, and no other command needs it.
    from evals.driving.drive import Plan, drive, questions_to_ask
    from evals.driving.visiting import Entrance, chat_address

    settings, told = settings_of(context), _announced(chat)
    cases = questions_to_ask(read_set(name))
    if not cases:
        raise LoadImpossible(
            f"No case of '{name}' can be asked in the chat.", hint="It needs one without history, asker and date."
        )
    address = chat_address(url or told.get("address") or _configured(settings), configured_host=settings.chat.host)
    process = _process(pid, address)
    entrance = Entrance(
        address, user or told.get("user") or settings.access.name, password or told.get("password") or _asked_for()
    )
    plan = Plan(cases, users, minutes * 60, think, patience, seed)
    measured = _measure(lambda on_asked: drive(plan, entrance, on_asked=on_asked), process)
    came_of_it = Load(
        at=measured.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        address=address,
        set_name=name,
        set_sha256=set_sha256(cases),
        cases=len(cases),
        users=users,
        minutes=minutes,
        think_seconds=think,
        patience_seconds=patience,
        seed=seed,
        settings_fingerprint=settings.fingerprint,
        seconds=measured.seconds,
        driver_processor_seconds=measured.own_processor_seconds,
        summary=summarise(measured.asked, users=users),
        usage=measured.usage,
        broken_off="Stopped by Ctrl-C." if isinstance(measured.ended, KeyboardInterrupt) else str(measured.ended or ""),
    )
    kept = _keep(came_of_it, measured, settings.home / "evals")
    if as_json_:
        print_json({**as_json(came_of_it), "kept": kept})
    else:
        click.echo("\n".join([*load_lines(came_of_it), f"Kept: {kept}"]))
    if measured.ended is not None:
        if not as_json_:
            click.echo(f"stafwijzer: {came_of_it.broken_off} What was measured until then is above.", err=True)
        sys.exit(_CTRL_C if isinstance(measured.ended, KeyboardInterrupt) else 1)


def _measure(drive: Callable[[Callable[[Asked], None]], Coroutine[Any, Any, None]], process: int | None) -> _Measured:
    """Drive to the end, whichever that is. Raises what ended it when nothing had been asked by then."""
    asked: list[Asked] = []
    ended: StafwijzerError | KeyboardInterrupt | None = None
    at, before = datetime.now(UTC), _reading(process)
    started, own_started = time.perf_counter(), time.process_time()
    try:
        asyncio.run(drive(asked.append))
    except (StafwijzerError, KeyboardInterrupt) as error:
        if not asked:
            raise
        ended = error
    seconds = time.perf_counter() - started
    usage = usage_between(before, _reading(process), seconds=seconds)
    return _Measured(at, asked, seconds, time.process_time() - own_started, usage, ended)


def _reading(process: int | None) -> Reading | None:
    return None if process is None else read_usage(process)


def _announced(path: Path | None) -> dict[str, str]:
    """Read what the chat said of itself when it started."""
    if path is None:
        return {}
    try:
        told = json.loads(path.read_text(encoding="utf-8").partition("\n")[0])
        return {key: told[key] for key in ("address", "user", "password") if isinstance(told[key], str)}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LoadImpossible(
            f"{path} does not hold what `stafwijzer chat --json` prints.",
            hint="Start the chat as `stafwijzer chat --json > FILE` and wait until it answers.",
        ) from error


def _configured(settings: Settings) -> str:
    host = settings.chat.host
    return f"http://[{host}]:{settings.chat.port}" if ":" in host else f"http://{host}:{settings.chat.port}"


def _process(told: int | None, address: str) -> int | None:
    if told is not None and Path("/proc").is_dir() and read_usage(told) is None:
        raise LoadImpossible(f"There is no process {told}.", hint="Leave --pid out, or give that of `stafwijzer chat`.")
    return told or listening_process(urlsplit(address).port or 80)


def _asked_for() -> str:
    if not sys.stdin.isatty():
        raise LoadImpossible(
            "The password of the chat is missing.",
            hint="Give --chat FILE, --password, or the variable STAFWIJZER_CHAT_PASSWORD.",
        )
    password: str = click.prompt("Password that the chat printed", hide_input=True, err=True)
    return password


def _keep(came_of_it: Load, measured: _Measured, folder: Path) -> Path:
    """Write down what came of it, with every question."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"load-{measured.at.strftime('%Y%m%dT%H%M%S%fZ')}.json"
    told = {**as_json(came_of_it), "asked": as_json(measured.asked)}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
