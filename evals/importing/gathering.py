"""Gather what an importer reads: cases, the documents that they are asked of, and what is left out and why.

Gives every case its id and its source, every document the key that the catalog will know it by. Reads no file and
knows no format."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from evals.cases import Case, Nugget, Relevant
from retrieval.loading.composing import one_line, writable

CORPUS_FILE = "corpus.jsonl"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that questions are asked of: one record of a file in BEIR's layout."""

    id: str
    title: str
    text: str
    only_for: frozenset[str] = frozenset()
    """Ids of the cases that it was made for; without one of them in the set it has no place there. Empty: it belongs to
    the corpus, whichever cases are asked."""

    @property
    def key(self) -> str:
        """What the catalog calls it, once the folder that holds CORPUS_FILE is added."""
        return key_of(self.id)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the set that is not in the cases or the documents."""

    id: str
    """The record's id in the set, or the file's name."""
    reason: str
    """Follows 'left out because'."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A test set from elsewhere, in our terms."""

    cases: tuple[Case, ...]
    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What an importer may be told."""

    language: str = "en"
    """Of the questions, ISO 639-1."""
    seed: int = 0
    """Of what is drawn by lot: which attack goes where."""


def key_of(identifier: str) -> str:
    """Return the key of the document with this record id."""
    return f"{CORPUS_FILE}#{one_line(identifier)}"


def content_id(*texts: str) -> str:
    """Return an id for a text that has none: 12 hexadecimal digits, equal for equal texts."""
    return sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:12]


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that say something, each once whatever its case, in order."""
    kept: dict[str, str] = {}
    for text in map(one_line, texts):
        if text:
            kept.setdefault(text.casefold(), text)
    return tuple(kept.values())


class Gathering:
    """Collects one set, in the order of its records."""

    def __init__(self, format_name: str, set_name: str, *, language: str) -> None:
        """`set_name` is the file's or folder's name; `language` is that of questions that do not say."""
        self._format, self._set, self._language = format_name, set_name, language
        self._cases: dict[str, Case] = {}
        self._documents: dict[str, Document] = {}
        self._left_out: list[LeftOut] = []

    def document(self, identifier: str, text: str, *, title: str = "", only_for: Iterable[str] = ()) -> str:
        """Add a document and return its key. An equal one of the same id is the same one; `only_for` names cases by
        their records' ids."""
        made_for = frozenset(map(self.case_id, only_for))
        added = Document(one_line(identifier), one_line(title), writable(text), made_for)
        known = self._documents.get(added.id)
        if not (added.title or added.text.strip()):
            self.leave_out(identifier, "the document holds no text")
        elif known is None:
            self._documents[added.id] = added
        elif (known.title, known.text) != (added.title, added.text):
            self.leave_out(identifier, "an earlier document has its id and another text")
        elif made_for and known.only_for:
            self._documents[added.id] = Document(known.id, known.title, known.text, known.only_for | made_for)
        return added.key

    def has_document(self, identifier: str) -> bool:
        return one_line(identifier) in self._documents

    def case(
        self,
        record: str,
        question: str,
        *,
        answerable: bool | None = True,
        expected: Iterable[str] = (),
        nuggets: Iterable[Nugget] = (),
        relevant: Iterable[Relevant] = (),
        must_not_contain: Iterable[str] = (),
        conflict: Iterable[str] = (),
        canaries: Iterable[str] = (),
        planted: Iterable[str] = (),
        tags: Iterable[str] = (),
        note: str = "",
    ) -> None:
        """Add a case, blank and repeated texts dropped. One that cannot be asked or judged is left out."""
        if not question.strip():
            self.leave_out(record, "its question is empty")
            return
        case = Case(
            id=self.case_id(record),
            question=one_line(question),
            language=self._language,
            answerable=answerable,
            expected=distinct(expected),
            nuggets=tuple(nuggets),
            relevant=tuple(dict.fromkeys(relevant)),
            must_not_contain=distinct(must_not_contain),
            conflict=distinct(conflict),
            canaries=distinct(canaries),
            planted=distinct(planted),
            tags=frozenset(distinct(tags)),
            note=note.strip(),
            source=f"{self._set}#{record}",
        )
        if answerable and not (case.expected or case.nuggets or case.relevant or case.conflict):
            self.leave_out(record, "it says nothing of what a right answer holds")
        elif case.id in self._cases:
            self.leave_out(record, "an earlier question has its id")
        else:
            self._cases[case.id] = case

    def leave_out(self, record: str, reason: str) -> None:
        """Note that something of the set is not used, and why."""
        self._left_out.append(LeftOut(record, reason))

    def case_id(self, record: str) -> str:
        return f"{self._format}-{one_line(record)}"

    def imported(self) -> Imported:
        return Imported(tuple(self._cases.values()), tuple(self._documents.values()), tuple(self._left_out))
