"""Guess what a word that no list has is in the other language, where the two spell it almost alike.

koloniale is colonial, organisatie is organisation. A guess that is no word finds nothing; these are guesses for a
search, never for a reader. Knows no words, only how Dutch and English write endings and letters."""

from collections.abc import Iterator

from retrieval.languages import Language

_SHORTEST = 5
_SHORTEST_BEGINNING = 3
# (Dutch, English) endings, without accents.
_ENDINGS = (
    ("iteit", "ity"),
    ("teit", "ty"),
    ("isering", "isation"),
    ("isering", "ization"),
    ("iseren", "ise"),
    ("iseren", "ize"),
    ("ische", "ic"),
    ("ische", "ical"),
    ("isch", "ic"),
    ("isch", "ical"),
    ("atie", "ation"),
    ("tie", "tion"),
    ("sie", "sion"),
    ("ieve", "ive"),
    ("ief", "ive"),
    ("iele", "ial"),
    ("ieel", "ial"),
    ("ele", "al"),
    ("eel", "al"),
    ("ale", "al"),
    ("aal", "al"),
    ("isme", "ism"),
    ("eren", "ate"),
    ("eren", ""),
    ("aire", "ary"),
    ("air", "ary"),
    ("logie", "logy"),
    ("grafie", "graphy"),
    ("gie", "gy"),
    ("fie", "phy"),
    ("tuur", "ture"),
    ("euze", "ous"),
    ("eus", "ous"),
    ("loog", "logist"),
    ("iek", "ic"),
)
_LETTERS = (("k", "c"), ("kw", "qu"), ("f", "ph"), ("t", "th"))


def cognates(word: str, language: Language) -> tuple[str, ...]:
    """Return what a folded word may be in the other language, each once and not itself; () where there is no guess."""
    if len(word) < _SHORTEST or not word.isalpha():
        return ()
    found: dict[str, None] = {}
    for changed in (*_changed_endings(word, language), word):
        found[changed] = None
        for pair in _LETTERS:
            source, target = _from(pair, language)
            found[changed.replace(source, target)] = None
    return tuple(guess for guess in found if guess != word)


def _changed_endings(word: str, language: Language) -> Iterator[str]:
    for pair in _ENDINGS:
        source, target = _from(pair, language)
        if source and word.endswith(source) and len(word) - len(source) >= _SHORTEST_BEGINNING:
            yield word.removesuffix(source) + target


def _from(pair: tuple[str, str], language: Language) -> tuple[str, str]:
    nl, en = pair
    return (nl, en) if language == "nl" else (en, nl)
