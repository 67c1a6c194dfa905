"""`stafwijzer ask` and `stafwijzer search`: show what the service yields, as it yields it."""

import textwrap
from datetime import date, datetime

import click

from assistant.answers import Answer, Answered, Citation, ClaimChecked, Evidence, Origin, Question, SourcesFound
from assistant.citing import as_text
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.entrypoints.terminal import printable
from assistant.service import Assistant
from retrieval.access import scope_for
from retrieval.documents import Hit

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
@json_option
@click.pass_context
def ask(
    context: click.Context,
    question: tuple[str, ...],
    corpora: tuple[str, ...],
    on_date: datetime | None,
    as_json_: bool,
) -> None:
    """Answer a question from the corpora, each statement with the words of its source.

    Says so when the documents do not hold the answer. With --json: the whole answer, with claims, citations
    (document, version, page, start and end in the text, quote), evidence and trace.

    \b
    stafwijzer ask "Who is responsible for the battle rhythm?"
    stafwijzer ask --corpus law --json "Wie benoemt de commandant?"
    """
    with installation_of(context) as installation:
        asked = Question(" ".join(question), installation.settings.principal, frozenset(corpora), _day(on_date))
        if as_json_:
            print_json(installation.assistant.ask(asked))
        else:
            _show(installation.assistant, asked)


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


def _show(assistant: Assistant, question: Question) -> None:
    composed = False
    for event in assistant.stream(question):
        if isinstance(event, SourcesFound):
            _show_sources(event)
        elif isinstance(event, ClaimChecked):
            if event.claim.origin is Origin.MODEL and not composed:
                composed = True
                click.secho("\nIn short", bold=True)
            click.echo(_indented(as_text([event.claim])))
        elif isinstance(event, Answered):
            _show_end(event.answer)


def _show_sources(found: SourcesFound) -> None:
    if found.evidence:
        click.secho("Nearest passages (they do not answer the question)" if found.abstaining else "Sources", bold=True)
    for evidence in found.evidence:
        click.echo(f"  [{evidence.label}] {_where(evidence)}")
    if not found.abstaining:
        click.secho("\nAnswer", bold=True)


def _where(evidence: Evidence) -> str:
    document, page = evidence.document, evidence.passage.page
    place = f", p. {page}" if page else ""
    return printable(f"{document.title}{place} ({document.corpus}: {document.key}) · {evidence.marking}")


def _show_end(answer: Answer) -> None:
    if answer.abstained:
        click.secho(f"\n{printable(answer.text)}", bold=True)
    else:
        click.secho("\nQuotes", bold=True)
    for citation in answer.citations:
        click.echo(_quote(citation))
    if answer.withheld:
        click.echo(f"\n{len(answer.withheld)} statement(s) of the model could not be verified and are not shown.")
    for note in answer.trace.notes:
        click.echo(f"Note: {printable(note)}")
    click.echo(f"\nMarking: {answer.marking or 'none'} · {answer.trace.timings['answered']:.1f} s")


def _quote(citation: Citation) -> str:
    page = f", p. {citation.page}" if citation.page else ""
    place = f"{citation.document}{page}, characters {citation.start}-{citation.end}"
    return _indented(f"[{citation.label}] “{' '.join(citation.quote.split())}”\n    {place}")


def _indented(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, width=100, initial_indent="  ", subsequent_indent="      ")
        for line in printable(text).splitlines()
    )


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
