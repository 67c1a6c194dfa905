"""Show sources: each as a card before the answer, and its passage in the side panel with what is quoted from it.

Everything that comes from a document goes through `escaping`; the only Markdown that has an effect is written here.
Knows nothing of claims, nor of how it reaches the screen."""

from collections.abc import Iterable
from datetime import date

from assistant.answers import Citation, Evidence
from assistant.entrypoints.documents.addresses import text_address
from assistant.entrypoints.escaping import marked, plain
from assistant.entrypoints.phrases import phrase
from retrieval.languages import Language

# Two lines of a card on a wide screen; the style sheet cuts what is more.
_SNIPPET_CHARACTERS = 150
# Blocks within an item of a list are apart by an empty line and begin below its text.
_APART = "\n\n"
_WITHIN = f"{_APART}  "
_VERSION_DIGITS = 8
_NUMBER_CHARACTERS = 10


def label_of(label: int) -> str:
    """Return the name under which a passage is cited; the chat makes a link of it wherever it stands."""
    return f"[{label}]"


def list_cards(evidence: Iterable[Evidence], language: Language) -> str:
    """Return a list of passages: label and title; page, date and marking; key; and how the text begins."""
    return "\n".join(_card(one, language) for one in evidence)


def open_passage(evidence: Evidence, cited: Iterable[Citation], language: Language, *, on_date: date | None) -> str:
    """Return the passage with its place in a document above it, and in bold what is quoted from it.

    Only what stands in the passage word for word is set in bold. `on_date`: the day that the question was asked for."""
    passage, document, cited = evidence.passage, evidence.document, list(cited)
    ranges = [
        (citation.start - passage.start, citation.end - passage.start)
        for citation in cited
        if passage.text[max(citation.start - passage.start, 0) : citation.end - passage.start] == citation.quote
    ]
    told = [plain(f"{document.corpus}/{document.key}"), *_facts(evidence, language, on_date=on_date)]
    first = cited[0] if cited else passage
    address = text_address(passage.version, first.start, first.end)
    above = [f"#### {place_of(document.title, passage.page, language)}", " · ".join(told)]
    if passage.heading:
        above.append(plain(one_line(passage.heading)))
    link = f"[{phrase('open page', language)}]({address})"
    return _APART.join([*above, link, "---", marked(passage.text, ranges)])


def place_of(title: str, page: int | None, language: Language) -> str:
    """Return a document's title and a page in it."""
    name = plain(one_line(title))
    return name if page is None else f"{name}, {phrase('page', language, page=page)}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def _card(one: Evidence, language: Language) -> str:
    passage, document = one.passage, one.document
    page = [phrase("page", language, page=passage.page)] if passage.page else []
    told = [*page, _dated(one.dated, language), plain(str(one.marking))]
    lines = [
        f"{label_of(one.label)} {plain(one_line(document.title))}",
        " · ".join(told),
        plain(f"{document.corpus}/{document.key}"),
        plain(_beginning(passage.text, passage.heading)),
    ]
    return f"- {_WITHIN.join(line for line in lines if line)}"


def _facts(evidence: Evidence, language: Language, *, on_date: date | None) -> list[str]:
    version = evidence.passage.version[:_VERSION_DIGITS]
    told = [phrase("version", language, version=plain(version)), _dated(evidence.dated, language)]
    if on_date:
        told.append(phrase("in force on", language, day=on_date.isoformat()))
    return [*told, plain(str(evidence.marking))]


def _dated(day: date | None, language: Language) -> str:
    return phrase("day", language, day=day.isoformat()) if day else phrase("undated", language)


def _beginning(text: str, heading: str) -> str:
    """Return how a passage begins, without the heading that it stands under, cut after a whole word."""
    told, last = one_line(text), one_line(heading.rpartition(" > ")[2])
    place = told.find(last) if last else -1
    # Before it stand a number at most, or the marks of a heading in Markdown.
    if 0 <= place <= _NUMBER_CHARACTERS and place + len(last) < len(told):
        told = told[place + len(last) :].lstrip()
    if len(told) <= _SNIPPET_CHARACTERS:
        return told
    return f"{told[:_SNIPPET_CHARACTERS].rsplit(' ', 1)[0]} …"
