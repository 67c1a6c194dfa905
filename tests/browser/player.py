"""A double for the assistant that plays a part for each question: an answer, a refusal, a failure, an endless draft."""

import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.answers import (
    Abstention,
    Answer,
    Answered,
    Citation,
    Claim,
    ClaimChecked,
    Conflict,
    ConflictFound,
    Drafted,
    Event,
    Evidence,
    Origin,
    Question,
    Side,
    SourcesFound,
    Stage,
    StageName,
    Tokens,
    Trace,
    Understood,
    Verdict,
    Weighed,
)
from assistant.chatmodels import Cancelled, ModelUnavailable
from assistant.journal import Journal
from retrieval.access import Marking
from retrieval.documents import Document, Passage

CLOSED = "The bridge at 31U:FT 4523 1198 is closed to tracked vehicles from 060400A until 071800A."
ROUTE = (
    f"3. ROUTE AMBER\n{CLOSED} "
    "Wheeled vehicles up to MLC 40 may cross one at a time.\n\n"
    "    Contact: movements@bg-grutto.example, net AMBER 2 (ref:alpha)."
)
ENGINEERS = "The far abutment shows cracks. MLC 40 is the highest class that the bridge bears until it is shored."
LATER = "FRAGO 02: the bridge is closed to tracked vehicles from 060400A until 081800A."
HOSTILE = (
    "# Heading of the enemy\n"
    "![pixel](https://evil.example/pixel.png) [click](https://evil.example/login)\n"
    "<img src=x onerror=alert(1)><script>alert(2)</script><b>bold</b>\n"
    "https://evil.example/plain www.evil.example spy@evil.example a:b ref:alpha ::note[x]\n"
    ":::warning\nalert text\n:::\n"
    "[1] [1]: https://evil.example/ref `code` **stars** _line_ ~~gone~~ | a | b |\n"
    "- [x] done\n> quoted\n1. one\n    indented\n***\n&lt;i&gt; &amp; $x^2$"
)
LETTERS = (
    "31U:FT 4523 1198 | 52°05'N:004°18'E | 06:00:30Z | 1:50.000 | ref:alpha | C:\\temp\\x | a||b | `x = y[1]` "
    "| urn:nato:x | key::value | 060400A:071800A | http://host:8080/x?a=1&b=2 | {% raw %} | $a_1$ | **x** "
    "| std::vector<int> | :smile:"
)
MARKING = Marking("NLD", "Ongerubriceerd")
ANSWERED = "The bridge is closed to tracked vehicles and bears MLC 40."


class PrintedJournal(Journal):
    """Prints what it is given to keep; fails when told to."""

    def __init__(self) -> None:
        self.failing = False

    def append(self, kind: str, body: Mapping[str, Any]) -> int:
        if self.failing:
            raise OSError("no space left, in secret")
        print(json.dumps({"kind": kind, **body}), flush=True)
        return 1


