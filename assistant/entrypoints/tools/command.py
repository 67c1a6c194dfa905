"""`stafwijzer mcp`: the tools for a program on this machine, over standard input and output."""

import click

from assistant.entrypoints.installed import installation_of


@click.command()
@click.option("--stdio", is_flag=True, required=True, help="Speak the Model Context Protocol on this terminal's pipes.")
@click.pass_context
def mcp(context: click.Context, stdio: bool) -> None:
    """Offer search, ask and read_passage as tools to a program on this machine (Model Context Protocol).

    The program starts this command itself and reads what the user of this machine may read. Over HTTP the chat's
    server offers the same at /mcp, to whoever holds a personal token.

    \b
    {"command": "stafwijzer", "args": ["mcp", "--stdio"]}
    """
    # Imported here: all that answers comes with them.
    from assistant.entrypoints.preparing import PreparedAssistant
    from assistant.entrypoints.programs.library import Library
    from assistant.entrypoints.programs.questioning import Questions
    from assistant.entrypoints.tools.serving import serve_stdio

    with installation_of(context) as installation:
        assistant = PreparedAssistant(lambda: installation.assistant)
        assistant.start()
        serve_stdio(installation.settings.principal, Library(installation), Questions(assistant))
