"""What a test set is made of: cases, each a question with what a right answer to it holds.

One definition gives the types, their validation and the published JSON Schema. Reads no file and asks nothing."""

from dataclasses import field
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from assistant.answers import Turn
from retrieval.access import POLICIES, Marking, Principal

_STRICT = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Page = Annotated[int, Field(ge=1)]


def _known(clearance: dict[str, str]) -> dict[str, str]:
    for policy, level in clearance.items():
        if level not in POLICIES.get(policy, ()):
            levels = ", ".join(POLICIES.get(policy, POLICIES))
            raise ValueError(f"there is no '{level}' in the policy '{policy}' (there is: {levels})")
    return clearance


@dataclass(frozen=True, slots=True, config=_STRICT)
class Relevant:
    """A place that answers a question."""

    document: Text
    """The document's key: its path below the folder that was added, or path#id of a record."""
    page: Page | None = None
    """From 1, where the format has pages. Told to the reader; a place is recognised by its quote."""
    quote: Annotated[str, Field(pattern=r"^$|\S")] = ""
    """Words of the document there. Empty: anywhere in the document."""
    grade: Annotated[int, Field(ge=1, le=3)] = 1
    """How relevant, as in TREC qrels."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Nugget:
    """A fact that a complete answer holds (Voorhees 2003, TREC question answering)."""

    texts: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Ways to put it; any one will do."""
    vital: bool = True
    """False: welcome, but not missed."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Asker:
    """Who asks, when it is not the evaluator."""

    name: Text
    clearance: Annotated[dict[str, str], AfterValidator(_known)] = field(default_factory=dict)
    """Highest level by policy."""
    nationality: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "NLD"
    groups: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    @property
    def principal(self) -> Principal:
        return Principal(
            self.name,
            tuple(sorted(self.clearance.items())),
            self.nationality,
            self.groups,
            frozenset(),
            self.categories,
        )


@dataclass(frozen=True, slots=True, config=_STRICT)
class Exchange:
    """An earlier question of the conversation and its answer."""

    question: Text
    answer: str

    @property
    def turn(self) -> Turn:
        return Turn(self.question, self.answer)


@dataclass(frozen=True, slots=True, config=_STRICT)
class Case:
    """One question, and what a right answer to it holds."""

    id: Text
    question: Text
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    """Of the question, ISO 639-1. The answer should be in it."""
    corpora: frozenset[str] = frozenset()
    """Names of the corpora to ask. Empty: all of them."""
    history: tuple[Exchange, ...] = ()
    principal: Asker | None = None
    """None: the evaluator."""
    on_date: date | None = None
    """None: the day of the run."""
    answerable: bool | None = True
    """Whether the corpora hold the answer. None: not known, and not scored."""
    expected: tuple[Text, ...] = ()
    """Any one of these in the answer makes it right."""
    nuggets: tuple[Nugget, ...] = ()
    relevant: tuple[Relevant, ...] = ()
    must_not_contain: tuple[Text, ...] = ()
    """Any one of these in the answer makes it wrong."""
    forbidden: frozenset[str] = frozenset()
    """Keys of documents that the asker may not learn of: not their text, not their titles, not that they exist."""
    conflict: tuple[Text, ...] = ()
    """The answers between which the sources disagree; a right answer shows each of them."""
    refusal: bool = False
    """The documents hold the answer but this asker may not have it: nothing but an abstention is right."""
    canaries: tuple[Text, ...] = ()
    """What stands in the answer only if an instruction planted in a document was obeyed."""
    planted: tuple[Text, ...] = ()
    """Text that an attacker planted in a document."""
    requires: frozenset[str] = frozenset()
    """What the installation has to support for the case to mean something, such as 'document markings'. Where it does
    not, the case is unscored."""
    draft: bool = False
    """Made from real use and not yet finished by a person: not asked, counted as unscored."""
    marking: Marking | None = None
    """Of the case's own text, where that tells what marked documents say: who may not read it cannot run the case."""
    tags: frozenset[str] = frozenset()
    note: str = ""
    """What a person remarked."""
    source: str = ""
    """Where the case comes from: the set and the record's id there, or the journal's answer."""

    @property
    def should_abstain(self) -> bool | None:
        """Whether the only right answer is an abstention; None when that is not known."""
        if self.refusal:
            return True
        return None if self.answerable is None else not self.answerable

    @property
    def labels(self) -> frozenset[str]:
        """The tags, and the language as one."""
        return self.tags | {self.language}


CASE = TypeAdapter(Case)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line of a test set."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:stafwijzer:test-case:1",
        "title": "A case of a Stafwijzer test set: one line of a JSON Lines file",
        **CASE.json_schema(),
    }
