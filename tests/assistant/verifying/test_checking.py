"""A claim is supported in other words, and not when it says another thing in the same words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Verdict
from assistant.verifying import CheckingVerifier
from assistant.verifying.checking import fitted_coverage

VERIFIER = CheckingVerifier()
SUPPORTED, PARTLY, UNSUPPORTED = Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED


def verdict(claim: str, *cited: str) -> Verdict:
    return VERIFIER.verify(claim, cited).verdict


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        # Active and passive
        ("The bridge is guarded by the platoon.", "The platoon guards the bridge."),
        ("De brug wordt door het peloton bewaakt.", "Het peloton bewaakt de brug."),
        ("3 Battalion is supported by 2 Battalion.", "2 Battalion supports 3 Battalion."),
        # Another order
        ("On Tuesday the convoy leaves Bergen.", "The convoy leaves Bergen on Tuesday."),
        ("In Bergen wacht het konvooi.", "Het konvooi wacht in Bergen."),
        # Notation
        ("Attendance was 70%.", "Attendance was 70 per cent."),
        ("There are twelve boats in the harbour.", "In the harbour there are 12 boats."),
        ("De reis kostte 1.200 euro.", "De reis kostte € 1200."),
        ("The data is kept for four weeks.", "The data is kept for 28 days."),
        ("The gate opens two times a day.", "The gate opens twice a day."),
        # Conditions and limits in other words
        ("The minimum length is 14 characters.", "The length is at least 14 characters."),
        ("Trucks wait because the ford is closed.", "Trucks wait since the ford is closed."),
        ("Bravo wordt bewaakt onder leiding van majoor Smit.", "Majoor Smit leidt de bewaking van Bravo."),
        # Other words
        ("The exercise starts on Friday.", "The exercise begins on Friday."),
        ("De vergunning verloopt op 3 mei.", "De vergunning loopt af op 3 mei."),
        ("De leverancier heeft 8.200 euro terugbetaald.", "De leverancier betaalde 8.200 euro terug."),
        # Whoever a pronoun stands for
        ("Major Smit has 40 soldiers.", "Major Smit leads the company. He has 40 soldiers."),
        # What is done can be done
        ("The ferry can carry four trucks.", "The ferry carries four trucks."),
    ],
)
def test_the_same_in_other_words_is_supported(claim: str, text: str) -> None:
    assert verdict(claim, text) is SUPPORTED


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        # Who does what to whom
        ("2 Battalion is supported by 3 Battalion.", "3 Battalion is supported by 2 Battalion."),
        ("The court sued the company.", "The company sued the court."),
        ("De Kamer informeert de minister.", "De minister informeert de Kamer."),
        ("Company B has 60 trucks.", "Company B has 40 trucks and company C 60 trucks."),
        ("Five tanks and three trucks wait.", "Three tanks and five trucks wait."),
        ("In Berkel liggen granaten.", "In Zandhorst liggen granaten, in Berkel liggen patronen."),
        ("The convoy goes from Poznan to Bremen.", "The convoy goes from Bremen to Poznan."),
        ("Het aantal daalde van 380 naar 610.", "Het aantal daalde van 610 naar 380."),
        ("Belgische chirurgen helpen Noorse artsen.", "Noorse chirurgen helpen Belgische artsen."),
        ("The mayor of Lobbe waits for the ferry of Ede.", "The mayor of Ede waits for the ferry of Lobbe."),
        ("Company C guards the ford.", "Company A guards the ford while Company C secures the bridge."),
        ("2 Battalion receives support from 3 Battalion.", "2 Battalion supports 3 Battalion."),
        (
            "Kolonel Peeters droeg het commando over aan Harmsen.",
            "Harmsen droeg het commando over aan kolonel Peeters.",
        ),
        # Comparisons
        ("The records are kept until May.", "The records are kept after May."),
        ("The maximum weight is 40 tonnes.", "The minimum weight is 40 tonnes."),
        ("The file is erased after 5 years.", "The file is erased within 5 years."),
        ("The load is at least 40 tonnes.", "The load is at most 40 tonnes."),
        ("The load is more than 40 tonnes.", "The load is no more than 40 tonnes."),
        ("De termijn is meer dan zes weken.", "De termijn is ten hoogste zes weken."),
        # Units and dates
        ("The mast is 40 feet high.", "The mast is 40 metres high."),
        ("The permit ends on 1 December.", "The permit ends on 1 October."),
        ("Zij wachten twintig minuten.", "Zij wachten tien minuten."),
        # Opposites and unlike words
        ("The northern ford is closed.", "The northern ford is open."),
        ("The port is closed.", "The airport is closed."),
        ("Trucks cross the ford.", "Tanks cross the ford."),
        ("Rail weeks are free.", "Rail transport is free for six weeks."),
        # Conditions and modality
        ("Soldiers may fire.", "Soldiers may fire only when attacked."),
        ("Bussen vertrekken elk uur.", "Bussen vertrekken elk uur, tenzij het vriest."),
        ("The bridge is destroyed.", "The bridge is reportedly destroyed."),
        ("De minister moet verlengen.", "De minister kan verlengen."),
        ("All companies cross.", "Two companies cross."),
    ],
)
def test_another_thing_in_the_same_words_is_not_supported(claim: str, text: str) -> None:
    assert verdict(claim, text) is not SUPPORTED


def test_half_of_one_text_and_half_of_another_are_not_support() -> None:
    halves = ["1 Brigade defends the harbour.", "2 Brigade moves to the airport."]
    assert verdict("1 Brigade defends the airport.", *halves) is not SUPPORTED
    assert verdict("1 Brigade defends the airport.", " ".join(halves)) is not SUPPORTED


def test_what_contradicts_is_unsupported_and_what_goes_further_is_partly_supported() -> None:
    assert verdict("The bridge carries 60 tonnes.", "The bridge carries 40 tonnes.") is UNSUPPORTED
    assert verdict("The bridge is not open.", "The bridge is open.") is UNSUPPORTED
    assert verdict("You must engage the vehicle.", "You may engage the vehicle.") is PARTLY
    assert verdict("The northern bridge is open for heavy trucks.", "The northern bridge is open for trucks.") is PARTLY
    assert verdict("The moon is made of cheese.", "The bridge is open.") is UNSUPPORTED


def test_the_reasons_name_what_is_wrong() -> None:
    assert "60" in VERIFIER.verify("It carries 60 tonnes.", ["It carries 40 tonnes."]).reasons[0]
    assert "negated" in VERIFIER.verify("It is not open.", ["It is open."]).reasons[0]
    assert "must" in VERIFIER.verify("You must fire.", ["You may fire."]).reasons[0]
    assert "truck" in " ".join(VERIFIER.verify("Trucks cross the ford.", ["Tanks cross the ford."]).reasons)


def test_a_lower_threshold_lets_more_pass_and_never_a_word_that_is_not_there() -> None:
    # The bridge may be another one than the emergency bridge.
    claim, text = "De brug is gesloten.", "De noodbrug is gesloten."
    assert CheckingVerifier(coverage=0.5).verify(claim, [text]).verdict is SUPPORTED
    assert VERIFIER.verify(claim, [text]).verdict is not SUPPORTED
    assert CheckingVerifier(coverage=0.0).verify("Trucks wait.", ["Tanks wait."]).verdict is not SUPPORTED


def test_a_claim_of_many_sentences_is_not_checked_for_minutes() -> None:
    judged = VERIFIER.verify("the ford, the bridge and " * 200, ["the ford, and the bridge " * 2000])
    assert judged.verdict is UNSUPPORTED
    assert "longer" in judged.reasons[0]


def test_a_word_without_end_takes_no_time_and_stays_itself() -> None:
    began = time.perf_counter()
    assert verdict("The ford is open.", "x" * 20_000) is UNSUPPORTED
    assert verdict("De noodbrug is open.", "noodbrug" * 2_500) is UNSUPPORTED
    assert verdict("The code " + "7" * 800 + " is open.", "The code " + "7" * 801 + " is open.") is not SUPPORTED
    assert time.perf_counter() - began < 3


def test_a_long_text_is_read_in_time() -> None:
    text = " ".join(f"Word{number} moves from place{number} to spot{number * 7}." for number in range(1_250))
    text += " The ferry waits at Ede."
    began = time.perf_counter()
    assert verdict("At Ede the ferry waits.", text) is SUPPORTED
    assert time.perf_counter() - began < 5


@given(st.text(max_size=300), st.text(min_size=1, max_size=300))
def test_any_claim_gets_a_verdict_beside_any_text(claim: str, text: str) -> None:
    assert verdict(claim, text) in (SUPPORTED, PARTLY, UNSUPPORTED)


def test_the_fitted_threshold_is_a_share() -> None:
    assert 0.5 <= fitted_coverage() <= 1


_ACTORS = st.sampled_from(["Alpha Company", "Bravo Company", "Colonel Vermeer", "Norway", "2 Battalion", "7 Squadron"])


@given(st.lists(_ACTORS, min_size=2, max_size=2, unique=True), st.sampled_from(["relieves", "supports", "covers"]))
def test_two_names_in_each_others_place_lose_support_in_either_voice(names: list[str], verb: str) -> None:
    one, other = names
    text = f"During the attack {one} {verb} {other}."
    passive = f"{verb.removesuffix('s')}d".replace("supportd", "supported").replace("coverd", "covered")
    assert verdict(f"During the attack {other} {verb} {one}.", text) is not SUPPORTED
    assert verdict(f"{one} is {passive} by {other}.", text) is not SUPPORTED


@given(st.integers(2, 9_999), st.integers(2, 9_999), st.sampled_from(["trucks", "tonnes", "soldiers", "km"]))
def test_another_number_is_never_supported(number: int, other: int, of: str) -> None:
    text = f"The convoy counts {number} {of} in all."
    assert (verdict(f"In all the convoy counts {other} {of}.", text) is SUPPORTED) == (number == other)
