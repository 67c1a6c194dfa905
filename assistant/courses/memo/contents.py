"""What a decision memo says: sections of paragraphs, tables and footnotes, made of a workspace and its comparison.

Everything shows what it rests on. What was derived from documents above the lowest level of their policy goes into a
memo of its own; the other one tells only how many parts that are. Writes no file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answers import Citation
from assistant.courses.comparing import DecisionMatrix
from assistant.courses.memo.closing import Closed, closed
from assistant.courses.memo.sections import DecisionMemo, Paragraph, Section, Table
from assistant.courses.memo.wording import words
from assistant.courses.recommending import Recommendation
from assistant.courses.sensitivity import Sensitivity
from assistant.courses.workspace import (
    Adversary,
    Basis,
    CourseField,
    CourseOfAction,
    Filled,
    FramingField,
    Statement,
    Workspace,
)
from retrieval.access import POLICIES, Marking


def memos(
    workspace: Workspace,
    *,
    matrix: DecisionMatrix,
    sensitivity: Sensitivity,
    recommendation: Recommendation,
    stale: Mapping[str, Sequence[str]],
) -> list[DecisionMemo]:
    """Return the memo, and where something in it is not public a second one that holds all."""
    told = (workspace, matrix, sensitivity, recommendation, stale)
    open_one = _Writer(*told, withhold=True, closed=closed(workspace))
    public = open_one.memo("")
    if not open_one.withheld:
        return [public]
    whole = _Writer(*told, withhold=False, closed=Closed(frozenset(), frozenset(), None))
    return [public, whole.memo("-not-public")]


@dataclass(slots=True)
class _Writer:
    workspace: Workspace
    matrix: DecisionMatrix
    sensitivity: Sensitivity
    recommendation: Recommendation
    stale: Mapping[str, Sequence[str]]
    withhold: bool
    closed: Closed
    withheld: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    """Footnotes so far, to their numbers."""
    sources: set[str] = field(default_factory=set)
    """Documents that they are of."""

    def memo(self, suffix: str) -> DecisionMemo:
        sections = tuple(map(self._netted, self._dutch() if self.workspace.language == "nl" else self._english()))
        workspace, marking = self.workspace, self.workspace.marking
        if self.withhold and self.withheld and marking:
            marking = Marking(marking.policy, POLICIES[marking.policy][0])
        return DecisionMemo(
            name=f"memo-{workspace.id}{suffix}",
            title=self._say("memo") + (f" — {self._say('closed memo')}" if suffix else ""),
            subtitle=workspace.id if self._is_closed(None) or self.closed.tells(workspace.title) else workspace.title,
            author=workspace.owner,
            language=workspace.language,
            marking=str(marking) if marking else self._say("no marking"),
            dated=workspace.on_date.isoformat(),
            sections=sections,
            footnotes=tuple(self.notes),
        )

    # The two forms

    def _dutch(self) -> Iterator[Section]:
        yield Section(self._say("cause"), 1, (*self._frame("statement", "mission", "time_available"),))
        yield Section(self._say("advised"), 1, (*self._advice(), *self._decision()))
        yield Section(self._say("key points"), 1, (*self._frame("intent", "end_state", "constraints", "restraints"),))
        yield Section(self._say("explanation"), 1, (*self._frame("facts"),))
        yield from self._analysis()
        for name in ("financial", "legal", "implementation", "communication"):
            yield Section(self._say(name), 2, (Paragraph(self._say(f"fill {name}")),))
        yield Section(self._say("coordination"), 1, (Paragraph(self._say("fill coordination")), *self._gaps()))
        yield from self._closed()
        yield Section(self._say("annexes"), 1, (*self._sources(),))

    def _english(self) -> Iterator[Section]:
        yield Section(self._say("key points"), 1, (*self._frame("facts", "constraints", "restraints", "time_available"),))
        yield Section(self._say("cause"), 1, (*self._frame("statement", "mission", "intent", "end_state"),))
        yield from self._analysis()
        yield Section(self._say("advised"), 1, (*self._advice(),))
        yield Section(self._say("risks"), 1, (*self._risks(),))
        for name in ("financial", "legal", "implementation", "communication"):
            yield Section(self._say(name), 2, (Paragraph(self._say(f"fill {name}")),))
        yield Section(self._say("coordination"), 1, (Paragraph(self._say("fill coordination")), *self._gaps()))
        yield Section(self._say("requested"), 1, (*self._decision(),))
        yield from self._closed()
        yield Section(self._say("annexes"), 1, (*self._sources(),))

    def _analysis(self) -> Iterator[Section]:
        level = 2 if self.workspace.language == "nl" else 1
        none = () if self.workspace.courses else (Paragraph(self._say("fill")),)
        yield Section(self._say("courses"), level, none)
        for course in self.workspace.courses:
            yield Section(self._named(course), level + 1, (*self._course(course),))
        for name, blocks in (
            ("screening", self._screening),
            ("wargame", self._wargame),
            ("comparison", self._comparison),
        ):
            yield Section(self._say(name), level, (*self._unless_closed(name, blocks()),))

    def _closed(self) -> Iterator[Section]:
        if self.withhold and not self.withheld:
            yield Section(self._say("not public"), 1, (Paragraph(self._say("nothing left out")),))
            return
        told = self._say("left out", count=self.withheld) if self.withhold else self._say("all here")
        yield Section(self._say("not public"), 1, (Paragraph(told), *self._motivated()))

    def _motivated(self) -> Iterator[Paragraph]:
        """Yield why what an officer listed is not public, to the public without what it is."""
        listed = self.workspace.withheld
        if self.withhold:
            reasons = Counter(_plain(one.motivation) for one in listed)
            yield from (Paragraph(self._say("motivated", reason=reason, count=reasons[reason])) for reason in reasons)
        else:
            yield from (
                Paragraph(self._say("motivated part", part=one.part, reason=_plain(one.motivation), by=one.by))
                for one in listed
            )
        if not listed or not self._open:
            yield Paragraph(self._say("fill motivation"))

    # Parts

    def _frame(self, *names: str) -> Iterator[Paragraph]:
        for name in names:
            filled = self.workspace.frame(FramingField(name))
            yield Paragraph(f"{self._say(name)}:")
            yield from self._filled(filled)

    def _course(self, course: CourseOfAction) -> Iterator[Paragraph]:
        if course.id in self.closed.courses:
            self.withheld += 1
            return
        yield from (Paragraph(f"{self._say('stale')}: {told}") for told in self.stale.get(course.id, ()))
        if self._is_closed(None):
            self.withheld += 1
        else:
            yield from self._all_stated(course.idea)
        for name in CourseField:
            filled = course.field(name)
            if filled.statements:
                yield Paragraph(f"{self._say(name.value)}:")
                yield from self._filled(filled)

    def _filled(self, filled: Filled) -> Iterator[Paragraph]:
        if not filled.statements:
            yield Paragraph(self._say("fill owner", owner=self.workspace.owner), bullet=True)
        elif self._is_closed(filled.marking):
            self.withheld += 1
        else:
            yield from self._all_stated(filled.statements)

    def _all_stated(self, statements: Iterable[Statement]) -> Iterator[Paragraph]:
        """Yield statements, but those that are closed: their footnotes stay away with them."""
        for one in statements:
            if self.closed.tells(one.text):
                self.withheld += 1
            else:
                yield self._stated(one)

    def _stated(self, statement: Statement) -> Paragraph:
        say, told = self._say, [_plain(statement.text)]
        if statement.basis is Basis.ASSUMPTION:
            test = statement.test
            parts = (
                f"{say(name.replace('_', ' '))}: {_plain(getattr(test, name, '')) or say('not said')}"
                for name in ("valid", "necessary", "if_false")
            )
            told = [f"{say('basis assumption')}: {told[0]} ({'; '.join(parts)})"]
        elif statement.basis is Basis.GAP:
            owners = ", ".join(statement.ask) or say("unknown")
            told = [f"{say('basis gap')}: {told[0]} ({say('ask', owners=owners)})"]
        elif statement.basis is Basis.STATED:
            told.append(f"({say('basis stated', author=statement.author or self.workspace.owner)})")
        if statement.disputed:
            told.append(f"({say('disputed')})")
        told += [f"{say('stale')}: {reason}" for reason in self.stale.get(statement.id, ())]
        notes = self._noted(statement.citations) if statement.basis is Basis.FACT else ()
        return Paragraph(" ".join(told), notes, bullet=True)

    def _screening(self) -> Iterator[Paragraph | Table]:
        rows = [
            (
                self._named(course),
                self._say(screened.screen.value),
                self._say(screened.outcome.value),
                " ".join([_plain(screened.reason), *(_plain(one.text) for one in screened.calculations)]),
            )
            for course in self._shown_courses()
            if not course.baseline
            for screened in course.screening
        ]
        header = tuple(self._say(name) for name in ("course", "test", "outcome", "reason"))
        yield Table(header, tuple(rows)) if rows else Paragraph(self._say("fill"))

    def _wargame(self) -> Iterator[Paragraph | Table]:
        names = ("action", "reaction", "counteraction", "result", "decision_point")
        rows = [
            (
                self._named(course),
                self._say(Adversary(row.adversary).value),
                *(" ".join(self._brief(one) for one in getattr(row, name)) or "—" for name in names),
            )
            for course in self._shown_courses()
            for row in course.wargame
        ]
        header = tuple(self._say(name) for name in ("course", "adversary", *names))
        yield Table(header, tuple(rows)) if rows else Paragraph(self._say("fill"))

    def _comparison(self) -> Iterator[Paragraph | Table]:
        workspace, say = self.workspace, self._say
        if not workspace.criteria:
            yield Paragraph(say("fill"))
            return
        parts = ("criterion", "definition", "unit", "benchmark", "formula", "weight")
        told = [
            (one.title, one.definition, one.unit, one.benchmark, one.formula, f"{one.weight:g}")
            for one in workspace.criteria
        ]
        yield Table(tuple(map(say, parts)), tuple(tuple(map(_plain, row)) for row in told))
        values = {(one.course, one.criterion): one for one in workspace.values}
        rows = []
        for place, id in enumerate(self.matrix.courses):
            if id in self.closed.courses:
                self.withheld += 1
                continue
            course = workspace.course(id)
            cells = []
            for at, criterion in enumerate(self.matrix.criteria):
                value, score = values.get((id, criterion)), self.matrix.scores[place][at]
                shown = _plain(value.value) if value and value.value else say("unknown")
                cells.append(f"{shown} ({score:.2f})" if score is not None else shown)
            total = self.matrix.totals[place]
            least, most = total.low, total.high
            sum_ = f"{least:.2f}" if abs(most - least) < 5e-3 else f"{least:.2f} – {most:.2f}"
            rows.append((self._named(course) if course else id, *cells, sum_))
        yield Table((say("course"), *(_plain(one.title) for one in workspace.criteria), say("total")), tuple(rows))
        if self.sensitivity.samples:
            share = f"{self.sensitivity.stability:.0%}"
            yield Paragraph(say("stable", samples=f"{self.sensitivity.samples:,}", share=share))
            for one in self.sensitivity.first:
                course = workspace.course(one.course)
                name = self._named(course) if course else one.course
                yield Paragraph(say("first", course=name, around=f"{one.around:.0%}"), bullet=True)

    def _advice(self) -> Iterator[Paragraph]:
        told = self.recommendation
        course = self.workspace.course(told.course) if told.course else None
        if course is None:
            yield Paragraph(self._say("no recommendation"))
        else:
            yield Paragraph(self._say("recommended", course=self._named(course)))
            yield Paragraph(self._say("confidence", confidence=told.confidence, share=f"{told.share:.0%}"))
        if self._is_closed(None) or "advice" in self.closed.parts:
            self.withheld += 1
            return
        yield from (Paragraph(_plain(one), bullet=True) for one in told.reasons)
        for heading, lines in (("dissent", told.dissent), ("change", told.what_would_change)):
            if lines:
                yield Paragraph(f"{self._say(heading)}:")
                yield from (Paragraph(_plain(one), bullet=True) for one in lines)

    def _decision(self) -> Iterator[Paragraph]:
        decision = self.workspace.decision
        if decision is None:
            yield Paragraph(self._say("undecided"))
            return
        course = self.workspace.course(decision.chosen)
        chosen = self._named(course) if course else decision.chosen
        yield Paragraph(self._say("decided", by=decision.by, at=decision.at, chosen=chosen))
        if decision.reason and self._is_closed(None):
            self.withheld += 1
        elif decision.reason:
            yield Paragraph(self._say("decided why", reason=_plain(decision.reason)))

    def _risks(self) -> Iterator[Paragraph]:
        for course in self._shown_courses():
            yield Paragraph(f"{self._named(course)}:")
            yield from self._filled(course.field(CourseField.RISKS))

    def _gaps(self) -> Iterator[Paragraph]:
        yield Paragraph(f"{self._say('gaps')}:")
        fields = [*self.workspace.framing, *(one for course in self.workspace.courses for one in course.fields)]
        shown = [one for one in fields if not self._is_closed(one.marking)]
        found = {one.text: one for filled in shown for one in filled.statements if one.basis is Basis.GAP}
        yield from (self._stated(one) for one in found.values() if not self.closed.tells(one.text))
        if not found:
            yield Paragraph("—", bullet=True)

    def _sources(self) -> Iterator[Paragraph]:
        yield from (Paragraph(source, bullet=True) for source in sorted(self.sources))
        if not self.sources:
            yield Paragraph("—")

    # What is shown where

    @property
    def _open(self) -> bool:
        return _is_open(self.workspace.marking)

    def _is_closed(self, marking: Marking | None) -> bool:
        """What has no marking of its own has that of the workspace: fail closed."""
        return self.withhold and not _is_open(marking or self.workspace.marking)

    def _shown_courses(self) -> Iterator[CourseOfAction]:
        for course in self.workspace.courses:
            if course.id in self.closed.courses:
                self.withheld += 1
            else:
                yield course

    def _netted(self, section: Section) -> Section:
        kept, dropped = self.closed.netted(section, instead=self._say("not public here"))
        self.withheld += dropped
        return kept

    def _unless_closed(self, name: str, blocks: Iterable[Paragraph | Table]) -> Iterator[Paragraph | Table]:
        if self._is_closed(None) or name in self.closed.parts:
            self.withheld += 1
        else:
            yield from blocks

    def _named(self, course: CourseOfAction) -> str:
        """A name is copied from a document: where that is not public, the number stands for it."""
        if course.baseline:
            return self._say("baseline")
        return f"{self._say('course')} {course.id.rpartition('-')[2]}" + (
            "" if self._is_closed(None) or self.closed.tells(course.name) else f" ({_plain(course.name)})"
        )

    def _brief(self, statement: Statement) -> str:
        """What fits a cell of a table: where a fact stands is told by title, as cells have no footnotes."""
        mark = {Basis.ASSUMPTION: "basis assumption", Basis.GAP: "basis gap"}.get(statement.basis)
        if mark:
            return f"{self._say(mark)}: {_plain(statement.text)}"
        titles = ", ".join(dict.fromkeys(_plain(one.title) for one in statement.citations))
        return f"{_plain(statement.text)} ({titles})" if titles else _plain(statement.text)

    def _noted(self, citations: Iterable[Citation]) -> tuple[int, ...]:
        found = []
        for one in citations:
            page = f", {self._say('source page')} {one.page}" if one.page else ""
            place = f"{_plain(one.title)} ({one.corpus}: {_plain(one.document)})"
            quote = self._say("not public here") if self.closed.tells(one.quote) else f"“{_plain(one.quote)}”"
            self.sources.add(place)
            note = f"{place}:{page} {quote} ({self._say('source')} {one.version_id[:8]})"
            found.append(self.notes.setdefault(note, len(self.notes) + 1))
        return tuple(dict.fromkeys(found))

    def _say(self, name: str, **told: object) -> str:
        return words(name, self.workspace.language, **told)


def _is_open(marking: Marking | None) -> bool:
    """Tell whether a marking is the lowest of its policy without any restriction. Nothing derived is open too."""
    if marking is None:
        return True
    restricted = marking.releasable_to or marking.categories or marking.need_to_know
    return not restricted and POLICIES.get(marking.policy, ("",))[0] == marking.level


def _plain(text: str) -> str:
    """Return text on one line without characters that no document can hold or nobody sees."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
