"""Put an earlier question's words where a follow-up leaves them out: for a pronoun, a missing half, a lone 'why'.

By word lists and the order of words, in Dutch and English; there is no parser. Each function returns '' when it does
not see how, and then nothing is guessed. Knows no conversation: it is handed one question and one follow-up."""

import re

from retrieval.lexical import content_words

QUESTION_WORDS = frozenset(
    """who whom whose what which where when why how
    wie wiens wat welke welk waar wanneer waarom hoe hoeveel waarvoor waarmee waarvan""".split()
)
_BEING = frozenset(
    """is are am was were zijn waren ben bent staat staan ligt liggen zit zitten gaat gaan heet heten
    wordt worden werd werden""".split()
)
_HAVING = frozenset("has have had heeft hebben hadden".split())
_DOING = frozenset("do does did".split())
AUXILIARIES = (
    _BEING
    | _DOING
    | _HAVING
    | frozenset(
        """can could may might must shall should will would
        kan kunnen kon konden mag mogen mocht moet moeten moest moesten zal zullen zou zouden wil willen
        geldt gelden""".split()
    )
)
PREPOSITIONS = frozenset(
    """of in on at by for from with over under between within after before until till to near via during above below
    van op bij te voor door met onder tussen binnen na tot naar aan uit per om vanaf sinds tijdens boven
    volgens""".split()
)
DETERMINERS = frozenset("the a an de het een".split())
_LONGEST_TOPIC_WORDS = 12
_EMPTY = frozenset("er there not niet".split())
_PARTICLES = frozenset("naartoe heen vandaan".split())
_DUTCH = frozenset(
    """de het een en van voor wie wat welke welk waar wanneer waarom hoe hoeveel zijn die dat deze er daar niet met bij
    op ze zij hij hem hun haar wordt worden heeft hebben kan mag moet naar te ook maar dit""".split()
)
_ENGLISH = frozenset(
    """the a an and of for who what which where when why how are that this there not with by on it its they them
    their he she his her does do did has have can may must to but from at those these""".split()
)
_PARTICIPLE = re.compile(
    r"(?:(?:af|aan|op|uit|in|toe|mee|over)?ge|be|ver|ont|af)\w{2,}(?:d|t|en)|\w{3,}ed", re.IGNORECASE
)

_POSSESSIVES = frozenset("its their his her zijn haar hun".split())
_STANDS_FOR = frozenset("it they them he she him that those this these die dat deze dit hij zij ze hem hen hun".split())
# Before a noun these point at it: 'is that bridge safe', but 'how long does that take'.
_POINTS_AT = frozenset("that this those these die dat deze dit".split())
_PLURAL = frozenset("they them their these those ze hen hun".split())
_THERE = {"there": "at", "daar": "bij"}
_ADVERB = re.compile(
    r"(?:er|daar|hier)(van|voor|mee|bij|over|op|in|aan|uit|door|tegen|naar|onder|boven)", re.IGNORECASE
)


def words_of(question: str) -> list[str]:
    """Return the words as they are written, without the marks that end a sentence."""
    return [word for part in question.split() if (word := part.strip("?!.,;:()\"“”'"))]


def language_of(question: str) -> str:
    """Return 'nl' or 'en' by function words, which decide where a detector of long texts guesses; '' when they tie."""
    words = [word.lower() for word in words_of(question)]
    dutch, english = sum(word in _DUTCH for word in words), sum(word in _ENGLISH for word in words)
    return "nl" if dutch > english else "en" if english > dutch else ""


def topic_of(question: str, *, of_many: bool = False) -> str:
    """Return what a question is about as a phrase that can stand in another question: at most 12 words.

    'How many mortars has the regiment?' is about the mortars for a follow-up that speaks of many things, and about
    the regiment for one that speaks of one."""
    topic = _topic(words_of(question), of_many)
    return topic if len(topic.split()) <= _LONGEST_TOPIC_WORDS else ""


