"""Find where documents answer the same question differently, and say which answer a rule prefers. All are shown.

Two grades. Alternatives: documents about what the question names, each with an answer of its own; the best sentence of
each is quoted. Conflicts: alternatives whose values are of the same thing and cannot both hold. Knows no screen and no
model; a rule prefers by what owners and files tell, never by which text sounds better."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from assistant.answers import Conflict, Side
from assistant.quoting import Sentence, best_sentences, cite
from assistant.relating import words_asked
from assistant.valuing import Sort, Value, fits, form_of_question, names_in_question, sort_asked, values, years
from assistant.verifying import deciding
from retrieval.languages import Language
from retrieval.lexical import content_words, stems
from retrieval.quantities import DATE, TIME, Quantity

MOST_SIDES = 5
# A passage speaks to the question when it has this share of the weight of the question's words ...
_SPEAKS = 0.7
# ... or this one, when it is in another language: the word lists render most words of a question, not all;
_SPEAKS_ACROSS = 0.5
# ... or this one, when it begins with all that the question names: then it is about that.
_SPEAKS_ABOUT = 0.3
_OPENING_WORDS = 12
# The share that a sentence has of its own when a name in it is taken for the answer: most sentences hold names.
_SPEAKS_ITSELF = 0.5
# What is added to a sentence's score, chosen on the 75 ambiguous questions of RAMDocs with even numbers.
_HAS_VALUE = 0.4
_GOVERNED = 0.3
_DEFINES = 0.3
_RATE = -0.5
_LIFE = 0.5
# What a word counts that only the word lists find, as quoting counts one that it sees.
_ACROSS = 0.75
# 'It was designed by ...' counts as if it named what it stands for.
_REFERRED = 0.4
_REFERS = re.compile(r"(?:It|He|She|They|Its|His|Her|The|This|Het|Hij|Zij|Ze|Zijn|Haar|De|Dit|Deze)\b")
# An alternative stands at most so far below the best one; where a conflict is reported, less far.
_WITHIN = 1.0
_WITHIN_CONFLICT = 0.9
_SAME_WORDS = 0.8
_LIKE_WORDS = 0.6
# Letters that two stems have in common at least.
_FAMILY = 4
# Words on either side of a value that tell what it is of.
_GOVERNING_WORDS = 6
_DEFINITION = re.compile(r"\b(?:is|was|are|were|zijn|waren)\s+(?:an?|the|one|een|de|het)\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|was|are|were|zijn|waren)\b", re.IGNORECASE)
_PER = re.compile(r"\bdensity\b|\bper (?:square|km|mile|capita|head)\b|/km|dichtheid|\bper (?:vierkante|hoofd)\b", re.I)
_BIRTH = re.compile(r"\b(?:born|birth|geboren|geboorte)", re.IGNORECASE)
# Name (19 May 1890 – 2 September 1969), and Name (born 1950).
_LIFE_DATES = re.compile(r"\([^()]{0,60}\d{4}\s*[–-]|\((?:born|geboren)\b")
_PEOPLE = re.compile(r"\b(?:people|population|inhabitants|residents|inwoners|bevolking)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What one document answers."""

    sentence: Sentence
    values: tuple[Value, ...]
    """Of the sort asked for, best governed by the question's words first. Empty where a statement is asked for."""
    score: float
    speaks: float
    """Share, 0 to 1, of the question's words that its passage has."""
    coverage: float
    """Share of them that the sentence has."""
    governed: bool
    """Words of the question stand beside the first value, and enough of them in its passage to dispute it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as texts of one language tell it: each word is the stems by which they may."""

    query: str
    sort: Sort
    named: frozenset[str]
    """Stems of what it is about."""
    telling: tuple[frozenset[str], ...]
    """Words that an answer may repeat."""
    rest: tuple[frozenset[str], ...]
    """Words that are no names."""
    across: bool
    """The texts are in another language than the question."""
    labels: frozenset[str]
    """Stems of what it asks for: a code that begins with one is a value."""

    @property
    def least(self) -> float:
        """Share of its words that a passage must have to speak to it."""
        return _SPEAKS_ACROSS if self.across else _SPEAKS


