"""Draft the framing of a problem: what its text states, what documents add, what is not known.

Reads a problem of any length and form; one with headings is read by them. Drafts only: the officer edits and locks it.
Fields after FM 6-0 and AJP-5 (mission, intent, end state, constraints, restraints)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from assistant.asking import names
from assistant.courses.bearing import Bearing, Read, collect, in_order
from assistant.courses.phrasing import FRAMING_QUESTIONS, asked, told
from assistant.courses.recognising import (
    DEADLINE,
    HEADING_OF,
    MUST,
    MUST_NOT,
    NOT_KNOWN,
    TASKS,
    Section,
    section_of,
)
from assistant.courses.relevance import without_planning
from assistant.courses.stating import Ask, Inquirer, below, facts, gap, plain, renumbered, spans
from assistant.courses.workspace import Basis, Filled, FramingField, Statement
from retrieval.access import Marking, high_water_mark
from retrieval.errors import StafwijzerError
from retrieval.languages import LANGUAGES, Language
from retrieval.lexical import content_words, stems
from retrieval.quantities import DATE, TIME, quantities
from retrieval.sentences import sentence_ranges

_FEWEST_WORDS = 3
_LONGEST_HEADING_WORDS = 7
_LONGEST_TOPIC = 8
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+(?P<marked>\S.*?)|(?P<bare>[^\W\d][^.!?\n]*?))\s*(?P<colon>:?)\s*#*\s*$")
# What stands below a title about the paper itself.
_MARKED = re.compile(r"\s*(?:marking|classification|rubricering|merking|classificatie)\s*:", re.IGNORECASE)
_MOST_FROM_DOCUMENTS = 4
_MOST_SEARCHED = 30
# What a requirement found in documents shares with the problem at least, in stems: a name and what it is about.
_SHARED_STEMS = 2
_AT_MOST = re.compile(
    r"\b(?:at most|no more than|not more than|maximum|ten hoogste|hoogstens|maximaal|hooguit)\b", re.I
)
_AT_LEAST = re.compile(r"\b(?:at least|no less than|not less than|minimum|ten minste|minstens|minimaal)\b", re.I)
_ALIKE = 0.5


class ProblemTooShort(StafwijzerError):
    """A problem of a word or two: nothing can be planned from it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a problem as given, and below what heading it stands."""

    text: str
    section: Section | None


def draft(
    problem: str,
    *,
    ask: Ask,
    language: Language,
    owner: str,
    owners: Sequence[str] = (),
    read: Read | None = None,
) -> Iterator[Filled]:
    """Yield the fields of the framing in their order, each with what the problem states and what documents say.

    `owners`: of the corpora, whom to ask for what is not known; what abstentions tell is added. `read`: how to read the
    rest of a document that is about the problem; None leaves it at the passages that are found.
    Raises ProblemTooShort, and what asking raises."""
    given = read_problem(problem)
    inquire = Inquirer(ask, tuple(owners))
    topic = topic_of(problem)
    bearing: list[Bearing] = []
    for name in FramingField:
        before = set(inquire.seen)
        statements = _stated(name, given, inquire, language, owner)
        if name is FramingField.FACTS:
            bearing = collect(topic, [one.text for one in given], inquire=inquire, language=language, read=read)
        chosen = [one.statement for one in in_order(bearing) if field_for(one, problem) is name]
        statements += renumbered(chosen, f"{name}.bearing")
        question = ""
        if name in FRAMING_QUESTIONS and not (name is FramingField.TIME_AVAILABLE and statements):
            question = asked(FRAMING_QUESTIONS[name], language, topic=topic)
            statements += _documented(name, question, inquire, problem, language, statements)
        marking = _marking(inquire, set(inquire.seen) - before, statements)
        yield Filled(name, renumbered(contradicted(statements, language), name), question, marking)


def read_problem(problem: str) -> list[Told]:
    """Read a problem as sentences with the section that each stands in, without what is only for exercise leaders.

    Raises ProblemTooShort."""
    if len(set(content_words(problem))) < _FEWEST_WORDS:
        raise ProblemTooShort(
            f"'{' '.join(problem.split())[:60]}' is too short to be a problem.",
            hint="Say in a sentence or more what has to be solved, for whom, where and by when.",
        )
    return [one for one in _sections(problem) if one.section is not Section.ASIDE and _says(one)]


def topic_of(problem: str) -> str:
    """Return the words that say what a problem is about, in eight at most: its title, what is asked, or its start."""
    lines = [line for line in problem.splitlines() if content_words(line)]
    first = next((line for line in lines if not _only_heads(line)), lines[0])
    heading = _HEADING.match(first)
    if heading:
        # 'Staff Problem 2 - Restore the Supply Route': the title proper stands last.
        title = re.split(r"\s+[-–—:]\s+|:\s+", (heading["marked"] or heading["bare"] or "").strip(" #"))[-1]
        return _cut(title)
    told = [plain(problem[start:end]) for start, end in sentence_ranges(problem)]
    # What is asked stands at the end, after what is the case.
    likely = [*(one for one in told if "?" in one), *(one for one in reversed(told) if not NOT_KNOWN.search(one))]
    about = [one for one in map(without_planning, likely) if len(_words(one)) >= _FEWEST_WORDS]
    # In quotes: a sentence stands oddly within a question.
    return f"'{_cut(about[0] if about else first)}'"


def _only_heads(line: str) -> bool:
    heading = _HEADING.match(line)
    return bool(heading and section_of(line) and len(line.split()) <= 2)


def _words(text: str) -> list[str]:
    return [word for word in content_words(text) if not any(map(str.isdigit, word))]


def _cut(text: str) -> str:
    words = text.split()[:_LONGEST_TOPIC]
    while len(words) > 1 and not content_words(words[-1]):
        words.pop()
    return " ".join(words).rstrip(".,;:!?")


def contradicted(statements: Sequence[Statement], language: Language) -> list[Statement]:
    """Mark as disputed those that cannot both hold: at most 4 and at least 6 of the same, or two deadlines for it."""
    found = {one.id: one for one in statements}
    for one, other in combinations(statements, 2):
        if Basis.GAP not in (one.basis, other.basis) and _contradict(one.text, other.text, language):
            for this, that in ((one, other), (other, one)):
                reason = told("contradicts", language, other=that.text)
                found[this.id] = replace(found[this.id], disputed=True, reasons=(*found[this.id].reasons, reason))
    return list(found.values())


def _sections(problem: str) -> Iterator[Told]:
    section: Section | None = None
    titled = False
    for block in re.split(r"\n[ \t]*\n", problem):
        lines = block.splitlines()
        while lines and (heading := _HEADING.match(lines[0])) and _is_heading(heading, last=len(lines) == 1):
            text = heading["marked"] or heading["bare"]
            # The title of a problem may hold any word of these.
            section = section_of(text) if titled or not lines[0].startswith("# ") else None
            titled = True
            lines = lines[1:]
        rest = "\n".join(lines)
        if _MARKED.match(rest):
            continue
        for start, end in sentence_ranges(rest):
            yield Told(plain(rest[start:end]), section)


def _is_heading(match: re.Match[str], *, last: bool) -> bool:
    if match["marked"]:
        return True
    words = match["bare"].split()
    known = section_of(match["bare"]) is not None
    return known and len(words) <= _LONGEST_HEADING_WORDS and (bool(match["colon"]) or last or len(words) <= 4)


def _says(one: Told) -> bool:
    return len(content_words(one.text)) >= 2 and one.section is not Section.CRITERIA


def _stated(
    name: FramingField, given: Sequence[Told], inquire: Inquirer, language: Language, owner: str
) -> list[Statement]:
    """Return what the problem itself states in a field, as a fact where a document says it word for word."""
    asked_for = _asked_for(given)
    chosen = [one for one in given if name in _fields_of(one, one.text in asked_for)]
    return [
        _as_statement(one, f"{name}.given.{number}", inquire, language, owner)
        for number, one in enumerate(dict.fromkeys(chosen), start=1)
    ]


def _asked_for(given: Sequence[Told]) -> set[str]:
    """Return the sentences that say what is to be done: by cue words, or by where they stand before them."""
    free = [one.text for one in given if one.section in (Section.SITUATION, None) and not NOT_KNOWN.search(one.text)]
    cued = {text for text in free if "?" in text or TASKS.search(text)}
    plans = {text for text in free if without_planning(text) != text and not without_planning(text)}
    found = cued | plans
    # 'Get the hospital there. Develop courses of action by noon.': the first says what, the second that it is a task.
    if found and found <= plans and (before := free[: free.index(next(text for text in free if text in plans))]):
        found.add(before[-1])
    return found


def _fields_of(one: Told, asked_for: bool) -> Iterator[FramingField]:
    """Yield the fields that a sentence belongs in; a deadline stands in its own field as well."""
    known = not NOT_KNOWN.search(one.text) and one.section is not Section.UNKNOWN
    task = one.section is Section.TASK or asked_for
    match one.section:
        case Section.UNKNOWN:
            yield FramingField.STATEMENT
        case Section.INTENT:
            yield FramingField.INTENT
        case Section.END_STATE:
            yield FramingField.END_STATE
        case Section.RESTRAINTS:
            yield FramingField.RESTRAINTS
        case Section.CONSTRAINTS:
            yield FramingField.RESTRAINTS if MUST_NOT.search(one.text) else FramingField.CONSTRAINTS
        case _:
            yield FramingField.MISSION if task and known else FramingField.STATEMENT
    limits = task or one.section is Section.CONSTRAINTS or (one.section is Section.FACTS and MUST.search(one.text))
    if known and (limits or one.section is None) and DEADLINE.search(one.text):
        yield FramingField.TIME_AVAILABLE


def _as_statement(one: Told, identifier: str, inquire: Inquirer, language: Language, owner: str) -> Statement:
    text = one.text
    citation = inquire.verbatim(text)
    if citation is None and len(inquire.seen) < _MOST_SEARCHED * 8:
        inquire(text[:400])
        citation = inquire.verbatim(text)
    cited = (citation,) if citation else ()
    if one.section is Section.UNKNOWN or NOT_KNOWN.search(text):
        return Statement(identifier, text, Basis.GAP, cited, ask=inquire.owners, author=owner)
    if citation:
        return Statement(identifier, text, Basis.FACT, cited, (told("word for word", language),), author=owner)
    return Statement(identifier, text, Basis.STATED, (), (told("told by officer", language),), author=owner)


def _documented(
    name: FramingField,
    question: str,
    inquire: Inquirer,
    problem: str,
    language: Language,
    statements: Sequence[Statement],
) -> list[Statement]:
    """Return what documents say in a field; a gap when neither they nor the problem say anything."""
    answer = inquire(question)
    place = f"{name}.found"
    if name in HEADING_OF:
        found = below(answer, HEADING_OF[name], place=place, limit=_MOST_FROM_DOCUMENTS)
        found = found or [one for one in facts(answer, place=place) if HEADING_OF[name].search(one.text)]
    else:
        needed = MUST_NOT if name is FramingField.RESTRAINTS else DEADLINE
        needed = MUST if name is FramingField.CONSTRAINTS else needed
        found = [one for one in facts(answer, place=place) if needed.search(one.text) and _concerns(one.text, problem)]
    given = {" ".join(content_words(one.text)) for one in statements}
    cited = {span for one in statements for span in spans(one)}
    new = [one for one in found if not spans(one) & cited and " ".join(content_words(one.text)) not in given]
    if new or statements:
        return new
    return [gap(question, answer, place=place, owners=inquire.owners)]


def field_for(one: Bearing, problem: str) -> FramingField:
    """Return the field that a document's sentence belongs in: a limit where it stands as one, or is the problem's."""
    text, limits = one.statement.text, one.section in (Section.CONSTRAINTS, Section.RESTRAINTS)
    if one.statement.basis is Basis.GAP or not (limits or _concerns(text, problem)):
        return FramingField.FACTS
    if one.section is Section.RESTRAINTS or MUST_NOT.search(text):
        return FramingField.RESTRAINTS
    return FramingField.CONSTRAINTS if limits or MUST.search(text) else FramingField.FACTS


def _concerns(text: str, problem: str) -> bool:
    """Tell whether a sentence of a document is about what the problem is about: a name and words that they share."""
    shared_names = names(text) & names(problem)
    shared = set.intersection(*({stem for one in LANGUAGES for stem in stems(told, one)} for told in (text, problem)))
    return bool(shared_names) and len(shared) > _SHARED_STEMS


def _contradict(one: str, other: str, language: Language) -> bool:
    """Tell whether two sentences about the same thing cannot both hold; the same is half of their words in common."""
    first, second = (
        {stem for stem in stems(text, language) if not any(map(str.isdigit, stem))} for text in (one, other)
    )
    if not first or len(first & second) / len(first | second) < _ALIKE:
        return False
    if _exceeds(one, other, language) or _exceeds(other, one, language):
        return True
    if not (DEADLINE.search(one) and DEADLINE.search(other)) or MUST_NOT.search(one) or MUST_NOT.search(other):
        return False
    times = [{told for told in quantities(text, language=language) if told.unit == TIME} for text in (one, other)]
    return all(times) and times[0].isdisjoint(times[1])


def _exceeds(most: str, least: str, language: Language) -> bool:
    """Tell whether at most X and at least Y leave nothing: X is less than Y, in the same unit."""
    if not (_AT_MOST.search(most) and _AT_LEAST.search(least)):
        return False
    highest, lowest = _numbers(most, language), _numbers(least, language)
    return any(unit in lowest and highest[unit] < lowest[unit] for unit in highest)


def _numbers(text: str, language: Language) -> dict[str, float]:
    return {
        one.unit: float(one.parts[0])
        for one in quantities(text, language=language)
        if one.unit not in (DATE, TIME, "ordinal") and _is_number(one.parts[0])
    }


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def _marking(inquire: Inquirer, new: set[str], statements: Sequence[Statement]) -> Marking | None:
    """Mark a field by all that was searched out for it and all that it cites."""
    cited = {citation.passage_id for one in statements for citation in one.citations}
    return high_water_mark(inquire.seen[one].marking for one in new | cited if one in inquire.seen)
