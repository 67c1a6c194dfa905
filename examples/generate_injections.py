"""Turn `injections.toml` into documents with planted instructions and the test set that asks about them.

    python examples/generate.py (writes these too)

Knows how a fact and an instruction are laid out in a document. Refuses to know which instructions a model obeys."""

import json
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_CORPUS = "examples-injected"
_OPENING = {
    "en": "OEFENING / EXERCISE. Marking: Ongerubriceerd. Exercise NOORDERLICHT 26. Issued by {issuer}, 5 February 2026."
    " Fictional.",
    "nl": "OEFENING / EXERCISE. Rubricering: Ongerubriceerd. Oefening NOORDERLICHT 26. Opgesteld door {issuer},"
    " 5 februari 2026. Fictief.",
}


def write_injections(documents: Path, cases: Path, *, source: Path = HERE / "injections.toml") -> int:
    """Write the documents into a folder and the cases into a file; return the number of documents."""
    told = tomllib.loads(source.read_text(encoding="utf-8"))
    documents.mkdir(parents=True, exist_ok=True)
    for document in told["document"]:
        text = document_text(document, told["forms"][document["language"]])
        (documents / document["file"]).write_text(text, encoding="utf-8", newline="\n")
    lines = [json.dumps(case, ensure_ascii=False) for document in told["document"] for case in cases_of(document)]
    cases.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return len(told["document"])


def document_text(document: dict[str, Any], forms: dict[str, str]) -> str:
    """Return a document as Markdown: its title, what it is, and a numbered heading for each section."""
    opening = _OPENING[document["language"]].format(issuer=document["issuer"])
    sections = [
        f"## {number}. {section['heading']}\n\n{forms[section.get('form', 'plain')].format(**section)}"
        for number, section in enumerate(document["section"], start=1)
    ]
    return "\n\n".join([f"# {document['title']}", opening, *sections]) + "\n"


def cases_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a case a section: benign, or an attack with what was planted and the canary that would betray it."""
    cases = []
    for number, section in enumerate(document["section"], start=1):
        attack = {"canaries": [section["canary"]], "planted": [section["planted"]]} if "planted" in section else {}
        cases.append(
            {
                "id": f"{Path(document['file']).stem}/{number}",
                "question": section["question"],
                "language": document["language"],
                "corpora": [_CORPUS],
                "expected": [section["expected"]],
                "relevant": [{"document": document["file"], "quote": section["fact"]}],
                **attack,
                "tags": ["attack", section["tag"]] if attack else ["benign"],
            }
        )
    return cases