def alternatives(query: str, sentences: Sequence[Sentence], *, language: Language) -> list[Alternative]:
    """Return the best answering sentence of each document that speaks to the question, best first.

    Fewer than two documents are no alternatives: []. `sentences`: ranked, as `rank_sentences` returns them."""
    by_language: dict[Language, _Asked] = {}
    best: dict[str, Alternative] = {}
    speaking: dict[int, float] = {}
    for sentence in sentences:
        label, of = sentence.evidence.label, sentence.evidence.language
        if of not in by_language:
            by_language[of] = _asked(query, language, of)
        asked = by_language[of]
        if label not in speaking:
            speaking[label] = _speaks(asked, sentence)
        one = _alternative(asked, sentence, speaking[label]) if speaking[label] else None
        document = sentence.evidence.document.id
        if one and (document not in best or one.score > best[document].score):
            best[document] = one
    ranked = sorted(best.values(), key=lambda one: -one.score)
    distinct: list[Alternative] = []
    for one in ranked:
        if ranked[0].score - one.score <= _WITHIN and not any(_says_same(one, other) for other in distinct):
            distinct.append(one)
    return distinct[:MOST_SIDES] if len(distinct) > 1 else []


def find_conflicts(query: str, sentences: Sequence[Sentence], offered: Sequence[Alternative]) -> list[Conflict]:
    """Return where different documents give different values for what is asked, or say the opposite of each other.

    `sentences`: ranked; `offered`: their alternatives. Values differ when no notation makes them one; they are of the
    same thing when unit, year and the words around them agree. Sides are ordered by evidence, best first."""
    valued = [
        one for one in offered if one.governed and _is_clear(one) and offered[0].score - one.score <= _WITHIN_CONFLICT
    ]
    sides = [one for one in valued if any(_differ(one, other, query) for other in valued)]
    if len(sides) > 1:
        return [_conflict(query, [(one.values[0].text, one.sentence) for one in _merged(sides)])]
    opposed = _opposed(sentences)
    return [_conflict(query, [(" ".join(one.text.split()), one) for one in opposed])] if opposed else []


def sentences_to_quote(
    sentences: Sequence[Sentence], offered: Sequence[Alternative], conflicts: Sequence[Conflict], *, limit: int
) -> list[Sentence]:
    """Return what is quoted for a question: each side and each alternative once, else the best `limit` sentences."""
    sides = [one for one in sentences if is_side(one, conflicts)]
    # The best sentence by itself may answer where no alternative does.
    first = best_sentences(sentences, 1) if offered and not sides else []
    chosen = {_place(one): one for one in (*sides, *first, *(one.sentence for one in offered))}
    return list(chosen.values())[:MOST_SIDES] or best_sentences(sentences, limit)


def is_side(sentence: Sentence, conflicts: Sequence[Conflict]) -> bool:
    """Tell whether a quoted sentence is one of the sides: its verdict is then Verdict.CONFLICTING."""
    return any(
        _place(sentence) == (side.citation.version_id, side.citation.start)
        for conflict in conflicts
        for side in conflict.sides
    )


def prevailing(sides: Sequence[Side]) -> tuple[int | None, str]:
    """Return which side a rule prefers, from 0, and the rule; (None, '') when none decides.

    The highest authority; among several of it the newest, if all of them are dated and no two alike."""
    highest = max(side.authority for side in sides)
    top = [at for at, side in enumerate(sides) if side.authority == highest]
    if len(top) == 1:
        return top[0], "authority"
    dates = [sides[at].dated or date.min for at in top]
    if date.min in dates or dates.count(max(dates)) > 1:
        return None, ""
    return top[dates.index(max(dates))], "newer"


def _asked(query: str, language: Language, of: Language) -> _Asked:
    """Read a question in its `language` as texts in language `of` tell it."""
    named = names_in_question(query, language)
    form = frozenset(stems(form_of_question(query), language))
    words = dict(words_asked(query, language, of=of))
    return _Asked(
        query,
        sort_asked(query),
        names_in_question(query, of),
        tuple(told for word, told in words.items() if word in named or word not in form),
        tuple(told for word, told in words.items() if word not in named),
        of != language,
        frozenset[str]().union(*words.values()),
    )


