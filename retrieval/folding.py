"""Bring words to the form in which they are compared: lower case, no accents, no clitics. Knows no language."""

import re
import unicodedata

# The commander's, don't, foto's, 't: what the apostrophe leaves is no word.
_CLITIC = re.compile(r"(?<=\w)['’](?:s|t|d|m|re|ve|ll)\b|(?<!\w)['’][st]\b(?!['’])")


def fold(text: str) -> str:
    """Return a text in lower case, without accents and clitics."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return _CLITIC.sub("", "".join(character for character in decomposed if not unicodedata.combining(character)))
