"""Write a run in the forms of other tools: TREC run and qrels, RAGAS and DeepEval JSON, CSV for a spreadsheet.

Copies what the run holds and scores nothing. Says what was left out, and the marking of what was written."""

import csv
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from evals.cases import Case
from evals.marking import high_water
from evals.metrics.ranking import ranked_items
from evals.records import Cited, Record
from evals.runs import Run, markings_of
from retrieval.access import Marking
from retrieval.errors import StafwijzerError

# What a spreadsheet takes for a formula (OWASP, CSV Injection), and the wide forms of it that some read alike.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_COLUMNS = (
    "id",
    "question",
    "language",
    "asker",
    "on_date",
    "corpora",
    "tags",
    "answerable",
    "expected",
    "answer",
    "abstained",
    "confidence",
    "citations",
    "withheld",
    "conflicts",
    "marking",
    "seconds",
    "error",
    "note",
)

Pairs = Iterable[tuple[Case, Record]]


class ExportFailed(StafwijzerError):
    """An export cannot be written, or there is nothing to write."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    path: Path
    cases: int
    """Cases that are in the file."""
    unscored: int
    """Cases left out, because they have an error in the place of an answer."""
    unfit: int
    """Cases left out, because they have nothing to say in this form: no relevant place, or nothing that was found."""
    unasked: int
    """Cases of the run that have no record yet."""
    marking: str
    """The high-water mark of all that was written; '' when no document was shown."""


@dataclass(slots=True)
class _Count:
    cases: int = 0
    unscored: int = 0
    unfit: int = 0
    markings: set[Marking] = field(default_factory=set)


def export(run: Run, form: str, path: Path, *, force: bool = False) -> Exported:
    """Write a run in one of the forms of `FORMS`, whole or not at all.

    Raises ExportFailed when the file is there already and `force` is not given, when it cannot be written, or when no
    case has what the form needs."""
    if path.exists() and not force:
        raise ExportFailed(f"{path} is there already.", hint="Give another name, or --force to replace it.")
    write, count = FORMS[form], _Count()
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Marked text, maybe: nobody else's business.
        draft.touch(mode=0o600)
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.writelines(write(run, count))
        if not count.cases:
            raise ExportFailed(
                f"No case of the run '{run.name}' has what {form} needs: {_told(count)}.", hint="Export another run."
            )
        draft.replace(path)
    except OSError as error:
        raise ExportFailed(
            f"{path} cannot be written ({error.strerror}).", hint="Name a file in a folder where you may write."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    unasked = run.manifest.cases - len(run.done())
    return Exported(path, count.cases, count.unscored, count.unfit, unasked, high_water(count.markings))


def trec_run(run: Run, count: _Count) -> Iterator[str]:
    """Yield `query Q0 item rank score tag` lines.

    The items are those that our own measures score. Their scores only fall with their rank, all apart, so that no tool
    can put equal ones in another order."""
    for case, record in _answered(run, count):
        items, _ = ranked_items(record.ranking, case.relevant)
        count.unfit += not items
        _counted(case, record, count, items)
        for rank, item in enumerate(items, start=1):
            yield f"{_word(case.id)} Q0 {_word(item)} {rank} {len(items) - rank + 1} {_word(run.name)}\n"


def trec_qrels(run: Run, count: _Count) -> Iterator[str]:
    """Yield `query 0 item grade` lines, of the cases that our own measures of retrieval score.

    Without those that failed, which would count as 0, and without those to which an abstention is the only answer."""
    for case, record in _answered(run, count):
        _, grades = ranked_items(record.ranking, () if case.should_abstain else case.relevant)
        count.unfit += not grades
        _counted(case, record, count, grades)
        yield from (f"{_word(case.id)} 0 {_word(item)} {grade}\n" for item, grade in grades.items())


def ragas(run: Run, count: _Count) -> Iterator[str]:
    """Yield a JSON list of RAGAS's `SingleTurnSample`: the same keys in each, since it looks at the first for them.

    `reference` is '' where the case has no expected answer. 'marking' and 'id' are ours; RAGAS passes over them."""
    return _json_list(
        {
            "user_input": case.question,
            "retrieved_contexts": [one.text for one in record.evidence],
            "response": _response(record),
            "reference": _reference(case),
            "reference_contexts": _quotes(case),
            "id": case.id,
            "marking": high_water(markings_of(case, record)),
        }
        for case, record in _shown(run, count)
    )


def deepeval(run: Run, count: _Count) -> Iterator[str]:
    """Yield a JSON list with the fields of DeepEval's `LLMTestCase`."""
    return _json_list(
        {
            "input": case.question,
            "actual_output": _response(record),
            "expected_output": _reference(case),
            "retrieval_context": [one.text for one in record.evidence],
            "context": _quotes(case),
            "additional_metadata": {
                "id": case.id,
                "tags": sorted(case.labels),
                "marking": high_water(markings_of(case, record)),
            },
        }
        for case, record in _shown(run, count)
    )


