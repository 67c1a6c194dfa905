"""Read a form with files as it is sent, each file straight to the spool: nothing of it is held in memory.

Knows the form (multipart/form-data, RFC 7578), nothing of what is in the files."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from starlette.requests import ClientDisconnect

from assistant.entrypoints.corpora.spooling import Incoming, Spool, UploadRefused

_MOST_FIELD_BYTES = 10_000
_MOST_FIELDS = 20


@dataclass(slots=True)
class _Form:
    """What the parser tells, put together."""

    spool: Spool
    fields: dict[str, str] = field(default_factory=dict)
    _header: bytes = b""
    _value: bytes = b""
    _name: str = ""
    _text: bytes = b""
    _file: AbstractContextManager[Incoming | None] | None = None
    _incoming: Incoming | None = None
    _passed_over: bool = False
    ended: bool = False

    def callbacks(self) -> dict[str, Callable[..., None]]:
        names = (
            "part_begin",
            "part_data",
            "part_end",
            "header_field",
            "header_value",
            "header_end",
            "headers_finished",
        )
        return {**{f"on_{name}": getattr(self, name) for name in names}, "on_end": self.end}

    def part_begin(self) -> None:
        self._name, self._text, self._file, self._incoming, self._passed_over = "", b"", None, None, False
        self._header, self._value = b"", b""

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            told = Message()
            told["content-disposition"] = self._value.decode("utf-8", "replace")
            parameter = dict(told.get_params([], header="content-disposition"))
            self._name = str(parameter.get("name", ""))
            if "filename" in parameter:
                # Browsers write a quote and the ends of lines in a name as %22, %0D and %0A (HTML standard, 4.10.21.8).
                name = str(parameter["filename"])
                self._begin_file(unquote(name) if any(one in name for one in ("%22", "%0D", "%0A")) else name)
        self._header, self._value = b"", b""

    def headers_finished(self) -> None:
        if self._file is None and not self._passed_over and len(self.fields) >= _MOST_FIELDS:
            raise UploadRefused("The form has too many fields.", hint="Open the page again.")

    def part_data(self, data: bytes, start: int, end: int) -> None:
        if self._incoming is not None:
            self._incoming.write(data[start:end])
        elif self._file is not None:
            self.spool.count(end - start)
        elif not self._passed_over:
            self._text += data[start:end]
            if len(self._text) > _MOST_FIELD_BYTES:
                raise UploadRefused("A field of the form is too long.", hint="Open the page again.")

    def part_end(self) -> None:
        if self._file is not None:
            file, self._file, self._incoming = self._file, None, None
            file.__exit__(None, None, None)
        elif not self._passed_over:
            self.fields[self._name] = self._text.decode("utf-8", "replace")

    def end(self) -> None:
        self.ended = True

    def close(self) -> None:
        """Let go of a file that was not sent to its end."""
        if self._incoming is not None:
            self._incoming.written.close()

    def _begin_file(self, name: str) -> None:
        if not name:
            # A field for files in which none was chosen.
            self._passed_over = True
            return
        self._file = self.spool.file(name)
        self._incoming = self._file.__enter__()


async def receive(content_type: str, body: AsyncIterator[bytes], spool: Spool) -> dict[str, str]:
    """Write the files of a form to the spool and return its other fields. Raises UploadRefused."""
    told = Message()
    told["content-type"] = content_type
    boundary = told.get_param("boundary")
    if told.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise UploadRefused("This is no form with files.", hint="Open the page again.")
    form = _Form(spool)
    try:
        parser = MultipartParser(boundary.encode("latin-1"), form.callbacks())  # type: ignore[arg-type]
        async for block in body:
            if block:
                await asyncio.to_thread(parser.write, block)
    except (MultipartParseError, UnicodeEncodeError) as error:
        raise _broken_off() from error
    except ClientDisconnect as error:
        raise _broken_off() from error
    finally:
        form.close()
    if not form.ended:
        raise _broken_off()
    return form.fields


def _broken_off() -> UploadRefused:
    return UploadRefused("The upload broke off; nothing of it was kept.", hint="Send the files again.")
