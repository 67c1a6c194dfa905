"""List what a mail message carries: its attachments, and its HTML bodies as pages.

Knows MIME through the standard library. Judges nothing itself."""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

_MOST_PARTS = 200


def attachments(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of everything in a message that is a file or an HTML body."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    for number, part in enumerate(_parts(message), start=1):
        name = part.get_filename() or ""
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and (name or part.get_content_type() == "text/html"):
            yield name or f"part {number}.html", payload


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part
