"""Say in what a claim differs from the text that it cites: each check returns a reason; '' where it finds nothing.

A difference that is found is never outweighed by how alike the rest is. The checks look at clauses: what is denied or
conditional elsewhere in the text says nothing of this claim."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.verifying import deciding
from assistant.verifying.matching import EXACT, MEANT, found, opposed
from assistant.verifying.measuring import is_measured_by
from assistant.verifying.placing import belongings, directions, exchanged
from assistant.verifying.reading import Clause, Mention, Reading, codes, content, told
from retrieval.languages import Language
from retrieval.quantities import DATE


@dataclass(frozen=True, slots=True)
class Difference:
    reason: str
    contradicts: bool
    """The claim says another quantity or the opposite, and not only more or less than the text."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A clause of the claim and the place in the text that says it best."""

    claim: Clause
    said: str
    """All of the claim that is said there: this clause and others put beside the same one."""
    said_in_sentence: str
    """All of the claim that is said in the same sentence."""
    there: Clause
    sentence: str
    """That clause's sentence."""
    around: tuple[Clause, ...]
    """All clauses of the text."""
    language: Language

    @property
    def previous(self) -> Clause | None:
        """The clause that a pronoun or a missing subject points back to."""
        at = self.around.index(self.there)
        return self.around[at - 1] if at else None

    @property
    def nearby(self) -> str:
        """What that sentence and the one before it say."""
        return " ".join(one.text for one in self._near)

    @property
    def reach(self) -> list[str]:
        """The words of that sentence and of the one before it, which it may go on from."""
        return [word for one in self._near for word in one.words]

    @property
    def particles(self) -> frozenset[str]:
        """What may belong to a separable verb there."""
        return frozenset(word for one in self._near for word in one.particles)

    @property
    def _near(self) -> list[Clause]:
        return [one for one in self.around if self.there.sentence - 1 <= one.sentence <= self.there.sentence]


Check = Callable[[Aligned], str]


def align(claim: Reading, text: Reading) -> list[Aligned]:
    """Put each clause of the claim beside the clause of the text that has most of its words; the first of equals."""
    best = [_best(clause, text) for clause in claim.clauses]
    return [
        Aligned(
            clause,
            " ".join(one.text for one, other in zip(claim.clauses, best, strict=True) if other is there),
            " ".join(
                one.text for one, other in zip(claim.clauses, best, strict=True) if other.sentence == there.sentence
            ),
            there,
            text.sentences[there.sentence],
            text.clauses,
            text.language,
        )
        for clause, there in zip(claim.clauses, best, strict=True)
    ]


def difference(aligned: Sequence[Aligned]) -> Difference | None:
    """Return the first difference that a check finds between a claim's clauses and the text; None for no difference."""
    return next(
        (Difference(reason, check in _CONTRADICTING) for check in CHECKS for one in aligned if (reason := check(one))),
        None,
    )


def other_quantity(aligned: Aligned) -> str:
    """Numbers, dates, units and codes are those of the same statement, with the same comparison."""
    claim, nearest, language = aligned.claim.text, aligned.sentence, aligned.language
    there = told(nearest, language)
    # 'In November 18 vehicles' reads as a date.
    counted = {figure for figure, _ in set(aligned.claim.counted) & set(aligned.there.counted)}
    for one in sorted(told(claim, language), key=str):
        if one.unit == DATE and one.parts[2] in counted:
            continue
        if not any(is_measured_by(one, other) for other in there):
            return f"not in the cited text: {' '.join((one.parts[0], one.unit)).strip() or 'a date'}"
    if wrong := sorted((codes(claim) - codes(nearest)) | (deciding.counts(claim) - deciding.counts(nearest))):
        return f"not in the cited text: {', '.join(wrong)}"
    said, read = deciding.comparisons(claim), deciding.comparisons(nearest)
    for figure in sorted({figure for _, figure in said | read} & deciding.figures(claim) & deciding.figures(nearest)):
        if _kinds(said, figure) != _kinds(read, figure) and not _within(said | read, figure):
            return f"claim and cited text compare with {figure} differently"
    return ""


def counts_of_another(aligned: Aligned) -> str:
    """Five trucks and three tanks are not three trucks and five tanks."""
    inside = {pair for one in aligned.around if one.sentence == aligned.there.sentence for pair in one.counted}
    for figure, word in aligned.claim.counted:
        elsewhere = any(other == word for _, other in inside)
        if (figure, word) not in inside and elsewhere and figure in deciding.figures(aligned.sentence):
            return f"in the cited text this is the number of something else: {figure} {word}"
    return ""


