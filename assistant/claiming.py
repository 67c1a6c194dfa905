"""Make claims: of sentences that are quoted, and of what the model wrote once it has been checked.

Decides what may be shown; asks the verifier and never the model. A failing verifier lets nothing pass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answers import Claim, Origin, Verdict
from assistant.composing import Drafted
from assistant.quoting import Sentence, cite, pieces_of
from assistant.verifying import Judgement, Verifier
from retrieval.languages import Language
from retrieval.lexical import content_words, stems

_VERBATIM = ("word for word in the cited text",)


def quoted(sentence: Sentence, verdict: Verdict = Verdict.SUPPORTED) -> Iterator[Claim]:
    """Yield a sentence as a claim that is its own proof; of a list, each item with a citation of its own."""
    for piece in pieces_of(sentence):
        citation = cite(piece)
        yield Claim(" ".join(citation.quote.split()), (citation,), verdict, _VERBATIM, Origin.QUOTE)


@dataclass(slots=True)
class Checker:
    """Checks what the model drafted against the sentences that it was shown."""

    verifier: Verifier
    shown: Sequence[Sentence]
    """In the order of their numbers, from 1."""
    query: str
    language: Language
    unresolved: int = 0
    """Labels so far that point at no sentence."""
    withheld: list[Claim] = field(default_factory=list)
    """What the sentences do not support."""
    failures: list[str] = field(default_factory=list)
    """What the verifier raised, each sort once."""

    def check(self, drafted: Drafted, said: Sequence[Claim]) -> Claim | None:
        """Return the draft as a claim to be shown.

        None when it is withheld, does not speak to the question, or says again what was `said`."""
        claim = self._judged(drafted)
        if claim.verdict is not Verdict.SUPPORTED:
            self.withheld.append(claim)
            return None
        return claim if self._says_something(claim, said) else None

    def _judged(self, drafted: Drafted) -> Claim:
        """Check a statement against the sentences it points at, or, when it points at none, against each."""
        self.unresolved += sum(not 1 <= label <= len(self.shown) for label in drafted.labels)
        pointed = [self.shown[label - 1] for label in drafted.labels if 1 <= label <= len(self.shown)]
        judged = self._verify(drafted.text, pointed)
        if not drafted.labels and self.shown:
            judged, pointed = max(
                ((self._verify(drafted.text, [sentence]), [sentence]) for sentence in self.shown),
                key=lambda one: one[0].verdict is Verdict.SUPPORTED,
            )
        return Claim(drafted.text, tuple(map(cite, pointed)), judged.verdict, judged.reasons, Origin.MODEL)

    def _verify(self, claim: str, pointed: Sequence[Sentence]) -> Judgement:
        try:
            return self.verifier.verify(claim, [sentence.text for sentence in pointed])
        except Exception as error:  # noqa: BLE001 (a verifier may fail in any way; the quotes stand without it)
            note = f"the verifier failed: {error}; what the model wrote is not shown"
            self.failures += [note] if note not in self.failures else []
            return Judgement(Verdict.UNSUPPORTED, ("it could not be checked",))

    def _says_something(self, claim: Claim, said: Sequence[Claim]) -> bool:
        about = set(stems(self.query, self.language)) & set(stems(claim.text, self.language))
        plain = " ".join(content_words(claim.text))
        return bool(about) and not any(plain in " ".join(content_words(one.text)) for one in said)
