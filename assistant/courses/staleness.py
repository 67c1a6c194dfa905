"""Say what of a workspace rests on documents that no longer stand: superseded, retired, expired, deleted, changed.

Asks the catalog for what it lists; knows no database. Who may not read a source is told only that it cannot be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answers import Citation
from assistant.courses.phrasing import told
from assistant.courses.workspace import CourseOfAction, Statement, WargameRow, Workspace
from retrieval.access import Scope
from retrieval.catalog import Found, Holding, Receipt
from retrieval.documents import Passage
from retrieval.languages import Language


class Shelf(Protocol):
    """What of a catalog it takes."""

    def holdings(self, corpus: str) -> list[Holding]: ...
    def receipts(self, corpus: str | None = None) -> list[Receipt]: ...
    def passages(self, ids: Sequence[str], *, scope: Scope) -> Mapping[str, Found]: ...
    def passages_of(self, corpus: str, key: str, *, scope: Scope) -> list[Passage]: ...


def stale(workspace: Workspace, *, catalog: Shelf, scope: Scope) -> dict[str, tuple[str, ...]]:
    """Map what no longer rests on what it cites to why, in words in the workspace's language.

    Keys: the id of a statement, 'course/criterion' of a value, 'course/screen' of a screening. Valid or not is told
    for the day of the scope. Reads the catalog only, so that nothing is changed by looking."""
    cited = dict(_cited(workspace))
    ids = {one.passage_id for citations in cited.values() for one in citations}
    judge = _Judge(catalog, scope, workspace.language, frozenset(catalog.passages(sorted(ids), scope=scope)))
    told_ = {key: tuple(dict.fromkeys(filter(None, map(judge.why, cites)))) for key, cites in cited.items()}
    return {key: reasons for key, reasons in told_.items() if reasons}


@dataclass(slots=True)
class _Judge:
    """Judges citations against the catalog; what it lists of a corpus is read once."""

    catalog: Shelf
    scope: Scope
    language: Language
    live: frozenset[str]
    """Ids of cited passages that the scope may still read."""
    held: dict[str, dict[str, Holding]] = field(default_factory=dict)

    def why(self, citation: Citation) -> str:
        """Return why a citation no longer stands; '' when it does."""
        if citation.corpus not in self.scope.corpora:
            return self._say("unreadable")
        holding = self._holdings(citation.corpus).get(citation.document)
        if holding is None:
            return self._gone(citation)
        if holding.version is None or holding.version.marking not in self.scope.markings:
            return self._say("unreadable")
        return self._outdated(citation, holding) or self._changed(citation, holding)

    def _outdated(self, citation: Citation, holding: Holding) -> str:
        version, title = holding.version, holding.document.title
        assert version is not None
        if holding.superseded_by:
            return self._superseded(citation, holding)
        if version.valid_until is not None and version.valid_until <= self.scope.on_date:
            return self._say("expired", title=title, day=version.valid_until.isoformat())
        if version.valid_from is not None and version.valid_from > self.scope.on_date:
            return self._say("not yet valid", title=title, day=version.valid_from.isoformat())
        if holding.withdrawn:
            return self._say("retired", title=title)
        if holding.quarantined:
            return self._say("held back", title=title)
        return "" if holding.live else self._say("gone", title=title)

    def _changed(self, citation: Citation, holding: Holding) -> str:
        if citation.passage_id in self.live:
            return ""
        told_now = self.catalog.passages_of(citation.corpus, citation.document, scope=self.scope)
        if not told_now:
            return self._say("unreadable")
        quote = " ".join(citation.quote.split())
        alike = any(quote in " ".join(one.text.split()) for one in told_now)
        return self._say("newer alike" if alike else "newer", title=holding.document.title)

    def _superseded(self, citation: Citation, holding: Holding) -> str:
        by = next(
            (
                one.document.title
                for one in self._holdings(citation.corpus).values()
                if one.document.id == holding.superseded_by
                and one.version
                and one.version.marking in self.scope.markings
            ),
            "…",
        )
        return self._say("superseded", title=holding.document.title, by=by)

    def _gone(self, citation: Citation) -> str:
        for receipt in self.catalog.receipts(citation.corpus):
            if any(one.key == citation.document for one in receipt.documents):
                return self._say("deleted", title=citation.title, day=receipt.begun_at.date().isoformat())
        return self._say("gone", title=citation.title)

    def _holdings(self, corpus: str) -> dict[str, Holding]:
        if corpus not in self.held:
            self.held[corpus] = {one.document.key: one for one in self.catalog.holdings(corpus)}
        return self.held[corpus]

    def _say(self, name: str, **fields: str) -> str:
        return told(name, self.language, **fields)


def _cited(workspace: Workspace) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    for statement in _statements(workspace):
        if statement.citations:
            yield statement.id, statement.citations
    for value in workspace.values:
        if value.citations:
            yield f"{value.course}/{value.criterion}", value.citations
    for course in workspace.courses:
        for screened in course.screening:
            within = (citation for calculation in screened.calculations for citation in calculation.citations)
            if citations := (*screened.citations, *within):
                yield f"{course.id}/{screened.screen}", citations


def _statements(workspace: Workspace) -> Iterator[Statement]:
    for filled in workspace.framing:
        yield from filled.statements
    for course in workspace.courses:
        yield from _of_course(course)


def _of_course(course: CourseOfAction) -> Iterator[Statement]:
    yield from course.idea
    for filled in course.fields:
        yield from filled.statements
    for row in course.wargame:
        yield from _of_row(row)


def _of_row(row: WargameRow) -> Iterator[Statement]:
    for cell in (row.action, row.reaction, row.counteraction, row.result, row.decision_point):
        yield from cell