def other_negation(aligned: Aligned) -> str:
    """What the text denies is denied, and nothing else."""
    if deciding.negations(aligned.said) != deciding.negations(aligned.there.text):
        return "claim and cited text are not negated alike"
    if words := opposed(aligned.claim.words, aligned.there.words, aligned.language):
        return f"the cited text says the opposite of: {', '.join(words)}"
    return ""


def other_modality(aligned: Aligned) -> str:
    """Must, may, can and should stay what they are; what is done can be done."""
    said, read = deciding.modals(aligned.said), deciding.modals(aligned.there.text)
    free = set() if read else {"can"}
    # A rule with a least or a most, or beside one that must be kept, must be kept.
    if deciding.comparisons(aligned.sentence) or "must" in deciding.modals(aligned.nearby):
        free |= {"must"}
    if added := sorted(said - read - free):
        return f"not in the cited text: {', '.join(added)}"
    if left_out := sorted(read - said):
        return f"the cited text also says: {', '.join(left_out)}"
    return ""


def other_condition(aligned: Aligned) -> str:
    """What a statement depends on is neither left out nor added."""
    said, read = deciding.conditions(aligned.said_in_sentence), deciding.conditions(aligned.sentence)
    # "If" says less than the text; whether its words are said there is for the words to tell.
    if added := sorted(said - read - {"if"} - ({"after"} if _lasting(aligned) else set())):
        return f"not in the cited text: {', '.join(added)}"
    if left_out := sorted((read - _FREE) - said):
        return f"the cited text also says: {', '.join(left_out)}"
    return ""


def other_name(aligned: Aligned) -> str:
    """The names of a clause stand in the same clause of the text, or in the one before it that it points back to."""
    near = [aligned.there, *([aligned.previous] if aligned.previous and _points_back(aligned.there) else [])]
    # 'The convoy leaves Bremen and stops in Berlin': the second clause has the first one's subject.
    near += [one for one in aligned.around if one.sentence == aligned.there.sentence and _goes_on(one, aligned)]
    words = {word for clause in near for word in clause.words} | _number_names(near)
    for mention in aligned.claim.mentions:
        if missing := sorted(
            one for one in mention.proper if found(one, words, aligned.language) not in (EXACT, MEANT)
        ):
            return f"not said in the cited text of the same: {', '.join(missing)}"
    return ""


def other_direction(aligned: Aligned) -> str:
    """From Bremen to Poznan is not from Poznan to Bremen."""
    said, read = directions(aligned.claim.text, aligned.language), directions(aligned.sentence, aligned.language)
    turned = {word for way, word in said if (-way, word) in read and (way, word) not in read}
    return f"in the cited text the other way round: {', '.join(sorted(turned))}" if turned else ""


def other_owner(aligned: Aligned) -> str:
    """Surgeons from Norway and nurses from Belgium are not surgeons from Belgium."""
    said = belongings(aligned.claim.text, aligned.language)
    wrong = exchanged(said, belongings(aligned.sentence, aligned.language))
    return f"in the cited text this is another's: {', '.join(wrong)}" if wrong else ""


def said_of_another(aligned: Aligned) -> str:
    """What the text says in a clause about another name is not said of this one."""
    claim, language = aligned.claim, aligned.language
    mine = [mention for mention in claim.mentions if mention.name]
    near = (aligned.there, aligned.previous) if _points_back(aligned.there) else (aligned.there,)
    rest = [word for word in claim.words if not found(word, aligned.there.words, language)]
    numbers = deciding.figures(claim.text) - deciding.figures(aligned.there.text)
    for clause in aligned.around:
        names = [mention for mention in clause.mentions if mention.name]
        another = mine and names and clause not in near and not any(one.is_of(other) for one in mine for other in names)
        if another and (
            moved := [*(word for word in rest if word in clause.words), *(numbers & deciding.figures(clause.text))]
        ):
            return f"in the cited text this is said of {' '.join(names[0].words)}: {', '.join(moved)}"
    return ""


