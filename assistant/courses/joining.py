"""The steps from a problem to a memo, by name: what the service calls, each with its signature.

Knows what a step is given and gives, and nothing of how."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Protocol

from assistant.answers import Answer, Evidence
from assistant.courses.workspace import CourseOfAction, Criterion, Filled, RawValue, WargameRow, Workspace
from retrieval.access import Scope
from retrieval.catalog import Catalog
from retrieval.languages import Language

Ask = Callable[[str], Answer]
"""One question through the one request path."""
Read = Callable[[Evidence], Sequence[Evidence]]
"""The passages of the document that a passage stands in, in their order."""
Stale = Mapping[str, Sequence[str]]
"""Reasons in words, by the id of the statement, course or criterion that they concern."""


class Recommendation(Protocol):
    """What a comparison recommends. A person decides."""

    @property
    def course(self) -> str:
        """Id; empty when nothing is recommended."""

    @property
    def reasons(self) -> Sequence[str]: ...


class Draft(Protocol):
    def __call__(
        self, problem: str, *, ask: Ask, read: Read, language: Language, owner: str, owners: Sequence[str]
    ) -> Iterator[Filled]: ...


class Begin(Protocol):
    def __call__(self, workspace: Workspace, *, ask: Ask, ideas: Sequence[str]) -> Sequence[CourseOfAction]:
        """Return the courses to be filled, doing nothing among them."""


class Fill(Protocol):
    """The language model filling fields under a schema, and what it has to tell of that."""

    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def prompt_hashes(self) -> Mapping[str, str]: ...


class Grow(Protocol):
    def __call__(
        self,
        course: CourseOfAction,
        workspace: Workspace,
        *,
        ask: Ask,
        fill: Any,
        cancelled: Event,
        owners: Sequence[str],
    ) -> Iterator[CourseOfAction]:
        """Yield a course after each of its fields that is filled."""


class Wargame(Protocol):
    def __call__(
        self, course: CourseOfAction, workspace: Workspace, *, ask: Ask, owners: Sequence[str]
    ) -> tuple[WargameRow, ...]: ...


class FindStale(Protocol):
    def __call__(self, workspace: Workspace, *, catalog: Catalog, scope: Scope) -> Stale: ...


class WriteMemo(Protocol):
    def __call__(
        self,
        workspace: Workspace,
        *,
        matrix: Any,
        sensitivity: Any,
        recommendation: Any,
        stale: Stale,
        folder: Path,
        formats: Sequence[str],
    ) -> list[Path]: ...


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done to a workspace, step by step."""

    draft: Draft
    begin: Begin
    grow: Grow
    wargame: Wargame
    screen: Callable[[Workspace], Workspace]
    overrule: Callable[..., Workspace]
    """Of the workspace, the id of a course, a screen and its outcome, and `reason` and `by`."""
    set_criteria: Callable[..., Workspace]
    """Of the workspace and the criteria, and `by`."""
    lock_criteria: Callable[..., Workspace]
    """Of the workspace, and `by`."""
    enter_value: Callable[[Workspace, RawValue], Workspace]
    matrix: Callable[[Workspace], Any]
    sensitivity: Callable[[Any], Any]
    recommend: Callable[[Workspace, Any, Any], Recommendation]
    stale: FindStale
    write_memo: WriteMemo
    parts: Callable[[Workspace], Sequence[str]]
    """Names what can be kept out of a memo for the public."""
    fill: Callable[[Language, Event], Fill | None] = lambda language, cancelled: None
    """Makes what lets the language model fill fields; None where there is no model."""


def all_steps(*, fill: Callable[[Language, Event], Fill | None]) -> Steps:
    """Return the steps of the product."""
    # Imported here: units and numpy take a while, and only who works with courses needs them.
    from assistant.courses import (
        comparing,
        criteria,
        developing,
        framing,
        memo,
        recommending,
        screening,
        sensitivity,
        staleness,
        wargaming,
    )

    return Steps(
        draft=framing.draft,
        begin=developing.begin,
        grow=developing.grow,
        wargame=wargaming.wargame,
        screen=_screen,
        overrule=screening.overrule,
        set_criteria=criteria.set_criteria,
        lock_criteria=criteria.lock_criteria,
        enter_value=criteria.enter_value,
        matrix=comparing.matrix,
        sensitivity=sensitivity.sensitivity,
        recommend=recommending.recommend,
        stale=staleness.stale,
        write_memo=memo.write_memo,
        parts=memo.parts,
        fill=fill,
    )


def _screen(workspace: Workspace) -> Workspace:
    from assistant.courses.distinguishing import LEAST_APART, difference
    from assistant.courses.screening import screen

    return screen(workspace, distance=lambda one, other: difference(one, other).apart, least_distance=LEAST_APART)


def criteria_of(told: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """Make criteria of what JSON says of them; an id that is not given is the place in the list."""
    return tuple(
        Criterion(
            id=str(one.get("id") or f"criterion-{place}"),
            title=str(one.get("title", "")),
            definition=str(one.get("definition", "")),
            unit=str(one.get("unit", "dimensionless")),
            benchmark=str(one.get("benchmark", "")),
            formula=str(one.get("formula", "less is better")),
            weight=float(one.get("weight", 1)),
        )
        for place, one in enumerate(told, start=1)
    )
