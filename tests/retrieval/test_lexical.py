"""Words as the lexical search sees them, and the weights made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.protocol import SparseVector
from retrieval.languages import LANGUAGES, Language
from retrieval.lexical import Also, content_words, encode_passage, encode_query, stems

ANY_TEXT = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(["the", "de", "brug", "bridge", "C-130", "14:30", "ﬁre", "É", "-", "'s", "60"])).map(
        " ".join
    ),
)
ANY_LANGUAGE = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("huizenprijzen", "huizenprijs"),
        ("brieven", "brief"),
        ("bewijzen", "bewijs"),
        ("bedrijven", "bedrijf"),
        ("aanvragen", "aanvraag"),
        ("rechtszaken", "rechtszaak"),
        ("vergunningen", "vergunning"),
        ("gemeenten", "gemeente"),
        ("eenheden", "EENHEDEN"),
        ("coördinatie", "coordinatie"),
    ],
)
def test_forms_of_a_dutch_word_match(one: str, other: str) -> None:
    assert stems(one, "nl") == stems(other, "nl")


# Measured on PyStemmer 3.1. They are what the stemmer gets wrong; a newer one that does better may change this list.
@pytest.mark.parametrize(("one", "other", "same"), [("adviezen", "advies", False), ("gemeente", "menen", True)])
def test_what_the_dutch_stemmer_joins_is_known(one: str, other: str, same: bool) -> None:
    assert (stems(one, "nl") == stems(other, "nl")) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [("bridges", "bridge"), ("crossing", "crossed"), ("supplies", "supply"), ("Battalion's", "battalion")],
)
def test_forms_of_an_english_word_match(one: str, other: str) -> None:
    assert stems(one, "en") == stems(other, "en")


def test_function_words_are_left_out_and_the_rest_keeps_its_order() -> None:
    assert stems("Which of the bridges does the convoy cross?", "en") == ["bridg", "convoy", "cross"]
    assert stems("Welke van de bruggen heeft het konvooi?", "nl") == ["brug", "konvooi"]
    assert content_words("Which bruggen does het convoy gebruiken?") == ["bruggen", "convoy", "gebruiken"]


@pytest.mark.parametrize("text", ["The commander's intent", "They don't", "Pak 't", "Foto’s"])
def test_what_an_apostrophe_cuts_off_is_no_word(text: str) -> None:
    assert not {"s", "t"} & {*stems(text, "en"), *stems(text, "nl"), *content_words(text)}


@pytest.mark.parametrize(
    ("text", "kept"), [("Is there a mine on the road?", "mine"), ("Where are the US engineers?", "us")]
)
def test_words_that_mean_something_to_a_staff_are_kept(text: str, kept: str) -> None:
    assert kept in stems(text, "en")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C-130", ["c", "130", "c130"]),
        ("14:30", ["14", "30", "1430"]),
        ("5.56 mm", ["5", "56", "mm", "556"]),
        ("TF 3/1/B", ["tf", "3", "1", "b", "31b"]),
        ("MLC60", ["mlc60"]),
    ],
)
def test_codes_count_whole_and_in_parts(text: str, found: list[str]) -> None:
    assert stems(text, "nl") == found


def test_a_letter_between_quotes_is_a_word() -> None:
    assert stems("See annex 'S', not ‘D’.", "en") == ["see", "annex", "s", "d"]


def test_words_with_a_hyphen_and_no_digit_count_in_parts_only() -> None:
    assert stems("civil-military", "en") == stems("civil military", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", ["C-130", "14:30", "MLC60", "W914"])
def test_a_code_is_found_in_passages_of_either_language(asked: str, language: Language) -> None:
    assert _shared(encode_query(asked), encode_passage(f"xyz {asked} xyz", language)) > 0


@pytest.mark.parametrize(
    ("query", "passage", "language"),
    [
        ("Welke brug gebruikt het konvooi?", "Het konvooi rijdt over de bruggen.", "nl"),
        ("Which bridge does the convoy use?", "The convoy crosses both bridges.", "en"),
        ("huizenprijs", "De huizenprijzen stijgen.", "nl"),
        ("rations", "One ration a day.", "en"),
    ],
)
def test_a_query_finds_passages_in_its_own_language(query: str, passage: str, language: Language) -> None:
    assert _shared(encode_query(query), encode_passage(passage, language)) > 0


@pytest.mark.parametrize("text", ["the", "de", "de het een", "the of and", "Wat is dat?", "Who are they?", "", "?! —"])
def test_function_words_alone_make_an_empty_query(text: str) -> None:
    assert encode_query(text) == SparseVector((), ())


@pytest.mark.parametrize(
    ("query", "passage", "language"),
    [
        # 'the' is rare among Dutch passages: by itself it would make any quoted English title the best find.
        ("Which is the strength of the brigade?", "Zie de nota The Art of War.", "nl"),
        ("Wat is de sterkte van het bataljon?", "Charles de Gaulle met van der Valk.", "en"),
    ],
)
def test_function_words_of_the_query_find_nothing_in_the_other_language(
    query: str, passage: str, language: Language
) -> None:
    assert _shared(encode_query(query), encode_passage(passage, language)) == 0


def test_words_that_are_function_words_elsewhere_find_passages_in_the_language_of_the_query() -> None:
    assert _shared(encode_query("How many men die in the battle?"), encode_passage("Ten men.", "en")) > 0
    assert _shared(encode_query("Hoe loopt de as van aanvoer?"), encode_passage("De as loopt zuid.", "nl")) > 0


def test_a_passage_weighs_its_stems_as_bm25_does() -> None:
    # f(k1+1) / (f + k1(1 - b + b n/average)) with k1 1.2, b 0.5, average 90, n 3.
    norm = 1.2 * (0.5 + 0.5 * 3 / 90)
    weights = sorted(encode_passage("De brug, de bruggen en het konvooi.", "nl").values)
    assert weights == pytest.approx([2.2 / (1 + norm), 2 * 2.2 / (2 + norm)])


def test_the_same_word_weighs_more_often_and_less_in_longer_text() -> None:
    once, twice = (encode_passage("brug " * times + "weg", "nl") for times in (1, 2))
    longer = encode_passage("brug weg dorp veld bos", "nl")
    (word,) = set(encode_query("brug").indices) & set(once.indices)
    weigh = {
        name: dict(zip(one.indices, one.values, strict=True))[word]
        for name, one in {"once": once, "twice": twice, "longer": longer}.items()
    }
    assert weigh["twice"] > weigh["once"] > weigh["longer"]


@given(ANY_TEXT, ANY_LANGUAGE)
def test_indices_ascend_and_fit_32_bits_and_weights_are_positive(text: str, language: Language) -> None:
    for vector in (encode_passage(text, language), encode_query(text)):
        assert list(vector.indices) == sorted(set(vector.indices))
        assert len(vector.indices) == len(vector.values)
        assert all(0 <= index < 2**32 for index in vector.indices)
        assert all(value > 0 for value in vector.values)


@given(st.text(alphabet="aàÀeéÉiïoøößuÜnñ14 -:"), ANY_LANGUAGE)
def test_case_does_not_matter(text: str, language: Language) -> None:
    assert encode_passage(text.upper(), language) == encode_passage(text.lower(), language)
    assert encode_passage(text.title(), language) == encode_passage(text.lower(), language)


def test_accents_ligatures_and_width_do_not_matter() -> None:
    assert stems("ＣＯＮＶＯＹ ﬁre café café", "en") == ["convoy", "fire", "cafe", "cafe"]


def _shared(query: SparseVector, passage: SparseVector) -> float:
    weights = dict(zip(passage.indices, passage.values, strict=True))
    return sum(value * weights.get(index, 0.0) for index, value in zip(query.indices, query.values, strict=True))


def _weight(vector: SparseVector, other: SparseVector) -> float:
    there = dict(zip(other.indices, other.values, strict=True))
    return sum(value * there.get(key, 0.0) for key, value in zip(vector.indices, vector.values, strict=True))


@pytest.mark.parametrize(
    ("query", "passage"),
    [
        ("bevoorrading", "De bevoorradingsroute is dicht."),
        ("bevoorradingsroute", "De route voor de bevoorrading is dicht."),
    ],
)
def test_compounds_and_their_parts_find_each_other(query: str, passage: str) -> None:
    assert _weight(encode_query(f"Waar loopt de {query}?"), encode_passage(passage, "nl")) > 0


def test_the_whole_word_tells_more_than_its_parts() -> None:
    query = encode_query("Waar loopt de bevoorradingsroute?")
    whole = encode_passage("De bevoorradingsroute is dicht.", "nl")
    assert _weight(query, whole) > _weight(query, encode_passage("De route voor bevoorrading is dicht.", "nl"))


def test_a_translation_finds_passages_in_the_other_language_and_counts_as_told() -> None:
    passage = encode_passage("The supply route is closed.", "en")
    asked = "Welke weg is dicht?"
    assert _weight(encode_query(asked), passage) == 0
    half = encode_query(asked, also=[Also("supply route", "en", 0.5)])
    full = encode_query(asked, also=[Also("supply route", "en", 1.0)])
    assert 0 < _weight(half, passage) < _weight(full, passage)


@given(ANY_TEXT, ANY_TEXT)
def test_what_is_also_asked_takes_nothing_from_the_own_words(text: str, more: str) -> None:
    plain = encode_query(text)
    also = encode_query(text, also=[Also(more, "en", 0.5)])
    there = dict(zip(also.indices, also.values, strict=True))
    assert all(there[key] >= value for key, value in zip(plain.indices, plain.values, strict=True))
