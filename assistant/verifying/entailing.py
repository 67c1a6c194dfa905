"""Ask a cross-encoder on this machine whether a text supports a claim: inference (NLI) or groundedness models.

Any sentence-transformers folder; which output means support is read from its config.json. What the checks find is never
outvoted by the model: it replaces the comparison of words, not that of numbers and negations."""

import json
from collections.abc import Sequence
from pathlib import Path

from assistant.answers import Verdict
from assistant.verifying.differences import align, difference
from assistant.verifying.judging import Judgement, empty, kindest, says_verbatim
from assistant.verifying.reading import read
from retrieval.crossencoders import LazyCrossEncoder
from retrieval.errors import StafwijzerError
from retrieval.languages import detect_language

# How models name the output that means support; "not entailment" and "unsupported" begin otherwise.
_SUPPORTING = ("entail", "support", "ground", "consistent", "factual", "faithful")
_HINT = "Set verifier.path to the folder of a cross-encoder for inference or groundedness, or leave it out."


class VerifierUnavailable(StafwijzerError):
    """The verifying model cannot be loaded, or does not say what its outputs mean."""


class CrossEncoderVerifier:
    """A cross-encoder that reads (cited text, claim), behind the checks."""

    def __init__(self, folder: Path, *, threshold: float = 0.5) -> None:
        """Look at the folder; the weights are loaded when first needed. Raises VerifierUnavailable.

        `threshold`: probability of support, 0 to 1, from which on a claim is supported."""
        self._threshold = threshold
        self._output = _supporting_output(folder)
        self._model = LazyCrossEncoder(
            folder,
            unavailable=lambda reason: VerifierUnavailable(
                f"The verifying model in {folder} cannot be loaded ({reason}).",
                hint="Copy the model's folder again and compare its checksums.",
            ),
        )

    def verify(self, claim: str, cited: Sequence[str]) -> Judgement:
        """Judge a claim against each of the cited texts. Raises VerifierUnavailable when the model cannot be loaded."""
        if judged := empty(claim, cited):
            return judged
        texts = [text for text in cited if text.strip()]
        return kindest(
            [_judge(claim, text, p, self._threshold) for text, p in zip(texts, self.score(claim, texts), strict=True)]
        )

    def score(self, claim: str, texts: Sequence[str]) -> list[float]:
        """Return the probability, 0 to 1, that each text supports the claim, without the checks."""
        several = self._output is not None
        # One output goes through the model's own sigmoid, several through a softmax.
        rows = self._model.scores([(text, claim) for text in texts], softmax=several)
        return [float(row[self._output]) if several else float(row) for row in rows]


def _judge(claim: str, text: str, probability: float, threshold: float) -> Judgement:
    language = detect_language(f"{text} {claim}")
    there, said = read(text, language), read(claim, language)
    if says_verbatim(claim, text, there.original):
        return Judgement(Verdict.SUPPORTED, ("word for word in the cited text",))
    told = f"the verifying model gives it a probability of {probability:.2f}"
    # The model is asked even so, and told of: what it says is worth knowing when a check errs.
    if found := difference(align(said, there)) if said.clauses and there.clauses else None:
        return Judgement(Verdict.UNSUPPORTED if found.contradicts else Verdict.PARTLY, (found.reason, told))
    supported = probability >= threshold
    return Judgement(Verdict.SUPPORTED if supported else Verdict.UNSUPPORTED, (told,))


def _supporting_output(folder: Path) -> int | None:
    """Return the number of the output that means support; None for a model with one output, which is the score."""
    try:
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        labels = {int(number): str(name).lower() for number, name in told.get("id2label", {}).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise VerifierUnavailable(f"{folder} is not a cross-encoder's folder ({error}).", hint=_HINT) from error
    if len(labels) == 1:
        return None
    named = [number for number, name in labels.items() if name.startswith(_SUPPORTING)]
    if len(named) != 1:
        raise VerifierUnavailable(
            f"The outputs of the model in {folder} are called {', '.join(labels.values()) or 'nothing'}; "
            "which of them means that the text supports the claim is not said.",
            hint="Name them in id2label of its config.json: entailment, neutral, contradiction.",
        )
    return named[0]
