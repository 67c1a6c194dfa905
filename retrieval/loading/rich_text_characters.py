"""Cut rich text (RTF) into its tokens, and say which characters its control words, code pages and fonts stand for.

Follows the Rich Text Format Specification 1.9.1. Refuses to know what a document is made of."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
CHARACTERS = {
    "tab": "\t", "line": "\n", "softline": "\n", "emdash": "\u2014", "endash": "\u2013", "lquote": "\u2018",
    "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022", "emspace": " ",
    "enspace": " ", "qmspace": " ", "zwj": "", "zwnj": "",
}  # fmt: skip
SYMBOLS = {"~": " ", "_": "-", "-": "", "\n": "\n", "\r": "\n", "\t": "\t", "\\": "\\", "{": "{", "}": "}", ":": ""}
CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
# By \fcharset: what Windows uses for the characters of a font.
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    255: "cp850",
}  # fmt: skip


def tokens(content: bytes) -> Iterator["re.Match[bytes]"]:
    """Yield the tokens: groups are a control word, its number, a byte in hexadecimal, a control symbol, a brace and
    plain bytes; in a line break all are empty. What a word says is binary is passed over."""
    at = 0
    while found := _TOKEN.match(content, at):
        yield found
        at = found.end()
        if found[1] == b"bin" and found[2]:
            at += max(int(found[2]), 0)


def character(number: int) -> str:
    """By its 16 bits, perhaps written as a negative number. What only a font of symbols draws is a bullet."""
    code = number % 65536
    return "\u2022" if 0xF000 <= code <= 0xF0FF else chr(code)


def known_encoding(encoding: str) -> str:
    """The same name, or '' if Python has no such encoding."""
    try:
        "".encode(encoding)
    except LookupError:
        return ""
    return encoding


def paired(text: str) -> str:
    """Characters beyond the first 65,536 are written as two halves."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
