"""Support a claim that says what the cited text says, in its words or others: no difference, and no word left over.

Checks decide first (`differences.py`); what passes them has to find each of its words in the text (`matching.py`), and
well enough on average. The one threshold is data in `assistant/verifier.json`, with its provenance. Uses no model."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from assistant.answers import Verdict
from assistant.verifying.differences import Aligned, align, difference
from assistant.verifying.judging import Judgement, empty, kindest, says_verbatim
from assistant.verifying.matching import NOTHING, found, found_apart
from assistant.verifying.reading import read, without_overlong
from retrieval.languages import Language, detect_language

LONGEST_CLAIM = 1000
"""Characters. Five long sentences are no single statement, and the checks compare each clause with each."""
# Share of a claim's words below which it has to do with something else.
_PARTLY = 0.5


class CheckingVerifier:
    """Compares quantities, negation, modality, conditions, names and roles clause by clause, then the words."""

    def __init__(self, *, coverage: float | None = None) -> None:
        """`coverage`: how well a text has to have the words of a claim, 0 to 1. Default: the fitted one."""
        self._least = fitted_coverage() if coverage is None else coverage

    def verify(self, claim: str, cited: Sequence[str]) -> Judgement:
        if judged := empty(claim, cited):
            return judged
        if len(claim) > LONGEST_CLAIM:
            return Judgement(
                Verdict.UNSUPPORTED, (f"it is longer than the {LONGEST_CLAIM:,} characters that are checked",)
            )
        # Each alone: half of a claim from one source and half from another is a third statement.
        return kindest([self._judge(claim, text) for text in cited if text.strip()])

    def _judge(self, claim: str, text: str) -> Judgement:
        claim, text = without_overlong(claim), without_overlong(text)
        # Of both together: the language of a short claim can be misjudged.
        language = detect_language(f"{text} {claim}")
        there, said = read(text, language), read(claim, language)
        if says_verbatim(claim, text, there.original):
            return Judgement(Verdict.SUPPORTED, ("word for word in the cited text",))
        if not said.clauses or not there.clauses:
            return Judgement(Verdict.UNSUPPORTED, ("there is nothing to compare",))
        aligned = align(said, there)
        share, missing = words_found(aligned, language)
        if found_difference := difference(aligned):
            contradicted = found_difference.contradicts or share < _PARTLY
            return Judgement(Verdict.UNSUPPORTED if contradicted else Verdict.PARTLY, (found_difference.reason,))
        told = f"{share:.0%} of its words stand in the cited text, in these or other forms"
        reasons = (told, f"missing: {', '.join(missing)}") if missing else (told,)
        if share >= self._least and not missing:
            return Judgement(Verdict.SUPPORTED, reasons)
        return Judgement(Verdict.PARTLY if share >= _PARTLY else Verdict.UNSUPPORTED, reasons)


def words_found(aligned: Sequence[Aligned], language: Language) -> tuple[float, tuple[str, ...]]:
    """Return how well a claim's words are found where they are said, 0 to 1, and the words that are not there at all.

    Nothing has been found of a claim without words of its own."""
    counted = [
        found(word, one.reach, language) or found_apart(word, one.reach, here=one.claim.particles, there=one.particles)
        for one in aligned
        for word in one.claim.words
    ]
    words = [word for one in aligned for word in one.claim.words]
    missing = dict.fromkeys(word for word, value in zip(words, counted, strict=True) if value == NOTHING)
    return (sum(counted) / len(counted) if counted else 0.0), tuple(missing)


@cache
def fitted_coverage() -> float:
    """Return the threshold that `evals/verifiers.py` chose."""
    told = json.loads(files("assistant").joinpath("verifier.json").read_text(encoding="utf-8"))
    return float(told["parameters"]["coverage"])