def _topic(words: list[str], of_many: bool) -> str:
    folded = [word.lower() for word in words]
    if not words:
        return ""
    verb = next((place for place, word in enumerate(folded[:8]) if word in AUXILIARIES), None)
    start = _noun_start(folded, verb)
    if start and verb is not None and not of_many and (folded[verb] in _HAVING or folded[-1] in _HAVING):
        rest = words[verb + 1 :]
        return _phrase(rest[:-1] if folded[-1] in _HAVING else rest)
    if start:
        return _noun_asked_for(words, start, verb)
    if verb is None:
        # Wie vult de zandzakken, wat kost variant B: what follows the verb.
        return _phrase(words[2:]) if folded[0] in QUESTION_WORDS and folded[0] not in {"how", "hoe"} else ""
    rest, low = words[verb + 1 :], folded[verb + 1 :]
    if verb == 0 and folded[0] in _BEING and len(rest) > 2 and low[-2] not in DETERMINERS | PREPOSITIONS:
        # Is the ford open: what it is asked to be is not part of it.
        return _phrase(rest[:-1] if rest[-1].islower() else rest)
    if folded[verb] in _BEING:
        return _phrase(rest)
    if "be" in low[1:]:
        return _phrase(rest[: low.index("be")])
    if folded[0] in {"who", "wie"}:
        return _phrase(rest[1:])
    if folded[verb] in _DOING and len(rest) > 1 and rest[-1].islower() and low[-2] not in DETERMINERS | PREPOSITIONS:
        return _phrase(rest[:-1])
    return ""


def speaks_of_many(text: str) -> bool:
    return any(word.lower() in _PLURAL for word in words_of(text))


def resolve_pronoun(text: str, topic: str) -> str:
    """Return the text with its first word that stands for something replaced by the topic; '' when there is none."""
    parts = text.split()
    for place, part in enumerate(parts):
        word = part.strip("?!.,;:").lower()
        tail = part[len(part.rstrip("?!.,;:")) :]
        following = parts[place + 1].strip("?!.,;:") if place + 1 < len(parts) and not tail else ""
        before = parts[place - 1].lower() if place else ""
        if word in _POSSESSIVES and _is_noun(following) and before != "zijn":
            end = _end_of_noun(parts, place + 1)
            article, of = ("de", "van") if word in {"zijn", "haar", "hun"} else ("the", "of")
            noun = " ".join(parts[place + 1 : end])
            mark = noun[len(noun.rstrip("?!.,;:")) :]
            return " ".join([*parts[:place], article, noun.rstrip("?!.,;:"), of, topic + mark, *parts[end:]])
        adverb = _ADVERB.fullmatch(word)
        if adverb:
            preposition = {"mee": "met"}.get(adverb[1].lower(), adverb[1].lower())
            return " ".join([*parts[:place], preposition, topic + tail, *parts[place + 1 :]])
        if word in _THERE and before not in AUXILIARIES - _BEING and following.lower() not in AUXILIARIES:
            return " ".join([*parts[:place], _THERE[word], topic + tail, *parts[place + 1 :]])
        last = place + 2 >= len(parts)
        if word in _STANDS_FOR and (word not in _POINTS_AT or not _is_noun(following) or last):
            return " ".join([*parts[:place], topic + tail, *parts[place + 1 :]])
    return ""


def resolve_one(text: str, topic: str) -> str:
    """Return 'the forward one' as 'the forward command post', where the topic is 'the main command post'; or ''."""
    words, named = words_of(text), topic.split()
    if len(words) < 2 or words[-1].lower() not in {"one", "ones"} or len(named) < 3:
        return ""
    head = next((place for place, word in enumerate(named) if place and not _is_noun(word)), len(named))
    return " ".join([*words[:-1], *named[2:head]]) if head > 2 else ""


