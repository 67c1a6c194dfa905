"""Words as the lexical search sees them: stems without function words, and the BM25 weights made of them.

The inverse document frequency is the engine's part (Qdrant's IDF modifier), so the same vectors work on every engine.
Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond". Knows nothing of engines."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import Stemmer

from retrieval.compounds import parts_of_compound
from retrieval.folding import fold
from retrieval.index.protocol import SparseVector
from retrieval.languages import LANGUAGES, Language, detect_language

LEXICAL_VERSION = f"bm25-4/snowball-{Stemmer.version()}"
"""Stored with an index: weights made by another version do not compare with these."""

# k1 as in Robertson & Zaragoza 2009; b = 0.5 is better than their 0.75 on SciFact, SQuAD 2, AIT-QA and govbench
# (DECISIONS). The average length is a constant because a changing one would mean encoding
# every passage again; 90 is the mean number of content words in the passages of a doctrine corpus of 10,700.
_K1 = 1.2
_B = 0.5
_AVERAGE_LENGTH = 90.0
# What a part of a compound counts against a word, in a passage and in a query.
_PART = 0.3
_ASKED_PART = 0.6

_WORD = re.compile(r"[^\W_]+")
# C-130, 5.56, 14:30, A/B/2: looked up whole as well as in parts.
_JOINED = re.compile(r"(?<![^\W_])[^\W_]++(?:[-.:/][^\W_]++)+")

# Closed-class words: they say how a sentence is built, not what it is about. Not among them are 'mine' and 'us', which
# in a staff's documents are an explosive and a country.
_FUNCTION_WORDS: dict[Language, frozenset[str]] = {
    "nl": frozenset(
        """
        de het een en of maar want dus als dan dat die dit deze wie wat waar wanneer hoe waarom welke welk hoeveel ik
        je jij u uw jouw mijn hij zij ze we wij jullie hen hun haar hem zijn ons onze men er hier daar ben bent is was
        waren wordt worden werd werden geworden heeft hebben had hadden gehad heb hebt zal zullen zou zouden kan
        kunnen kon konden mag mogen mocht moet moeten moest moesten wil willen wilde doet doen deed gedaan gaat gaan
        ging gegaan van in op te aan met voor door bij om uit naar over onder tot tegen na tussen zonder binnen
        volgens per niet geen wel ook nog al toch zo zoals meer meest veel alle allen ieder elke elk andere ander zelf
        daarbij daarvan daarvoor daarmee hierbij hiervan hiervoor hiermee waarbij waarvan waarvoor waarmee waarop
        """.split()
    ),
    "en": frozenset(
        """
        the a an and or but nor so if then than that this these those who whom whose what which where when why how i
        you he she it we they me him her them my your his its our their yours am is are was were be been being
        has have had having do does did doing done will would shall should can could may might must ought of in on to
        at by for from with about into onto over under between through during before after above below up down out off
        against within without upon per via as not no any some all each every either neither both more most much many
        few other another such same own only too very just also there here again
        """.split()
    ),
}


@dataclass(frozen=True, slots=True)
class Also:
    """What a query asks for besides its own words: a translation, or an acronym written out."""

    text: str
    language: Language
    weight: float
    """0 to 1: what each of its words counts."""


def content_words(text: str) -> list[str]:
    """Return the words that carry meaning in either language, folded (lower case, no accents), in order."""
    both = _FUNCTION_WORDS["nl"] | _FUNCTION_WORDS["en"]
    return [word for word in _WORD.findall(fold(text)) if word not in both]


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a text."""

    text: str
    """Folded."""
    stem: str


def words_of(text: str, language: Language) -> list[Word]:
    """Return the content words of a text in a language, in their order."""
    words = (word for word in _WORD.findall(fold(text)) if word not in _FUNCTION_WORDS[language])
    return [Word(word, _stem(word, language)) for word in words]


def stems(text: str, language: Language) -> list[str]:
    """Return the stems of the content words in the order of the text; joined codes count whole and in parts."""
    return _stems(text, language, without=_FUNCTION_WORDS[language])


def encode_passage(text: str, language: Language) -> SparseVector:
    """Weigh each stem of a passage: f(k1+1) / (f + k1(1 - b + b n/average)). Parts of Dutch compounds count in part."""
    counts: Counter[str] = Counter()
    for stem in stems(text, language):
        counts[_token(language, stem)] += 1
    length = counts.total()
    weighed: dict[str, float] = dict(counts)
    for part in _parts(text, language):
        weighed[part] = weighed.get(part, 0.0) + _PART
    norm = _K1 * (1 - _B + _B * length / _AVERAGE_LENGTH)
    return _vector({token: count * (_K1 + 1) / (count + norm) for token, count in weighed.items()})


def encode_query(text: str, *, also: Iterable[Also] = ()) -> SparseVector:
    """Weigh each distinct stem 1, as stemmed in either language: a query may ask for documents in both.

    The function words of the query's own language are left out of both: among Dutch passages 'the' is a rare word, and
    would tell more than any other. A query of function words alone is empty. What it asks for `also` counts less, and
    never on top of the query's own words."""
    if not content_words(text):
        return SparseVector((), ())
    asked = detect_language(text)
    weights = {
        _token(language, stem): 1.0
        for language in LANGUAGES
        for stem in _stems(text, language, without=_FUNCTION_WORDS[asked] | _FUNCTION_WORDS[language])
    }
    more = [(part, _ASKED_PART) for part in _parts(text, asked)]
    for one in also:
        more += [(_token(one.language, stem), one.weight) for stem in stems(one.text, one.language)]
    for token, weight in more:
        weights[token] = max(weights.get(token, 0.0), weight)
    return _vector(weights)


def _parts(text: str, language: Language) -> list[str]:
    """Return a token for each part of each compound of a text."""
    if language != "nl":
        return []
    return [_token("nl", _stem(part, "nl")) for word in _WORD.findall(fold(text)) for part in parts_of_compound(word)]


def _stems(text: str, language: Language, *, without: frozenset[str]) -> list[str]:
    folded = fold(text)
    codes = [re.sub(r"[-.:/]", "", code) for code in _JOINED.findall(folded) if any(map(str.isdigit, code))]
    return [*(_stem(word, language) for word in _WORD.findall(folded) if word not in without), *codes]


def _token(language: Language, stem: str) -> str:
    """Words with a digit are the same in every language."""
    return stem if any(map(str.isdigit, stem)) else f"{language}:{stem}"


def _vector(weights: dict[str, float]) -> SparseVector:
    summed: dict[int, float] = {}
    for token, weight in weights.items():
        identifier = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=4).digest(), "big")
        summed[identifier] = summed.get(identifier, 0.0) + weight
    pairs = sorted(summed.items())
    return SparseVector(tuple(key for key, _ in pairs), tuple(value for _, value in pairs))


def _stem(word: str, language: Language) -> str:
    if any(map(str.isdigit, word)):
        return word
    return str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: Language) -> Stemmer.Stemmer:
    # 'dutch' is Snowball's newer algorithm: it joins huizenprijzen with huizenprijs, which 'dutch_porter' does not.
    return Stemmer.Stemmer({"nl": "dutch", "en": "english"}[language])
