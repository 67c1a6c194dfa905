"""From developed courses to a decision: criteria, values, comparison, what a person chose, and the memo.

Criteria and weights are locked before there are values, and only a person decides. Knows nothing of how courses came
to be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answers import Question
from assistant.courses.changing import Changing, NotYet, course_of
from assistant.courses.editing import StatementInvalid, StatementUnknown, plain
from assistant.courses.joining import Recommendation, Stale
from assistant.courses.locking import criteria_unlocked, on_earlier_framing
from assistant.courses.walking import citations
from assistant.courses.workspace import Criterion, Decision, RawValue, Withheld, Workspace
from assistant.scoping import reach_of
from retrieval.access import Principal
from retrieval.errors import StafwijzerError


class DecisionInvalid(StafwijzerError):
    """A decision or a judgement that cannot be recorded."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Courses held against each other, as of one revision of their workspace."""

    workspace: Workspace
    matrix: Any
    sensitivity: Any
    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class Weighing(Changing):
    def set_criteria(
        self,
        id: str,
        criteria: Sequence[Criterion],
        *,
        principal: Principal,
        expected_revision: int | None = None,
    ) -> Workspace:
        """Replace the criteria and weights, which unlocks them. Raises CriterionInvalid, WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            return self.steps.set_criteria(now, tuple(criteria), by=principal.name)

        return self._change(id, principal, expected_revision, "set criteria", change)

    def lock_criteria(self, id: str, *, principal: Principal, expected_revision: int | None = None) -> Workspace:
        """Lock the criteria, so that values can be given. Raises CriterionInvalid, WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            return self.steps.lock_criteria(now, by=principal.name)

        return self._change(id, principal, expected_revision, "locked the criteria", change)

    def unlock_criteria(self, id: str, *, principal: Principal, expected_revision: int | None = None) -> Workspace:
        """Unlock the criteria; the values are kept. Raises UnlockRefused."""

        def change(now: Workspace) -> Workspace:
            return criteria_unlocked(now, by=principal.name)

        return self._change(id, principal, expected_revision, "unlocked the criteria", change)

    def set_value(
        self, id: str, value: RawValue, *, principal: Principal, expected_revision: int | None = None
    ) -> Workspace:
        """Give what a course is or does by a criterion, in the name of who gives it.

        Raises NotYet before the criteria are locked, ValueInvalid, StatementInvalid for a citation from elsewhere,
        WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            if not now.criteria_locked_by:
                raise NotYet("The criteria are not locked.", hint="Lock them first, so that values cannot steer them.")
            if not set(value.citations) <= set(citations(now)):
                raise StatementInvalid(
                    "The value cites what the workspace does not.", hint="Cite what a statement of it cites."
                )
            return self.steps.enter_value(now, replace(value, by=principal.name))

        return self._change(id, principal, expected_revision, f"set {value.criterion} of {value.course}", change)

    def matrix(self, workspace: Workspace) -> Any:
        """Return the weighted matrix. Pure: also for weights that are not saved."""
        return self.steps.matrix(workspace)

    def sensitivity(self, matrix: Any) -> Any:
        """Return what would change the first place. Pure."""
        return self.steps.sensitivity(matrix)

    def recommend(self, workspace: Workspace, matrix: Any, sensitivity: Any) -> Recommendation:
        """Return what the comparison recommends, if anything. Pure."""
        return self.steps.recommend(workspace, matrix, sensitivity)

    def compare(self, id: str, *, principal: Principal) -> Comparison:
        """Return matrix, sensitivity and recommendation of a workspace as it is now."""
        seen = self.read(id, principal=principal)
        matrix = self.matrix(seen)
        sensitivity = self.sensitivity(matrix)
        return Comparison(seen, matrix, sensitivity, self.recommend(seen, matrix, sensitivity))

    def decide(
        self,
        id: str,
        *,
        chosen: str,
        reason: str = "",
        principal: Principal,
        expected_revision: int | None = None,
    ) -> Workspace:
        """Record which course a person chose. Raises DecisionInvalid without a reason where the choice is not what was
        recommended, StatementUnknown for a course that is not there, WorkspaceChanged."""
        compared = self.compare(id, principal=principal)
        recommended = compared.recommendation.course

        def change(now: Workspace) -> Workspace:
            course_of(now, chosen)
            if chosen != recommended and not reason.strip():
                told = f"'{recommended}' was recommended" if recommended else "nothing was recommended"
                raise DecisionInvalid(
                    f"The choice of '{chosen}' has no reason, and {told}.", hint="Say why, in a sentence."
                )
            at = datetime.now(UTC).isoformat(timespec="seconds")
            return replace(now, decision=Decision(principal.name, at, chosen, recommended, plain(reason)))

        # Of what was compared: values that somebody changes meanwhile may recommend another.
        expected = compared.workspace.revision if expected_revision is None else expected_revision
        return self._change(id, principal, expected, f"decided {chosen}", change)

    def withhold(
        self, id: str, part: str, motivation: str, *, principal: Principal, expected_revision: int | None = None
    ) -> Workspace:
        """Keep a part out of the memo for the public, and say why; without a motivation it is public again.

        Raises StatementUnknown for a part that is not there, WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            kept = tuple(one for one in now.withheld if one.part != part)
            if part not in self.steps.parts(now) and kept == now.withheld:
                raise StatementUnknown(
                    f"There is no part '{part}' to keep back.", hint="`stafwijzer coa show` names the lines."
                )
            mine = Withheld(part, plain(motivation).strip(), principal.name)
            return replace(now, withheld=(*kept, mine) if mine.motivation else kept)

        what = f"{'withheld' if motivation.strip() else 'made public'} {part}"
        return self._change(id, principal, expected_revision, what, change)

    def stale(self, workspace: Workspace, *, principal: Principal) -> Stale:
        """Return what is no longer as it was when it was cited or developed, in words, by the id of the line."""
        reach = reach_of(Question(workspace.title, principal, frozenset(), self.today()), self.catalog)
        cited = self.steps.stale(workspace, catalog=self.catalog, scope=reach.scope)
        return {**cited, **{id: (told,) for id, told in on_earlier_framing(workspace).items()}}

    def export(self, id: str, *, format: str, principal: Principal, folder: Path | None = None) -> Sequence[Path]:
        """Write the decision memo as 'docx', 'md', 'odt' or 'pdf' and return its files: the memo, and the part that is
        not public, if there is one. `folder`: None is one of the installation's."""
        told = self.compare(id, principal=principal)
        where = folder or self.exports / told.workspace.id
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.steps.write_memo(
            told.workspace,
            matrix=told.matrix,
            sensitivity=told.sensitivity,
            recommendation=told.recommendation,
            stale=self.stale(told.workspace, principal=principal),
            folder=where,
            formats=(format,),
        )
