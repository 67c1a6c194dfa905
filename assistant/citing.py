"""Write answers down: as text with labels, as JSON, as a record for the journal.

Copies what it is given; decides nothing."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answers import Answer, Claim, Conflict, Question, Side, Verdict
from assistant.wording import say
from retrieval.languages import Language

MARKS = {Verdict.SUPPORTED: "✓", Verdict.PARTLY: "≈", Verdict.UNSUPPORTED: "✗", Verdict.CONFLICTING: "⇄"}
"""What stands behind a claim in text: what its check found."""


def as_text(
    claims: Sequence[Claim], language: Language, *, unanswered: Sequence[str] = (), struck: Sequence[Claim] = ()
) -> str:
    """Return one line for each claim, with the labels of its citations and the mark of its verdict.

    Below them the parts of the question that are not answered, and under its own heading what is `struck`."""
    lines = [as_line(claim) for claim in claims]
    lines += [say("unanswered part", language, part=part) for part in unanswered]
    if struck:
        lines += ["", f"{say('unverified', language)}:", *map(as_line, struck)]
    return "\n".join(lines)


def as_line(claim: Claim) -> str:
    """Return a claim with its labels and the mark of its verdict; struck through where nothing supports it."""
    told = f"{claim.text} {_labels(claim)}".rstrip()
    if claim.verdict in (Verdict.PARTLY, Verdict.UNSUPPORTED):
        told = f"~~{told}~~"
    return f"{told} {MARKS[claim.verdict]}"


def conflict_line(conflict: Conflict) -> str:
    """Return a conflict in one line: what it is about, then each value with its document, page, day and label."""
    return f"{conflict.about}: {' ⇄ '.join(map(_side, conflict.sides))}"


def as_json(value: object) -> Any:
    """Turn dataclasses, sets, dates and paths into what `json` writes, field by field, under their own names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(as_json, value))
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Path) else value


def as_record(answer: Answer, question: Question) -> dict[str, Any]:
    """Return what the journal keeps: all that replaying needs. Passages are named, their text stays in the catalog."""
    record: dict[str, Any] = as_json(answer)
    record["evidence"] = [
        {"label": one.label, "passage": one.passage.id, "version": one.passage.version} for one in answer.evidence
    ]
    record["asked"] = {
        "principal": as_json(question.principal),
        "corpora": sorted(question.corpora),
        "on_date": question.on_date.isoformat(),
        "history": as_json(question.history),
    }
    return record


def _side(side: Side) -> str:
    citation = side.citation
    page = f", p. {citation.page}" if citation.page else ""
    day = f", {side.dated.isoformat()}" if side.dated else ""
    return f"{side.value} ({citation.title}{page}{day}) [{citation.label}]"


def _labels(claim: Claim) -> str:
    return "".join(f"[{label}]" for label in dict.fromkeys(citation.label for citation in claim.citations))
