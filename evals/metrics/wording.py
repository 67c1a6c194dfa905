"""Measures of an answer's words against expected ones. Knows no synonym and no meaning."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from evals.cases import Nugget
from retrieval.languages import LANGUAGES, detect_language
from retrieval.lexical import content_words

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = {"en": re.compile(r"\b(a|an|the)\b"), "nl": re.compile(r"\b(de|het|een)\b")}
_NUMBER_BEFORE = re.compile(r"\d[.,:]?$")
_NUMBER_AFTER = re.compile(r"[.,:]?\d")
# A letter, a digit or an accent of its own: with these a word goes on. An underscore is emphasis in Markdown.
_IN_WORD = r"(?:[^\W_]|[\u0300-\u036f])"
_WORD_CHARACTER = re.compile(_IN_WORD)
_WORD_ENDS = re.compile(f"(?!{_IN_WORD})")
# Not any two letters: 'ty', 'th', 'de' and 'ia' would make seventy, seventh, dertiende and Nigeria of their beginnings.
_INFLECTION_ENDS = re.compile(f"(?:s|es|e|n|en|ën|d|ed|t)?(?!{_IN_WORD})")
_LONG_WORD = re.compile(r"[^\W\d_]{5}$")
# Three words or fewer are as often a name as a language.
_LANGUAGE_WORDS = 4


def normalised(text: str, *, language: str = "en") -> str:
    """Return text in lower case, without ASCII punctuation, articles and superfluous white space.

    Rajpurkar et al. 2016, "SQuAD". In Dutch the articles are de, het and een; other languages keep theirs."""
    plain = text.lower().translate(_PUNCTUATION)
    articles = _ARTICLES.get(language)
    return " ".join((articles.sub(" ", plain) if articles else plain).split())


def exact_match(text: str, expected: Sequence[str], *, language: str = "en") -> float:
    """Return 1 when the text is one of the expected ones after normalisation, else 0 (Rajpurkar et al. 2016).

    With no expected text, or only empty ones, an empty text is right (Rajpurkar et al. 2018, SQuAD 2)."""
    return float(normalised(text, language=language) in _golds(expected, language))


def token_f1(text: str, expected: Sequence[str], *, language: str = "en") -> float:
    """Return the best F1 of the normalised tokens with those of an expected text (Rajpurkar et al. 2016).

    Where either is empty: 1 when both are, else 0 (Rajpurkar et al. 2018, SQuAD 2)."""
    tokens = normalised(text, language=language).split()
    return max(_f1(tokens, gold.split()) for gold in _golds(expected, language))


def holds_answer(text: str, expected: Sequence[str], forbidden: Sequence[str] = ()) -> float:
    """Return 1 when one of the expected strings stands in the text and none of the forbidden ones, else 0.

    White space and case do not count, nor whether an accent is part of its letter or follows it. An empty string stands
    nowhere. A number stands there only by itself: '60' is not in '160', '600' or '1.60', but is in 'MLC60' and '60t'.

    A string that begins or ends with a letter does so where a word does; words are of letters and digits. 'no' is not
    in 'not', nor 'art' in 'artillery' or 'start', 'brug' in 'brugdek' or 'MLC' in 'MLC60'; 'Amber' is in "Amber's" and
    'MLC' in 'MLC-60'. When it ends with five letters or more, the word in the text may go on with an ending of English
    or Dutch inflection, of at most two letters (-s, -es, -e, -n, -en, -ën, -d, -ed, -t): 'bridge' is in 'bridges',
    'seven' not in 'seventy'."""
    plain = _plain(text)
    right = any(_stands_in(one, plain) for one in expected)
    return float(right and not any(_stands_in(one, plain) for one in forbidden))


def nugget_recall(text: str, nuggets: Sequence[Nugget], *, strict: bool) -> float:
    """Return the share of the vital nuggets that the text holds (Voorhees 2003); those not vital are not counted.

    Strict: a nugget is held when one of its texts stands in the text, as in `holds_answer`. Partial: otherwise it earns
    the share of the content words of its best text that the text has. At least one nugget is vital."""
    vital = [nugget for nugget in nuggets if nugget.vital]
    if strict:
        return sum(holds_answer(text, nugget.texts) for nugget in vital) / len(vital)
    words = set(content_words(text))
    return sum(_credit(text, words, nugget) for nugget in vital) / len(vital)


def language_match(text: str, language: str) -> float | None:
    """Return 1 when the text is in the language (ISO 639-1), else 0.

    None when that cannot be told: another language than Dutch or English, or fewer than four words."""
    if language not in LANGUAGES or len(text.split()) < _LANGUAGE_WORDS:
        return None
    return float(detect_language(text) == language)


def _golds(expected: Sequence[str], language: str) -> list[str]:
    return [gold for one in expected if (gold := normalised(one, language=language))] or [""]


def _f1(tokens: Sequence[str], gold: Sequence[str]) -> float:
    if not tokens or not gold:
        return float(not tokens and not gold)
    return 2 * (Counter(tokens) & Counter(gold)).total() / (len(tokens) + len(gold))


def _credit(text: str, words: set[str], nugget: Nugget) -> float:
    if holds_answer(text, nugget.texts):
        return 1.0
    wanted = [set(content_words(one)) for one in nugget.texts]
    return max(len(one & words) / len(one) if one else 0.0 for one in wanted)


def _stands_in(part: str, plain: str) -> bool:
    wanted = _plain(part)
    start = plain.find(wanted) if wanted else -1
    while start >= 0:
        if _by_itself(plain, start, start + len(wanted)):
            return True
        start = plain.find(wanted, start + 1)
    return False


def _by_itself(text: str, start: int, end: int) -> bool:
    """Whether no number or word at either end of this part of the text goes on outside it, but for an inflection."""
    return not (_cut_before(text, start) or _cut_after(text, start, end))


def _cut_before(text: str, start: int) -> bool:
    if text[start].isdecimal():
        return bool(_NUMBER_BEFORE.search(text[max(0, start - 2) : start]))
    return text[start].isalpha() and start > 0 and bool(_WORD_CHARACTER.match(text, start - 1))


def _cut_after(text: str, start: int, end: int) -> bool:
    if text[end - 1].isdecimal():
        return bool(_NUMBER_AFTER.match(text, end))
    if not _WORD_CHARACTER.match(text, end - 1):
        return False
    long = _LONG_WORD.search(text[max(start, end - 5) : end])
    return not (_INFLECTION_ENDS if long else _WORD_ENDS).match(text, end)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())
