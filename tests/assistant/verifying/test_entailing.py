"""A cross-encoder's outputs are read by what its config calls them, and its checks are never outvoted."""

import json
from pathlib import Path

import pytest

from assistant.answers import Verdict
from assistant.verifying.entailing import CrossEncoderVerifier, VerifierUnavailable
from tests.assistant.verifying.crossencoders import a_cross_encoder

CLAIM, TEXT = "Wagons roll at dawn.", "The convoy departs early in the morning."


@pytest.mark.models
@pytest.mark.parametrize(
    "labels", [["entailment", "neutral", "contradiction"], ["CONTRADICTION", "NEUTRAL", "ENTAILMENT"]]
)
def test_the_order_of_the_labels_does_not_matter(tmp_path: Path, labels: list[str]) -> None:
    a_cross_encoder(tmp_path, labels)
    # Raise the bias of the output that means support, so that it is told from the others.
    _favour(tmp_path, labels.index(next(label for label in labels if label.lower() == "entailment")))
    verifier = CrossEncoderVerifier(tmp_path)
    assert verifier.score(CLAIM, [TEXT])[0] > 0.9
    assert verifier.verify(CLAIM, [TEXT]).verdict is Verdict.SUPPORTED


@pytest.mark.models
def test_another_output_that_is_favoured_is_not_support(tmp_path: Path) -> None:
    a_cross_encoder(tmp_path, ["entailment", "not_entailment"])
    _favour(tmp_path, 1)
    assert CrossEncoderVerifier(tmp_path).verify(CLAIM, [TEXT]).verdict is Verdict.UNSUPPORTED


@pytest.mark.models
def test_a_single_output_is_the_score(tmp_path: Path) -> None:
    a_cross_encoder(tmp_path, ["LABEL_0"])
    _favour(tmp_path, 0)
    (score,) = CrossEncoderVerifier(tmp_path).score(CLAIM, [TEXT])
    assert 0.9 < score <= 1


@pytest.mark.models
def test_a_model_that_believes_anything_does_not_outvote_the_checks(tmp_path: Path) -> None:
    a_cross_encoder(tmp_path, ["unsupported", "supported"])
    verifier = CrossEncoderVerifier(tmp_path, threshold=0.0)
    assert verifier.verify(CLAIM, [TEXT]).verdict is Verdict.SUPPORTED
    judged = verifier.verify("The bridge carries 60 tonnes.", ["The bridge carries 40 tonnes."])
    assert judged.verdict is Verdict.UNSUPPORTED
    assert "60" in judged.reasons[0]
    assert "probability" in judged.reasons[1]


def test_a_folder_without_a_config_is_named(tmp_path: Path) -> None:
    with pytest.raises(VerifierUnavailable, match="not a cross-encoder's folder"):
        CrossEncoderVerifier(tmp_path)


@pytest.mark.parametrize("labels", [["LABEL_0", "LABEL_1", "LABEL_2"], ["entailment", "entailed"], []])
def test_outputs_that_do_not_say_which_means_support_are_refused(tmp_path: Path, labels: list[str]) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"id2label": dict(enumerate(labels))}))
    with pytest.raises(VerifierUnavailable, match="is not said") as raised:
        CrossEncoderVerifier(tmp_path)
    assert "id2label" in str(raised.value.hint)


@pytest.mark.models
def test_weights_that_are_missing_are_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"id2label": {"0": "entailment", "1": "neutral"}}))
    with pytest.raises(VerifierUnavailable, match="cannot be loaded"):
        CrossEncoderVerifier(tmp_path).verify(CLAIM, [TEXT])


def _favour(folder: Path, output: int) -> None:
    """Let one output win whatever is read."""
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification.from_pretrained(folder)
    model.classifier.bias.data[output] = 8.0
    model.save_pretrained(folder)
