"""Unpack the rich text body of an Outlook message (MS-OXRTFCP). Refuses to know what the text says."""

import struct

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
# What every packer and unpacker begins with (MS-OXRTFCP 2.1.2.1).
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_MAX_BYTES = 64 * 1024 * 1024


def unpack_rtf(packed: bytes) -> bytes:
    """Return the RTF that was packed. Raises ValueError for what is damaged or unpacks to more than 64 MiB."""
    if len(packed) < _HEADER.size:
        raise ValueError("the header is cut off")
    _, size, kind, _ = _HEADER.unpack_from(packed)
    body = packed[_HEADER.size :]
    if kind == _PLAIN:
        return body[:size]
    if kind != _COMPRESSED or size > _MAX_BYTES:
        raise ValueError("neither packed nor plain, or too large")
    return _unpacked(body)


def _unpacked(body: bytes) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    write, at, found = len(_DICTIONARY), 0, bytearray()
    while at < len(body) and len(found) <= _MAX_BYTES:
        control, at = body[at], at + 1
        for bit in range(8):
            if control >> bit & 1:
                reference, at = int.from_bytes(body[at : at + 2], "big"), at + 2
                offset, length = reference >> 4, (reference & 0xF) + 2
                if offset == write or at > len(body):
                    return bytes(found)  # A reference to where writing goes on marks the end.
            elif at < len(body):
                # A byte on its own, put where writing goes on and taken from there.
                window[write], offset, length, at = body[at], write, 1, at + 1
            else:
                return bytes(found)
            for step in range(length):  # One by one: a reference may run into what it writes itself.
                byte = window[(offset + step) % _WINDOW]
                window[write] = byte
                write = (write + 1) % _WINDOW
                found.append(byte)
    return bytes(found)
