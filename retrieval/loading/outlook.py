"""Read an Outlook message (.msg) by turning it into the mail message that it was, which mail.py reads.

Refuses to know what is in a message: this is about where Outlook keeps it (MS-OXMSG, and MS-OXPROPS for the names)."""

import io
import re
import struct
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.message import EmailMessage
from email.utils import format_datetime

import olefile

from retrieval.loading.composing import one_line, writable
from retrieval.loading.compressed_rtf import unpack_rtf
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.mail import POLICY, load_mail, stating_headers
from retrieval.loading.rich_text import load_rich_text

_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error, RecursionError)

_SUBJECT, _BODY, _HTML, _COMPRESSED = "0037", "1000", "1013", "1009"
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP = "0C1A", "0C1F", "5D01"
_TO, _CC = "0E04", "0E03"
# As they came over the network, on a message that did.
_HEADERS = "007D"
_SENT, _DELIVERED = 0x0039, 0x0E06
_INTERNET_CODEPAGE, _MESSAGE_CODEPAGE = 0x3FDE, 0x3FFD
_LONG_NAME, _SHORT_NAME, _MIME, _CONTENT_ID = "3707", "3704", "370E", "3712"
_DATA, _EMBEDDED = "37010102", "3701000D"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MAX_DEPTH = 5
_HEADER = re.compile(r"[!-9;-~]+")


def load_outlook(name: str, content: bytes) -> Loaded:
    """Read the bytes of the Outlook message called `name`. Raises NotLoaded."""
    return load_mail(name, as_mail(name, content))


def as_mail(name: str, content: bytes) -> bytes:
    """The same message, attachments and all, as it would have been sent (RFC 5322). Raises NotLoaded."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            return _message(_Storage(file, ()), 0).as_bytes()
    except _BROKEN as error:
        raise NotLoaded(f"{name} is damaged; open it in Outlook, save it as .eml or .pdf and add that.") from error


@dataclass(frozen=True, slots=True)
class _Storage:
    """A folder in the file: the message, an attachment or a message that is attached."""

    file: olefile.OleFileIO
    path: tuple[str, ...]

    def inside(self, name: str) -> "_Storage":
        return _Storage(self.file, (*self.path, name))

    def stream(self, name: str) -> bytes:
        place = [*self.path, name]
        return bytes(self.file.openstream(place).read()) if self.file.exists(place) else b""

    def folders(self, start: str) -> list[str]:
        depth = len(self.path)
        names = {
            entry[depth]
            for entry in self.file.listdir(streams=True, storages=True)
            if len(entry) > depth and tuple(entry[:depth]) == self.path
        }
        return sorted(name for name in names if name.startswith(start))

    def text(self, tag: str, codepage: str) -> str:
        """A property that is text: UTF-16, or bytes in the code page that the message names."""
        if wide := self.stream(f"__substg1.0_{tag}001F"):
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return self.stream(f"__substg1.0_{tag}001E").decode(codepage, "replace").rstrip("\0")

    def numbers(self, header_bytes: int) -> dict[int, int]:
        """The properties that are numbers, by their tag: 16 bytes each, after a header."""
        stream = self.stream("__properties_version1.0")[header_bytes:]
        whole = stream[: len(stream) - len(stream) % 16]
        return {tag: value for _, tag, _, value in struct.iter_unpack("<HHIQ", whole)}


def _message(storage: _Storage, depth: int) -> EmailMessage:
    numbers = storage.numbers(24 if depth else 32)
    codepage = _encoding(numbers.get(_INTERNET_CODEPAGE, numbers.get(_MESSAGE_CODEPAGE, 0)))
    message = EmailMessage(policy=POLICY)
    address = storage.text(_SENDER_SMTP, codepage) or storage.text(_SENDER_ADDRESS, codepage)
    sender = f"{storage.text(_SENDER_NAME, codepage)} <{address}>" if "@" in address else ""
    headers = {
        "Subject": storage.text(_SUBJECT, codepage),
        "From": sender or storage.text(_SENDER_NAME, codepage),
        "To": storage.text(_TO, codepage),
        "Cc": storage.text(_CC, codepage),
        "Date": _moment(numbers.get(_SENT) or numbers.get(_DELIVERED) or 0),
    }
    for key, value in headers.items():
        if line := one_line(value):
            message[key] = line
    for key, value in stating_headers(message_from_string(storage.text(_HEADERS, codepage))):
        # What no header can be called would raise; a marking is not called that.
        if _HEADER.fullmatch(key) and (line := one_line(value)):
            message[key] = line
    _add_body(message, storage, codepage)
    for folder in storage.folders("__attach_version1.0_"):
        _attach(message, storage.inside(folder), codepage, depth)
    return message


def _add_body(message: EmailMessage, storage: _Storage, codepage: str) -> None:
    plain = writable(storage.text(_BODY, codepage))
    html = storage.stream(f"__substg1.0_{_HTML}0102").decode(codepage, "replace") or storage.text(_HTML, codepage)
    packed = storage.stream(f"__substg1.0_{_COMPRESSED}0102")
    if packed and not plain.strip() and not html:
        # Drafts and notes may have no other body.
        with suppress(NotLoaded):
            plain = load_rich_text("body.rtf", unpack_rtf(packed)).text
    if plain.strip() or not html:
        message.set_content(plain, cte="base64")
    else:
        message.set_content(writable(html), subtype="html", cte="base64")


def _attach(message: EmailMessage, storage: _Storage, codepage: str, depth: int) -> None:
    name = one_line(storage.text(_LONG_NAME, codepage) or storage.text(_SHORT_NAME, codepage))
    if storage.file.exists([*storage.path, f"__substg1.0_{_EMBEDDED}"]):
        if depth < _MAX_DEPTH:
            message.add_attachment(_message(storage.inside(f"__substg1.0_{_EMBEDDED}"), depth + 1))
        return
    main, _, sub = one_line(storage.text(_MIME, codepage)).partition("/")
    is_named = main.isalpha() and sub and main not in ("message", "multipart")
    identity = one_line(storage.text(_CONTENT_ID, codepage))
    message.add_attachment(
        storage.stream(f"__substg1.0_{_DATA}"),
        maintype=main if is_named else "application",
        subtype=sub if is_named else "octet-stream",
        filename=name or "attachment",
        cid=f"<{identity}>" if identity else None,
    )


def _encoding(codepage: int) -> str:
    name = {0: "cp1252", 65001: "utf-8", 20127: "ascii", 28591: "cp1252", 28605: "iso8859-15"}.get(codepage)
    try:
        "".encode(name or f"cp{codepage}")
    except LookupError:
        return "cp1252"
    return name or f"cp{codepage}"


def _moment(ticks: int) -> str:
    """From tenths of microseconds since 1601 (MS-DTYP 2.3.3)."""
    try:
        return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
    except OverflowError:
        return ""
