"""Collect what documents say that bears on a problem, and what they say themselves is not known.

Asks about the problem as a whole, sentence by sentence and name by name, and then about the names that came up; copies
the sentences that weigh most (`relevance.py`), facts and gaps apart. Judges none of them. Knows nothing of courses."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.answers import Evidence
from assistant.courses.means import named_in, tells
from assistant.courses.phrasing import SEED_QUESTIONS, UNKNOWN_QUESTIONS, asked
from assistant.courses.recognising import ASKS, NOT_KNOWN, TASKS, Section, section_of
from assistant.courses.relevance import Weighing, names_in
from assistant.courses.stating import Inquirer, copied, quotable, usable
from assistant.courses.workspace import Basis, Statement
from retrieval.languages import Language, detect_language
from retrieval.lexical import content_words
from retrieval.quantities import DATE, quantities

Read = Callable[[Evidence], Sequence[Evidence]]
"""Return the passages of the document that a passage stands in, in their order, as far as they may be read."""

MOST_FACTS = 40
MOST_GAPS = 15
_MOST_SENTENCES = 12
_MOST_NAMES = 8
_MOST_NEW_NAMES = 10
_LOOKED_AT = 25
# What counts beside a sentence's own words: those of the sentence before it, of its headings and title, how often its
# passage was the best found, the best passage of its document, and that it tells an amount, a time or a place.
_BEFORE, _HEADED, _FOUND, _DOCUMENT, _MEASURED = 0.5, 0.5, 1.0, 1.0, 0.2
# What says that something is not known is rarer, and worth more.
_LEAST, _LEAST_UNKNOWN = 0.5, 0.35
# What a sentence counts in a document that names nothing of what the problem names.
_ELSEWHERE = 0.75
_FEWEST_WORDS, _MOST_WORDS = 4, 60
_SAID = 0.8
_LONGEST_DATELINE = 8
_MOST_ROWS = 3
# Documents that are read as a whole, how much of the problem their best passage holds at least, and as a share of the
# best document's; of a document as long as a book only passages this near to one that was found.
_MOST_READ, _LEAST_ABOUT, _NEAR_BEST, _AROUND = 6, 0.12, 0.35, 6
# Who wrote a paper, to whom and when: about the paper itself.
_ABOUT_PAPER = re.compile(
    r"^\W*(?:(?:written|issued|prepared|drafted|released|opgesteld|uitgegeven|opgemaakt|stand|as of)\b|(?:from|to|cc|"
    r"subject|date|reference|aan|van|datum|onderwerp|kenmerk|rubricering|marking|classification|fictie\w*|fiction\w*)\s*[:.])",
    re.IGNORECASE,
)
# What another staff was told to do with its problem.
_PLANNING = re.compile(r"\bcourses? of action\b|\bhandelwijzen?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A sentence of a document that bears on a problem."""

    statement: Statement
    section: Section | None
    """By its heading."""
    score: float


@dataclass(slots=True)
class _Search:
    """What was asked about a problem, and how well each passage answered."""

    inquire: Inquirer
    found: dict[str, float] = field(default_factory=dict)
    """By id of the passage: the sum of 1 / rank² over what was asked."""
    asked: int = 0

    def ask(self, question: str) -> None:
        self.asked += 1
        for one in self.inquire(question).evidence:
            self.found[one.passage.id] = self.found.get(one.passage.id, 0.0) + 1 / one.label**2

    def share(self, passage: str) -> float:
        return self.found.get(passage, 0.0) / (self.asked or 1)


def collect(
    topic: str, given: Sequence[str], *, inquire: Inquirer, language: Language, read: Read | None = None
) -> list[Bearing]:
    """Return the sentences of documents that bear on a problem, best first: facts, then gaps.

    `given`: the sentences of the problem. Raises what asking raises."""
    search = _Search(inquire)
    for question in _questions(topic, given, language):
        search.ask(question)
    weighing = Weighing.of([topic, *given], inquire.seen.values(), language)
    ranked = _ranked([topic, *given], search, weighing, language)
    if read:
        _read_whole(read, search, weighing)
        ranked = _ranked([topic, *given], search, weighing, language)
    weighing.learn([one.statement.text for one in ranked[:_LOOKED_AT]], inquire.seen.values())
    for name in _new_names(ranked, [topic, *given]):
        search.ask(f"{name} {topic}")
    ranked = _ranked([topic, *given], search, weighing, language)
    facts = [one for one in ranked if one.statement.basis is Basis.FACT][:MOST_FACTS]
    gaps = [one for one in ranked if one.statement.basis is Basis.GAP][:MOST_GAPS]
    return [*facts, *gaps]


def in_order(found: Sequence[Bearing]) -> list[Bearing]:
    """Return sentences as a person reads them: document by document, the most telling first, what is not known last."""
    documents = list(dict.fromkeys(one.statement.citations[0].version_id for one in found))

    def place(one: Bearing) -> tuple[bool, int, int]:
        cited = one.statement.citations[0]
        return one.statement.basis is Basis.GAP, documents.index(cited.version_id), cited.start

    return sorted(found, key=place)


def _questions(topic: str, given: Sequence[str], language: Language) -> Iterator[str]:
    yield topic
    yield from (one[:400] for one in given[:_MOST_SENTENCES])
    names = [name for one in given for name in names_in(one)]
    yield from (f"{name} {topic}" for name in list(dict.fromkeys(names))[:_MOST_NAMES])
    for question in (*SEED_QUESTIONS[language], *UNKNOWN_QUESTIONS[language]):
        yield asked({language: question}, language, topic=topic)


