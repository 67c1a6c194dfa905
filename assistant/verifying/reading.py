"""Read a text as clauses: who is named in what role, which words carry meaning, what is denied, allowed, conditional.

A shallow reading by word lists and order, not a parse: it tells actors from the rest by capitals, determiners and
prepositions. Knows nothing of claims or of how two readings are compared."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from assistant.verifying import deciding
from assistant.verifying.matching import roots
from assistant.verifying.measuring import SCALES, spelled_out
from retrieval.languages import Language
from retrieval.quantities import Quantity, quantities, with_figures
from retrieval.sentences import sentence_ranges

_OVERLONG = re.compile(r"[^\W_]{100,}")
_TOKEN = re.compile(r"[^\W_]+(?:[.,:/]\d[^\W_]*|[-'’][^\W_]+)*")
# A clause ends where another statement may begin; a list of single words is put together again by `_clauses`.
_CUT = re.compile(
    r"[;:—]|,(?!\d)|\b(?:and|but|while|whereas|en|maar|terwijl|want)\b"
    r"|(?<=\s)(?=(?:if|when|unless|until|because|although|nadat|voordat|omdat|zodat|hoewel|indien|wanneer|tenzij|zodra|mits"
    r"|totdat|als|(?:that|dat)(?= (?:the|an?|it|they|s?he|de|het|een|zij|hij|ze)\s))\s)",
    re.IGNORECASE,
)
# Fewer words and numbers than this are no statement of their own but part of a list.
_LEAST_WORDS = 2
_LOOK_AROUND = 200
"""Characters on either side of a cut in which a statement's first words stand."""
_WORDS_OF_RANK = 1
"""Between a preposition and a name: 'by lieutenant-colonel Brouwer'."""
_NOUN_WORDS = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, or a noun with its determiner, and what it is in its clause."""

    words: tuple[str, ...]
    """Stems: of a name all, with the noun before it; of a noun the first few, which may run into the verb."""
    proper: frozenset[str]
    """Those of its words that are a name."""
    role: str
    """'bare', 'agent' (by, door) or 'oblique' (after another preposition)."""

    @property
    def name(self) -> bool:
        return bool(self.proper)

    def is_of(self, other: "Mention") -> bool:
        """'Vermeer' is Colonel Vermeer, 'the unit' is the capturing unit, Delta Company is not Bravo Company."""
        if self.name or other.name:
            return set(self.words) <= set(other.words) or set(other.words) <= set(self.words)
        return self.words[0] in other.words or other.words[0] in self.words


@dataclass(frozen=True, slots=True)
class Clause:
    text: str
    sentence: int
    """Number of its sentence in the text."""
    words: tuple[str, ...]
    """Stems of its content words in order, without numbers, units and deciding words."""
    particles: frozenset[str]
    """Words that may belong to a separable verb, in Dutch."""
    counted: tuple[tuple[str, str], ...]
    """Numbers with the word that follows them: (5, truck)."""
    mentions: tuple[Mention, ...]
    passive: bool
    """It has a form of to be or worden; with an agent it surely is passive."""
    pronoun: bool
    """It may speak of somebody named before it."""

    @property
    def subject(self) -> Mention | None:
        """Who acts: the agent of a passive clause, else the first that no preposition precedes."""
        bare = [one for one in self.mentions if one.role == "bare"]
        return next((one for one in self.mentions if one.role == "agent"), bare[0] if bare else None)


@dataclass(frozen=True, slots=True)
class Reading:
    original: tuple[str, ...]
    """The sentences as they stand."""
    sentences: tuple[str, ...]
    """The same with small numbers in figures."""
    clauses: tuple[Clause, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    stem: str
    """Empty for a function word."""
    starts: bool
    """It is the first of its sentence, where a capital tells nothing."""
    before: str
    """What stands between it and the token before it."""

    @property
    def named(self) -> bool:
        return self.text[0].isupper() and (not self.starts or (self.text.isupper() and len(self.text) > 1))


def read(text: str, language: Language) -> Reading:
    """Read a text of one or more sentences."""
    # Cut as the text stands, whose line breaks may end a sentence.
    original = tuple(text[start:end] for start, end in sentence_ranges(text))
    sentences = tuple(with_figures(spelled_out(" ".join(one.split())), language) for one in original)
    clauses = tuple(
        _clause(piece, number, language, starts=place == 0, opens=opens)
        for number, sentence in enumerate(sentences)
        for place, (piece, opens) in enumerate(_clauses(sentence, language))
    )
    return Reading(original, sentences, clauses, language)


def without_overlong(text: str) -> str:
    """Return the text with each run of 100 letters and digits or more as a short one that stands for it alone.

    No language has such words, and stemming and looking for joined codes cost the square of a word's length."""
    return _OVERLONG.sub(lambda run: f"x{hashlib.blake2b(run[0].encode(), digest_size=8).hexdigest()}", text)


