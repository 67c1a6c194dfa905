"""Switch one component of the assistant off at a time, to see what it is worth.

What a setting can switch off is switched off by the setting. The verifier has none, because nobody may run without it;
it is replaced here, for the measurement only."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from assistant.answers import Verdict
from assistant.bootstrap import Installation
from assistant.journal import Journal
from assistant.settings import Settings
from assistant.verifying import Judgement
from evals.systems import AssistantSystem, System
from retrieval.errors import StafwijzerError


class ComponentUnknown(StafwijzerError):
    """There is no such component."""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the assistant that can be switched off."""

    name: str
    off: Mapping[str, Mapping[str, Any]]
    """The settings that switch it off, by table and key. Empty: it is replaced instead."""
    absent: Callable[[Settings], str]
    """Why there is nothing to switch off under these settings; empty when there is."""


class AcceptingVerifier:
    """Supports every claim: shows what the real verifier holds back."""

    def verify(self, claim: str, cited: Sequence[str]) -> Judgement:
        return Judgement(Verdict.SUPPORTED, ("the verifier was switched off",))


COMPONENTS = (
    Component(
        "dense",
        {"search": {"dense_weight": 0.0}},
        lambda settings: "" if settings.search.dense_weight else "search.dense_weight is 0 already",
    ),
    Component(
        "bm25",
        {"search": {"bm25_weight": 0.0}},
        lambda settings: "" if settings.search.bm25_weight else "search.bm25_weight is 0 already",
    ),
    Component(
        "rerank",
        {"search": {"reranker": None}},
        lambda settings: "" if settings.search.reranker else "no reranker is set (search.reranker)",
    ),
    Component("neighbours", {}, lambda settings: "this version joins no neighbouring passages"),
    Component(
        "compose",
        {"answer": {"compose": False}},
        lambda settings: "" if settings.answer.compose and settings.model.kind != "none" else "no model composes",
    ),
    Component(
        "verifier",
        {},
        lambda settings: (
            "" if settings.answer.compose and settings.model.kind != "none" else "there is nothing to verify"
        ),
    ),
    Component(
        "abstention",
        {"answer": {"answerability": 0.0}},
        lambda settings: "" if settings.answer.answerability else "answer.answerability is 0 already",
    ),
)


def component(name: str) -> Component:
    """Return the component of this name. Raises ComponentUnknown."""
    for one in COMPONENTS:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in COMPONENTS)
    raise ComponentUnknown(f"There is no component '{name}'.", hint=f"Components: {names}.")


@contextmanager
def without(settings: Settings, component: Component, *, journal: Journal) -> Iterator[tuple[Installation, System]]:
    """Open an installation whose assistant lacks a component."""
    tables = {table: getattr(settings, table).model_copy(update=dict(keys)) for table, keys in component.off.items()}
    installation = Installation(settings.model_copy(update=tables))
    try:
        assistant = replace(installation.assistant, journal=journal)
        if not component.off:
            told = f"{assistant.settings_fingerprint} without {component.name}"
            assistant = replace(
                assistant,
                verifier=AcceptingVerifier(),
                settings_fingerprint=hashlib.sha256(told.encode()).hexdigest()[:12],
            )
        yield installation, AssistantSystem(assistant, f"without-{component.name}")
    finally:
        installation.close()
