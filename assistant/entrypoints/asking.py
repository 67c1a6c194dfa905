"""`stafwijzer ask` and `stafwijzer search`: put a question to the service and print what it yields."""

import textwrap
from datetime import date, datetime

import click

from assistant.answers import Question, Turn
from assistant.entrypoints.drafting import check_request_file, write_request
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.entrypoints.printing import print_answer
from assistant.entrypoints.terminal import printable
from retrieval.access import METADATA_ONLY, scope_for
from retrieval.documents import Hit
from retrieval.languages import detect_language

_corpus_option = click.option(
    "--corpus", "corpora", multiple=True, metavar="NAME", help="Search only this corpus; may be given again."
)
_date_option = click.option(
    "--on-date",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Answer from what was valid on this day (YYYY-MM-DD). Default: today.",
)


@click.command()
@click.argument("question", nargs=-1, required=True)
@_corpus_option
@_date_option
@click.option(
    "--after",
    multiple=True,
    metavar="QUESTION",
    help="An earlier question that this one follows up; may be given again, oldest first.",
)
@click.option("--query", default="", metavar="TEXT", help="Search for this instead of what the question says.")
@click.option(
    "--request",
    metavar="FILE",
    help="When the documents do not answer: write a request for information to this new file; '-' for the screen.",
)
@json_option
@click.pass_context
def ask(
    context: click.Context,
    question: tuple[str, ...],
    corpora: tuple[str, ...],
    on_date: datetime | None,
    after: tuple[str, ...],
    query: str,
    request: str | None,
    as_json_: bool,
) -> None:
    """Answer a question from the corpora, each statement with the words of its source.

    Says so when the documents do not hold the answer. With --json: the whole answer, with claims, citations
    (document, version, page, start and end in the text, quote), evidence and trace.

    \b
    stafwijzer ask "Who is responsible for the battle rhythm?"
    stafwijzer ask --corpus law --json "Wie benoemt de commandant?"
    stafwijzer ask --after "Who writes the OPORD?" "And who approves it?"
    """
    if as_json_ and request == "-":
        raise click.UsageError("--request - and --json both print to the screen; name a file for the request.")
    if request:
        check_request_file(request)
    history = tuple(Turn(earlier, "") for earlier in after)
    with installation_of(context) as installation:
        principal, assistant = installation.settings.principal, installation.assistant
        asked = Question(" ".join(question), principal, frozenset(corpora), _day(on_date), history, query)
        if as_json_:
            answer = assistant.ask(asked)
            print_json(answer)
        else:
            answer = print_answer(assistant.stream(asked), detect_language(asked.text))
    if request:
        write_request(request, answer, asker=principal.name, to_stderr=as_json_)


@click.command()
@click.argument("query", nargs=-1, required=True)
@_corpus_option
@_date_option
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 100), help="Most passages to show.")
@json_option
@click.pass_context
def search(
    context: click.Context,
    query: tuple[str, ...],
    corpora: tuple[str, ...],
    on_date: datetime | None,
    limit: int,
    as_json_: bool,
) -> None:
    """Show the passages that a query finds, with their scores and which search found them.

    `dense` finds by meaning (score: cosine), `bm25` by words (score: BM25). No language model is used.
    """
    with installation_of(context) as installation:
        if METADATA_ONLY in installation.settings.principal.roles:
            # Imported here: with it comes all that answers.
            from assistant.service import ReadsNoText

            raise ReadsNoText(
                "You may list and count documents and read no text, so no passage can be shown.",
                hint="`stafwijzer corpus list` and `show` tell what there is.",
            )
        catalog = installation.catalog
        names = [catalog.corpus(name).name for name in corpora] or [corpus.name for corpus in catalog.corpora()]
        scope = scope_for(
            installation.settings.principal, markings=catalog.markings(), corpora=names, on_date=_day(on_date)
        )
        hits = installation.retriever.search(" ".join(query), scope=scope, limit=limit)
    if as_json_:
        print_json(hits)
    elif not hits:
        click.echo("Nothing found.")
    for hit in [] if as_json_ else hits:
        _show_hit(hit)


def _day(on_date: datetime | None) -> date:
    return on_date.date() if on_date else date.today()


def _show_hit(hit: Hit) -> None:
    via = ", ".join(f"{one.search} {one.rank} ({one.score:.2f})" for one in hit.via)
    page = f", p. {hit.passage.page}" if hit.passage.page else ""
    click.secho(f"{hit.rank}. {printable(hit.document.title)}{page}", bold=True)
    click.echo(
        f"   {hit.document.corpus}: {printable(hit.document.key)} · score {hit.score:.4f} · {via} · {hit.marking}"
    )
    if hit.passage.heading:
        click.echo(f"   {printable(hit.passage.heading)}")
    click.echo(textwrap.indent(textwrap.fill(" ".join(printable(hit.passage.text).split()), width=96), "   "))
