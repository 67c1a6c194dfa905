"""What an exported answer or conversation says: sections of paragraphs and tables, with sources as footnotes.

Takes what was kept and adds nothing to it. Writes no file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.answers import Citation, Claim, Conflict, Origin, Verdict
from assistant.citing import MARKS
from assistant.courses.memo.sections import DecisionMemo, Paragraph, Section, Table
from assistant.exporting.keeping import KeptAnswer
from assistant.exporting.wording import words
from retrieval.access import Marking, high_water_mark
from retrieval.languages import Language

_VERSION_DIGITS = 8
_ID_DIGITS = 8
# What XML 1.0 (section 2.2) does not allow, and marks that reverse the direction of writing.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)


def paper_of(answers: Sequence[KeptAnswer], *, language: Language, today: date) -> DecisionMemo:
    """Return answers as a paper in a language, in their order, under the high-water mark of all of them.

    `answers`: one or more, of one asker. The paper has the memo's form: title, sections, footnotes."""
    writer = _Writer(language)
    sections = [section for answer in answers for section in writer.sections(answer)]
    one, several = answers[0], len(answers) > 1
    return DecisionMemo(
        name=f"{'conversation' if several else 'answer'}-{one.id[:_ID_DIGITS]}",
        title=words("conversation" if several else "answer", language),
        subtitle=words("count", language, count=len(answers)) if several else _one_line(one.question),
        author=_one_line(one.asker),
        language=language,
        marking=_marked([answer.marking for answer in answers], language),
        dated=today.isoformat(),
        sections=(*sections, writer.about()),
        footnotes=tuple(writer.notes),
    )


@dataclass(slots=True)
class _Writer:
    language: Language
    notes: dict[str, int] = field(default_factory=dict)
    """Footnotes so far, to their numbers."""

    def sections(self, answer: KeptAnswer) -> Iterator[Section]:
        yield Section(_one_line(answer.question), 1, tuple(self._asked(answer)))
        quotes = [self._claim(claim, answer) for claim in answer.claims if claim.origin is Origin.QUOTE]
        written = [self._claim(claim, answer) for claim in answer.claims if claim.origin is Origin.MODEL]
        told: dict[str, list[Paragraph | Table]] = {
            "nearest": [self._quote(one, answer) for one in answer.nearest],
            "conflicts": [block for conflict in answer.conflicts for block in self._conflict(conflict)],
            "quotes": [*quotes],
            "in short": [*written],
            "besides": [*self._remainder(answer)],
        }
        yield from (Section(self._say(name), 2, tuple(blocks)) for name, blocks in told.items() if blocks)

    def about(self) -> Section:
        legend = [Paragraph(f"{MARKS[one]} {self._say(one.value)}", bullet=True) for one in Verdict]
        return Section(self._say("about"), 1, (Paragraph(self._say("made")), *legend))

    def _asked(self, answer: KeptAnswer) -> Iterator[Paragraph]:
        at = answer.at[:16].replace("T", " ")
        yield Paragraph(self._say("asked", at=at, day=answer.on_date.isoformat()))
        if answer.query != answer.question:
            yield Paragraph(self._say("searched for", query=_one_line(answer.query)))
        if answer.corpora:
            yield Paragraph(self._say("within", names=_one_line(", ".join(answer.corpora))))
        if answer.abstained:
            yield Paragraph(_one_line(answer.text))

    def _claim(self, claim: Claim, answer: KeptAnswer) -> Paragraph:
        text = _one_line(claim.text)
        told = f"“{text}”" if claim.origin is Origin.QUOTE else text
        mark = f"{MARKS[claim.verdict]} {self._say(claim.verdict.value).partition(':')[0]}"
        notes = tuple(dict.fromkeys(self._note(one, answer) for one in claim.citations))
        return Paragraph(f"{told} [{mark}]", notes, bullet=True)

    def _quote(self, citation: Citation, answer: KeptAnswer) -> Paragraph:
        return Paragraph(f"“{_one_line(citation.quote)}”", (self._note(citation, answer),), bullet=True)

    def _conflict(self, conflict: Conflict) -> Iterator[Paragraph | Table]:
        if conflict.about:
            yield Paragraph(f"{_one_line(conflict.about)}:")
        header = tuple(map(self._say, ("value", "document", "dated", "marking", "status")))
        rows = tuple(
            (
                _one_line(side.value),
                self._place(side.citation),
                side.dated.isoformat() if side.dated else self._say("undated"),
                str(side.marking),
                self._say("prevails" if number == conflict.prevails else "in force"),
            )
            for number, side in enumerate(conflict.sides)
        )
        yield Table(header, rows)

    def _remainder(self, answer: KeptAnswer) -> Iterator[Paragraph]:
        yield from (Paragraph(self._say("unanswered", part=_one_line(part))) for part in answer.unanswered)
        if answer.withheld:
            yield Paragraph(self._say("withheld", count=answer.withheld))
        yield Paragraph(self._say("reference", id=answer.id, marking=_marked([answer.marking], self.language)))

    def _note(self, citation: Citation, answer: KeptAnswer) -> int:
        """Return the number of the footnote that names a citation's place and its words."""
        day = answer.dates.get(citation.version_id)
        told = ", ".join(
            [
                self._place(citation),
                _one_line(f"{citation.corpus}/{citation.document}"),
                self._say("version", version=citation.version_id[:_VERSION_DIGITS]),
                self._say("day", day=day.isoformat()) if day else self._say("undated"),
                self._say("characters", start=citation.start, end=citation.end),
            ]
        )
        return self.notes.setdefault(f"{told}: “{_one_line(citation.quote)}”", len(self.notes) + 1)

    def _place(self, citation: Citation) -> str:
        title = _one_line(citation.title)
        return f"{title}, {self._say('page', page=citation.page)}" if citation.page else title

    def _say(self, name: str, **told: object) -> str:
        return words(name, self.language, **told)


def _marked(markings: Sequence[Marking | None], language: Language) -> str:
    """Return the high-water mark as text; that of each policy, where there are several."""
    by_policy: dict[str, list[Marking]] = {}
    for marking in filter(None, markings):
        by_policy.setdefault(marking.policy, []).append(marking)
    return " + ".join(str(high_water_mark(some)) for some in by_policy.values()) or words("no marking", language)


def _one_line(text: str) -> str:
    return _UNSHOWABLE.sub("\ufffd", " ".join(text.split()))