def replace_in(question: str, fragment: str) -> str:
    """Return the question asked of what the fragment names: 'Which bridge does 13 Brigade use?', '43 Brigade'."""
    words, new = words_of(question), words_of(fragment)
    if not words or not new:
        return ""
    span = _like_preposition(words, new) if new[0].lower() in PREPOSITIONS else _like_phrase(words, new)
    if span is None:
        return f"{' '.join(words)} {' '.join(new)}?" if new[0].lower() in PREPOSITIONS else ""
    return f"{' '.join([*words[: span[0]], *new, *words[span[1] :]])}?"


def ask_anew(question: str, asking: str) -> str:
    """Return the question asked by another question word: 'Wanneer is de weg dicht?', 'Waarom' -> 'Waarom is ...'."""
    words = words_of(question)
    folded = [word.lower() for word in words]
    verb = next((place for place, word in enumerate(folded[:8]) if word in AUXILIARIES), None)
    if verb is None:
        return ""
    asked = " ".join(words_of(asking))
    start = _noun_start(folded, verb)
    subject = words[start:verb] if start else []
    return f"{asked} {' '.join([folded[verb], *subject, *words[verb + 1 :]])}?"


def _noun_start(folded: list[str], verb: int | None) -> int:
    """Return where the noun starts that is asked for (which unit, how many beds, hoeveel bedden); 0: there is none."""
    if folded[0] in {"which", "welke", "welk", "hoeveel", "what"} and verb != 1:
        return 1 if folded[0] != "what" or verb is not None else 0
    return 2 if folded[:2] in (["how", "many"], ["how", "much"]) and verb != 2 else 0


def _noun_asked_for(words: list[str], start: int, verb: int | None) -> str:
    if verb is None:
        # Which unit runs the area: the verb is the word before the next article, preposition or name.
        ends = (place for place in range(start + 2, len(words)) if not _is_noun(words[place]) or _is_name(words[place]))
        verb = next(ends, len(words)) - 1
    noun, told, rest = words[start:verb], words[verb].lower(), words[verb + 1 :]
    if not noun or not rest:
        return _phrase(noun)
    if language_of(" ".join(words)) == "nl":
        return " ".join(["de", *noun, "die", *rest, told])
    return " ".join(["the", *noun, "that", *([] if told in AUXILIARIES - _BEING else [told]), *rest])


def _phrase(words: list[str]) -> str:
    while words and words[0].lower() in _EMPTY | PREPOSITIONS:
        words = words[1:]
    told = len(words) > 1 and words[-2].lower() not in DETERMINERS | PREPOSITIONS
    if told and (words[-1].lower() in _PARTICLES or _PARTICIPLE.fullmatch(words[-1])):
        words = words[:-1]
    phrase = " ".join(words)
    return phrase if content_words(phrase) else ""


def _is_noun(word: str) -> bool:
    """Whether a word can be part of a noun phrase after its article."""
    return bool(word) and word.lower() not in AUXILIARIES | PREPOSITIONS | DETERMINERS | QUESTION_WORDS | _EMPTY


def _is_name(word: str) -> bool:
    return word[:1].isupper() or any(map(str.isdigit, word))


def _end_of_noun(parts: list[str], place: int) -> int:
    while place < len(parts) and _is_noun(parts[place].strip("?!.,;:")):
        place += 1
        if parts[place - 1][-1] in "?!.,;:":
            break
    return place


def _like_preposition(words: list[str], new: list[str]) -> tuple[int, int] | None:
    """Return the last phrase of the question that opens with the fragment's preposition."""
    opener = new[0].lower()
    starts = [place for place, word in enumerate(words) if word.lower() == opener and place]
    if not starts:
        return None
    end = starts[-1] + 1
    if end < len(words) and words[end].lower() in DETERMINERS:
        end += 1
    named = end < len(words) and _is_name(words[end])
    dated = named and words[end][0].isdigit()
    while end < len(words) and _is_noun(words[end]) and (not named or dated or _is_name(words[end])):
        end += 1
    # 'the Zuiderwaag lock bridge': after an article a name may be followed by its noun.
    if named and words[starts[-1] + 1].lower() in DETERMINERS:
        while end < len(words) and _is_noun(words[end]):
            end += 1
    return starts[-1], end


