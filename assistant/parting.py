"""Part a question that asks several things, so that each can be searched for itself, and join what the searches find.

By rule and with reserve: what is not surely several questions is one. 'Command and control', 'sneeuw en regen' and
names with 'and' are single subjects. Knows no index: whoever asks searches, and hands over the rankings."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answers import Turn
from assistant.resolving import AUXILIARIES, DETERMINERS, PREPOSITIONS, QUESTION_WORDS, ask_anew, words_of
from assistant.rewriting import standalone_query
from retrieval.documents import Hit
from retrieval.languages import Language
from retrieval.lexical import content_words

MOST_PARTS = 4
"""Each part is a search more."""
_LONGEST_QUERY = 2000

_ITEM = re.compile(r"(?:^|(?<=[\s:;,]))\(?([1-9]|[a-d])[.)]\s+", re.IGNORECASE)
_QUESTION_END = re.compile(r"(?<=\?)\s+|;\s+")
_JOINT = re.compile(r"[\s,;]+(?:and|en)\s+(?=\w)", re.IGNORECASE)
_PRONOUNS = frozenset("it they he she we there that this die dat het hij zij ze er deze dit".split())
_ORDERS = frozenset("tell give list name explain describe show noem geef vertel beschrijf leg".split())
_COMPARED = (
    re.compile(
        r"(?:what (?:is|are) |wat (?:is|zijn) )?(?:the |het |de )?(?:differences? between|verschil(?:len)? tussen)"
        r" (?P<one>.+?) (?:and|en) (?P<other>.+)",
        re.IGNORECASE,
    ),
    re.compile(r"(?:compare|vergelijk) (?P<one>.+?) (?:and|with|to|en|met) (?P<other>.+)", re.IGNORECASE),
    re.compile(r"(?:how (?:does|do)) (?P<one>.+?) (?:differ|compare) (?:from|to|with) (?P<other>.+)", re.IGNORECASE),
    re.compile(r"(?:waarin|hoe) verschil(?:t|len) (?P<one>.+?) van (?P<other>.+)", re.IGNORECASE),
    re.compile(r"(?P<one>[^,]+?) (?:versus|vs\.?) (?P<other>.+)", re.IGNORECASE),
)
_CHOICE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?P<asked>(?:which|what|who|where)\b[^,]*), (?P<one>[^,]+?),? or (?P<other>[^,]+)", re.IGNORECASE
    ),
    "nl": re.compile(
        r"(?P<asked>(?:welke?|wat|wie|waar)\b[^,]*), (?P<one>[^,]+?),? of (?P<other>[^,]+)", re.IGNORECASE
    ),
}
# More than two things, or one that is a comparison itself: which belongs to which is not sure.
_UNSURE = re.compile(r"\b(?:and|or|en|between|tussen|of(?= (?:de|het|een)\b))\b", re.IGNORECASE)
_ANSWERED = frozenset("yes no ja nee".split())


def parts_of(query: str, language: Language) -> list[str]:
    """Return 2 to 4 questions, each on its own feet, that the query is made of; [] when it is one question.

    Of more than four the first four count: the whole query is searched as well."""
    text = query.strip()[:_LONGEST_QUERY]
    for found in (_listed(text), _asked_apart(text), _compared(text, language), _asked_together(text)):
        parts = list(dict.fromkeys(found))[:MOST_PARTS]
        if len(parts) > 1:
            return parts
    return []


def interleave(rankings: Sequence[Sequence[Hit]], limit: int) -> list[Hit]:
    """Return at most `limit` hits, the best of each ranking in turn: no passage twice, ranks from 1.

    The first ranking goes first in every round. A score still belongs to the search that gave it."""
    taken: dict[str, Hit] = {}
    for depth in range(max(map(len, rankings), default=0)):
        for ranking in rankings:
            if len(taken) >= limit:
                break
            if depth < len(ranking):
                taken.setdefault(ranking[depth].passage.id, ranking[depth])
    return [replace(hit, rank=rank) for rank, hit in enumerate(list(taken.values())[: max(limit, 0)], start=1)]


def _listed(text: str) -> list[str]:
    """Part (1) ... (2) ..., where the marks count up from the first."""
    marks = list(_ITEM.finditer(text))
    signs = "".join(mark[1].lower() for mark in marks)
    if len(marks) < 2 or not ("123456789".startswith(signs) or "abcd".startswith(signs)):
        return []
    opening = text[: marks[0].start()].strip(" :,;")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    items = [text[mark.end() : end].strip(" ,;") for mark, end in zip(marks, ends, strict=True)]
    return _completed([f"{opening}: {item}" if content_words(opening) else item for item in items if item])


def _asked_apart(text: str) -> list[str]:
    """Part at question marks. 'If not, why not?' stays with the question that it is about."""
    pieces: list[str] = []
    for piece in filter(_is_question, _QUESTION_END.split(text)):
        if pieces and _ANSWERED.issuperset(content_words(piece)):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    return _completed(pieces) if len(pieces) > 1 else []


def _compared(text: str, language: Language) -> list[str]:
    """Name each of the two that are compared, with what is compared of them."""
    plain = " ".join(text.split()).rstrip("?.! ")
    for pattern in _COMPARED:
        found = pattern.fullmatch(plain)
        if found and not _UNSURE.search(f"{found['one']} | {found['other']}"):
            one, other = found["one"].strip(), found["other"].strip()
            return (
                [_with_tail(one, other), _with_head(one, other)] if content_words(one) and content_words(other) else []
            )
    choice = _CHOICE[language].fullmatch(plain)
    if choice and len(content_words(choice["one"])) and len(content_words(choice["other"])):
        return [f"{choice['asked']}: {named}?" for named in (choice["one"], choice["other"])]
    return []


def _asked_together(text: str) -> list[str]:
    """Part at an 'and' that a second question follows."""
    pieces = [text]
    while len(pieces) < MOST_PARTS:
        left, right = next(
            ((pieces[-1][: joint.start()], pieces[-1][joint.end() :]) for joint in _joints(pieces[-1])), ("", "")
        )
        if not left:
            break
        pieces[-1:] = [left, right]
    return _completed(pieces) if len(pieces) > 1 else []


def _joints(text: str) -> list[re.Match[str]]:
    return [joint for joint in _JOINT.finditer(text) if _parts(text[: joint.start()], text[joint.end() :])]


def _parts(left: str, right: str) -> bool:
    """Whether what follows an 'and' is a question beside the one before it."""
    before, after = [word.lower() for word in words_of(left)], [word.lower() for word in words_of(right)]
    if not before or not after or not content_words(left) or before[-1] in QUESTION_WORDS | PREPOSITIONS:
        return False
    if not _opens_question(before):
        return False
    if after[0] in PREPOSITIONS and len(after) > 1:
        after = after[1:]
    if after[0] in QUESTION_WORDS:
        # 'Who search and who disarm' are clauses about a noun; 'how to cross' is one subject with 'when to cross'.
        clause = after[0] in before[1:] and before[0] != after[0]
        return not clause and len(after) > 1 and after[1] not in {"to", "te"}
    named = words_of(right)[1:2]
    subject = bool(named) and (named[0].lower() in DETERMINERS | _PRONOUNS or named[0][:1].isupper())
    return after[0] in AUXILIARIES and subject


def _opens_question(words: Sequence[str]) -> bool:
    opening = words[1:] if words[0] in PREPOSITIONS | {"and", "en"} and len(words) > 1 else words
    return opening[0] in QUESTION_WORDS | AUXILIARIES | _ORDERS


def _is_question(text: str) -> bool:
    return text.endswith("?") and any(word.lower() in QUESTION_WORDS | AUXILIARIES for word in words_of(text))


def _completed(pieces: Sequence[str]) -> list[str]:
    """Give each later piece what it leaves out of those before it."""
    whole: list[str] = []
    for piece in pieces[:MOST_PARTS]:
        text = piece.strip(" ,;.?!")
        if whole:
            text = _same_opening(whole[0], text) or standalone_query(text, [Turn(one, "") for one in whole])
        if content_words(text):
            whole.append(f"{text[:1].upper()}{text[1:].rstrip('?')}?")
    return whole


def _same_opening(first: str, text: str) -> str:
    """Complete 'how far from houses may it be used' with 'how far from the burrow': opened alike, with no verb."""
    one, other = [word.lower() for word in words_of(first)], [word.lower() for word in words_of(text)]
    alike = len(other) > 2 and one[:2] == other[:2] and one[0] in {"how", "hoe"}
    return ask_anew(first, text) if alike and not AUXILIARIES.intersection(other) else ""


def _with_head(one: str, other: str) -> str:
    """Carry over what the second leaves out: 'the load class of A', 'B'; 'route AMBER', 'COBALT'."""
    splits: tuple[Callable[[str], re.Match[str] | None], ...] = (
        lambda text: re.match(r".+? (?:of|van) (?=.)", text),
        lambda text: re.match(r"(?:(?:the|de|het) )?(?:[a-z]\w* )+(?=[A-Z0-9])", text),
    )
    first = other.split()[0]
    if first.lower() in one.lower().split() and first.lower() not in DETERMINERS:
        return other
    for place, split in enumerate(splits):
        head = split(one)
        fits = not split(other) and (place == 0 or first[:1].isupper() or first[:1].isdigit())
        if head and fits:
            return f"{head[0]}{other}"
    return other


def _with_tail(one: str, other: str) -> str:
    """Carry over what the first leaves out: 'primary', 'archaeological sources'."""
    words = other.split()
    alone = len(content_words(one)) == 1 and one.islower() and other.islower() and words[0] not in DETERMINERS
    shared = words[1:]
    return f"{one} {' '.join(shared)}" if alone and shared and words[0] != one.split()[-1] else one
