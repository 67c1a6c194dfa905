"""Work staff problems through as an officer would, the clock running, and hold what comes of them to their cases.

Goes through `CoursesOfAction`, as the command line and the pages do. Knows no screen."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import import_module

from assistant.answers import Citation, Verdict
from assistant.bootstrap import Installation
from assistant.courses.service import CoursesOfAction
from assistant.courses.storing import WorkspaceStore
from assistant.courses.workspace import CourseField, Workspace
from evals.courses.cases import Problem
from evals.courses.scoring import Scored, score
from evals.placing import Places
from retrieval.access import Principal, scope_for
from retrieval.catalog.database import open_engine
from retrieval.errors import StafwijzerError
from retrieval.languages import Language


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of one problem."""

    problem: str
    scored: Scored | None
    """None: it could not be worked through, for the reason in `error`."""
    framing_seconds: float = 0.0
    first_course_seconds: float | None = None
    """From the start of development to the first course with all of its fields."""
    whole_seconds: float | None = None
    """From the start of development to the last course, screened and wargamed."""
    workspace: Workspace | None = None
    error: str = ""


def evaluated(installation: Installation) -> CoursesOfAction:
    """Return the installation's service with a store of its own, apart from what people work on."""
    folder = installation.settings.home / "evals"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return replace(installation.courses, store=WorkspaceStore(open_engine(f"sqlite:///{folder / 'coa.sqlite'}")))


def work_through(
    service: CoursesOfAction, installation: Installation, problems: list[Problem], *, on_date: date | None = None
) -> Iterator[Worked]:
    """Yield what came of each problem. `on_date`: None is the day of the problem."""
    for problem in problems:
        day = on_date or date.fromisoformat(problem.on_date)
        principal = installation.settings.principal
        try:
            yield _worked(service, installation, problem, principal, day)
        except StafwijzerError as error:
            yield Worked(problem.id, None, error=str(error))
        except Exception as error:  # noqa: BLE001 (a defect on one problem must not lose the others; its name is kept)
            yield Worked(problem.id, None, error=f"{type(error).__name__}: {error}")


def _worked(
    service: CoursesOfAction, installation: Installation, problem: Problem, principal: Principal, day: date
) -> Worked:
    language: Language = "nl" if problem.language == "nl" else "en"
    made = service.new(problem.problem, principal=principal, corpora=problem.corpora, on_date=day, language=language)
    started = time.perf_counter()
    for _ in service.draft_framing(made.id, principal=principal):
        pass
    framing_seconds = time.perf_counter() - started
    now = service.lock_framing(made.id, principal=principal)
    started, first = time.perf_counter(), None
    for now in service.develop(made.id, principal=principal):
        if first is None and any(len(course.fields) == len(CourseField) for course in now.courses):
            first = time.perf_counter() - started
    whole = time.perf_counter() - started
    scored = score(
        problem,
        now,
        reads=_reads(installation, principal, day),
        verified=lambda text, quotes: installation.verifier.verify(text, quotes).verdict is Verdict.SUPPORTED,
        reckon=reckoned,
    )
    return Worked(problem.id, scored, framing_seconds, first, whole, now)


def _reads(installation: Installation, principal: Principal, day: date) -> Callable[[Citation], bool]:
    catalog = installation.catalog
    scope = scope_for(
        principal,
        markings=catalog.markings(),
        corpora=[corpus.name for corpus in catalog.corpora()],
        on_date=day,
    )
    places = Places(catalog)

    @cache
    def reads(cited: Citation) -> bool:
        return places.reads(cited.version_id, cited.start, cited.end, cited.quote, scope=scope)

    return reads


def reckoned(expression: str, language: Language) -> str | bool:
    """Reckon as screening does; '' for what cannot be."""
    calculating = import_module("assistant.courses.calculating")
    try:
        found = calculating.calculate(expression, language=language)
    except StafwijzerError:
        return ""
    holds: bool | None = found.holds
    return f"{found.value.amount:.4g} {found.value.unit}" if holds is None else holds
