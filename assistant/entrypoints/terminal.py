"""Show text of documents in a terminal as characters and nothing else: no escape code of theirs acts there."""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Soft hyphens, zero-width spaces and joiners, byte order marks: PDF text is full of them, and they show as nothing.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# Controls, formats (among them the marks that reverse writing), surrogates, private use, unassigned.
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str) -> str:
    """Return text that shows in a terminal and does nothing else there: what would act shows as U+FFFD.

    Line ends of every kind become line feeds, tabs become spaces."""
    shown = _LINE_ENDS.sub("\n", text).translate(_UNSEEN).expandtabs(4)
    return "".join(one if one == "\n" or unicodedata.category(one) not in _UNSHOWABLE else "\ufffd" for one in shown)