class Player:
    """An assistant that answers by what word stands in the question."""

    def __init__(self) -> None:
        self.journal = PrintedJournal()

    def stream(self, question: Question, *, cancelled: threading.Event | None = None) -> Iterator[Event]:
        yield Stage(StageName.SEARCHING)
        text = question.text.lower()
        self.journal.failing = "full disk" in text
        if "broken" in text:
            raise RuntimeError("the secret inside of the program")
        if "unavailable" in text:
            raise ModelUnavailable("The model file x.gguf cannot be read.", hint="Set model.path in stafwijzer.toml.")
        if "recall" in text:
            told = " | ".join(f"{turn.question} > {turn.answer}" for turn in question.history)
            yield Answered(_answer(question, (), (), abstained=True, text=f"Before: {told}."))
        elif "nothing" in text:
            evidence = (_evidence(1, "OPORD 01", "opord-01.pdf", 3, ROUTE),)
            yield SourcesFound(evidence)
            yield Weighed(0.1, abstaining=True)
            nearest = Abstention(("exercise",), ("G3 plans",), (), _quote(evidence[0], CLOSED).citations)
            yield Answered(replace(_answer(question, evidence, (), abstained=True), abstention=nearest))
        elif "contradict" in text:
            yield from self._contradict(question, HOSTILE if "markup" in text else "until 081800A")
        elif question.query or "follow" in text:
            yield from self._follow(question)
        elif "strike" in text:
            yield from self._strike(question)
        elif "letters" in text:
            yield from self._quote_all(question, LETTERS, title=LETTERS)
        elif "hostile" in text:
            yield from self._quote_all(question, HOSTILE, title="**Hostile** ![x](https://evil.example/t.png)")
        elif "long" in text:
            yield from self._quote_all(
                question, "First.\n" * 200 + "The last line.", title="Long", quote="The last line."
            )
        elif "slow" in text:
            yield from self._draft_for_ever(question, cancelled)
        else:
            yield from self._answer_bridge(question, pause=0.0 if "quick" in text else 0.4)

    def _answer_bridge(self, question: Question, pause: float) -> Iterator[Event]:
        one, two = (
            _evidence(
                1, "OPORD 01 WINTERGRUTTO", "orders/opord-01.pdf", 3, ROUTE, heading="3. Execution > ROUTE AMBER"
            ),
            _evidence(2, "Engineer recce report", "reports/engineer-recce.pdf", None, ENGINEERS),
        )
        time.sleep(pause)
        yield SourcesFound((one, two))
        time.sleep(3 * pause)
        claims = [
            _quote(one, CLOSED),
            _quote(one, "Wheeled vehicles up to MLC 40 may cross one at a time."),
            _quote(two, ENGINEERS[31:]),
        ]
        for claim in claims:
            yield ClaimChecked(claim)
            time.sleep(pause)
        for position in (2, 1):
            yield Stage(StageName.WAITING, position)
            time.sleep(3 * pause)
        yield Stage(StageName.COMPOSING)
        for word in "The bridge is closed to tracked vehicles [1]. It is ![pink](https://evil.example/p.png).".split(
            " "
        ):
            yield Drafted(f"{word} ")
            time.sleep(pause / 4)
        time.sleep(3 * pause)
        composed = Claim(
            ANSWERED,
            (claims[0].citations[0], claims[2].citations[0]),
            Verdict.SUPPORTED,
            (),
            Origin.MODEL,
        )
        yield ClaimChecked(composed)
        withheld = Claim("It is pink.", (), Verdict.UNSUPPORTED, ("it cites nothing",), Origin.MODEL)
        yield Answered(_answer(question, (one, two), (*claims, composed), withheld=(withheld,)))

    def _contradict(self, question: Question, value: str) -> Iterator[Event]:
        """Give two values for one thing, of which the newer prevails, and then what is quoted of both."""
        one = _evidence(1, "OPORD 01 WINTERGRUTTO", "orders/opord-01.pdf", 3, ROUTE)
        two = _evidence(2, "FRAGO 02", "orders/frago-02.md", None, f"{LATER} {HOSTILE}")
        yield SourcesFound((one, two))
        yield Weighed(0.9, abstaining=False)
        quotes = [_quote(one, CLOSED), _quote(two, LATER)]
        sides = (
            Side("until 071800A", quotes[0].citations[0], MARKING, None, 0),
            Side(value, quotes[1].citations[0], MARKING, date(2026, 2, 3), 0),
        )
        conflict = Conflict("closed to tracked vehicles", sides, 1, "newer")
        yield ConflictFound(conflict)
        claims = tuple(replace(quote, verdict=Verdict.CONFLICTING) for quote in quotes)
        for claim in claims:
            yield ClaimChecked(claim)
        yield Answered(replace(_answer(question, (one, two), claims), conflicts=(conflict,)))

    def _follow(self, question: Question) -> Iterator[Event]:
        """Search for the asker's query, or for one that was made of a follow-up, and quote it."""
        query = question.query or "Is the bridge open? And when does it close?"
        yield Understood(query, ("Is the bridge open?", "When does it close?"), rewritten=True)
        time.sleep(0.4)
        yield from self._quote_all(question, f"Found for: {query}", title="OPORD 01")

    def _strike(self, question: Question) -> Iterator[Event]:
        one = _evidence(1, "OPORD 01", "opord-01.pdf", 3, ROUTE)
        yield SourcesFound((one,))
        claim = _quote(one, "Wheeled vehicles up to MLC 40 may cross one at a time.")
        yield ClaimChecked(claim)
        wrong = Claim(
            "It is pink.", claim.citations, Verdict.UNSUPPORTED, ("not in the cited text: pink",), Origin.MODEL
        )
        answer = _answer(question, (one,), (claim,), withheld=(wrong,))
        yield Answered(replace(answer, strikes=True, unanswered=("Who opens it again?",)))

    def _draft_for_ever(self, question: Question, cancelled: threading.Event | None) -> Iterator[Event]:
        one = _evidence(1, "OPORD 01", "opord-01.pdf", 3, ROUTE)
        yield SourcesFound((one,))
        yield ClaimChecked(_quote(one, "Wheeled vehicles up to MLC 40 may cross one at a time."))
        yield Stage(StageName.COMPOSING)
        try:
            while True:
                time.sleep(0.05)
                if cancelled is not None and cancelled.is_set():
                    raise Cancelled
                yield Drafted("more ")
        finally:
            print("the model stopped", flush=True)

    def _quote_all(self, question: Question, text: str, *, title: str, quote: str = "") -> Iterator[Event]:
        one = _evidence(1, title, "<b>key</b>.md", None, text)
        yield SourcesFound((one,))
        claim = _quote(one, quote or text)
        yield ClaimChecked(claim)
        yield Answered(_answer(question, (one,), (claim,)))


def _evidence(label: int, title: str, key: str, page: int | None, text: str, heading: str = "") -> Evidence:
    # Offsets into the version, so that they differ from those into the passage.
    passage = Passage(f"p{label}", f"v{label}", 0, heading, page, 100, 100 + len(text), text)
    return Evidence(label, passage, Document(f"d{label}", "exercise", key, title, f"v{label}"), MARKING, "en", 1.0)


def _quote(evidence: Evidence, quote: str) -> Claim:
    passage, document = evidence.passage, evidence.document
    start = passage.start + passage.text.index(quote)
    citation = Citation(
        evidence.label,
        passage.id,
        passage.version,
        document.corpus,
        document.key,
        document.title,
        passage.page,
        start,
        start + len(quote),
        quote,
    )
    return Claim(" ".join(quote.split()), (citation,), Verdict.SUPPORTED, (), Origin.QUOTE)


def _answer(
    question: Question,
    evidence: tuple[Evidence, ...],
    claims: tuple[Claim, ...],
    *,
    abstained: bool = False,
    withheld: tuple[Claim, ...] = (),
    text: str = "This is not in the documents that were searched (exercise).",
) -> Answer:
    return Answer(
        id=str(uuid.uuid4()),
        question=question.text,
        language="en",
        claims=claims,
        text=text,
        citations=tuple(citation for claim in claims for citation in claim.citations),
        evidence=evidence,
        abstained=abstained,
        abstention=None,
        unanswered=(),
        conflicts=(),
        marking=MARKING,
        withheld=withheld,
        strikes=False,
        unresolved=0,
        trace=Trace("", question.text, (), {}, None, "", {"answered": 1.25}, Tokens(), 1.0),
    )
