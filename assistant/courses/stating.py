"""Turn answers into statements of a workspace: what documents say is a fact, what they do not say is a gap.

Copies text and judges nothing: an answer's claims are already checked. Text that addresses a model, and notes for who
leads an exercise, are no sources. Knows nothing of fields."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.answers import Answer, Citation, Claim, Evidence, Verdict
from assistant.courses.phrasing import told
from assistant.courses.recognising import NOT_KNOWN, Section, section_of
from assistant.courses.workspace import Basis, Statement
from assistant.quoting import Sentence, cite
from assistant.relating import words_asked
from retrieval.languages import Language, detect_language
from retrieval.lexical import content_words, stems
from retrieval.screening.addressing import addresses_model
from retrieval.sentences import sentence_ranges

Ask = Callable[[str], Answer]

# Shorter pieces are headings and crumbs of tables.
_FEWEST_WORDS = 4
_MOST_WORDS = 60
# Letters of a stem that may hold two words.
_COMPOUND = 7
# 'Datum: 23 januari', 'Kenmerk: ...': about the paper itself.
_ABOUT_PAPER = re.compile(r"^\W*[A-ZÀ-Þ]\w+: ")
_FEWEST_AFTER_LABEL = 6
_MARK = re.compile(r"^(?:[-*•●▪◦–]\s+|\(?(?:\d{1,2}|[a-z])[.)]\s+)")
_LABEL = re.compile(r"^\s*(?:\(?(?:\d{1,2}|[a-z])[.)]\s*)?(?P<label>[^\n.:;!?]{3,60}?)\s*:?\s*$", re.MULTILINE)


@dataclass(slots=True)
class Inquirer:
    """Asks questions and keeps what is worth knowing of all answers together: passages seen, and whom to ask."""

    ask: Ask
    owners: tuple[str, ...] = ()
    """Of the corpora that were searched, as far as an answer has told."""
    seen: dict[str, Evidence] = field(default_factory=dict)
    """By id of the passage."""
    answered: dict[str, Answer] = field(default_factory=dict)
    """By question: what was asked before is not asked again."""

    def __call__(self, question: str) -> Answer:
        """Ask. Raises what asking raises."""
        if question in self.answered:
            return self.answered[question]
        answer = self.answered[question] = self.ask(question)
        self.seen.update((one.passage.id, one) for one in answer.evidence)
        if answer.abstention:
            self.owners = tuple(dict.fromkeys((*self.owners, *answer.abstention.owners)))
        return answer

    def verbatim(self, sentence: str) -> Citation | None:
        """Return where a sentence stands word for word in a passage seen so far."""
        pattern = re.compile(r"\s+".join(map(re.escape, sentence.split())))
        for one in self.seen.values():
            if usable(one) and (found := pattern.search(one.passage.text)):
                return cite(Sentence(one, found.start(), found.end(), 0.0, 0.0, 0.0, 0.0))
        return None


def facts(answer: Answer, *, place: str) -> list[Statement]:
    """Return what an answer's documents say as statements with ids below `place`, best first."""
    found: list[Statement] = []
    sources = {one.passage.id: one for one in answer.evidence}
    for claim in answer.claims:
        if all(usable(sources[one.passage_id]) for one in claim.citations if one.passage_id in sources):
            found += _as_fact(claim, f"{place}.{len(found) + 1}", answer.language)
    return found


def below(answer: Answer, heading: re.Pattern[str], *, place: str, limit: int) -> list[Statement]:
    """Return the sentences that stand below a heading, or a line that is one, in the answer's evidence, best first."""
    found: list[Citation] = []
    for one in filter(usable, answer.evidence):
        text = one.passage.text
        if heading.search(one.passage.heading.rpartition(" > ")[2]):
            found += _sentences(one, 0, len(text))
        for label in _LABEL.finditer(text):
            if heading.search(label["label"]):
                after = _LABEL.search(text, label.end() + 1)
                stop = after.start() if after and after.start() > label.end() else len(text)
                found += _sentences(one, label.end(), stop) or _next_passage(one, answer.evidence)
    kept = list(dict.fromkeys(one for one in found if len(content_words(one.quote)) >= _FEWEST_WORDS))
    return [_copied(one, f"{place}.{number}", answer.language) for number, one in enumerate(kept[:limit], start=1)]


def gap(question: str, answer: Answer | None, *, place: str, owners: Sequence[str], reason: str = "") -> Statement:
    """Return what is to be found out, whom to ask, and what the documents do say about it."""
    nearest = answer.abstention.nearest[:1] if answer and answer.abstention else ()
    reasons = (reason,) if reason else ()
    return Statement(f"{place}.gap", question, Basis.GAP, tuple(nearest), reasons, ask=tuple(owners))


def usable(evidence: Evidence) -> bool:
    """Tell whether a passage may be a source: not one that addresses a model, nor a note for who leads an exercise."""
    headings = evidence.passage.heading.split(" > ")
    if any(section_of(heading) is Section.ASIDE for heading in headings):
        return False
    return next(addresses_model(evidence.passage.text), None) is None


def plain(text: str) -> str:
    """Return a sentence on one line without the mark of its list."""
    return _MARK.sub("", " ".join(text.split()))