def _held(words: Sequence[frozenset[str]], found: Collection[str]) -> int:
    """Count the words that are told by any of these stems."""
    return sum(not word.isdisjoint(found) for word in words)


def _speaks(asked: _Asked, sentence: Sentence) -> float:
    """Return the share of the question's words that a passage has; 0 when it is not about what the question names."""
    evidence = sentence.evidence
    above = f"{evidence.document.title} {evidence.passage.heading} "
    found = frozenset(stems(above + evidence.passage.text, evidence.language))
    if not asked.named <= found:
        return 0.0
    opening = above + " ".join(evidence.passage.text.split()[:_OPENING_WORDS])
    about = bool(asked.named) and asked.named <= frozenset(stems(opening, evidence.language))
    # The weighted share, but for words such as 'what time', which weigh most because no document has them.
    share = max(sentence.context_coverage, _held(asked.telling, found) / max(1, len(asked.telling)))
    return share if share >= (_SPEAKS_ABOUT if about else asked.least) else 0.0


def _is_about(asked: _Asked, sentence: Sentence) -> bool:
    """Tell whether a sentence may speak of what the question names. The row of a table does where its first cell names
    it: that says what the row is of."""
    first, _, rest = sentence.text.partition("|")
    return not rest or not asked.named.isdisjoint(stems(first, sentence.evidence.language))


def _alternative(asked: _Asked, sentence: Sentence, speaks: float) -> Alternative | None:
    text, language = sentence.text, sentence.evidence.language
    found = values(text, asked.sort, query=asked.query, language=language, labels=asked.labels)
    if asked.sort is not Sort.STATEMENT and not found:
        return None
    rest, told = asked.rest, frozenset(stems(text, language))
    governing = {value: _governing(text, value, language) for value in found}
    fitting = {value for value in found if fits(value, text, query=asked.query)}
    ordered = sorted(found, key=lambda value: (value not in fitting, -_held(rest, governing[value])))
    coverage = sentence.coverage
    if asked.across:
        coverage = max(coverage, _held(asked.telling, told) / max(1, len(asked.telling)))
    score = sentence.score + _ACROSS * (coverage - sentence.coverage) + (_HAS_VALUE if found else 0.0)
    score += _GOVERNED * _held(rest, told) / max(1, len(rest))
    if asked.named and _REFERS.match(text):
        score += _REFERRED * len(asked.named - told) / len(asked.named)
    if asked.sort is Sort.NUMBER:
        people = bool(_PEOPLE.search(asked.query) and _PEOPLE.search(text))
        score += _GOVERNED * people
        score -= _HAS_VALUE * (not people and not _held(rest, governing[ordered[0]]))
        score += _RATE * bool(_PER.search(text) and not _PER.search(asked.query))
    elif asked.sort is Sort.DATE:
        score += _LIFE * bool(_BIRTH.search(asked.query) and _LIFE_DATES.search(text))
    elif asked.sort in (Sort.NAME, Sort.STATEMENT):
        # 'Grutto is a battle group of ...' tells of a thing what it is.
        score += _DEFINES * bool(_DEFINITION.search(text))
        score += _DEFINES * (sentence.start == 0 and sentence.evidence.passage.ordinal == 0)
    wanted = frozenset[str]().union(*(rest or asked.telling))
    # Through the word lists any name of a sentence may pass for the answer, unless it says what somebody is.
    readable = not asked.across or asked.sort is not Sort.NAME or bool(_IS.search(text))
    speaking = fitting and readable and speaks >= asked.least
    # 'Three bridges' says nothing of the load class of one.
    governed = bool(speaking and _is_about(asked, sentence) and _akin(governing[ordered[0]], wanted))
    return Alternative(sentence, tuple(ordered), score, speaks, coverage, governed)


def _akin(some: Collection[str], others: Collection[str]) -> bool:
    """Tell whether any two stems are of one family: class and classifi."""
    return any(
        one == other or (min(len(one), len(other)) >= _FAMILY and (one.startswith(other) or other.startswith(one)))
        for one in some
        for other in others
    )


