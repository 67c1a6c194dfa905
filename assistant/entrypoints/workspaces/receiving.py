"""What a page may send about a workspace, checked for its form. Whether it fits the workspace, the service decides."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from assistant.courses.workspace import AssumptionTest, Basis, Criterion, Outcome, RawValue, Screen
from retrieval.languages import Language

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Name = Annotated[str, StringConstraints(pattern=r"^[\w.:/-]{0,80}$")]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class Received(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewWorkspace(Received):
    problem: Text = Field(min_length=1)
    language: Language
    corpora: frozenset[Name] = frozenset()


class Change(Received):
    revision: int = Field(ge=1)
    """That it was made on."""


class Locked(Change):
    locked: bool = True
    """False: unlock it."""


class AssumptionTested(Received):
    valid: Text = ""
    necessary: Text = ""
    if_false: Text = ""

    def as_test(self) -> AssumptionTest:
        return AssumptionTest(self.valid, self.necessary, self.if_false)


class EditedStatement(Change):
    about: Literal["statement"] = "statement"
    statement: Name = ""
    course: Name = ""
    field: Name
    text: Text
    # A fact is made by software from documents, never by saying so.
    basis: Literal[Basis.STATED, Basis.ASSUMPTION, Basis.GAP]
    test: AssumptionTested | None = None


class JudgedScreen(Change):
    about: Literal["screen"]
    course: Name = Field(min_length=1)
    screen: Screen
    outcome: Outcome
    reason: Text = ""


class WithheldPart(Change):
    about: Literal["public"]
    part: Name = Field(min_length=1)
    motivation: Text = ""


def _about(told: object) -> str:
    return str(told.get("about", "statement")) if isinstance(told, dict) else "statement"


Said = Annotated[
    Annotated[EditedStatement, Tag("statement")]
    | Annotated[JudgedScreen, Tag("screen")]
    | Annotated[WithheldPart, Tag("public")],
    Discriminator(_about),
]
"""What an officer says of a part of a workspace. One path takes it: each path more is one more that is let in."""


class SetCriterion(Received):
    id: Name = Field(min_length=1)
    title: Short
    definition: Text
    unit: Short
    benchmark: Short
    formula: Short
    weight: Weight

    def as_criterion(self) -> Criterion:
        return Criterion(**self.model_dump())


class SetCriteria(Change):
    criteria: list[SetCriterion] = Field(max_length=30)


class Weights(Received):
    weights: dict[Name, Weight]
    """By criterion; of those that are not named it stays as it is."""


class SavedWeights(Weights, Change):
    pass


class SetValue(Change):
    course: Name
    criterion: Name
    value: Short
    basis: Literal[Basis.STATED, Basis.ASSUMPTION] = Basis.STATED
    reason: Text = ""

    def as_value(self, by: str) -> RawValue:
        return RawValue(self.course, self.criterion, self.value, self.basis, (), self.reason, by)


class Decided(Change):
    chosen: Name = Field(min_length=1)
    reason: Text = ""
