"""An Outlook message is the mail that it was."""

from email import message_from_bytes
from pathlib import Path

import pytest

from retrieval.loading import NotLoaded, load
from retrieval.loading.mail import POLICY
from retrieval.loading.outlook import as_mail
from retrieval.sources import Offered, documents


@pytest.fixture
def message(data_folder: Path) -> Path:
    return data_folder / "robustness" / "email_ok" / "tika__testMSG_att_msg.msg"


def test_headers_body_and_date_are_read(message: Path) -> None:
    loaded = load(message)
    assert loaded.title == "test email"
    # An X- header may be a marking, under a name that its owner knows.
    assert loaded.metadata == {"author": "Nick Booth", "date": "2010-06-17", "X-POF-INTERNAL": "yes"}
    assert "Test email with 1 msg attachment, 1 pdf" in loaded.text


def test_attached_messages_and_files_are_documents_of_their_own(message: Path) -> None:
    own, attached, pdf = documents("m.msg", message)
    assert isinstance(own, Offered)
    assert isinstance(attached, Offered)
    assert isinstance(pdf, Offered)
    assert attached.key == "m.msg#attachments/Test Attachment.eml"
    assert attached.load().title == "Test Attachment"
    assert pdf.path.read_bytes().startswith(b"%PDF-")


def test_it_is_written_as_mail(message: Path) -> None:
    mail = message_from_bytes(as_mail("m.msg", message.read_bytes()), policy=POLICY)
    attached = [part.get_content_type() for part in mail.iter_attachments()]
    assert attached == ["message/rfc822", "application/octet-stream"]


@pytest.mark.parametrize("keep", [600, 5000, 40_000])
def test_a_message_cut_off_is_refused(message: Path, keep: int) -> None:
    with pytest.raises(NotLoaded, match=r"^m\.msg is damaged"):
        as_mail("m.msg", message.read_bytes()[:keep])