def renumbered(statements: Iterable[Statement], place: str) -> tuple[Statement, ...]:
    """Give statements ids below a place, in their order."""
    return tuple(replace(one, id=f"{place}.{number}") for number, one in enumerate(statements, start=1))


def speaks_of(name: str, text: str, language: Language) -> float:
    """Return the share, 0 to 1, of a name's content words that a text tells, in its own language or across the two.

    `language`: of the name. The text's own is detected."""
    own = detect_language(text)
    spoken = set(stems(text, own)) | set(stems(text, language))
    asked = _tellers(name, language, own)
    if not asked:
        return 0.0
    held, used = 0, set[str]()
    for tellers in asked:
        telling = {word for word in spoken if word in tellers or _ends_in(word, tellers)}
        # A noodbrug tells both words of an emergency bridge; a bridge tells one of a floating bridge.
        free = next((word for word in sorted(telling) if word not in used or len(word) >= _COMPOUND), None)
        if free:
            held += 1
            used.add(free)
    return held / len(asked)


def sentences_about(
    evidence: Iterable[Evidence], about: Callable[[str], bool], *, place: str, language: Language
) -> list[Statement]:
    """Return the sentences of passages that are about something, or stand under a heading or title that is."""
    found = []
    for one in filter(usable, evidence):
        headed = about(f"{one.document.title} {one.passage.heading}")
        for start, end in quotable(one.passage.text):
            text = one.passage.text[start:end]
            words = len(content_words(text))
            enough = (_FEWEST_AFTER_LABEL if _ABOUT_PAPER.match(text) else _FEWEST_WORDS) <= words <= _MOST_WORDS
            enough = enough and text.rstrip()[-1:] not in (":", "?", "")
            if enough and (about(text) or (headed and "|" not in text)):
                found.append(cite(Sentence(one, start, end, 0.0, 0.0, 0.0, 0.0)))
    return [_copied(one, f"{place}.{number}", language) for number, one in enumerate(dict.fromkeys(found), start=1)]


def copied(evidence: Evidence, start: int, end: int, language: Language) -> Statement:
    """Return a range of a passage as a statement that cites it; a gap where it says that something is not known."""
    return _copied(cite(Sentence(evidence, start, end, 0.0, 0.0, 0.0, 0.0)), "", language)


def spans(statement: Statement) -> frozenset[tuple[str, int, int]]:
    """Return what makes a statement the same as another: the passages' spans that it cites."""
    return frozenset((one.passage_id, one.start, one.end) for one in statement.citations)


def _ends_in(word: str, tellers: frozenset[str]) -> bool:
    """The last letters of a Dutch compound say what it is: a noodbrug is a brug."""
    return any(len(one) > 3 and word.endswith(one) for one in tellers)


@lru_cache(maxsize=256)
def _tellers(name: str, language: Language, own: Language) -> tuple[frozenset[str], ...]:
    """Return for each word of a name the stems that tell it. What tells another word of it alone does not tell it."""
    alone = {word: dict(words_asked(word, language, of=own)) for word in content_words(name)}
    by_stem = {stem: tellers for told_ in alone.values() for stem, tellers in told_.items()}
    found = []
    for stem, tellers in words_asked(name, language, of=own):
        others = frozenset(one for other, told_ in by_stem.items() if other != stem for one in told_)
        found.append((tellers - others) | {stem})
    return tuple(found)


def quotable(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of sentences; of a table without stops, of its rows."""
    for start, end in sentence_ranges(text):
        if "|" not in text[start:end]:
            yield start, end
            continue
        for line in text[start:end].splitlines(keepends=True):
            yield start, start + len(line.rstrip())
            start += len(line)


def _as_fact(claim: Claim, identifier: str, language: Language) -> Iterator[Statement]:
    if claim.verdict not in (Verdict.SUPPORTED, Verdict.CONFLICTING) or not claim.citations:
        return
    if len(content_words(claim.text)) < _FEWEST_WORDS:
        return
    disputed = claim.verdict is Verdict.CONFLICTING
    reasons = (*claim.reasons, *((told("documents differ", language),) if disputed else ()))
    basis = Basis.GAP if NOT_KNOWN.search(claim.text) else Basis.FACT
    yield Statement(identifier, plain(claim.text), basis, claim.citations, reasons, disputed)


def _copied(citation: Citation, identifier: str, language: Language) -> Statement:
    """Return a sentence of a document as a fact, and as a gap where it says itself that something is not known."""
    basis = Basis.GAP if NOT_KNOWN.search(plain(citation.quote)) else Basis.FACT
    return Statement(identifier, plain(citation.quote), basis, (citation,), (told("word for word", language),))


def _sentences(evidence: Evidence, start: int, stop: int) -> list[Citation]:
    text = evidence.passage.text[start:stop]
    return [
        cite(Sentence(evidence, start + begin, start + end, 0.0, 0.0, 0.0, 0.0)) for begin, end in sentence_ranges(text)
    ]


def _next_passage(evidence: Evidence, others: Sequence[Evidence]) -> list[Citation]:
    """A heading at the very end of a passage stands above the one that follows."""
    follows = (evidence.passage.version, evidence.passage.ordinal + 1)
    return [
        citation
        for one in others
        if (one.passage.version, one.passage.ordinal) == follows and usable(one)
        for citation in _sentences(one, 0, len(one.passage.text))
    ]