def _ranked(given: Sequence[str], search: _Search, weighing: Weighing, language: Language) -> list[Bearing]:
    passages = [one for one in search.inquire.seen.values() if usable(one) and section_in(one) is not Section.CRITERIA]
    documents, naming = _documents(passages, weighing), _naming(passages, given)
    ranked = [
        bearing if one.document.id in naming else replace(bearing, score=_ELSEWHERE * bearing.score)
        for one in passages
        for bearing in _best_rows(_weighed(one, search, weighing, documents[one.document.id], language))
        if bearing.score >= (_LEAST if bearing.statement.basis is Basis.FACT else _LEAST_UNKNOWN)
    ]
    return list(_new(given, ranked))


def _read_whole(read: Read, search: _Search, weighing: Weighing) -> None:
    """Read the documents that are most about the problem whole; of a long one what stands near what was found."""
    seen = list(search.inquire.seen.values())
    parts = _documents(seen, weighing)
    best = sorted(parts, key=lambda id: -parts[id])[:_MOST_READ]
    for id in (one for one in best if parts[one] >= max(_LEAST_ABOUT, _NEAR_BEST * parts[best[0]])):
        found = [one for one in seen if one.document.id == id]
        places = {one.passage.ordinal for one in found}
        for one in read(found[0]):
            if any(abs(one.passage.ordinal - place) <= _AROUND for place in places):
                search.inquire.seen.setdefault(one.passage.id, one)


def _documents(passages: Iterable[Evidence], weighing: Weighing) -> dict[str, float]:
    """Return how much of the problem the best passage of each document holds, by id of the document."""
    parts: dict[str, float] = {}
    for one in passages:
        held = weighing.part(f"{one.document.title} {one.passage.heading} {one.passage.text}")
        parts[one.document.id] = max(parts.get(one.document.id, 0.0), held)
    return parts


def _naming(passages: Iterable[Evidence], given: Sequence[str]) -> set[str]:
    """Return the ids of the documents that name what the problem names."""
    names = {name.casefold() for one in given for name in names_in(one)}
    # 'Battlegroup GRUTTO' is GRUTTO in a table.
    names |= {word.casefold() for one in given for name in names_in(one) for word in name.split() if word.isupper()}
    return {
        one.document.id
        for one in passages
        if any(name in f"{one.document.title} {one.passage.heading} {one.passage.text}".casefold() for name in names)
    }


def _weighed(
    one: Evidence, search: _Search, weighing: Weighing, document: float, language: Language
) -> Iterator[Bearing]:
    around = _HEADED * weighing.share(weighing.held(f"{one.document.title} {one.passage.heading}"))
    around += _FOUND * search.share(one.passage.id) + _DOCUMENT * document
    section, before = section_in(one), frozenset[str]()
    for start, end in quotable(one.passage.text):
        text = " ".join(one.passage.text[start:end].split())
        held = weighing.held(text)
        share = weighing.share(held)
        score = around + share + _BEFORE * (weighing.share(held | before) - share)
        before = held
        known = section is not Section.UNKNOWN and not any(cue.search(text) for cue in (NOT_KNOWN, ASKS))
        if not _is_sentence(text, fewest=_FEWEST_WORDS - (not known)):
            continue
        told = {told.unit for told in quantities(text, language=detect_language(text))}
        if DATE in told and (one.passage.ordinal, start) == (0, 0) and len(content_words(text)) <= _LONGEST_DATELINE:
            continue
        measured = bool(told - {"ordinal"})
        statement = copied(one, start, end, language)
        if not known:
            statement = replace(statement, basis=Basis.GAP, ask=search.inquire.owners)
        yield Bearing(statement, section, score + _MEASURED * measured)


def section_in(one: Evidence) -> Section | None:
    """Return what a passage is by its nearest heading, which is not the title of its document."""
    nearest = one.passage.heading.rpartition(" > ")[2]
    return None if nearest == one.document.title else section_of(nearest)


def _is_sentence(text: str, *, fewest: int) -> bool:
    if not fewest <= len(content_words(text)) <= _MOST_WORDS or text[-1:] == ":":
        return False
    return not (_ABOUT_PAPER.match(text) or (_PLANNING.search(text) and TASKS.search(text)))


def _best_rows(weighed: Iterable[Bearing]) -> list[Bearing]:
    """Keep all sentences of a passage, and of a table the rows that weigh most."""
    ranked = sorted(weighed, key=lambda one: -one.score)
    rows = [one for one in ranked if "|" in one.statement.text]
    return [one for one in ranked if one not in rows[_MOST_ROWS:]]


def _new(given: Sequence[str], ranked: Iterable[Bearing]) -> Iterator[Bearing]:
    """Leave out what the problem says itself, and what was said by a better one."""
    said = [set(content_words(one)) for one in given]
    for one in sorted(ranked, key=lambda one: -one.score):
        words = set(content_words(one.statement.text))
        if not any(len(words & other) >= _SAID * len(words) for other in said):
            yield one
            said.append(words)


def _new_names(ranked: Sequence[Bearing], given: Sequence[str]) -> list[str]:
    """Return the names and means that came up most among the best sentences and that the problem does not name."""
    known = " ".join(given).casefold()
    counted: dict[str, float] = {}
    for one in ranked[:_LOOKED_AT]:
        text = one.statement.text
        for name in dict.fromkeys([*names_in(text), *(name for name, _ in named_in(text) if tells(name))]):
            if name.casefold() not in known:
                counted[name] = counted.get(name, 0.0) + one.score
    return sorted(counted, key=lambda name: -counted[name])[:_MOST_NEW_NAMES]
