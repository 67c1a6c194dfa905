"""Ask on behalf of a workspace, and mark the workspace by all that was read for it, cited or not.

Knows nothing of what is asked or what becomes of the answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Event

from assistant.answers import Abstention, Answer, Evidence, Question
from assistant.chatmodels import Cancelled
from assistant.courses.walking import parts
from assistant.courses.workspace import Filled, Workspace
from assistant.scoping import reach_of
from retrieval.access import Marking, Principal, high_water_mark
from retrieval.catalog import Catalog


@dataclass(slots=True)
class Asker:
    """One question through the one request path, as the workspace asks it."""

    answer: Callable[[Question], Answer]
    workspace: Workspace
    principal: Principal
    cancelled: Event
    catalog: Catalog | None = None
    """To read the rest of a document; None reads only what answers hold."""
    _markings: set[Marking] = field(default_factory=set)
    _trace: dict[str, str] = field(default_factory=dict)
    _notes: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> Answer:
        """Answer a question. Raises Cancelled once the event is set, and what asking raises."""
        if self.cancelled.is_set():
            raise Cancelled
        told = self.workspace
        answer = self.answer(Question(text, self.principal, frozenset(told.corpora), told.on_date))
        if answer.marking and (other := self._other_policy(answer.marking)):
            self._notes.append(
                f"left out, because a workspace carries one marking: what is under the policy {answer.marking.policy}"
                f" and not {other}"
            )
            return _without_evidence(answer)
        if answer.marking:
            self._markings.add(answer.marking)
        self._trace |= {"settings": answer.trace.settings_fingerprint, "index": answer.trace.index_snapshot}
        return answer

    def read(self, evidence: Evidence) -> list[Evidence]:
        """Return all passages of the document that a passage stands in, as far as whoever asks may read them."""
        if self.catalog is None:
            return [evidence]
        told = self.workspace
        scope = reach_of(
            Question(told.title, self.principal, frozenset(told.corpora), told.on_date), self.catalog
        ).scope
        passages = self.catalog.passages_of(evidence.document.corpus, evidence.document.key, scope=scope)
        # A version has one marking, so all of its passages are marked as the one that was found.
        self._markings.add(evidence.marking)
        return [replace(evidence, passage=one) for one in passages if one.version == evidence.passage.version]

    def _other_policy(self, marking: Marking) -> str:
        """Return the policy of what was read before, when it is another than this one."""
        marks = [*self._markings, *([self.workspace.marking] if self.workspace.marking else [])]
        return next((one.policy for one in marks if one.policy != marking.policy), "")

    def note(self, notes: Sequence[str], *, prompts: Mapping[str, str]) -> None:
        """Remember what went otherwise than usual, and which prompts were used (SHA-256 by name)."""
        self._notes += notes
        self._trace |= {f"prompt {name}": sha256 for name, sha256 in prompts.items()}

    def marked(self, workspace: Workspace) -> Workspace:
        """Return a workspace with the marking, the trace and the notes of all answers so far."""
        marks = [*self._markings, *([workspace.marking] if workspace.marking else [])]
        return replace(
            workspace,
            marking=high_water_mark(marks),
            trace={**(workspace.trace or {}), **self._trace} or None,
            notes=tuple(dict.fromkeys([*workspace.notes, *self._notes])),
        )


def marked(workspace: Workspace) -> Workspace:
    """Return a workspace under the high-water mark of itself and of all of its fields."""
    marks = [part.marking for part in parts(workspace) if isinstance(part, Filled | Workspace) and part.marking]
    return replace(workspace, marking=high_water_mark(marks)) if marks else workspace


def _without_evidence(answer: Answer) -> Answer:
    return replace(
        answer,
        claims=(),
        text="",
        citations=(),
        evidence=(),
        abstained=True,
        abstention=Abstention((), (), (), ()),
        conflicts=(),
        marking=None,
        withheld=(),
    )
