"""A message is its subject, its people and its text."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.mail import load_mail

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]


def message(text: str = "Ga naar de brug.\n\nWacht daar.") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Opdracht één"
    mail["From"] = "Sectie Staf <staf@example.nl>"
    mail["To"] = "compagnie@example.nl"
    mail["Date"] = "Tue, 01 Oct 2024 12:34:56 +0200"
    mail.set_content(text)
    return mail


def test_subject_people_and_text_are_read(check: Check) -> None:
    loaded = check(load_mail("a.eml", message().as_bytes()))
    assert loaded.title == "Opdracht één"
    assert loaded.metadata == {"author": "Sectie Staf <staf@example.nl>", "date": "2024-10-01"}
    assert loaded.text == (
        "Opdracht één\n\nFrom: Sectie Staf <staf@example.nl>\nTo: compagnie@example.nl\n"
        "Date: Tue, 01 Oct 2024 12:34:56 +0200\n\nGa naar de brug.\n\nWacht daar."
    )
    assert (loaded.spans[0].kind.value, loaded.spans[0].level) == ("heading", 1)


def test_of_two_forms_the_plain_one_is_read() -> None:
    mail = message("plain")
    mail.add_alternative("<p>rich</p>", subtype="html")
    assert load_mail("a.eml", mail.as_bytes()).text.endswith("\n\nplain")


def test_html_is_read_where_there_is_no_plain_text() -> None:
    mail = message()
    mail.set_content("<h1>Bridge</h1><p>Go<p hidden>secret", subtype="html")
    loaded = load_mail("a.eml", mail.as_bytes())
    assert loaded.text.endswith("\n\nBridge\n\nGo")
    assert "does not see" in loaded.warnings[0]


def test_attachments_are_named_and_not_read() -> None:
    mail = message()
    mail.add_attachment(b"secret plan", maintype="text", subtype="plain", filename="plan.txt")
    mail.add_attachment(message("inner secret"), filename="forwarded.eml")
    loaded = load_mail("a.eml", mail.as_bytes())
    assert "secret" not in loaded.text
    assert "(plan.txt, forwarded.eml)" in loaded.warnings[0]


def test_an_encrypted_message_is_refused() -> None:
    with pytest.raises(NotLoaded, match="is encrypted"):
        load_mail("a.eml", b"Subject: x\nContent-Type: application/pkcs7-mime\n\nMIIB")


@pytest.mark.parametrize(
    "content",
    [
        b"Date: nonsense\nFrom: <<>>@@\nTo: ,,;\nSubject: =?utf-8?q?=ff?=\n\nbody",
        b'Subject: x\nContent-Type: text/plain; charset="nope"\n\nbody',
        b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nbody",
        b"Subject: x\nContent-Type: multipart/mixed\n\nbody",
        b"Subject: x\nContent-Transfer-Encoding: base64\n\n!!!not base64 body",
        "Subject: x\n\nbody".encode("utf-16"),
    ],
)
def test_malformed_messages_are_read_as_far_as_they_go(check: Check, content: bytes) -> None:
    check(load_mail("a.eml", content))


def test_a_message_nested_beyond_reason_does_not_break_the_reader(settle: Settle) -> None:
    content = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000))
    settle(lambda: load_mail("a.eml", b"Subject: x\n" + content))


def test_white_space_is_no_message() -> None:
    with pytest.raises(NotLoaded, match="holds no text"):
        load_mail("a.eml", b"   \n\n  \n")
