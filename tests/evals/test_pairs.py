"""Pairs of claim and text are read with the line that is wrong named, and the shipped ones are what they say."""

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.pairs import (
    DEVELOPMENT_PAIRS,
    FALSE_LABELS,
    FIT,
    HELD_OUT,
    REPLACED,
    SUPPORTED,
    Pair,
    PairsInvalid,
    as_line,
    halueval_pairs,
    read_pairs,
    scifact_pairs,
    with_a_word_replaced,
)

PAIR = Pair("1", "en", "The bridge is open.", "The bridge is closed to traffic.", "negated", FIT)


def test_the_shipped_set_is_balanced_by_language_and_part_and_no_text_is_in_both_parts() -> None:
    pairs = read_pairs()
    counted = Counter((pair.language, pair.label) for pair in pairs)
    assert len(pairs) == 300
    for label in (SUPPORTED, *FALSE_LABELS):
        assert counted["nl", label] == counted["en", label] > 0
    assert counted["nl", SUPPORTED] == 60
    for language in ("nl", "en"):
        for label in (SUPPORTED, *FALSE_LABELS):
            parts = Counter(pair.part for pair in pairs if (pair.language, pair.label) == (language, label))
            assert abs(parts[FIT] - parts[HELD_OUT]) <= 2
    fit, held_out = ({pair.text for pair in pairs if pair.part == part} for part in (FIT, HELD_OUT))
    assert not fit & held_out


def test_the_development_set_is_split_by_text_and_apart_from_the_shipped_one() -> None:
    pairs = read_pairs(DEVELOPMENT_PAIRS)
    assert len(pairs) == 232
    for language in ("nl", "en"):
        assert Counter(pair.language for pair in pairs)[language] >= 110
    fit, held_out = ({pair.text for pair in pairs if pair.part == part} for part in (FIT, HELD_OUT))
    assert not fit & held_out
    assert not (fit | held_out) & {pair.text for pair in read_pairs()}
    assert [pair.id for pair in pairs if pair.claim in pair.text and not pair.supported] == []


def test_no_pair_of_the_shipped_set_says_the_same_twice() -> None:
    pairs = read_pairs()
    assert len({(pair.text, pair.claim) for pair in pairs}) == len(pairs)
    # A claim that is a sentence of its text would be no paraphrase.
    assert [pair.id for pair in pairs if pair.claim in pair.text] == []


def test_a_pair_comes_back_from_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f"\n{as_line(PAIR)}\n")
    assert read_pairs(path) == [PAIR]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"label": "wrong"}, "line 1: label is none of"),
        ({"part": "test"}, "line 1: part is none of"),
        ({"language": "fr"}, "line 1: language is none of"),
        ({"claim": " "}, "line 1 has an empty field"),
        ({"claim": 3}, "line 1 has an empty field"),
        ({"verdict": "x"}, "line 1 is not a pair"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, changed: dict[str, object], problem: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({**json.loads(as_line(PAIR)), **changed}))
    with pytest.raises(PairsInvalid, match=problem):
        read_pairs(path)


@pytest.mark.parametrize(("text", "problem"), [("", "holds no pairs"), ("[]", "is not a pair"), ("{", "is not a pair")])
def test_a_file_without_pairs_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(text)
    with pytest.raises(PairsInvalid, match=problem):
        read_pairs(path)
    with pytest.raises(PairsInvalid, match="cannot be read"):
        read_pairs(tmp_path / "none.jsonl")


def test_an_id_is_of_one_pair(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f"{as_line(PAIR)}\n{as_line(PAIR)}")
    with pytest.raises(PairsInvalid, match="two pairs"):
        read_pairs(path)


def test_one_word_of_each_supported_claim_is_replaced_and_it_is_not_in_the_text() -> None:
    pairs = read_pairs()
    changed = with_a_word_replaced(pairs, seed=1)
    before = {f"{pair.id}-word": pair for pair in pairs}
    assert changed == with_a_word_replaced(pairs, seed=1) != with_a_word_replaced(pairs, seed=2)
    assert len(changed) >= 110
    for pair in changed:
        original = before[pair.id]
        words = zip(original.claim.split(), pair.claim.split(), strict=True)
        (swapped,) = [(one, other) for one, other in words if one != other]
        assert (pair.label, original.label, pair.text) == (REPLACED, SUPPORTED, original.text)
        assert swapped[1].strip(".,") not in pair.text.split()


def test_halueval_gives_the_right_and_the_invented_answer_as_claims(tmp_path: Path) -> None:
    told = {
        "knowledge": "The head office is in Delhi.",
        "right_answer": "Delhi",
        "hallucinated_answer": "It is Mumbai.",
    }
    (tmp_path / "qa_1.json").write_text(json.dumps(told))
    right, invented = halueval_pairs(tmp_path)
    assert (right.claim, right.supported) == ("Delhi", True)
    assert (invented.claim, invented.supported) == ("It is Mumbai.", False)
    (tmp_path / "qa_2.json").write_text('{"knowledge": "x"}')
    with pytest.raises(PairsInvalid, match="line 1 has no"):
        halueval_pairs(tmp_path)


def test_scifact_gives_each_claim_its_abstract_and_anothers(tmp_path: Path) -> None:
    for name, ids in (("corpus", "abc"), ("queries", "xyz")):
        lines = [json.dumps({"_id": one, "text": f"{name} {one}"}) for one in ids]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "train.tsv").write_text("query-id\tcorpus-id\tscore\nx\ta\t1\ny\tb\t1\nz\tc\t1\n")
    pairs = scifact_pairs(tmp_path, count=2, seed=0)
    assert [pair.label for pair in pairs] == ["cited", "another's abstract"] * 2
    for cited, other in zip(pairs[::2], pairs[1::2], strict=True):
        assert cited.claim == other.claim
        assert "xyz".index(cited.claim[-1]) == "abc".index(cited.text[-1])
        assert other.text != cited.text
