"""Say where in a browser a document, a page of it or a quote is. Pure: knows neither the web nor the catalog."""

from urllib.parse import quote, urlencode

from assistant.answers import Citation

QUOTE_ID = "quote"
"""Of the element on a page that holds the beginning of the quote."""


def document_address(citation: Citation) -> str:
    """Return the path of the page on which what is cited is marked, for a link from an answer."""
    return text_address(citation.version_id, citation.start, citation.end)


def text_address(version: str, start: int, end: int) -> str:
    """Return the path of the page on which these characters of a version's text are marked."""
    return f"/documents/of/{quote(version, safe='')}?{urlencode({'start': start, 'end': end})}#{QUOTE_ID}"


def page_address(document: str, **told: str | int | None) -> str:
    """Return the path of a document's page; `told`: its version, page, start, end, part, zoom or day (on)."""
    return f"/documents/{quote(document, safe='')}{_query(told)}"


def part_address(document: str, part: str, **told: str | int | None) -> str:
    """Return the path of what is below a document's page: its answers, its original, a comparison."""
    return f"/documents/{quote(document, safe='')}/{part}{_query(told)}"


def _query(told: dict[str, str | int | None]) -> str:
    kept = {name: value for name, value in told.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else ""
