"""What hangs on a message gets at least the message's marking, whatever it says itself, and is held back with it."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from retrieval.ingesting import Ingestion
from retrieval.loading import load
from tests.installations import a_corpus
from tests.retrieval.test_sources import zipped

_SAYS_NOTHING = b"The convoy leaves at six.\n"
_OPEN = b"---\nmarking: Ongerubriceerd\n---\n\nThe convoy leaves at six.\n"
_CONFIDENTIAL = b"---\nmarking: Stg. Confidentieel\n---\n\nThe convoy leaves at six.\n"


def _mail(marking: str, content: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Orders", "a@example.org"
    if marking:
        message["X-Marking"] = marking
    message.set_content("See the annex.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename="annex.md")
    return message.as_bytes()


def _added(ingestion: Ingestion, folder: Path, name: str, content: bytes) -> dict[str, str]:
    """Add a file; return each document's marking, or 'held', by key."""
    ingestion.read = load  # In this process: what is read is not at issue.
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    report = ingestion.add(folder, a_corpus())
    assert not report.refused
    holdings = ingestion.catalog.holdings("plans")
    return {one.document.key: "held" if one.quarantine else str(one.marking) for one in holdings}


@pytest.mark.parametrize(
    ("message", "annex", "marking"),
    [
        ("Stg. Geheim", _SAYS_NOTHING, "Stg. Geheim"),
        ("Stg. Geheim", _OPEN, "Stg. Geheim"),
        ("Ongerubriceerd", _CONFIDENTIAL, "Stg. Confidentieel"),
        ("Quite Secret", _OPEN, "held"),
        ("NATO SECRET", _OPEN, "held"),
        ("", _CONFIDENTIAL, "Stg. Confidentieel"),
    ],
)
def test_an_attachment_gets_at_least_the_marking_of_its_message(
    ingestion: Ingestion, tmp_path: Path, message: str, annex: bytes, marking: str
) -> None:
    found = _added(ingestion, tmp_path / "in", "order.eml", _mail(message, annex))
    assert found["order.eml#attachments/annex.md"] == marking


def test_a_message_within_a_message_and_an_archive_passes_its_marking_on(ingestion: Ingestion, tmp_path: Path) -> None:
    inner = _mail("Ongerubriceerd", zipped({"plan.md": _OPEN}))
    outer = EmailMessage()
    outer["Subject"], outer["X-Marking"] = "Orders", "Stg. Geheim"
    outer.set_content("See the annex.")
    outer.add_attachment(inner, maintype="application", subtype="octet-stream", filename="inner.eml")
    found = _added(ingestion, tmp_path / "in", "all.zip", zipped({"outer.eml": outer.as_bytes()}))
    assert len(found) == 3
    assert set(found.values()) == {"Stg. Geheim"}


def test_a_label_beside_an_archive_or_a_rule_for_it_holds_for_what_is_in_it(
    ingestion: Ingestion, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "corpus.toml").write_text('[[rule]]\npath = "all.zip"\nmarking = "Stg. Geheim"\n')
    assert _added(ingestion, folder, "all.zip", zipped({"plan.md": _OPEN})) == {"all.zip#plan.md": "Stg. Geheim"}


def test_an_attachment_is_marked_anew_when_only_its_message_says_more(ingestion: Ingestion, tmp_path: Path) -> None:
    folder, key = tmp_path / "in", "order.eml#attachments/annex.md"
    assert _added(ingestion, folder, "order.eml", _mail("Ongerubriceerd", _OPEN))[key] == "Ongerubriceerd"
    assert _added(ingestion, folder, "order.eml", _mail("Stg. Geheim", _OPEN))[key] == "Stg. Geheim"
