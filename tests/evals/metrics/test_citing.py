"""ALCE's citation recall and precision, with a verifier that knows which facts a text holds."""

from collections.abc import Sequence

import pytest

from assistant.answers import Verdict
from assistant.verifying import Judgement, LexicalVerifier
from evals.metrics import citation_precision, citation_recall, quote_exactness

Statements = Sequence[tuple[str, Sequence[str]]]


class FactVerifier:
    """Supports a claim when one text holds every letter of it: 'ab' needs a text with a and b."""

    def verify(self, claim: str, cited: Sequence[str]) -> Judgement:
        supported = any(set(claim) <= set(text) for text in cited)
        return Judgement(Verdict.SUPPORTED if supported else Verdict.PARTLY, ())


@pytest.mark.parametrize(
    ("statements", "recall", "precision"),
    [
        ([("ab", ["ab"])], 1.0, 1.0),
        # Together only: both are needed.
        ([("ab", ["a", "b"])], 1.0, 1.0),
        # The second adds nothing to the first.
        ([("ab", ["ab", "x"])], 1.0, 0.5),
        # Each alone is enough: neither is irrelevant.
        ([("ab", ["ab", "abc"])], 1.0, 1.0),
        # c is not needed, a and b are.
        ([("ab", ["a", "c", "b"])], 1.0, 2 / 3),
        # Either b will do: ALCE calls each of them irrelevant, as the other is there.
        ([("ab", ["a", "b", "b"])], 1.0, 1 / 3),
        ([("ab", ["a"])], 0.0, 0.0),
        ([("ab", [])], 0.0, None),
        ([("ab", ["ab"]), ("cd", []), ("ef", ["e", "x"])], 1 / 3, 1 / 3),
        ([], None, None),
    ],
)
def test_recall_and_precision_are_what_they_are_by_hand(
    statements: Statements, recall: float | None, precision: float | None
) -> None:
    assert citation_recall(statements, FactVerifier()) == recall
    assert citation_precision(statements, FactVerifier()) == precision


def test_with_the_lexical_verifier_one_citation_that_reads_so_is_enough() -> None:
    source = "The bridge at Oosterdam carries 60 tonnes."
    other = "The 42nd battalion guards the harbour."
    statements = [("The bridge at Oosterdam carries 60 tonnes.", [other, source]), ("It carries 70 tonnes.", [source])]
    assert citation_recall(statements, LexicalVerifier()) == 0.5
    assert citation_precision(statements, LexicalVerifier()) == pytest.approx(1 / 3)


def test_quotes_of_which_nothing_is_known_are_not_counted() -> None:
    assert quote_exactness([True, None, False, True, True]) == 0.75
    assert quote_exactness([None]) is None
    assert quote_exactness([]) is None
