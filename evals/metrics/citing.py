"""Measures of citations, by a verifier on this machine: ALCE's recall and precision, and whether quotes are exact.

Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations", section 3.2; where ALCE asks an
entailment model, these ask the `Verifier`. A statement is a claim and the texts that it cites."""

from collections.abc import Sequence

from assistant.answers import Verdict
from assistant.verifying import Verifier

Stated = tuple[str, Sequence[str]]


def citation_recall(statements: Sequence[Stated], verifier: Verifier) -> float | None:
    """Return the share of statements that their citations together support; one without citations is not supported.

    None when there is no statement."""
    supported = [_entails(claim, cited, verifier) for claim, cited in statements]
    return sum(supported) / len(supported) if supported else None


def citation_precision(statements: Sequence[Stated], verifier: Verifier) -> float | None:
    """Return the share of citations that are of use to their statement.

    Not one of them is where together they do not support it; nor is one that alone does not support it while the others
    do without it. None when nothing is cited."""
    useful = [one for claim, cited in statements for one in _useful(claim, cited, verifier)]
    return sum(useful) / len(useful) if useful else None


def quote_exactness(exact: Sequence[bool | None]) -> float | None:
    """Return the share of quotes that the stored text reads word for word. Those of which that is not known (None) are
    not counted; None when none is left."""
    known = [one for one in exact if one is not None]
    return sum(known) / len(known) if known else None


def _useful(claim: str, cited: Sequence[str], verifier: Verifier) -> list[bool]:
    if not _entails(claim, cited, verifier):
        return [False] * len(cited)
    if len(cited) == 1:
        return [True]
    return [
        _entails(claim, [one], verifier) or not _entails(claim, [*cited[:at], *cited[at + 1 :]], verifier)
        for at, one in enumerate(cited)
    ]


def _entails(claim: str, cited: Sequence[str], verifier: Verifier) -> bool:
    # A verifier may want one text to support a claim alone, as the lexical one does; ALCE joins them.
    ways = [cited, ["\n".join(cited)]] if len(cited) > 1 else [cited]
    return bool(cited) and any(verifier.verify(claim, way).verdict is Verdict.SUPPORTED for way in ways)
