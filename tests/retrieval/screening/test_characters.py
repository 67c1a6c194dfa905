"""Characters that deceive are told from those that a language, a unit or a flag needs."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.screening.characters import strange_characters, undisguised
from retrieval.screening.flags import Kind, Severity


def kinds(text: str) -> list[tuple[Kind, Severity]]:
    return [(flag.kind, flag.severity) for flag in strange_characters(text)]


def test_tag_characters_are_held_and_spelled_out() -> None:
    [flag] = strange_characters("Plan" + "".join(chr(0xE0000 + ord(one)) for one in "obey"))
    assert (flag.kind, flag.severity, flag.excerpt) == (Kind.TAG_CHARACTERS, Severity.HOLD, "obey")


def test_the_flag_of_scotland_is_a_flag() -> None:
    scotland = "\U0001f3f4" + "".join(chr(0xE0000 + ord(one)) for one in "gbsct") + "\U000e007f"
    assert kinds(f"Unit {scotland} arrives.") == []


def test_directions_are_expected_beside_arabic_only() -> None:
    assert kinds("invoice\u202efdp.exe") == [(Kind.BIDIRECTIONAL, Severity.WARN)]
    assert (
        kinds("the word \u2067\u0633\u0644\u0627\u0645\u2069 means peace") == [(Kind.BIDIRECTIONAL, Severity.NOTE)] * 2
    )


def test_zero_width_characters_within_words_are_counted() -> None:
    assert kinds("inter\u200bnational") == [(Kind.ZERO_WIDTH, Severity.NOTE)]
    assert kinds("i\u200bg\u200bn\u200bore") == [(Kind.ZERO_WIDTH, Severity.WARN)] * 3
    assert kinds("one \u200b two \ufeff") == []


def test_lookalikes_are_found_in_words_and_not_in_units_or_other_languages() -> None:
    assert kinds("the pаssword") == [(Kind.LOOKALIKES, Severity.WARN)]
    assert kinds("Москва, Αθήνα, 5 kΩ, 3 μm, coördinatie, Straße") == []


@given(st.text(alphabet="abé\u200b\u202e\U000e0041А𝐈 \u00ad", max_size=40))
def test_offsets_point_back_at_the_same_letter(text: str) -> None:
    plain = undisguised(text)
    for offset, character in enumerate(plain.text):
        original = text[plain.original(offset)]
        assert undisguised(original).text == character
