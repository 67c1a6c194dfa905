"""`stafwijzer chat`, `doctor`, `model` and `settings`: what operators do."""

import sys
from pathlib import Path

import click

from assistant.entrypoints.installed import installation_of, json_option, print_json, settings_of
from assistant.settings import Settings, described_settings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Listen here instead of at chat.port.")
@json_option
@click.pass_context
def chat(context: click.Context, port: int | None, as_json_: bool) -> None:
    """Start the chat on this machine and print its address and a password that is new at every start.

    Ends with Ctrl-C. With --json the address and password are printed as one line of JSON."""
    # Imported here: the web server and Chainlit take two seconds to import.
    from assistant.entrypoints.serving import serve

    settings = settings_of(context)
    if port is not None:
        settings = settings.model_copy(update={"chat": settings.chat.model_copy(update={"port": port})})
    serve(settings, as_json=as_json_)


@click.command()
@json_option
@click.pass_context
def doctor(context: click.Context, as_json_: bool) -> None:
    """Check models, index, catalog, disk, port and offline switches, and say how to mend each.

    Exit code 1 when something is not in order."""
    from assistant.diagnosis import examine

    with installation_of(context) as installation:
        checks = []
        for check in examine(installation):
            checks.append(check)
            if not as_json_:
                sign = click.style("ok ", fg="green") if check.in_order else click.style("BAD", fg="red", bold=True)
                click.echo(f"{sign} {check.part}: {check.found}" + (f" {check.remedy}" if check.remedy else ""))
    if as_json_:
        print_json(checks)
    if not all(check.in_order for check in checks):
        sys.exit(1)


@click.group()
def model() -> None:
    """Choose the language model."""


@model.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(["nl", "en"]),
    help="A language that the model writes well; may be given again. Default: English only.",
)
@json_option
@click.pass_context
def add(context: click.Context, file: Path, languages: tuple[str, ...], as_json_: bool) -> None:
    """Register a GGUF file as the language model: try it, and write its path and SHA-256 into the settings.

    The file stays where it is. Compare its SHA-256 with the supplier's: a file that has changed since, by size or
    time, is hashed again and refused when it is another."""
    from assistant.modelling import register

    told, path = settings_of(context), context.find_root().obj
    registered = register(file, languages=languages or ("en",), settings=told, path=path)
    if as_json_:
        print_json(registered)
        return
    click.echo(f"{registered.path} ({registered.bytes / 1024**2:.0f} MiB) now answers.")
    click.echo(f"SHA-256 {registered.sha256}: compare it with the supplier's.")
    click.echo(f"Written to {registered.settings}.")


@click.command("settings")
@click.option("--markdown", is_flag=True, help="Print the table that stands in the documentation.")
@json_option
@click.pass_context
def settings(context: click.Context, markdown: bool, as_json_: bool) -> None:
    """List every setting with its present value and what it does."""
    if markdown:
        click.echo(settings_table())
        return
    present = settings_of(context)
    if as_json_:
        print_json({"fingerprint": present.fingerprint, "home": present.home, **present.model_dump(mode="json")})
        return
    click.echo(f"home = {present.home}   (set by STAFWIJZER_HOME)\nfingerprint = {present.fingerprint}")
    for key, value, description in described_settings(present):
        click.echo(f"{click.style(key, bold=True)} = {_written(value)}\n    {description}")


def settings_table() -> str:
    """Return all settings and their defaults as a Markdown table."""
    rows = [f"| `{key}` | {_cell(value)} | {text} |" for key, value, text in described_settings(Settings())]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])


def _cell(value: object) -> str:
    written = _written(value)
    return f"`{written}`" if written else ""


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {inner}" for key, inner in value.items())
    return "" if value is None else str(value)
