"""A problem, documents and an `ask` for tests of planning: no model is loaded."""

from collections.abc import Sequence
from pathlib import Path

from assistant.answers import Answer, Citation
from assistant.courses.framing import draft
from assistant.courses.stating import Ask
from assistant.courses.workspace import Basis, CourseOfAction, Statement, Workspace
from assistant.settings import AnswerSettings
from retrieval.ingesting import Ingestion
from tests.installations import TODAY, a_corpus, an_assistant, an_ingestion, asking

PROBLEM = """# Problem - Supply of Troop HERON

Marking: Ongerubriceerd. Fictional.

## Situation

Troop HERON stands east of the River Morle. The culvert at Pellgate collapsed.

Your task as staff: restore the supply of Troop HERON and advise the commander before 16:30 hours.

## Facts

- Troop HERON has fuel until 7 February, 11:00 hours.
- Route OCHRE is open as far as Brandmoor.
- A contractor in Tallow owns a steel emergency bridge of 12 metres.
- Engineer Company LARK has one cable ferry at the Pellgate yard.

## Constraints

1. Nothing that is hired may cost more than 25,000 euros.
2. Drivers must rest for eight hours from 18:00 hours.

## What is not known

It is not known whether the contractor can transport his bridge today.

## Umpire notes

The enemy will bomb Route OCHRE at noon.
"""

ORDER = """# Operation Order 7

## 2. Mission

The brigade holds the River Morle until 12 February.

## 3. Execution

Commander's intent

The purpose is to keep the crossing of the Morle usable for the brigade.

## 4. Routes

Route OCHRE is reserved for casualties and empty vehicles. Route OCHRE is 31 kilometres long.

## 5. Bridges

The steel emergency bridge of the contractor carries vehicles up to MLC 60. The steel emergency bridge costs 31,500
euros to hire. The cable ferry is not used in thaw. The cable ferry of Engineer Company LARK carries one vehicle of
20 tonnes and takes 15 minutes.

## 6. Enemy

Most likely course of action

The enemy shells the crossing of the Morle at dawn with two mortars.

Most dangerous course of action

The enemy floods the valley by opening the sluice at Brandmoor.
"""


def documents(home: Path, **texts: str) -> Ingestion:
    """Take texts into a corpus, each as NAME.md."""
    folder = home / "documents"
    folder.mkdir(parents=True)
    for name, text in (texts or {"order": ORDER}).items():
        (folder / f"{name}.md").write_text(text)
    ingestion = an_ingestion(home)
    ingestion.add(folder, a_corpus())
    return ingestion


def asker(ingestion: Ingestion, *, asked: list[str] | None = None) -> Ask:
    """Return an `ask` over what was ingested, quotes only; the questions are kept in `asked`."""
    assistant = an_assistant(ingestion, answer=AnswerSettings(answerability=0.0, compose=False))

    def ask(question: str) -> Answer:
        if asked is not None:
            asked.append(question)
        return assistant.ask(asking(question))

    return ask


def framed(ask: Ask, problem: str = PROBLEM, *, locked_by: str = "major") -> Workspace:
    framing = tuple(draft(problem, ask=ask, language="en", owner="major", owners=("owner of plans",)))
    return Workspace("w", 1, "Supply", problem, "en", "major", (), TODAY, framing=framing, framing_locked_by=locked_by)


def statements_of(course: CourseOfAction) -> list[Statement]:
    return [one for filled in course.fields for one in filled.statements]


def a_fact(text: str, *, identifier: str = "s", start: int = 0) -> Statement:
    """Return a fact that stands word for word at `start` in a passage."""
    citation = Citation(1, "p", "v", "plans", "order.md", "Order", None, start, start + len(text), text)
    return Statement(identifier, text, Basis.FACT, (citation,))


def texts(statements: Sequence[Statement]) -> list[str]:
    return [one.text for one in statements]
