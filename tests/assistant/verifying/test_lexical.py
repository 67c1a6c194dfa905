"""A claim is supported only when the cited text says it: the same words, numbers, names, order and conditions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Verdict
from assistant.verifying import LexicalVerifier

VERIFIER = LexicalVerifier()
SUPPORTED, PARTLY, UNSUPPORTED = Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED

LONG = (
    "Colonel Pietersen commands the northern brigade from the headquarters in Lageraelm with 5 trucks and 3 tanks "
    "until the reserve arrives on Friday."
)
LANG = (
    "Kolonel Pietersen leidt de noordelijke brigade vanuit het hoofdkwartier in Lageraelm met 5 trucks en 3 tanks "
    "totdat vrijdag de reserve aankomt."
)


def verdict(claim: str, *cited: str) -> Verdict:
    return VERIFIER.verify(claim, cited).verdict


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The bridge is open.", ["The bridge is open."]),
        ("the bridge  is\nopen", ["Mist is expected. The bridge is open! Drive slowly."]),
        ("The bridge is not open.", ["The bridge is not open."]),
        ("De brug is dicht", ["De brug is dicht, want het water staat hoog."]),
        # In other forms of the same words, with function words of its own
        (
            "The brigade crosses the river at 14:30.",
            ["At the river: the brigades will be crossing the river at 14:30 hours."],
        ),
        ("Het konvooi telt 60 voertuigen.", ["Het hele konvooi telt in totaal 60 voertuigen en 200 man."]),
        ("The brigade crosses on Friday.", ["In May the brigade crosses on Friday."]),
        # By one of several citations
        ("The ford is closed.", ["The bridge is open.", "The ford is closed."]),
        ("The C-130 lands at 14:30.", ["The second C-130 lands at 14:30 on Friday."]),
    ],
)
def test_what_the_text_says_is_supported(claim: str, cited: list[str]) -> None:
    assert verdict(claim, *cited) is SUPPORTED


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        # Numbers
        ("The bridge carries 60 tonnes.", "The bridge carries 40 tonnes."),
        ("The bridge carries 60", "The bridge carries 600 tonnes."),
        ("5 vehicles are needed", "15 vehicles are needed."),
        ("The load is 1", "The load is 1.5 tonnes."),
        ("5 km remain.", "1.5 km remain."),
        ("It starts at 14:30.", "It starts at 14:45."),
        ("Company 3 has 5 trucks.", "Company 5 has 3 trucks."),
        (LONG.replace("5 trucks and 3 tanks", "3 trucks and 5 tanks"), LONG),
        (LANG.replace("5 trucks en 3 tanks", "3 trucks en 5 tanks"), LANG),
        # Names
        (LONG.replace("Pietersen", "Jansen"), LONG),
        (LANG.replace("Lageraelm", "Hogeraelm"), LANG),
        ("The battalion supports the brigade.", "The brigade supports the battalion."),
        ("Het bataljon steunt de brigade.", "De brigade steunt het bataljon."),
        # Antonyms
        (LONG.replace("northern", "southern"), LONG),
        ("The bridge is open for all vehicles of the convoy.", "The bridge is closed for all vehicles of the convoy."),
        # Negation
        ("Vehicles may cross the bridge.", "No vehicles may cross the bridge."),
        ("vehicles may cross the bridge", "Vehicles may not cross the bridge."),
        ("The bridge is not open.", "The bridge is open."),
        ("Use of force is authorised", "Never think that use of force is authorised."),
        ("De brug is open.", "De brug is niet open."),
        ("Er is geen munitie over.", "Er is munitie over."),
        ("You must fire.", "You mustn't fire."),
        ("You must fire.", "You mustn’t fire."),
        # What is allowed, ordered or conditional
        ("You must engage the vehicle.", "You may engage the vehicle."),
        ("You engage the vehicle.", "You may engage the vehicle."),
        ("The brigade crosses before 14:30.", "The brigade crosses after 14:30."),
        ("You may engage vehicles.", "You may engage vehicles that fire, but only when ordered."),
        ("U moet het voertuig aangrijpen.", "U mag het voertuig aangrijpen."),
        ("De brigade steekt over voor 14:30.", "De brigade steekt over na 14:30."),
        ("All companies cross.", "Some companies cross."),
        # Words that are function words in the other language
        ("The men cross the river.", "The women cross the river."),
        # Parts of words
        ("The art of war", "The artillery of warfare"),
        ("port is closed", "The airport is closed."),
        # Something else
        ("The moon is made of cheese.", "The bridge is open."),
        ("Rations are issued at noon.", "The bridge is open."),
    ],
)
def test_what_the_text_does_not_say_is_not_supported(claim: str, cited: str) -> None:
    assert verdict(claim, cited) is not SUPPORTED


@pytest.mark.parametrize(
    ("claim", "cited", "expected"),
    [
        ("The bridge carries 60 tonnes.", "The bridge carries 40 tonnes.", UNSUPPORTED),
        ("The moon is made of cheese.", "The bridge is open.", UNSUPPORTED),
        ("The northern bridge is open for heavy vehicles.", "The northern bridge is open for vehicles.", PARTLY),
        ("You must engage the vehicle.", "You may engage the vehicle.", PARTLY),
    ],
)
def test_a_claim_that_is_close_is_partly_supported_and_one_that_contradicts_is_not(
    claim: str, cited: str, expected: Verdict
) -> None:
    assert verdict(claim, cited) is expected


@pytest.mark.parametrize("cited", [[], [""], [" \n"]])
def test_a_claim_that_cites_nothing_is_unsupported(cited: list[str]) -> None:
    judged = VERIFIER.verify("The bridge is open.", cited)
    assert (judged.verdict, judged.reasons) == (UNSUPPORTED, ("it cites nothing",))


@pytest.mark.parametrize("claim", ["", " \n", "...", "?!", "—"])
def test_a_claim_that_says_nothing_is_unsupported(claim: str) -> None:
    assert verdict(claim, "The bridge is open...") is UNSUPPORTED


def test_the_reasons_name_what_is_wrong() -> None:
    assert "60" in VERIFIER.verify("It carries 60 tonnes.", ["It carries 40 tonnes."]).reasons[0]
    assert "negated" in VERIFIER.verify("It is not open.", ["It is open."]).reasons[0]
    assert "must" in " ".join(VERIFIER.verify("You must fire.", ["You may fire."]).reasons)
    assert "southern" in " ".join(VERIFIER.verify("The southern ford is open.", ["The northern ford is open."]).reasons)


_WORDS = (
    "convoy",
    "bridge",
    "Lageraelm",
    "brigade",
    "supports",
    "crosses",
    "northern",
    "ammunition",
    "60",
    "14:30",
    "MLC40",
)
_SENTENCES = st.lists(st.sampled_from(_WORDS), min_size=2, max_size=9, unique=True)


@given(_SENTENCES)
def test_every_sentence_supports_itself(words: list[str]) -> None:
    assert verdict(" ".join(words), " ".join(words)) is SUPPORTED
    assert verdict(" ".join(words), f"The {' the '.join(words)}.") is SUPPORTED


@given(_SENTENCES, st.data())
def test_one_other_word_is_enough_to_lose_support(words: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from(["ford", "Hogeraelm", "61", "15:30", "not", "company"]))
    changed = [*words[:place], other, *words[place + 1 :]]
    assert verdict(" ".join(changed), " ".join(words)) is not SUPPORTED


@given(_SENTENCES, st.data())
def test_two_words_in_each_others_place_are_enough_to_lose_support(words: list[str], data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.integers(0, len(words) - 1), min_size=2, max_size=2, unique=True))
    swapped = [*words]
    swapped[one], swapped[other] = words[other], words[one]
    assert verdict(" ".join(swapped), " ".join(words)) is not SUPPORTED


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_any_claim_gets_a_verdict_with_a_reason(claim: str, cited: list[str]) -> None:
    judged = VERIFIER.verify(claim, cited)
    assert judged.verdict in Verdict
    assert all(judged.reasons)
    assert judged.reasons


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("Company B has 60 trucks.", ["Company B has 40 trucks and company C 60 trucks."]),
        ("The bridge is not open.", ["The bridge is open and is not damaged, not even cracked."]),
        ("The convoy uses the bridge.", ["If the route is blocked, the convoy uses the bridge."]),
        ("The bridge is destroyed.", ["The report that the bridge is destroyed is false."]),
        ("1 Brigade defends the airport.", ["1 Brigade defends the harbour.", "2 Brigade moves to the airport."]),
        ("Het konvooi gebruikt de brug.", ["Indien de route versperd is, gebruikt het konvooi de brug."]),
    ],
)
def test_what_the_source_says_of_another_or_under_a_condition_does_not_support_a_claim(
    claim: str, cited: list[str]
) -> None:
    assert LexicalVerifier().verify(claim, cited).verdict is not Verdict.SUPPORTED
