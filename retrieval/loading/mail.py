"""Read a mail message (.eml): its subject, who wrote it to whom and when, and its text; and hand out its attachments.

Refuses to read attachments as part of the message: they are documents of their own, with their own marking."""

import mimetypes
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from retrieval.identifying import byte_order_mark, utf16_without_mark
from retrieval.loading.archive import Member
from retrieval.loading.composing import Composer, one_line, tell
from retrieval.loading.decoding import decode
from retrieval.loading.html import read_page
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.plain import blocks

_SHOWN = ("From", "To", "Cc", "Date")
# What carries a message and says nothing of what is in it. Any other header may state its marking, under a name that
# only its owner knows.
_CARRYING = re.compile(
    r"(?:subject|from|to|cc|bcc|date|sender|reply-to|message-id|in-reply-to|references|received.*|return-path"
    r"|delivered-to|mime-version|content-.*|resent-.*|list-.*|arc-.*|dkim-.*|domainkey-.*|authentication-results.*"
    r"|autocrypt.*|thread-.*|user-agent|x-mailer|x-originating-.*|x-ms-.*|x-microsoft-.*|x-exchange-.*|x-forefront-.*"
    r"|x-google-.*|x-gm-.*|x-received|x-spam.*|x-virus.*|precedence|accept-language)",
    re.IGNORECASE,
)
# Where Outlook puts a sensitivity label: 'MSIP_Label_<id>_Enabled=True;MSIP_Label_<id>_Name=Secret;...'.
_SENSITIVITY = "msip_labels"
# The structured header parser of the standard library fails in these ways on malformed headers.
_MALFORMED = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError)
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_MAX_DEPTH = 20
_UNFIT_FOR_NAME = re.compile(r"[^\w ().,-]")
# Proof of who sent a message: nothing to read.
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_MESSAGE_BEGINS = re.compile(rb"^From [^\n]*\n", re.MULTILINE)


def _as_written() -> "policy.EmailPolicy[EmailMessage]":
    """Shows names and addresses as they were written: 'Jansen, P.; De Vries, A.' is no list to an address parser."""
    registry = HeaderRegistry()
    for key in ("from", "to", "cc"):
        registry.map_to_type(key, UnstructuredHeader)  # type: ignore[arg-type]
    return policy.default.clone(header_factory=registry)


POLICY = _as_written()
"""How messages are parsed and written."""


def load_mail(name: str, content: bytes) -> Loaded:
    """Read the bytes of the mail file called `name`. Raises NotLoaded."""
    if byte_order_mark(content) or utf16_without_mark(content):
        content = decode(name, content).text.encode("utf-8")
    return _Reader(name).read(_parsed(name, content))


def attachments(name: str, content: bytes) -> list[Member]:
    """The files attached to the mail in these bytes, in order, under names that are unique. Signatures and pictures
    that the text shows are left out. Raises NotLoaded."""
    found: dict[str, Member] = {}
    for part, is_text in _parts(name, _parsed(name, content), 0):
        if is_text or part.get_content_type() in _SIGNATURES or _is_illustration(part):
            continue
        unique = wanted = _filename(part)
        while unique in found:
            unique = f"{len(found) + 1}-{wanted}"
        found[unique] = Member(unique, _attached(part))
    return list(found.values())


def messages(content: bytes) -> list[Member]:
    """The messages of a mailbox (RFC 4155), numbered from 1."""
    starts = [found for found in _MESSAGE_BEGINS.finditer(content) if _follows_blank_line(content, found.start())]
    ends = [*(found.start() for found in starts[1:]), len(content)]
    return [
        Member(f"{number}.eml", re.sub(rb"(?m)^>(>*From )", rb"\1", content[found.end() : end]))
        for number, (found, end) in enumerate(zip(starts, ends, strict=True), start=1)
    ]