def content(text: str, language: Language) -> tuple[str, ...]:
    """Return the stems of a text that carry meaning, in order: no function words, numbers or deciding words.

    A unit or a month beside its number is left out too; the quantity is compared as a whole."""
    tokens = list(_tokens(deciding.without_comparisons(text), language, starts=True))
    return tuple(
        token.stem
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.stem and _carries(token.text) and not _measures(token, before, language)
    )


def told(text: str, language: Language) -> frozenset[Quantity]:
    """Return the quantities of a text."""
    return quantities(text, language=language)


def codes(text: str) -> frozenset[str]:
    """Return what has both digits and letters, such as C-130, MLC40 and 3e, folded."""
    return frozenset(
        token.casefold().replace("-", "")
        for token in _TOKEN.findall(text)
        if any(map(str.isdigit, token)) and any(map(str.isalpha, token)) and not quantities(token)
    )


def _clauses(sentence: str, language: Language) -> Iterator[tuple[str, bool]]:
    """Yield the clauses of a sentence, and whether each may begin with a noun that has no determiner."""
    begin, opens = 0, True
    for match in _CUT.finditer(sentence):
        # Looking further would cost the square of a sentence's length.
        pieces = (
            sentence[max(begin, match.start() - _LOOK_AROUND) : match.start()],
            sentence[match.end() : match.end() + _LOOK_AROUND],
        )
        if all(len(content(one, language)) + len(told(one, language)) >= _LEAST_WORDS for one in pieces):
            yield sentence[begin : match.start()], opens
            # After a comma a clause begins with its subject as often as not; after 'and' with its verb.
            begin, opens = match.end(), not match[0].isalpha()
    yield sentence[begin:], opens


def _clause(text: str, sentence: int, language: Language, *, starts: bool, opens: bool) -> Clause:
    tokens = list(_tokens(text, language, starts=starts))
    lower = [token.text.lower() for token in tokens]
    passive = any(word in deciding.PASSIVE for word in lower)
    words = content(text, language)
    by = (deciding.AGENT if passive else frozenset()) | (deciding.GIVER if deciding.receives(text) else frozenset())
    mentions = tuple(_mentions(tokens, by=by, opens=opens))
    if lower and lower[0] in deciding.NO_ACTOR:
        mentions = tuple(replace(one, role="oblique") for one in mentions)
    counted = tuple(
        (one.text, other.stem)
        for one, other in pairwise(tokens)
        if one.text.isdigit() and other.stem and _carries(other.text) and not _is_unit(other.text, language)
    )
    particles = deciding.PARTICLES & set(lower) if language == "nl" else frozenset()
    pronoun = any(word in deciding.PRONOUNS for word in lower)
    return Clause(text, sentence, words, particles, counted, mentions, passive, pronoun)


def _mentions(tokens: Sequence[_Token], *, by: Collection[str], opens: bool) -> Iterator[Mention]:
    at = 0
    while at < len(tokens):
        noun = bool(tokens[at].stem) and tokens[at].text[0].isalpha() and (_opens(tokens[at - 1]) if at else opens)
        begin = _end_of_noun(tokens, at) if noun else at
        # The battalion Grutto, the route AMBER: noun and name are one mention.
        if _preposition(tokens[:at]) not in deciding.OF_TIME:
            begin = next((place for place in range(at, begin + 1) if _end_of_name(tokens, place) > place), at)
        else:
            begin = at
        end = _end_of_name(tokens, begin)
        proper = frozenset(_designated(tokens, begin, end))
        words = tuple(_designated(tokens, at, end if proper else _end_of_noun(tokens, at))) if proper or noun else ()
        if words:
            yield Mention(words, proper, _role(tokens[:at], by=by))
        at = max(end, at + 1)


