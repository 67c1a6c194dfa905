"""The seam of verification: a claim and the texts that it cites go in, a judgement comes out.

Knows no way of judging."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answers import Verdict

_ORDER = (Verdict.UNSUPPORTED, Verdict.PARTLY, Verdict.SUPPORTED)


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    reasons: tuple[str, ...]


class Verifier(Protocol):
    """Judges whether texts support a claim. Safe to call from several threads."""

    def verify(self, claim: str, cited: Sequence[str]) -> Judgement:
        """Judge a claim against the cited texts; one of them has to support it. No cited text: unsupported."""


def kindest(judged: Sequence[Judgement]) -> Judgement:
    """Return the most favourable of some judgements, of which there must be one at least; the first of equals."""
    return max(judged, key=lambda one: _ORDER.index(one.verdict))


def empty(claim: str, texts: Sequence[str]) -> Judgement | None:
    """Return the judgement of a claim or a citation with nothing in it; None when there is something to compare."""
    if not any(text.strip() for text in texts):
        return Judgement(Verdict.UNSUPPORTED, ("it cites nothing",))
    if not any(map(str.isalnum, claim)):
        return Judgement(Verdict.UNSUPPORTED, ("it says nothing",))
    return None


def says_verbatim(claim: str, text: str, sentences: Sequence[str]) -> bool:
    """Tell whether the claim is the text, or one of its sentences, word for word."""
    return plain(claim) in {plain(text), *map(plain, sentences)}


def plain(text: str) -> str:
    """Return a text without case, line breaks and the mark that ends it."""
    return " ".join(text.split()).casefold().rstrip(".!? ")
