"""What every verifier owes: the same answers at the edges, whatever it compares in between."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers import Verdict
from assistant.verifying import CheckingVerifier, LexicalVerifier, Verifier
from assistant.verifying.entailing import CrossEncoderVerifier
from tests.assistant.verifying.crossencoders import a_cross_encoder

SUPPORTED, UNSUPPORTED = Verdict.SUPPORTED, Verdict.UNSUPPORTED


@pytest.fixture(params=["lexical", "checking", pytest.param("cross-encoder", marks=pytest.mark.models)])
def verifier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    if request.param == "cross-encoder":
        folder: Path = tmp_path_factory.mktemp("cross-encoder")
        a_cross_encoder(folder, ["contradiction", "entailment", "neutral"])
        # Accepts whatever its checks let through.
        return CrossEncoderVerifier(folder, threshold=0.0)
    return LexicalVerifier() if request.param == "lexical" else CheckingVerifier()


@pytest.mark.parametrize("cited", [[], [""], [" \n"]])
def test_a_claim_that_cites_nothing_is_unsupported(verifier: Verifier, cited: list[str]) -> None:
    judged = verifier.verify("The bridge is open.", cited)
    assert (judged.verdict, judged.reasons) == (UNSUPPORTED, ("it cites nothing",))


@pytest.mark.parametrize("claim", ["", " \n", "...", "?!", "—"])
def test_a_claim_that_says_nothing_is_unsupported(verifier: Verifier, claim: str) -> None:
    assert verifier.verify(claim, ["The bridge is open..."]).verdict is UNSUPPORTED


@pytest.mark.parametrize("text", ["The bridge is not open.", "Als de brug dicht is, mag niemand oversteken."])
def test_a_sentence_of_the_text_is_supported_word_for_word(verifier: Verifier, text: str) -> None:
    judged = verifier.verify(text.upper().rstrip("."), [f"Something else is said. {text}"])
    assert (judged.verdict, judged.reasons) == (SUPPORTED, ("word for word in the cited text",))


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The bridge carries 60 tonnes.", "The bridge carries 40 tonnes."),
        ("It starts at 14:30.", "It starts at 14:45."),
        ("De brug is open.", "De brug is niet open."),
        ("The bridge is not open.", "The bridge is open."),
        ("Colonel Jansen commands the brigade.", "Colonel Pietersen commands the brigade."),
        ("You must engage the vehicle.", "You may engage the vehicle."),
        ("U moet het voertuig aangrijpen.", "U mag het voertuig aangrijpen."),
        ("The convoy uses the bridge.", "If the route is blocked, the convoy uses the bridge."),
        ("De drone vliegt boven 120 meter.", "De drone vliegt alleen met toestemming boven 120 meter."),
    ],
)
def test_another_number_name_negation_modality_or_condition_is_never_supported(
    verifier: Verifier, claim: str, text: str
) -> None:
    assert verifier.verify(claim, [text]).verdict is not SUPPORTED


def test_the_most_favourable_of_the_cited_texts_decides(verifier: Verifier) -> None:
    assert verifier.verify("The ford is closed.", ["The bridge is open.", "The ford is closed."]).verdict is SUPPORTED


@settings(deadline=None, max_examples=60)
@given(claim=st.text(max_size=60), cited=st.lists(st.text(max_size=60), max_size=3))
def test_any_claim_gets_a_verdict_with_a_reason(claim: str, cited: list[str]) -> None:
    for verifier in (LexicalVerifier(), CheckingVerifier()):
        judged = verifier.verify(claim, cited)
        assert judged.verdict in Verdict
        assert judged.reasons
        assert all(judged.reasons)
