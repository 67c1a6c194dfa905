"""Write answers down: as text with labels, as JSON, as a record for the journal.

Copies what it is given; decides nothing."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answers import Answer, Claim, Question


def as_text(claims: Sequence[Claim]) -> str:
    """Return one line for each claim, with the labels of its citations."""
    return "\n".join(f"{claim.text} {_labels(claim)}" for claim in claims)


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


def _labels(claim: Claim) -> str:
    return "".join(f"[{label}]" for label in dict.fromkeys(citation.label for citation in claim.citations))