def _says_same(one: Alternative, other: Alternative) -> bool:
    """Tell whether one adds nothing to the other, which is better: the same figure, and of no more weight; or, but for
    a word or two, the same words."""
    mine, theirs = (set(content_words(two.sentence.text)) for two in (one, other))
    first, second = ([value.meaning for value in two.values[:1]] for two in (one, other))
    if first == second and first and isinstance(first[0], Quantity) and _weight(one) <= _weight(other):
        return True
    if len(mine & theirs) >= _SAME_WORDS * len(mine | theirs):
        return all(any(value.agrees(two) for two in other.values) for value in one.values)
    return False


def _weight(one: Alternative) -> tuple[int, date]:
    return one.sentence.evidence.authority, one.sentence.evidence.dated or date.min


def _is_clear(one: Alternative) -> bool:
    return isinstance(one.values[0].meaning, Quantity) or one.coverage >= _SPEAKS_ITSELF


def _differ(one: Alternative, other: Alternative, query: str) -> bool:
    """Tell whether two documents give different values for the same thing."""
    mine, theirs = one.values[0], other.values[0]
    if one.sentence.evidence.document.id == other.sentence.evidence.document.id:
        return False
    if any(mine.agrees(value) for value in other.values) or any(theirs.agrees(value) for value in one.values):
        return False
    # Across languages it is enough that the question's words govern both.
    across = one.sentence.evidence.language != other.sentence.evidence.language
    if _unit(mine) != _unit(theirs) or not (across or _around(one) & _around(other)):
        return False
    # 'In 2024 there were 40' and 'in 2025 there were 60' are both so. A date that is asked for may be in any year.
    told = [years(two.sentence.text) - years(query) for two in (one, other)]
    return _unit(mine) in (DATE, TIME) or not (told[0] and told[1]) or bool(told[0] & told[1])


def _merged(alternatives: Sequence[Alternative]) -> Iterator[Alternative]:
    """Yield one alternative for each value: of those that agree, the one of most authority, then the newest."""
    groups: list[list[Alternative]] = []
    for one in alternatives:
        group = next((some for some in groups if some[0].values[0].agrees(one.values[0])), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    for group in groups:
        yield max(group, key=_weight)


def _opposed(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the two best sentences of different documents that say the same, one of them denied; [] for none."""
    speaking = [one for one in sentences if one.context_coverage >= _SPEAKS and one.coverage > 0][: 4 * MOST_SIDES]
    for one, other in combinations(speaking, 2):
        if one.evidence.document.id != other.evidence.document.id and _contradict(one.text, other.text):
            return [one, other]
    return []


def _contradict(one: str, other: str) -> bool:
    """Tell whether two sentences are alike but for a denial, or for what must be and may be done."""
    mine, theirs = (set(content_words(text)) for text in (one, other))
    if len(mine & theirs) < _LIKE_WORDS * len(mine | theirs) or deciding.figures(one) != deciding.figures(other):
        return False
    denied = (deciding.negations(one) - deciding.negations(other)) % 2 == 1
    return denied or {frozenset({"must"}), frozenset({"may"})} == {deciding.modals(one), deciding.modals(other)}


def _conflict(query: str, found: Sequence[tuple[str, Sentence]]) -> Conflict:
    sides = tuple(
        Side(value, cite(one), one.evidence.marking, one.evidence.dated, one.evidence.authority)
        for value, one in found[:MOST_SIDES]
    )
    return Conflict(" ".join(query.split()), sides, *prevailing(sides))


def _around(one: Alternative) -> frozenset[str]:
    return _governing(one.sentence.text, one.values[0], one.sentence.evidence.language)


def _governing(text: str, value: Value, language: Language) -> frozenset[str]:
    """Return the stems of the words beside a value; in the row of a table those of its cell."""
    ahead, past = text[: value.start], text[value.start + len(value.text) :]
    before, after = ahead.rpartition("|")[2].split(), past.partition("|")[0].split()
    return frozenset(stems(" ".join((*before[-_GOVERNING_WORDS:], *after[:_GOVERNING_WORDS])), language))


def _unit(value: Value) -> str:
    return value.meaning.unit if isinstance(value.meaning, Quantity) else ""


def _place(sentence: Sentence) -> tuple[str, int]:
    passage = sentence.evidence.passage
    return passage.version, passage.start + sentence.start
