"""Make a follow-up stand on its own, so that a search finds what the conversation is about.

By rule, without a model: what a follow-up leaves out is taken from a question before it, never from an answer. A
question that names its own subject stays as it is, to the letter: a missed follow-up finds too little, but a false one
finds something else. Does not know how words are put in place (resolving)."""

import re
from collections.abc import Sequence

from assistant.answers import Turn
from assistant.resolving import (
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
    QUESTION_WORDS,
    ask_anew,
    language_of,
    replace_in,
    resolve_one,
    resolve_pronoun,
    speaks_of_many,
    topic_of,
    words_of,
)
from retrieval.lexical import content_words

_POINTERS = frozenset(
    """it its they them their he she him his her that those this these there
    die dat deze dit hij zij ze hem hun hen haar daar""".split()
)
_ADVERB = re.compile(r"(?:er|daar)(?:van|voor|mee|bij|over|op|in|aan|uit|door|tegen|naar|onder|boven)")
# 'That' and 'die' after a noun open a clause about it, and 'there is' says only that something exists.
_RELATIVE = frozenset("that die dat".split())
# A word before one of these can be what the pronoun after it stands for: 'how do chemists ... and why do they'.
_JOINS = frozenset(
    """and or while when once before after because if that but en of terwijl wanneer nadat voordat omdat als dat maar
    waarin waarbij""".split()
)
_BEFORE_A_POINTER = frozenset(["", "and", "en", "if", "als", "why", "waarom", "how", "hoe", "about", "met"])
# 'When is the next' leaves out the next what.
_ORDERED = frozenset(
    """next last first second third previous former latter latest same
    volgende laatste eerste tweede derde vorige andere hoogste laagste highest lowest""".split()
)
_OWNS = frozenset("its their his her haar hun".split())
_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were) there\b|\bthere (?:is|are|was|were)\b"
    r"|\b(?:is|was|does|did|will|would) it (?:\w+ ){1,3}(?:to|that|if|for)\b"
    r"|\bit (?:get dark|snow|rain|freeze|thaw)\b"
    r"|\b(?:er|daar)voor (?:te )?zorg\w* dat\b"
    r"|\b(?:this|deze|dit) (?:year|month|week|morning|afternoon|evening|maand|week|jaar|ochtend|middag|avond)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\s*(?P<and>(?:and|but|or|en|maar|of)\b[\s,]*)?"
    r"(?P<about>(?:(?:what|how) about|hoe zit (?:het|dat) (?:dan )?met)\b\s*)?",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>]{0,200}>|\[\d{1,3}\]|[`*_#|]+")

# With more content words than this a question tells enough by itself, whatever its pronouns.
_MOST_WORDS_POINTING_BACK = 8
# 'And' before a question with this many content words joins sentences, and leaves nothing out.
_ENOUGH_WORDS = 3
# A person rarely goes further back; the time taken is bounded by it.
_TURNS = 8
_LONGEST_QUESTION = 300
# Of a follow-up; a pronoun further on stands for something in the text itself.
_WORDS_READ = 60


def standalone_query(text: str, history: Sequence[Turn]) -> str:
    """Return the question itself when it stands on its own, or else a question that says what it leaves out.

    What is left out comes from the last question, itself made to stand on its own by those before it; of the history
    the last 8 questions count, without markup and of each the first 300 characters. Where no rule tells how to join
    the two, the earlier question precedes the text."""
    if not history or not _follows_up(text):
        return text
    before = ""
    for turn in history[-_TURNS:]:
        asked = _plain(turn.question)
        if content_words(asked):
            before = _joined(asked, before) if before and _follows_up(asked) else asked
    return _joined(text, before) if before else text


def _plain(question: str) -> str:
    text = " ".join(_MARKUP.sub(" ", question[: 4 * _LONGEST_QUESTION]).split())
    return text if len(text) <= _LONGEST_QUESTION else text[:_LONGEST_QUESTION].rsplit(" ", 1)[0]


def _follows_up(text: str) -> bool:
    words, told = words_of(text), _told(text)
    opening = _opening(text)
    if not told:
        return any(word.lower() in QUESTION_WORDS for word in words)
    if len(told) == 1 and not opening[0].strip() and _names_its_subject(words):
        return False
    if len(told) == 1 or opening["about"]:
        return True
    if len(told) <= _MOST_WORDS_POINTING_BACK and _points_back(text):
        return True
    if opening["and"]:
        return len(told) < _ENOUGH_WORDS or _is_fragment(words[1:])
    return words[0].lower() in PREPOSITIONS and len(told) < _ENOUGH_WORDS + 1 and _is_fragment(words)


def _told(text: str) -> list[str]:
    return [word for word in content_words(text) if word not in PREPOSITIONS]


def _opening(text: str) -> re.Match[str]:
    opening = _OPENING.match(text)
    assert opening is not None  # every part of it is optional
    return opening


def _names_its_subject(words: Sequence[str]) -> bool:
    """Whether a question of one content word is whole: 'where is the ford', but not 'what is the speed'."""
    if any(map(_named, words[1:])):
        return True
    asks_value = words[0].lower() in {"what", "wat", "how", "hoe"} and words[1].lower() in {"is", "are", "zijn", "was"}
    articled = any(word.lower() in DETERMINERS for word in words[1:])
    whole = articled and not _ORDERED.intersection(word.lower() for word in words)
    return whole and not asks_value and not _is_fragment(words) and not _points_back(" ".join(words))


def _points_back(text: str) -> bool:
    """Whether a pronoun stands for what the text itself does not name before it."""
    written = words_of(_EXPLETIVE.sub(" ", text))[:_WORDS_READ]
    words = [word.lower() for word in written]
    for place, word in enumerate(words):
        told = content_words(" ".join(words[:place]))
        before, after = (words[place - 1] if place else ""), (words[place + 1] if place + 1 < len(words) else "")
        if place and (_named(written[place]) or (word in DETERMINERS and not _asks(words[:place]))):
            return False
        if told and word in _JOINS and before not in AUXILIARIES:
            return False
        if word not in _POINTERS and not _ADVERB.fullmatch(word):
            continue
        if word in _RELATIVE and after and before not in AUXILIARIES | _BEFORE_A_POINTER:
            continue
        if word in _OWNS and len(told) > 1:
            return False
        # 'Who announced it would stop': a clause of its own.
        return not (content_words(before) and before not in AUXILIARIES and after in AUXILIARIES)
    return False


def _asks(words: Sequence[str]) -> bool:
    """Whether the words are no more than the opening of a question: 'and what is', 'en wat zijn'."""
    return all(word in QUESTION_WORDS | AUXILIARIES | {"and", "but", "en", "maar"} for word in words)


def _named(word: str) -> bool:
    return word[:1].isupper() or any(map(str.isdigit, word))


def _is_fragment(words: Sequence[str]) -> bool:
    return not any(word.lower() in QUESTION_WORDS | AUXILIARIES for word in words)


def _joined(text: str, before: str) -> str:
    """Return a follow-up with what it leaves out of the question before it, at most twice as long as a question."""
    rest = text[_opening(text).end() :]
    words = words_of(rest)
    languages = {language_of(rest), language_of(before)} - {""}
    joined = ""
    if len(languages) == 2:
        # The words of one language in a sentence of the other: the two questions one after the other read better.
        joined = ""
    elif _points_back(rest):
        topic = topic_of(before, of_many=speaks_of_many(rest))
        joined = resolve_pronoun(rest, topic) if topic else ""
    elif not _told(rest):
        joined = ask_anew(before, rest)
    elif _is_fragment(words):
        joined = replace_in(before, resolve_one(rest, topic_of(before)) or rest)
    if joined and len(joined) <= 2 * _LONGEST_QUESTION + len(text):
        return f"{joined[:1].upper()}{joined[1:]}"
    return f"{before if before.endswith(('?', '.', '!')) else f'{before}?'} {text}"