def _role(before: Sequence[_Token], *, by: Collection[str]) -> str:
    """Tell what ties a mention to its clause: the preposition that governs it."""
    word = _preposition(before)
    if not word or (word in deciding.OF_TIME and before[-1].stem):
        return "bare"
    return "agent" if word in by else "oblique"


def _preposition(before: Sequence[_Token]) -> str:
    """Return the preposition that governs what follows, over determiners and a word of rank; '' for none."""
    words, determined = 0, False
    for token in reversed(before):
        word = token.text.lower()
        if word in deciding.PREPOSITIONS:
            return word
        # In an emergency the commander decides: before its own determiner another noun has ended.
        if _opens(token):
            determined = True
        elif determined or not token.stem or words == _WORDS_OF_RANK:
            return ""
        else:
            words += 1
    return ""


def _end_of_name(tokens: Sequence[_Token], at: int) -> int:
    """Return where the name that starts here ends; `at` when none does. 13 Engineer Company is one."""
    if at >= len(tokens):
        return at
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    first = tokens[at]
    # At checkpoint 7 Delta Company waits: there the number is the checkpoint's.
    counted = at > 1 and bool(tokens[at - 1].stem) and not tokens[at - 2].stem
    of_forces = after is not None and after.text.lower() in deciding.UNITS_OF_FORCES
    designator = first.text.isdigit() and len(first.text) <= 3 and (of_forces or not counted)
    opens = first.starts and first.text[0].isupper() and bool(first.stem)
    end = at + (
        after is not None
        and after.named
        and bool(after.stem)
        and (designator or opens)
        and not after.before.strip(" .")
    )
    if end > at and designator and after is not None and _is_unit(after.text, "en"):
        return at
    while end < len(tokens) and tokens[end].named and (end == at or not tokens[end].before.strip(" .")):
        end += 1
    return end


def _end_of_noun(tokens: Sequence[_Token], at: int) -> int:
    if at >= len(tokens):
        return at
    end = at + 1
    while (
        end < min(len(tokens), at + _NOUN_WORDS)
        and tokens[end].stem
        and not tokens[end].named
        and not tokens[end].before.strip()
    ):
        end += 1
    return end


def _designated(tokens: Sequence[_Token], at: int, end: int) -> Iterator[str]:
    """Yield the words of a mention; a number belongs to the word it counts, as 2 in 2 Battalion."""
    number = ""
    for token in tokens[at:end]:
        if token.text.isdigit():
            number = token.text
        elif token.stem:
            yield f"{number} {token.stem}".strip()
            number = ""


def _opens(token: _Token) -> bool:
    return token.text.lower() in deciding.DETERMINERS


def _tokens(text: str, language: Language, *, starts: bool) -> Iterator[_Token]:
    end = 0
    for number, match in enumerate(_TOKEN.finditer(text)):
        word = match[0]
        opening = starts and number == 0
        # Company A: as a word of its own 'a' would say nothing.
        lettered = len(word) == 1 and word.isupper() and word != "I" and not opening
        stem = word.lower() if lettered else _stem(word, language)
        yield _Token(word, stem, opening, text[end : match.start()])
        end = match.end()


@lru_cache(maxsize=8192)
def _stem(word: str, language: Language) -> str:
    return "".join(roots(word, language)[:1])


@lru_cache(maxsize=8192)
def _carries(word: str) -> bool:
    """Tell whether a word is neither a number nor one that the checks compare by class."""
    if any(map(str.isdigit, word)) or word.lower() in deciding.PERIODS:
        return False
    return not (deciding.counts(word) or deciding.modals(word) or deciding.conditions(word) or deciding.negations(word))


def _measures(token: _Token, before: _Token | None, language: Language) -> bool:
    """Tell whether a word is the unit, the month or the scale of the number before it, or the unit of such a scale."""
    if before is None:
        return False
    if any(map(str.isdigit, before.text)):
        return token.text.lower() in SCALES or _is_unit(token.text, language)
    return before.text.lower() in SCALES and _is_unit(token.text, language)


@lru_cache(maxsize=8192)
def _is_unit(word: str, language: Language) -> bool:
    return any(one.unit for one in quantities(f"5 {word}", language=language))
