"""`stafwijzer eval verifier` measures the installation's verifier beside its baselines, on what was held out."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.bootstrap import Installation
from assistant.settings import Settings, VerifierSettings
from assistant.verifying import CheckingVerifier, LexicalVerifier
from assistant.verifying.entailing import CrossEncoderVerifier, VerifierUnavailable
from evals.commands import verifying
from evals.pairs import FIT, HELD_OUT, Pair, as_line

TEXT = "The bridge carries 40 tonnes. The ford is closed."


def a_set(folder: Path) -> Path:
    claims = [("The bridge carries 40 tonnes", "supported"), ("The bridge carries 60 tonnes.", "number changed")]
    pairs = [
        Pair(f"{part}-{number}", "en", TEXT, claim, label, part)
        for part in (FIT, HELD_OUT)
        for number, (claim, label) in enumerate(claims)
    ]
    path = folder / "pairs.jsonl"
    path.write_text("\n".join(map(as_line, pairs)))
    return path


@pytest.mark.models
def test_every_contender_is_told_with_n_and_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFWIJZER_HOME", str(tmp_path / "home"))
    arguments = ["--set", str(a_set(tmp_path))]
    shown = CliRunner().invoke(verifying.verifier, arguments, catch_exceptions=False)
    assert "verifier (all)" in shown.output
    assert "N=2" in shown.output
    told = json.loads(CliRunner().invoke(verifying.verifier, [*arguments, "--json"], catch_exceptions=False).output)
    (rows,) = told.values()
    assert [row["name"] for row in rows] == ["verifier", "strict", "cosine", "overlap"]
    assert rows[0]["measures"]["f1"]["mean"] == 1.0
    assert rows[0]["measures"]["number changed"] == pytest.approx(
        {"mean": 1.0, "n": 1, "unscored": 1, "low": 0.025, "high": 1.0}
    )


def test_a_set_without_one_of_the_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(as_line(Pair("1", "en", TEXT, "The ford is closed.", "supported", FIT)))
    refused = CliRunner().invoke(verifying.verifier, ["--set", str(path)])
    assert refused.exit_code == 2
    assert "both parts" in refused.output


def test_the_settings_choose_the_verifier(tmp_path: Path) -> None:
    assert isinstance(Installation(Settings(home=tmp_path)).verifier, LexicalVerifier)
    wider = Installation(Settings(home=tmp_path, verifier=VerifierSettings(paraphrases=True)))
    assert isinstance(wider.verifier, CheckingVerifier)
    (tmp_path / "config.json").write_text('{"id2label": {"0": "entailment", "1": "neutral"}}')
    chosen = Installation(Settings(home=tmp_path, verifier=VerifierSettings(path=tmp_path)))
    assert isinstance(chosen.verifier, CrossEncoderVerifier)
    with pytest.raises(VerifierUnavailable):
        _ = Installation(Settings(home=tmp_path, verifier=VerifierSettings(path=tmp_path / "none"))).verifier
