"""An owner is told what to look at, with the document and the remedy; what is in order is not told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from retrieval.catalog import Holding, Measured
from retrieval.documents import Document, State, Version
from retrieval.lifecycle.health import Finding, Health, Topic, health, nearly_alike
from retrieval.near_duplicates import Pair, signature
from retrieval.screening.flags import Flag, Kind, Place, Severity
from tests.making import OPEN

DAY = date(2026, 2, 4)
WORDS = [f"word{number}" for number in range(200)]
SOUND = Measured(5_000, 900, (60, 1), signature("a text"))


def _holding(key: str, *, end: date | None = None, state: State = State.LIVE, text: str = "") -> Holding:
    version = Version(f"version of {key}", key, text or key, OPEN.id, None, end, None, state)
    document = Document(key, "plans", key, key, version.id if state is State.LIVE else None)
    return Holding(document, 1, key, False, None, version, OPEN, "load-1", None, language="nl")


def _health(*holdings: Holding, measured: Measured = SOUND, refusals: Sequence[tuple[str, str]] = ()) -> Health:
    measures = {one.version.id: measured for one in holdings if one.version}
    return health("plans", holdings, measures, refusals=refusals, on_date=DAY)


def _topics(found: Health) -> list[tuple[Topic, str]]:
    return [(one.topic, one.key) for one in found.findings]


def test_of_a_document_in_order_nothing_is_told() -> None:
    found = _health(_holding("a.md"), _holding("b.md", end=DAY + timedelta(days=31)))
    assert (found.documents, found.languages, found.not_compared, found.findings) == (2, {"nl": 2}, 0, ())


def test_the_borders_of_ending_are_today_and_thirty_days_on() -> None:
    found = _health(
        _holding("today.md", end=DAY),
        _holding("tomorrow.md", end=DAY + timedelta(days=1)),
        _holding("month.md", end=DAY + timedelta(days=30)),
        replace(_holding("old.md", end=DAY), superseded_by="today.md"),
    )
    assert _topics(found) == [
        (Topic.EXPIRING, "month.md"),
        (Topic.EXPIRING, "tomorrow.md"),
        (Topic.ENDED, "today.md"),
        (Topic.SUPERSEDED, "old.md"),
    ]
    assert "by today.md" in found.findings[-1].told


def test_what_is_not_served_comes_first_with_its_reason() -> None:
    held = replace(_holding("held.md", state=State.QUARANTINED), quarantine="It carries no marking; mark it.")
    found = _health(held, refusals=[("old.DOC", "Save it as .docx."), ("b.doc", "Save it as .docx."), ("raw", "No.")])
    assert found.findings[0] == Finding(Topic.HELD_BACK, "held.md", "It carries no marking; mark it.")
    assert [one.key for one in found.findings[1:]] == ["b.doc", "old.DOC", "raw"]
    assert (found.documents, found.not_read) == (0, {".doc": 2, "no suffix": 1})


def test_measures_are_told_past_their_bounds_alone() -> None:
    bad = Measured(99, 2_001, (59, 4), b"")
    found = _health(_holding("a.pdf"), measured=bad)
    assert [topic for topic, _ in _topics(found)] == [Topic.RECOGNITION, Topic.SHORT, Topic.LONG]
    assert found.findings[0].told == "Page 4 was recognised with a confidence of 59 of 100."
    assert found.not_compared == 1
    assert _health(_holding("a.pdf"), measured=Measured(100, 2_000, (60, 4), signature("a"))).findings == ()


def test_flags_are_told_gravest_first_in_words_and_without_what_they_quote() -> None:
    note = Flag(Kind.LINK, Severity.NOTE, Place(), "https://secret.example")
    hold = Flag(Kind.HIDDEN_TEXT, Severity.HOLD, Place(page=3, start=10, end=20), "the secret words", 2)
    found = _health(replace(_holding("a.pdf"), flags=(note, hold)))
    assert [one.severity for one in found.findings] == [Severity.HOLD, Severity.NOTE]
    assert found.findings[0].told.startswith("hidden text (page 3, characters 10-20, 2 times): Text that a reader")
    assert "secret" not in str(found)


def test_a_marking_word_above_the_marking_stands_apart_from_other_warnings() -> None:
    above = "On it stands Stg. Geheim (header), and it is marked Ongerubriceerd; check its marking."
    found = _health(replace(_holding("a.md"), warnings=("One picture was not read.", above)))
    assert [(one.topic, one.told) for one in found.findings] == [
        (Topic.MARKING, above),
        (Topic.WARNING, "One picture was not read."),
    ]


def test_near_duplicates_are_those_whose_texts_may_be_read_and_differ() -> None:
    texts = {
        "draft.md": " ".join(WORDS),
        "final.md": " ".join([*WORDS[:-5], "other"]),
        "copy.md": " ".join(WORDS),
        "else.md": " ".join(reversed(WORDS)),
    }
    holdings = [_holding(key, text=text) for key, text in texts.items()]
    measured = {f"version of {key}": Measured(2_000, 900, None, signature(text)) for key, text in texts.items()}
    by_version = {f"version of {key}": text for key, text in texts.items()}
    pairs = sorted((one.a, one.b) for one in nearly_alike(holdings, measured, by_version.get))
    assert pairs == [("copy.md", "final.md"), ("draft.md", "final.md")]
    assert list(nearly_alike(holdings, measured, lambda version: None)) == []
    found = health("plans", holdings, measured, alike=[Pair("draft.md", "final.md", 0.957)], on_date=DAY)
    assert (found.findings[0].topic, found.findings[0].key) == (Topic.ALIKE, "draft.md")
    assert found.findings[0].told == "96% of its words in their order are those of final.md."
