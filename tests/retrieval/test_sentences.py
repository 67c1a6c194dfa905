"""Where sentences begin and end, in Dutch and English prose, lists and tables."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.sentences import sentence_ranges

_FRAGMENTS = (
    *("art.", "Art. 5", "e.g.", "i.v.m.", "nr. 3", "3.5", "1.250,75", "Stb.", "U.S.", "Brig. Gen.", "14:30", "..."),
    *("De brug", "The bridge", "is open", "é", "Één", "'s Ochtends", "“Halt!”", "(zie", "bijlage)", "[3]", "?!", "…"),
    *("\n", "\n\n", " \n \n", "\t", " ", "  ", "\xa0", "\u2003", "- ", "• ", "1. ", "(a) ", "a) ", "| a | b |", "|"),
)
TEXTS = st.one_of(
    st.lists(st.sampled_from(_FRAGMENTS), max_size=40).map("".join),
    st.text(alphabet="aZé1 .!?…\n\t|-•(“”'\")", max_size=200),
    st.text(max_size=100),
)


@given(TEXTS)
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    ranges = sentence_ranges(text)
    covered = [position for start, end in ranges for position in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {position for position, character in enumerate(text) if not character.isspace()} <= set(covered)


@given(TEXTS)
def test_sentences_are_in_order_trimmed_and_not_empty(text: str) -> None:
    ranges = sentence_ranges(text)
    assert ranges == sorted(ranges)
    for start, end in ranges:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()


@given(st.lists(st.sampled_from(["The bridge is open.", "De brug is dicht!", "Is it safe?", "Nee."]), max_size=8))
def test_plain_sentences_are_found_again(sentences: list[str]) -> None:
    assert _sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Ends
        ("De brug is dicht. Het konvooi keert om.", ["De brug is dicht.", "Het konvooi keert om."]),
        ("Halt! Who goes there? Friend.", ["Halt!", "Who goes there?", "Friend."]),
        ("It is unclear… The staff decides.", ["It is unclear…", "The staff decides."]),
        ("There are 60. 12 more follow.", ["There are 60.", "12 more follow."]),
        ("Move at once. École is the password.", ["Move at once.", "École is the password."]),
        ("Ze rijden. 's Ochtends is er mist.", ["Ze rijden.", "'s Ochtends is er mist."]),
        # Quotes and brackets
        ('He said "Go." Then he left.', ['He said "Go."', "Then he left."]),
        ("Hij riep: ‘Halt!’ Daarna schoot hij.", ["Hij riep: ‘Halt!’", "Daarna schoot hij."]),
        ("(See annex B.) “Move,” he said.", ["(See annex B.)", "“Move,” he said."]),
        ("The order stands. (It was confirmed.)", ["The order stands.", "(It was confirmed.)"]),
        # Abbreviations
        ("Zie art. 5 en nr. 3 van Stb. 2013.", ["Zie art. 5 en nr. 3 van Stb. 2013."]),
        ("Dit is i.v.m. De Waal bijv. Het Gooi.", ["Dit is i.v.m. De Waal bijv. Het Gooi."]),
        ("See e.g. Annex B, i.e. Table 3, cf. Fig. 2.", ["See e.g. Annex B, i.e. Table 3, cf. Fig. 2."]),
        ("Lt. Col. Smith and Maj. Jansen met Dr. Bos.", ["Lt. Col. Smith and Maj. Jansen met Dr. Bos."]),
        ("Capt. Smith arrives on 5 Jan. 2026.", ["Capt. Smith arrives on 5 Jan. 2026."]),
        ("J. de Vries meets P. Smith.", ["J. de Vries meets P. Smith."]),
        (
            "Zr.Ms. Karel Doorman ligt bij Hr.Ms. Tromp. Zr. Ms. Evertsen vaart.",
            ["Zr.Ms. Karel Doorman ligt bij Hr.Ms. Tromp.", "Zr. Ms. Evertsen vaart."],
        ),
        ("The U.S. Army and NATO agree. They sign.", ["The U.S. Army and NATO agree.", "They sign."]),
        (
            "See No. 5 and no. 6. Is it safe? No. Then wait.",
            ["See No. 5 and no. 6.", "Is it safe?", "No.", "Then wait."],
        ),
        # Numbers
        ("It is 3.5 km and 1.250,75 euro at 14.30 hours.", ["It is 3.5 km and 1.250,75 euro at 14.30 hours."]),
        ("1. The unit moves. 2. It halts.", ["1. The unit moves.", "2. It halts."]),
        ("12. De minister beslist.", ["12. De minister beslist."]),
        ("2.1. Logistiek is een taak.", ["2.1. Logistiek is een taak."]),
        ("Version 2.0 is out. Use it.", ["Version 2.0 is out.", "Use it."]),
        # A full stop before a small letter ends nothing
        ("The convoy (approx. sixty trucks) moves.", ["The convoy (approx. sixty trucks) moves."]),
        # Lines of a PDF
        (
            "The convoy crosses\nthe bridge at\nLageraelm. It halts.",
            ["The convoy crosses\nthe bridge at\nLageraelm.", "It halts."],
        ),
        ("De brigade\nverplaatst.\nDaarna rust zij.", ["De brigade\nverplaatst.", "Daarna rust zij."]),
        ("Zie bijlage nr.\n3 van het bevel.", ["Zie bijlage nr.\n3 van het bevel."]),
        # Lists
        ("Take:\n- rations\n- water\n* maps", ["Take:", "- rations", "- water", "* maps"]),
        ("Neem mee:\n1. water\n2) kaarten\n(3) eten", ["Neem mee:", "1. water", "2) kaarten", "(3) eten"]),
        ("Namelijk:\na. water;\nb. kaarten.", ["Namelijk:", "a. water;", "b. kaarten."]),
        ("Taken:\n  • verkennen\n  – beveiligen", ["Taken:", "• verkennen", "– beveiligen"]),
        # Blank lines
        ("A heading\n\nA paragraph\n \t \nanother", ["A heading", "A paragraph", "another"]),
        # Tables
        ("| Unit | Place |\n| --- | --- |\n| A | B |", ["| Unit | Place |", "| --- | --- |", "| A | B |"]),
        ("|Unit|Place|\n|A|B|", ["|Unit|Place|", "|A|B|"]),
        # Markup begins a sentence, a comparison or an abbreviation does not end one
        (
            "Tank 1 holds 60 litres. <|im_start|>system says otherwise. </b> The end.",
            ["Tank 1 holds 60 litres.", "<|im_start|>system says otherwise.", "</b> The end."],
        ),
        ("De brug is open. <b>negeer dit</b>", ["De brug is open.", "<b>negeer dit</b>"]),
        ("The tank is full. ![tank](x) and [more](y)", ["The tank is full.", "![tank](x) and [more](y)"]),
        ("Take approx. <b>sixty</b>, i.e. < 70 of them.", ["Take approx. <b>sixty</b>, i.e. < 70 of them."]),
        ("It holds 5. < 6 is enough.", ["It holds 5. < 6 is enough."]),
        # Nothing
        ("", []),
        (" \n\t ", []),
        ("no stop at all", ["no stop at all"]),
    ],
)
def test_a_text_is_cut_into_these_sentences(text: str, expected: list[str]) -> None:
    assert _sentences(text) == expected


@pytest.mark.parametrize(
    "piece",
    ["zie nr. 5 en art. 7, ", ".", ". ", ".)", "?!", "A. ", " ", "\n", "\n ", "[", "- \n", ". <", ". ![", ".\n<b>"],
)
def test_no_long_text_takes_a_long_time(piece: str) -> None:
    started = time.perf_counter()
    sentence_ranges(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 2.0


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_ranges(text)]
