"""What the pages and the chat ask of the service behind workspaces. Knows nothing of HTTP, nor of how it is done."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.courses.workspace import AssumptionTest, Basis, Criterion, Outcome, RawValue, Screen, Workspace
from retrieval.access import Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import Language


class Matrix(Protocol):
    """Weighted scores. A dataclass: all its fields go to the page, by the names that the page's arithmetic gives."""

    @property
    def courses(self) -> tuple[str, ...]: ...
    @property
    def criteria(self) -> tuple[str, ...]: ...
    @property
    def scores(self) -> tuple[tuple[float | None, ...], ...]: ...
    @property
    def ranking(self) -> tuple[tuple[str, ...], ...]: ...


class Recommending(Protocol):
    """What the comparison recommends. A dataclass."""

    @property
    def course(self) -> str: ...


class Planner(Protocol):
    """Workspaces of those who may know of them.

    Each change names the revision that it was made on. Raises StafwijzerError for what a person can mend; the two
    that the pages answer in their own way are in Refusals."""

    def new(
        self, problem: str, *, principal: Principal, language: Language, corpora: frozenset[str], on_date: date
    ) -> Workspace: ...

    def list(self, *, principal: Principal) -> Sequence[Workspace]: ...

    def read(self, id: str, *, principal: Principal) -> Workspace: ...

    def draft_framing(self, id: str, *, principal: Principal, cancelled: threading.Event) -> Iterator[Workspace]:
        """Fill the framing from documents; yield what is saved after each field."""

    def edit(
        self,
        id: str,
        *,
        principal: Principal,
        expected_revision: int,
        statement: str,
        course: str,
        field: str,
        text: str,
        basis: Basis,
        test: AssumptionTest | None,
    ) -> Workspace:
        """Change a statement. `statement` '': add one. `text` '': take it away. `course` '': of the framing."""

    def lock_framing(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace: ...

    def unlock_framing(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace: ...

    def develop(self, id: str, *, principal: Principal, cancelled: threading.Event) -> Iterator[Workspace]:
        """Fill courses of action, screened and wargamed; yield what is saved after each step. Goes on where it was."""

    def set_screen(
        self,
        id: str,
        course: str,
        screen: Screen,
        outcome: Outcome,
        reason: str,
        *,
        principal: Principal,
        expected_revision: int,
    ) -> Workspace:
        """Record what a person finds of a course by one screen."""

    def withhold(
        self, id: str, part: str, motivation: str, *, principal: Principal, expected_revision: int
    ) -> Workspace:
        """Keep a part out of the memo for the public; `motivation` '': make it public again."""

    def set_criteria(
        self, id: str, criteria: Sequence[Criterion], *, principal: Principal, expected_revision: int
    ) -> Workspace: ...

    def lock_criteria(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace: ...

    def unlock_criteria(self, id: str, *, principal: Principal, expected_revision: int) -> Workspace: ...

    def set_value(self, id: str, value: RawValue, *, principal: Principal, expected_revision: int) -> Workspace: ...

    def matrix(self, workspace: Workspace) -> Matrix:
        """Compare. Pure: also asked for weights that are not saved."""

    def sensitivity(self, matrix: Matrix) -> object: ...

    def recommend(self, workspace: Workspace, matrix: Matrix, sensitivity: object) -> Recommending: ...

    def stale(self, workspace: Workspace, *, principal: Principal) -> Mapping[str, Sequence[str]]:
        """Return why a line rests on what is not valid any more, by the id of its statement, course or criterion."""

    def decide(
        self, id: str, *, principal: Principal, expected_revision: int, chosen: str, reason: str
    ) -> Workspace: ...

    def export(self, id: str, *, format: str, principal: Principal) -> Sequence[Path]:
        """Write the memo as 'docx', 'odt', 'pdf' or 'md': the memo, and what is not public, if any."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """The errors by which a planner refuses."""

    unknown: type[StafwijzerError]
    """There is no such workspace, or none that this person may know of."""
    changed: type[StafwijzerError]
    """Somebody else made the next revision. Its `current` has `workspace`, `by` and `at`."""


class PreparedPlanner:
    """A planner that is made when it is first asked for, once."""

    def __init__(self, make: Callable[[], Planner], refusals: Refusals) -> None:
        self.refusals = refusals
        self._make = make
        self._making = threading.Lock()
        self._made: Planner | None = None

    def get(self) -> Planner:
        """Return it. Raises what making it raises."""
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made