def other_role(aligned: Aligned) -> str:
    """Who does what to whom: the subject of the claim is not one to whom, in the text, somebody else does it."""
    claim, there = aligned.claim, aligned.there
    mine, theirs = claim.subject, there.subject
    if theirs is None and aligned.previous:
        theirs = aligned.previous.subject
    if mine is None or theirs is None or mine.is_of(theirs) or _turned(claim) != _turned(there):
        return ""
    if _belong(mine, theirs, claim.words) and _belong(mine, theirs, there.words):
        return ""
    roles = {one.role for clause in aligned.around for one in clause.mentions if mine.is_of(one)}
    # After a preposition only (in the depot, there are) it may be the subject in other words, unless the two changed
    # places.
    changed = theirs.words[0] in content(aligned.said_in_sentence, aligned.language)
    if roles - {"oblique"} or (roles and changed):
        return f"in the cited text somebody else does this: {' '.join(theirs.words)}"
    return ""


CHECKS: tuple[Check, ...] = (
    other_quantity,
    counts_of_another,
    other_negation,
    other_modality,
    other_condition,
    other_name,
    other_direction,
    other_owner,
    said_of_another,
    other_role,
)
_CONTRADICTING = (other_quantity, counts_of_another, other_negation)
_TELLING = 3
"""What a number or a name counts beside a word."""
_AFTER = re.compile(
    r"\b(?:after|na) (\d+) (?=day|week|month|year|hour|minute|dag|we[ek]|maand|jaar|u[ur]|minuut)", re.I
)
# Leaving these out of a claim says no more than the text does.
_FREE = frozenset({"all", "before", "until", "since", "after"})


def _best(clause: Clause, text: Reading) -> Clause:
    """Return the clause of a text that says most of this one, with the subject that a pronoun in it stands for."""
    shared, meant = [], None
    for other in text.clauses:
        shared.append(_shared(clause, other, meant if other.pronoun else None, text.language))
        meant = other.subject or meant
    return text.clauses[shared.index(max(shared))]


def _shared(clause: Clause, other: Clause, meant: Mention | None, language: Language) -> float:
    """Say how much of a clause another says; its numbers and names tell more than its other words."""
    mentions = [*other.mentions, *([meant] if meant else [])]
    names = {word for one in mentions for word in one.words}
    words = sum(found(word, {*other.words, *names}, language) for word in dict.fromkeys(clause.words))
    named = sum(one.name and set(one.words) <= names for one in clause.mentions)
    there = told(other.text, language)
    numbers = sum(any(is_measured_by(one, two) for two in there) for one in told(clause.text, language))
    return words + _TELLING * (named + numbers)


def _kinds(comparisons: Collection[tuple[str, str]], figure: str) -> set[str]:
    return {kind for kind, one in comparisons if one == figure}


def _within(comparisons: Collection[tuple[str, str]], figure: str) -> bool:
    return {deciding.WITHIN} <= _kinds(comparisons, figure) <= {deciding.WITHIN, "at most", "less"}


def _lasting(aligned: Aligned) -> bool:
    """Tell whether the claim's 'after' stands before a duration alone that the text gives, and not as a limit."""
    after = _AFTER.findall(aligned.said_in_sentence)
    limited = {
        figure for kind, figure in deciding.comparisons(aligned.sentence) if kind in (deciding.WITHIN, "at most")
    }
    return bool(after) and not set(after) & limited


def _points_back(clause: Clause) -> bool:
    """Tell whether a clause needs somebody from before it: by a pronoun, or for want of anybody of its own."""
    return clause.pronoun or (clause.subject is None and not any(one.name for one in clause.mentions))


def _number_names(clauses: Sequence[Clause]) -> set[str]:
    return {word for clause in clauses for mention in clause.mentions for word in mention.words}


def _goes_on(clause: Clause, aligned: Aligned) -> bool:
    """Tell whether a clause stands right after the text's and has its subject, for want of one of its own."""
    at = aligned.around.index(aligned.there) + 1
    return at < len(aligned.around) and aligned.around[at] is clause and clause.subject is None and not clause.pronoun


def _belong(one: Mention, other: Mention, words: Sequence[str]) -> bool:
    """Tell whether a name stands right beside a noun: the mayor of Lobbe, Lobbe's mayor."""
    named, noun = (one, other) if one.name else (other, one)
    return (
        named.name
        and not noun.name
        and any(
            (left in named.proper and right == noun.words[0]) or (right in named.proper and left == noun.words[0])
            for left, right in pairwise(words)
        )
    )


def _turned(clause: Clause) -> bool:
    """A passive clause without an agent: its subject is what the active one acts on."""
    return clause.passive and not any(one.role == "agent" for one in clause.mentions)