def _like_phrase(words: list[str], new: list[str]) -> tuple[int, int] | None:
    """Return the phrase of the question that the fragment is most like: a word shared, a shape, an article."""
    names, nouns = _names(words), _nouns(words)
    if any(map(_is_name, new)):
        return _widened(words, _best(words, names, new), new)
    shared = [span for span in nouns if _overlap(words, span, new)]
    if shared:
        return shared[-1]
    articled = new[0].lower() in DETERMINERS
    alike = [span for span in nouns if (words[span[0]].lower() in DETERMINERS) == articled]
    if not alike:
        return names[0] if articled and len(names) == 1 else None
    start, end = alike[0]
    # Kan een ambulance vervoeren, does the convoy use: the verb at the end is not what is replaced.
    verb = end == len(words) and end - start > 2 and not any(word.lower() in _BEING for word in words)
    return start, end - verb


def _best(words: list[str], spans: list[tuple[int, int]], new: list[str]) -> tuple[int, int] | None:
    """Return the span most like the new words; of equals the last, which is mostly the most specific."""
    shape = _shape(next(word for word in new if _is_name(word)))
    articled = new[0].lower() in DETERMINERS
    scored = [
        (
            _overlap(words, (start, end), new),
            articled == (words[start - 1].lower() in DETERMINERS),
            any(_shape(word) == shape for word in words[start:end]),
            place,
        )
        for place, (start, end) in enumerate(spans)
    ]
    overlap, article, alike, place = max(scored, default=(0, False, False, 0))
    return spans[place] if spans and (overlap or alike or (article and len(spans) == 1)) else None


def _widened(words: list[str], span: tuple[int, int] | None, new: list[str]) -> tuple[int, int] | None:
    """Take in the words beside a name that the new words bring along: its article, 'variant' of 'variant B'."""
    if span is None:
        return None
    start, end = span
    brought = {word.lower() for word in new}
    while start > 1 and words[start - 1].lower() in brought:
        start -= 1
    if start > 1 and words[start - 1].lower() in DETERMINERS and new[0].lower() in DETERMINERS:
        start -= 1
    while end < len(words) and words[end].lower() in brought and _is_noun(words[end]):
        end += 1
    return start, end


def _overlap(words: list[str], span: tuple[int, int], new: list[str]) -> int:
    return len({word.lower() for word in words[span[0] : span[1]]} & {word.lower() for word in new} - DETERMINERS)


def _shape(word: str) -> str:
    """Return the kind of a name: P1 and P5 are alike, KWARTEL and ROERDOMP, Kruisvoorde and Lageraelm."""
    if word.isdigit():
        return "number"
    if any(map(str.isdigit, word)):
        return "code"
    return "capitals" if word.isupper() else "name" if word[:1].isupper() else "word"


def _names(words: list[str]) -> list[tuple[int, int]]:
    """Return the runs of names and numbers; the first word opens the sentence and counts for none."""
    spans, place = [], 1
    while place < len(words):
        end = place
        while end < len(words) and _is_name(words[end]):
            end += 1
        spans += [(place, end)] if end > place else []
        place = end + 1
    return spans


def _nouns(words: list[str]) -> list[tuple[int, int]]:
    """Return the runs of other words that follow the question word, each with its article."""
    spans: list[tuple[int, int]] = []
    start = 1
    while start < len(words):
        end = start + (words[start].lower() in DETERMINERS)
        first = end
        while end < len(words) and _is_noun(words[end]) and words[end].lower() not in {"many", "much"}:
            end += 1
        spans += [(start, end)] if end > first else []
        start = max(end, start + 1)
    return spans
