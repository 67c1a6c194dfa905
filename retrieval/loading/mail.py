"""Read a mail message (.eml): its subject, who wrote it to whom and when, and its text.

Refuses to read attachments: they are documents of their own, with their own marking, and are named in a warning."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from retrieval.identifying import byte_order_mark, utf16_without_mark
from retrieval.loading.composing import Composer, one_line
from retrieval.loading.decoding import decode
from retrieval.loading.html import read_page
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.plain import blocks

_SHOWN = ("From", "To", "Cc", "Date")
# The structured header parser of the standard library fails in these ways on malformed headers.
_MALFORMED = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError)
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_MAX_DEPTH = 20


def load_mail(name: str, content: bytes) -> Loaded:
    """Read the bytes of the mail file called `name`. Raises NotLoaded."""
    if byte_order_mark(content) or utf16_without_mark(content):
        content = decode(name, content).text.encode("utf-8")
    try:
        message = message_from_bytes(content, policy=policy.default)
    except RecursionError as error:
        raise NotLoaded(f"{name} is nested too deeply to be read; save its text as .pdf and add that.") from error
    return _Reader(name).read(message)


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._composer = Composer(name)
        self._warnings: list[str] = []
        self._attachments: list[str] = []

    def read(self, message: EmailMessage) -> Loaded:
        subject = _header(message, "Subject")
        self._composer.add(subject, Kind.HEADING, level=1)
        fields = {key: value for key in _SHOWN if (value := _header(message, key))}
        self._composer.add("\n".join(f"{key}: {value}" for key, value in fields.items()))
        for part in self._bodies(message, 0):
            self._body(part)
        if self._attachments:
            self._warnings.append(
                f"{self._name} has attachments ({', '.join(self._attachments)}); save them and add them as files."
            )
        metadata = {"author": fields.get("From", ""), "date": _day(fields.get("Date", ""))}
        return self._composer.loaded(title=subject, metadata=metadata, warnings=self._warnings)

    def _bodies(self, part: Message, depth: int) -> Iterator[Message]:
        """The parts that a mail program shows as the message."""
        kind = part.get_content_type()
        if kind in _ENCRYPTED:
            raise NotLoaded(f"{self._name} is encrypted; open it in your mail program, save its text and add that.")
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list) and depth < _MAX_DEPTH:
            inner = [child for child in part.get_payload() if isinstance(child, Message)]
            if kind == "multipart/alternative":
                inner = _best(inner)
            for child in inner:
                yield from self._bodies(child, depth + 1)
        elif kind in ("text/plain", "text/html") and not _is_attached(part):
            yield part
        else:
            self._attachments.append(_filename(part) or kind)

    def _body(self, part: Message) -> None:
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload.strip():
            return
        try:
            declared = part.get_content_charset()
        except _MALFORMED:
            declared = None
        decoded = decode(self._name, payload, declared=declared)
        self._warnings.extend(decoded.warnings)
        if part.get_content_type() == "text/html":
            self._warnings.extend(read_page(self._name, decoded.text, self._composer).warnings)
        else:
            for start, end in blocks(decoded.text):
                self._composer.add(decoded.text[start:end])


def _best(alternatives: list[Message]) -> list[Message]:
    """Of the same message in several forms, the plain text; it hides nothing. Else the last, the richest."""
    plain = [part for part in alternatives if part.get_content_type() == "text/plain" and _has_text(part)]
    return plain[:1] or alternatives[-1:]


def _has_text(part: Message) -> bool:
    payload = part.get_payload(decode=True)
    return isinstance(payload, bytes) and bool(payload.strip())


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_filename(part))


def _filename(part: Message) -> str:
    try:
        return one_line(part.get_filename() or "")
    except _MALFORMED:
        return "a part without a readable name"


def _header(message: EmailMessage, key: str) -> str:
    try:
        return one_line(str(message.get(key) or ""))
    except _MALFORMED:
        raw = (value for name, value in message.raw_items() if name.lower() == key.lower())
        return one_line(str(next(raw, "")))


def _day(header: str) -> str:
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except _MALFORMED:
        return ""
