"""Make draft cases of what the journal tells of real use: abstentions, and answers that a reader called not right.

Leaves out what the evaluator may not read. Decides nothing about what a right answer would be: a person does that, and
takes the word 'draft' off."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.journal import Record
from evals.cases import Asker, Case, Exchange
from evals.marking import high_water
from evals.sets import read_set, write_set
from retrieval.access import Marking, Principal, high_water_mark, may_read
from retrieval.errors import StafwijzerError

SOURCE = "journal:"


class DraftsUnwritable(StafwijzerError):
    """The file that drafts are to be added to cannot be written."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """What the journal gives an evaluator to work on."""

    cases: tuple[Case, ...]
    """Oldest first, each question of each asker once."""
    closed: int
    """Answers that the evaluator may not read: they, or what was said before them, are marked too high, or under two
    policies, between which there is no order."""
    markings: Mapping[str, frozenset[Marking]]
    """By the id of a case, the markings of the answers that its text is from."""

    def marking(self, ids: Iterable[str]) -> str:
        """Return the high-water mark of these cases; '' when nothing in them comes from a document."""
        return high_water(marking for id_ in ids for marking in self.markings[id_])


@dataclass(frozen=True, slots=True)
class Appended:
    """What adding drafts to a file did."""

    added: tuple[Case, ...]
    present: int
    """Drafts left out, because the file has a case of that answer or of that question by that asker."""


@dataclass(slots=True)
class _Said:
    """What readers said of one answer."""

    verdicts: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def drafts_of(read: Callable[[], Iterable[Record]], *, evaluator: Principal, on_date: date) -> Drafts:
    """Make drafts of a journal, which is read twice: `read` gives its records, oldest first.

    An evaluator gets an answer when its marking may be read on that date, and the marking of every earlier answer that
    went along with the question. An earlier answer that the journal does not hold counts as one that may not."""
    said = _said(read())
    cases: dict[object, Case] = {}
    markings: dict[str, frozenset[Marking]] = {}
    known: dict[str, set[Marking]] = {}
    closed = 0
    for body in (record.body for record in read() if record.kind == "answer"):
        found = _markings(body, known)
        known.setdefault(_spoken(body, body["question"], body["text"]), set()).update(_marking(body))
        opinion = said.get(body["id"], _Said())
        if not body["abstained"] and "down" not in opinion.verdicts:
            continue
        if found is None or not all(may_read(evaluator, one, on_date) for one in found):
            closed += 1
            continue
        case = _case(body, opinion)
        first = cases.get(_asked(case), case)
        together = markings.get(first.id, frozenset()) | found
        if len({one.policy for one in together}) > 1:
            closed += 1
            continue
        cases[_asked(case)] = replace(
            first,
            tags=first.tags | case.tags,
            note=_joined([first.note, case.note]),
            marking=high_water_mark(together),
        )
        markings[first.id] = together
    return Drafts(tuple(cases.values()), closed, markings)


def append_drafts(path: Path, drafts: Sequence[Case]) -> Appended:
    """Add to a test set, which need not be there yet, the drafts that it does not have; what it has stays as it is.

    Raises SetInvalid for a file that is no test set, and DraftsUnwritable."""
    there: list[Case] = read_set(str(path)) if path.exists() and path.stat().st_size else []
    sources, asked = {case.source for case in there}, {_asked(case) for case in there}
    ids = {case.id for case in there}
    added = tuple(
        case for case in drafts if case.source not in sources and _asked(case) not in asked and case.id not in ids
    )
    if added:
        _append(path, added)
    return Appended(added, len(drafts) - len(added))


def _append(path: Path, added: Sequence[Case]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Marked text, maybe: until it is whole, and in a new file, nobody else's business.
        with TemporaryDirectory(dir=path.parent, prefix=".") as private:
            write_set(Path(private) / "added", added)
            lines = (Path(private) / "added").read_bytes()
        before = path.read_bytes() if path.exists() else b""
        draft.touch(mode=0o600)
        draft.write_bytes(before + (b"\n" if before and not before.endswith(b"\n") else b"") + lines)
        if path.exists():
            draft.chmod(path.stat().st_mode)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DraftsUnwritable(
            f"{path} cannot be written ({error.strerror}).", hint="Name a file in a folder where you may write."
        ) from error


def _said(records: Iterable[Record]) -> dict[str, _Said]:
    said: dict[str, _Said] = {}
    for record in records:
        if record.kind == "feedback":
            one = said.setdefault(record.body["answer"], _Said())
            one.verdicts.add(record.body["verdict"])
            one.comments.append(record.body["comment"])
    return said


def _markings(body: Mapping[str, Any], known: Mapping[str, set[Marking]]) -> set[Marking] | None:
    """Return the markings of an answer and of the answers before it; None when one of those is not known."""
    found = _marking(body)
    for turn in body["asked"]["history"]:
        before = known.get(_spoken(body, turn["question"], turn["answer"]))
        if before is None:
            return None
        found |= before
    return found


def _marking(body: Mapping[str, Any]) -> set[Marking]:
    """Return the marking of an answer; none when nothing was shown."""
    told = body["marking"]
    if told is None:
        return set()
    extra = (frozenset(told[name]) for name in ("releasable_to", "categories", "need_to_know"))
    return {Marking(told["policy"], told["level"], *extra)}


def _spoken(body: Mapping[str, Any], question: str, answer: str) -> str:
    """Name what one person asked and was answered. A hash: a journal's texts need not all be in memory."""
    told = json.dumps([body["asked"]["principal"]["name"], question, answer])
    return hashlib.sha256(told.encode()).hexdigest()


def _case(body: Mapping[str, Any], said: _Said) -> Case:
    asked, principal = body["asked"], body["asked"]["principal"]
    tags = {"draft"} | ({"abstained"} if body["abstained"] else set())
    return Case(
        id=f"draft-{body['id']}",
        question=body["question"],
        language=body["language"],
        corpora=frozenset(asked["corpora"]),
        history=tuple(Exchange(turn["question"], turn["answer"]) for turn in asked["history"]),
        principal=Asker(
            principal["name"],
            dict(principal["clearance"]),
            principal["nationality"],
            frozenset(principal["groups"]),
            frozenset(principal["access"]),
        ),
        on_date=date.fromisoformat(asked["on_date"]),
        answerable=None,
        draft=True,
        tags=frozenset(tags | {f"thumbs-{verdict}" for verdict in said.verdicts}),
        note=_joined(said.comments),
        source=f"{SOURCE}{body['id']}",
    )


def _asked(case: Case) -> tuple[object, ...]:
    """Return what makes two cases the same question: who asks what of what, after which questions."""
    earlier = tuple(turn.question for turn in case.history)
    return case.principal and case.principal.name, " ".join(case.question.split()).casefold(), case.corpora, earlier


def _joined(remarks: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(remark for remark in remarks if remark))
