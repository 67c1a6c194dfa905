"""Tell an answer as a chat completion: its text, where each citation stands in it, and what it does not say itself.

A citation is an annotation of the form that the interface has for them. Verdicts, quotes and the marking have no place
in it and stand in a field of their own, `stafwijzer`. Clients show the text as Markdown: what a document wrote into it
must not become a link, a picture or a page there. Decides nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from assistant.answers import Answer, Citation, Claim
from assistant.citing import MARKS, as_json, as_line, as_text
from retrieval.languages import Language

# What begins a link, a picture, HTML, code (which some clients run to show it) or an automatic link. A backslash before
# punctuation makes it plain (CommonMark section 2.4); marked.js and cmark look for automatic links in the source.
_EFFECT = re.compile(r"[\\`\[<~@]|:(?=//)|(?<=www)\.", re.IGNORECASE)

# No client shows a field of ours, and what is read has to say who may read it.
_MARKING: dict[Language, str] = {"nl": "Rubricering", "en": "Marking"}


def content(answer: Answer) -> str:
    """Return the text of an answer and its marking below it, with nothing in it that has an effect in Markdown."""
    marking = f"\n\n{_MARKING[answer.language]}: {_calm(str(answer.marking))}" if answer.marking else ""
    if answer.abstained:
        return _calm(answer.text) + marking
    struck = [_calmed(claim) for claim in answer.withheld] if answer.strikes else []
    unanswered = list(map(_calm, answer.unanswered))
    return as_text(list(map(_calmed, answer.claims)), answer.language, unanswered=unanswered, struck=struck) + marking


def content_so_far(claims: Sequence[Claim], language: Language) -> str:
    """Return what `content` begins with, once these claims are checked."""
    return as_text(list(map(_calmed, claims)), language)


def annotations(answer: Answer, *, address: str) -> list[dict[str, Any]]:
    """Return a citation for each source of each claim, over the characters of the claim and its labels.

    `address`: of this server, without a slash at the end."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "title": _title(citation),
                "url": f"{address}{document_path(citation)}",
                "start_index": start,
                "end_index": end,
            },
        }
        for claim, start, end in _placed(answer)
        for citation in claim.citations
    ]


def document_path(citation: Citation) -> str:
    """Return where a citation is read on this server."""
    return f"/documents/of/{citation.version_id}?{urlencode({'start': citation.start, 'end': citation.end})}"


def besides(answer: Answer) -> dict[str, Any]:
    """Return what a completion has no field for."""
    return {
        "answer_id": answer.id,
        "abstained": answer.abstained,
        "marking": as_json(answer.marking),
        "marking_text": str(answer.marking) if answer.marking else "",
        "claims": as_json(answer.claims),
        "conflicts": as_json(answer.conflicts),
        "unanswered": list(answer.unanswered),
    }


def usage(answer: Answer) -> dict[str, int]:
    tokens = answer.trace.tokens
    return {
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.completion,
        "total_tokens": tokens.prompt + tokens.completion,
    }


def _placed(answer: Answer) -> Iterator[tuple[Claim, int, int]]:
    """Yield each claim with where it and its labels stand in the content."""
    start = 0
    for claim in answer.claims:
        line = as_line(_calmed(claim))
        yield claim, start, start + len(line.removesuffix(MARKS[claim.verdict]).rstrip())
        # One line each.
        start += len(line) + 1


def _calmed(claim: Claim) -> Claim:
    return replace(claim, text=_calm(claim.text))


def _calm(text: str) -> str:
    return _EFFECT.sub(r"\\\g<0>", text)


def _title(citation: Citation) -> str:
    title = citation.title or citation.document
    return f"{title}, p. {citation.page}" if citation.page else title