def spreadsheet(run: Run, count: _Count) -> Iterator[str]:
    """Yield CSV (RFC 4180) with a row a case, those that failed with their error. No cell can be a formula."""
    # The byte order mark by which a spreadsheet knows that it is UTF-8.
    yield "\ufeff" + _line(_COLUMNS)
    for case, record in run.pairs():
        _counted(case, record, count)
        yield _line(map(_cell, _row(case, record)))


FORMS: dict[str, Callable[[Run, _Count], Iterator[str]]] = {
    "trec-run": trec_run,
    "trec-qrels": trec_qrels,
    "ragas": ragas,
    "deepeval": deepeval,
    "csv": spreadsheet,
}


def _answered(run: Run, count: _Count) -> Iterator[tuple[Case, Record]]:
    for case, record in run.pairs():
        if record.error:
            count.unscored += 1
        else:
            yield case, record


def _shown(run: Run, count: _Count) -> Iterator[tuple[Case, Record]]:
    for case, record in _answered(run, count):
        _counted(case, record, count)
        yield case, record


def _counted(case: Case, record: Record, count: _Count, told: object = True) -> None:
    if told:
        count.cases += 1
        count.markings.update(markings_of(case, record))


def _told(count: _Count) -> str:
    return f"{count.unscored} failed, {count.unfit} have no such thing"


def _word(text: str) -> str:
    """Write an id as one word: white space and '%' as in a URL, so that two ids stay two."""
    return re.sub(r"[\s%]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def _response(record: Record) -> str:
    return record.claimed or record.text


def _reference(case: Case) -> str:
    """Return one right answer in words."""
    if case.expected:
        return case.expected[0]
    return "; ".join(case.conflict or tuple(nugget.texts[0] for nugget in case.nuggets if nugget.vital))


def _quotes(case: Case) -> list[str]:
    return [place.quote for place in case.relevant if place.quote]


def _json_list(samples: Iterable[dict[str, Any]]) -> Iterator[str]:
    before = "[\n"
    for sample in samples:
        yield before + json.dumps(sample, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def _row(case: Case, record: Record) -> list[object]:
    return [
        case.id,
        case.question,
        case.language,
        case.principal.name if case.principal else "",
        case.on_date or "",
        ", ".join(sorted(case.corpora)),
        ", ".join(sorted(case.tags)),
        case.answerable,
        "\n".join(case.expected or [nugget.texts[0] for nugget in case.nuggets]),
        _response(record),
        "" if record.error else record.abstained,
        record.confidence,
        "\n".join(dict.fromkeys(_place(one) for claim in record.statements for one in claim.citations)),
        "\n".join(claim.text for claim in record.withheld),
        "\n".join(record.conflicts),
        high_water(markings_of(case, record)),
        "" if record.error else round(record.seconds, 3),
        record.error,
        case.note,
    ]


def _place(cited: Cited) -> str:
    page = "" if cited.page is None else f", p. {cited.page}"
    return f"[{cited.label}] {cited.document}{page}: {' '.join(cited.quote.split())}"


def _cell(value: object) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    # A spreadsheet may trim a cell before it looks whether it is a formula.
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
