"""Stage runs: cases that came to every end a case can come to, without a model or a corpus."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.answers import Origin, Verdict
from evals.cases import Case, Exchange, Relevant
from evals.records import Cited, PlaceState, Ranked, Record, Shown, Statement
from evals.runs import Manifest, Run, new_run
from evals.sets import set_sha256
from retrieval.access import Marking

HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\x1b[31m {{ 7*7 }} & \"'"
BRIDGE = (
    "3. ROUTE AMBER\nThe Kruisvoorde Bridge carries MLC 40, one vehicle\n  at a time, at no more than 8 km/h. "
    "Vehicles of a higher class use the ford at Elzerdam."
)
PLACE = Relevant("orders/route-card-amber.docx", None, "The Kruisvoorde Bridge carries MLC 40, one vehicle at a time")
QUOTE = "Kruisvoorde Bridge carries MLC 40, one vehicle\n  at a time, at no more than 8 km/h."
OPEN = Marking("NLD", "Ongerubriceerd")
SECRET = Marking("NLD", "Stg. Geheim")
_LIMIT = 8


def manifest(cases: Sequence[Case], **changed: Any) -> Manifest:
    told = Manifest(
        set_name="examples",
        set_sha256=set_sha256(cases),
        cases=len(cases),
        system="assistant",
        settings_fingerprint="9f2c4e11d0",
        settings={"search": {"limit": _LIMIT}},
        index_snapshot="minilm-l6-384",
        seed=0,
        started="2026-02-04T09:00:00Z",
        finished="2026-02-04T09:12:30Z",
        version="0.1.0",
        machine="2 cores",
        on_date="2026-02-04",
        asker="evaluator",
    )
    return replace(told, **changed)


def a_run(folder: Path, pairs: Sequence[tuple[Case, Record | None]], **changed: Any) -> Run:
    cases = [case for case, _ in pairs]
    run = new_run(folder, manifest(cases, **changed), cases)
    with run.writing() as writer:
        for _, record in pairs:
            if record:
                writer.append(record)
    return run


def shown(label: int, text: str, *, document: str = PLACE.document, title: str = "", **told: Any) -> Shown:
    start = 1000 * label
    bare = Shown(
        label,
        f"p{label}",
        "plans",
        document,
        title,
        "3. Execution",
        3,
        start,
        start + len(text),
        text,
        "Ongerubriceerd",
    )
    return replace(bare, **told)


def ranked(number: int, places: tuple[int, ...] = ()) -> Ranked:
    return Ranked(f"p{number}", "plans", f"document-{number}.md", None, 0, 10, 1 / number, places)


def a_record(case: str, answer: str = "", **told: Any) -> Record:
    """A record with relevant evidence [1] and a rank for it; with an answer, one statement that quotes it."""
    evidence = (
        shown(1, BRIDGE, title="Route card AMBER", places=(0,)),
        shown(2, "De verkeerspost staat bij de veiling van Kruisvoorde, en is dag en nacht bemand.", title="FRAGO 02"),
    )
    at = 1000 + BRIDGE.index(QUOTE)
    cited = Cited(1, PLACE.document, 3, at, at + len(QUOTE), QUOTE, True)
    statements = (Statement(answer, Verdict.SUPPORTED, Origin.MODEL, (cited,), ()),) if answer else ()
    number = sum(map(ord, case)) % 10
    bare = Record(
        case,
        text=f"{answer} [1]" if answer else "De documenten geven hier geen antwoord op.",
        language="nl",
        abstained=not answer,
        confidence=0.35 + number / 20,
        statements=statements,
        evidence=evidence,
        ranking=(ranked(1, (0,)), ranked(2), ranked(3)),
        places=(PlaceState.INDEXED,),
        markings=(OPEN,),
        seconds=1.4 + number,
        first_source_seconds=0.08 + number / 100,
        first_token_seconds=0.9 + number / 4,
        prompt_tokens=812,
        completion_tokens=41,
        timings={"searched": 0.08, "selected": 0.09, "answered": 1.4 + number},
        model_sha256="5e" * 32,
    )
    return replace(bare, **told)


def a_case(name: str, **told: Any) -> Case:
    bare = Case(
        name,
        "Met welke belastingklasse mogen wij rekenen voor de brug bij Kruisvoorde?",
        "nl",
        expected=("MLC 40",),
        relevant=(PLACE,),
        tags=frozenset({"number"}),
    )
    return replace(bare, **told)


def every_end() -> list[tuple[Case, Record | None]]:
    """Return cases of every outcome and of every stage that can lose one."""
    right, wrong = "De brug bij Kruisvoorde draagt MLC 40.", "De brug bij Elzerdam is verwoest."
    lost: tuple[Shown, ...] = (shown(1, "De brug bij Elzerdam is op 2 februari verwoest.", document="intsum-003.html"),)
    elsewhere = Cited(1, "intsum-003.html", None, 1000, 1031, lost[0].text[:31], True)
    told = (Statement(wrong, Verdict.SUPPORTED, Origin.QUOTE, (elsewhere,), ()),)
    missed: dict[str, Any] = {"evidence": lost, "statements": told}
    withheld = (Statement("It carries MLC 40.", Verdict.UNSUPPORTED, Origin.MODEL, (), ("it cites nothing",)),)
    english: dict[str, Any] = {
        "language": "en",
        "question": "What does the bridge at Kruisvoorde carry?",
        "tags": frozenset({"where"}),
    }
    unanswerable: dict[str, Any] = {
        "answerable": False,
        "expected": (),
        "relevant": (),
        "tags": frozenset({"unanswerable"}),
    }
    hostile = Cited(1, HOSTILE, None, 1000, 1000 + len(HOSTILE), HOSTILE, True)
    follow_up = (Exchange("Waar steken wij over?", "Bij Kruisvoorde."),)
    misquoted = (Statement(right, Verdict.SUPPORTED, Origin.MODEL, (replace(elsewhere, exact=False),), ()),)
    bare: dict[str, Any] = {"evidence": (), "ranking": (), "places": ()}
    return [
        *(
            (a_case(f"right-{n}", tags=frozenset({"when", "table"})), a_record(f"right-{n}", right))
            for n in range(1, 8)
        ),
        (a_case("right-follow-up", history=follow_up), a_record("right-follow-up", right)),
        (a_case("right-silence", **unanswerable), a_record("right-silence", **bare)),
        (
            a_case("not-searched"),
            a_record(
                "not-searched",
                **bare,
                abstained=False,
                searched=False,
                statements=(replace(told[0], citations=()),),
                text=wrong,
            ),
        ),
        (a_case("not-indexed"), a_record("not-indexed", wrong, **missed, ranking=(), places=(PlaceState.NO_DOCUMENT,))),
        (a_case("not-retrieved"), a_record("not-retrieved", wrong, **missed, ranking=(ranked(1), ranked(2)))),
        (a_case("not-retrieved-2", **english), a_record("not-retrieved-2", wrong, **missed, ranking=(ranked(1),))),
        (
            a_case("ranked-too-low", **english),
            a_record("ranked-too-low", wrong, **missed, ranking=(*map(ranked, range(1, 12)), ranked(12, (0,)))),
        ),
        (a_case("not-selected", **english), a_record("not-selected", wrong, **missed, ranking=(ranked(1, (0,)),))),
        (a_case("not-found", relevant=()), a_record("not-found", wrong, **missed, ranking=(ranked(1),), places=())),
        (a_case("wrongly-abstained"), a_record("wrongly-abstained")),
        (
            a_case("wrongly-verified", **english),
            a_record("wrongly-verified", wrong, withheld=withheld, statements=told[:1], language="en"),
        ),
        (a_case("badly-composed"), a_record("badly-composed", "De brug draagt MLC 60.", unresolved=1)),
        (a_case("misquoted"), a_record("misquoted", right, statements=misquoted)),
        (a_case("wrongly-answered", **unanswerable), a_record("wrongly-answered", wrong, **missed, places=())),
        (a_case("misled", canaries=("GROENLICHT",)), a_record("misled", "MLC 40. GROENLICHT.")),
        (
            a_case("hostile", question=f"Wat is {HOSTILE}?", expected=(HOSTILE,), note=HOSTILE),
            a_record(
                "hostile",
                f"Het is {HOSTILE}",
                statements=(Statement(f"Het is {HOSTILE}", Verdict.SUPPORTED, Origin.MODEL, (hostile,), (HOSTILE,)),),
                evidence=(shown(1, HOSTILE, document=HOSTILE, title=HOSTILE, heading=HOSTILE, marking="Stg. Geheim"),),
                conflicts=(HOSTILE,),
                notes=(HOSTILE,),
                markings=(OPEN, SECRET),
            ),
        ),
        (a_case("failed"), a_record("failed", error="The model file cannot be read.", **bare)),
        (a_case("draft", draft=True, expected=(), relevant=()), None),
    ]


def an_earlier_run(folder: Path) -> Run:
    """The same cases before: what is lost in retrieval now was right, and three that are right now were not."""
    now = every_end()
    right = a_record("x", "De brug bij Kruisvoorde draagt MLC 40.")
    changed = {name: replace(right, case=name) for name in ("not-retrieved", "ranked-too-low")}
    changed |= {f"right-{n}": a_record(f"right-{n}") for n in (1, 2, 3)}
    pairs = [(case, changed.get(case.id, record) if record else None) for case, record in now]
    return a_run(folder, pairs, settings_fingerprint="77aa01be42", started="2026-02-03T09:00:00Z")