def stating_headers(message: Message) -> Iterator[tuple[str, str]]:
    """The headers that may say what a message is, in order, as they were written: a marking among them, under
    whatever name."""
    for key, value in message.raw_items():
        if key.casefold() == _SENSITIVITY:
            for part in one_line(str(value)).split(";"):
                name, _, told = part.partition("=")
                yield name, told
        elif not _CARRYING.fullmatch(key):
            yield key, _decoded(str(value))


def _decoded(header: str) -> str:
    try:
        return one_line(str(make_header(decode_header(header))))
    except (*_MALFORMED, MessageError):
        return one_line(header)


def _follows_blank_line(content: bytes, at: int) -> bool:
    return at == 0 or content[max(0, at - 3) : at].endswith((b"\n\n", b"\n\r\n"))


def _parsed(name: str, content: bytes) -> EmailMessage:
    try:
        return message_from_bytes(content, policy=POLICY)
    except RecursionError as error:
        raise NotLoaded(f"{name} is nested too deeply to be read; save its text as .pdf and add that.") from error


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._composer = Composer(name)
        self._warnings: list[str] = []

    def read(self, message: EmailMessage) -> Loaded:
        subject = _header(message, "Subject")
        self._composer.add(subject, Kind.HEADING, level=1)
        fields = {key: value for key in _SHOWN if (value := _header(message, key))}
        self._composer.add("\n".join(f"{key}: {value}" for key, value in fields.items()))
        attached = []
        for part, is_text in _parts(self._name, message, 0):
            if is_text:
                self._body(part)
            elif part.get_content_type() not in _SIGNATURES and not _is_illustration(part):
                attached.append(_filename(part))
        if attached:
            self._warnings.append(
                f"{self._name} has attachments ({', '.join(attached)}); each of them is a document of its own."
            )
        metadata = {"author": fields.get("From", ""), "date": _day(fields.get("Date", ""))}
        for key, value in stating_headers(message):
            tell(metadata, key, value)
        return self._composer.loaded(title=subject, metadata=metadata, warnings=self._warnings)

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


def _parts(name: str, part: Message, depth: int) -> Iterator[tuple[Message, bool]]:
    """Every part that is no wrapper, and whether a mail program shows it as the message."""
    kind = part.get_content_type()
    if kind in _ENCRYPTED:
        raise NotLoaded(f"{name} is encrypted; open it in your mail program, save its text and add that.")
    if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list) and depth < _MAX_DEPTH:
        inner = [child for child in part.get_payload() if isinstance(child, Message)]
        if kind == "multipart/alternative":
            inner = _best(inner)
        for child in inner:
            yield from _parts(name, child, depth + 1)
    else:
        yield part, kind in ("text/plain", "text/html") and not _is_attached(part)


def _best(alternatives: list[Message]) -> list[Message]:
    """Of the same message in several forms, the plain text; it hides nothing. Else the last, the richest."""
    plain = [part for part in alternatives if part.get_content_type() == "text/plain" and _has_text(part)]
    return plain[:1] or alternatives[-1:]


def _has_text(part: Message) -> bool:
    payload = part.get_payload(decode=True)
    return isinstance(payload, bytes) and bool(payload.strip())


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_given_name(part))


def _is_illustration(part: Message) -> bool:
    return part.get_content_maintype() == "image" and bool(part.get("Content-ID"))


def _filename(part: Message) -> str:
    name = one_line(_given_name(part).replace("/", "_").replace("\\", "_")).lstrip(".")
    kind = part.get_content_type()
    if not name and kind == "message/rfc822":
        inner = part.get_payload()
        subject = _header(inner[0], "Subject") if isinstance(inner, list) and isinstance(inner[0], EmailMessage) else ""
        return (_UNFIT_FOR_NAME.sub("_", subject)[:100] or "message") + ".eml"
    return name or f"{part.get_content_maintype()}{mimetypes.guess_extension(kind) or ''}"


def _given_name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except _MALFORMED:
        return "a part without a readable name"


def _attached(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    inner = part.get_payload()
    try:
        return (
            b"\n".join(one.as_bytes() for one in inner if isinstance(one, Message)) if isinstance(inner, list) else b""
        )
    except (*_MALFORMED, RecursionError):
        return b""


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
