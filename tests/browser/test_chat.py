"""The chat in a real browser, from signing in to reading the quoted passage."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ANSWER, STEP, USER, Served, Visit, serving
from tests.browser.player import ANSWERED, CLOSED, HOSTILE, LATER, ROUTE

pytestmark = pytest.mark.browser

Visiting = Callable[..., Visit]


def test_a_wrong_password_is_refused_in_the_readers_language(served: Served, visit: Visiting) -> None:
    one = visit(served, "nl-NL")
    one.sign_in("wrong")
    expect(one.page.get_by_text("Naam of wachtwoord klopt niet, of")).to_be_visible()
    expect(one.page.locator("#chat-input")).to_have_count(0)


def test_sources_stand_there_before_the_answer_does(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("Is the bridge open?", wait=False)
    sources = one.page.locator(STEP, has_text="Sources (2)")
    expect(sources).to_contain_text("OPORD 01 WINTERGRUTTO")
    expect(sources).to_contain_text("p. 3 · undated · Ongerubriceerd")
    assert one.page.locator(ANSWER).count() == 0
    expect(one.page.locator(ANSWER)).to_contain_text(CLOSED)
    expect(one.page.locator(STEP, has_text="Waiting for the language model; 2 before you")).to_be_visible()
    draft = one.page.locator(STEP, has_text="Draft, not yet checked")
    expect(draft).to_contain_text("It is ![pink](https://evil.example/p.png)")
    expect(draft.locator("img:visible, a")).to_have_count(0)
    expect(draft).to_have_count(0)
    answer = one.page.locator(ANSWER)
    expect(answer).to_contain_text(re.compile(rf"In short \(checked\)\s*{re.escape(ANSWERED)}"))
    expect(answer).to_contain_text("1 statement by the model could not be verified and is not shown.")
    expect(answer).to_contain_text("✓ verified supported by the source named")
    expect(answer).to_contain_text("Marking of this answer: Ongerubriceerd")
    expect(answer).to_contain_text("Answered in 1.2 s")
    assert "pink" not in answer.inner_text()


def test_a_label_opens_its_passage_with_every_quote_from_it_in_bold(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    answer = one.ask("quick: is the bridge open?")
    assert one.page.locator("#side-view-content").count() == 0
    panel = one.open_passage(answer, "[1]")
    expect(one.page.locator("#side-view-title")).to_have_text("[1]")
    expect(panel).to_contain_text("OPORD 01 WINTERGRUTTO, p. 3")
    expect(panel).to_contain_text(
        re.compile(r"exercise/orders/opord-01\.pdf · version v1 · undated · in force on [-0-9]{10} · Onge")
    )
    expect(panel.get_by_role("link", name="Open the page")).to_have_attribute(
        "href", re.compile(r"/documents/of/v1\?start=115&end=\d+#quote$")
    )
    expect(panel).to_contain_text("3. Execution > ROUTE AMBER")
    bold = panel.locator(".font-bold").all_inner_texts()
    assert bold == [CLOSED, "Wheeled vehicles up to MLC 40 may cross one at a time."]
    # To the letter: colons, double spaces, empty lines and indentation.
    assert panel.locator(".side-text > div").last.inner_text() == ROUTE
    assert one.open_passage(answer, "[2]").locator(".font-bold").count() == 1


def test_the_quote_is_in_sight_when_its_passage_is_long(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    panel = one.open_passage(one.ask("long"), "[1]")
    expect(panel.locator(".font-bold")).to_be_in_viewport()


def test_buttons_have_names_and_the_page_a_language(served: Served, visit: Visiting) -> None:
    one = visit(served, "nl-NL")
    one.sign_in()
    assert one.page.get_attribute("html", "lang") == "nl"
    expect(one.page.get_by_role("button", name="Vraag stellen")).to_be_visible()
    expect(one.page.get_by_role("button", name="Nieuw gesprek")).to_be_visible()


def test_copying_an_answer_gives_its_text(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    one.sign_in()
    one.ask("quick bridge").locator("button:has(svg.lucide-copy)").click()
    one.page.locator("svg.lucide-check").wait_for()
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert CLOSED in copied
    assert ANSWERED in copied
    assert "&#" not in copied


def test_the_keyboard_suffices(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.page.goto(served.address)
    one.page.wait_for_selector("#email:focus")
    for text, key in [(served.user, "Tab"), (served.password, "Enter")]:
        one.page.keyboard.insert_text(text)
        one.page.keyboard.press(key)
    one.page.wait_for_selector("#chat-input")
    one.page.focus("#chat-input")
    one.page.keyboard.insert_text("quick bridge")
    one.page.wait_for_selector("#chat-submit:enabled")
    one.page.keyboard.press("Enter")
    expect(one.page.locator(ANSWER)).to_contain_text(ANSWERED)
    one.page.locator(f"{ANSWER} a.element-link").first.focus()
    one.page.keyboard.press("Enter")
    expect(one.page.locator("#side-view-content .font-bold").first).to_have_text(CLOSED)


def test_a_question_is_shown_as_it_was_typed(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    question = "quick: see ref:alpha **now** <b>x</b> ![](https://evil.example/q.png) ::note[x]"
    one.ask(question)
    assert one.page.locator(USER).inner_text().strip() == question


def test_stop_ends_the_model_and_says_so(served: Served, visit: Visiting) -> None:
    one = visit(served, "nl-NL")
    one.sign_in()
    answer = one.ask("slow", wait=False)
    expect(one.page.locator(STEP, has_text="Concept, nog niet gecontroleerd")).to_contain_text("more more")
    assert "the model stopped" not in served.said
    one.page.click("#stop-button")
    expect(answer).to_contain_text("Gestopt op uw verzoek. Dit antwoord is niet af.")
    expect(answer).to_contain_text("Wheeled vehicles up to MLC 40")
    expect(one.page.locator(STEP, has_text="Concept")).to_have_count(0)
    expect(one.page.get_by_text("Task manually stopped")).to_have_count(0)
    for _ in range(50):
        if "the model stopped" in served.said:
            break
        one.page.wait_for_timeout(100)
    assert "the model stopped" in served.said
    expect(one.ask("quick bridge")).to_contain_text(ANSWERED)


def test_a_defect_shows_a_sentence_and_a_number_that_the_log_explains(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    shown = one.ask("broken").inner_text()
    assert "Something went wrong in the program." in shown
    assert "secret inside" not in shown
    reference = re.search(r"Reference ([0-9A-F]{4}-[0-9A-F]{4})\.", shown)
    assert reference is not None
    _, _, logged = served.log.partition(reference[1])
    assert "Traceback" in logged
    assert "the secret inside of the program" in logged


def test_what_a_person_can_mend_is_told_with_how(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    expect(one.ask("unavailable")).to_contain_text(
        re.compile(
            r"The model file x\.gguf cannot be read\. Set model\.path in stafwijzer\.toml\. Reference [0-9A-F-]{9}"
        )
    )


def test_an_answer_that_is_not_there_lists_the_nearest_passages_as_nearest(served: Served, visit: Visiting) -> None:
    one = visit(served, "nl-NL")
    one.sign_in()
    answer = one.ask("nothing")
    expect(answer).to_contain_text("This is not in the documents that were searched (exercise).")
    expect(answer).to_contain_text("De bronnen hierboven zijn de dichtstbijzijnde")
    expect(one.page.locator(STEP)).to_contain_text("Dichtstbijzijnde passages")
    expect(answer).to_contain_text("Wat de documenten er wel over zeggen")
    panel = one.open_passage(answer, "[1]")
    expect(panel).to_contain_text("OPORD 01, blz. 3")
    expect(panel.locator(".font-bold")).to_have_text(CLOSED)


def test_an_abstention_becomes_a_request_that_can_be_copied(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    one.sign_in()
    one.ask("nothing <b>x</b>")
    one.page.get_by_role("button", name="Draft a request for information").click()
    request = one.page.locator(ANSWER).last
    expect(request).to_contain_text("REQUEST FOR INFORMATION (draft)")
    expect(one.page.get_by_role("button", name="Draft a request for information")).to_have_count(0)
    request.locator("button:has(svg.lucide-copy)").click()
    request.locator("svg.lucide-check").wait_for()
    copied = one.page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[0] == "Marking: Ongerubriceerd"
    assert "To: G3 plans" in copied
    assert "Question: nothing <b>x</b>" in copied
    # An answer that there is comes without.
    one.ask("quick bridge")
    expect(one.page.get_by_role("button", name="Draft a request for information")).to_have_count(0)


def test_a_conflict_shows_each_value_with_its_document_and_what_decides(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    answer = one.ask("contradict")
    expect(answer.get_by_role("heading", name="Sources contradict each other")).to_be_visible()
    rows = [row.locator("th, td").all_inner_texts() for row in answer.get_by_role("row").all()]
    assert rows == [
        ["Value", "Document", "Date", "Marking", "Status"],
        ["until 071800A", "[1] OPORD 01 WINTERGRUTTO, p. 3", "undated", "Ongerubriceerd", "in force"],
        ["until 081800A", "[2] FRAGO 02", "2026-02-03", "Ongerubriceerd", "in force, prevails"],
    ]
    expect(answer).to_contain_text("[2] prevails: it is the newest document.")
    expect(answer).to_contain_text("⇄ contradicted another source contradicts this")
    answer.get_by_role("row").last.locator("a.element-link").click()
    expect(one.page.locator("#side-view-content .font-bold")).to_have_text(LATER)


def test_a_value_that_is_written_as_markup_stays_in_its_cell(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    answer = one.ask("contradict markup")
    cells = answer.get_by_role("row").last.locator("td")
    assert cells.count() == 5
    assert cells.first.inner_text() == " ".join(HOSTILE.split())
    assert cells.first.locator("a, img, script, b, code, del, strong").count() == 0


def test_what_is_searched_for_is_shown_and_can_be_given_anew(served: Served, visit: Visiting) -> None:
    one = visit(served, "nl-NL")
    one.sign_in()
    answer = one.ask("follow", wait=False)
    expect(one.page.locator(STEP)).to_contain_text("Gezocht naar: Is the bridge open? And when does it close?")
    expect(answer).to_contain_text("Gezocht naar: Is the bridge open? And when does it close?")
    expect(answer).to_contain_text("Ook apart gezocht: Is the bridge open? · When does it close?")
    other = one.page.get_by_role("button", name="Andere zoekvraag")
    other.focus()
    one.page.keyboard.press("Enter")
    expect(one.page.locator(ANSWER).last).to_contain_text(
        "Uw volgende bericht is de zoekvraag bij uw eerdere vraag: follow"
    )
    found = one.ask("the ferry at 31U:FT")
    expect(found).to_contain_text("Gezocht naar: the ferry at 31U:FT")
    expect(found).to_contain_text("Found for: the ferry at 31U:FT")
    expect(one.page.get_by_role("button", name="Laat maar")).to_have_count(0)
    # What comes after it is a question again, and follows up what was searched for.
    expect(one.ask("recall")).to_contain_text("the ferry at 31U:FT > ")


def test_the_next_message_is_what_was_asked_for_last(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("follow")
    one.page.get_by_role("button", name="Search for something else").click()
    expect(one.page.get_by_role("button", name="Keep it as it was")).to_be_visible()
    for name in ("Not right", "Say why"):
        one.page.get_by_role("button", name=name).click()
    expect(one.page.get_by_role("button", name="Keep it as it was")).to_have_count(0)
    one.page.get_by_role("button", name="Never mind").click()
    expect(one.ask("recall")).to_contain_text("Before: follow > ")


def test_what_could_not_be_verified_is_struck_through_with_the_reason(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    answer = one.ask("strike")
    expect(answer.get_by_role("heading", name="Could not be verified")).to_be_visible()
    assert answer.locator("del").inner_text() == "It is pink."
    expect(answer).to_contain_text("✗ not verifiable (not in the cited text: pink)")
    expect(answer).to_contain_text("do not answer this part of the question: Who opens it again?")


def test_the_time_that_it_takes_is_in_sight_while_it_runs(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("slow", wait=False)
    expect(one.page.locator(STEP, has_text=re.compile(r"Draft, not yet checked · [12] s"))).to_be_visible()
    one.page.click("#stop-button")
    expect(one.page.locator(STEP, has_text="Draft")).to_have_count(0)


def test_earlier_turns_of_the_conversation_go_along_until_a_new_one(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("nothing at all")
    expect(one.ask("recall")).to_contain_text("Before: nothing at all > This is not in the documents")
    expect(one.ask("recall")).to_contain_text("| recall > Before: nothing at all")
    one.page.click("#new-chat-button")
    one.page.click("#confirm")
    expect(one.page.locator(ANSWER)).to_have_count(0)
    expect(one.ask("recall")).to_contain_text("Before: .")


def test_a_document_that_is_written_as_markup_shows_as_text(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    answer = one.ask("hostile")
    panel = one.open_passage(answer, "[1]")
    passage = panel.locator(".side-text > div").last
    assert passage.inner_text() == HOSTILE
    assert passage.locator(".font-bold").inner_text() == HOSTILE
    assert "<b>key</b>.md" in panel.inner_text()
    for shown in (panel, answer.locator(".message-content")):
        links = shown.locator("a:not(.element-link, [href^='/documents/of/'], [href^='/answers/'])")
        active = shown.locator(
            "img, video, script, b, h1, h2, h3, li, pre, code, table, del, input, [class*=rounded-lg]"
        )
        assert (links.count(), active.count()) == (0, 0)
    # The only link is ours: a '[1]' in the document is not.
    assert answer.locator("a.element-link").count() == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl-NL", ["Stel een vraag aan uw documenten", "Bronnen (2)", "Kort gezegd (gecontroleerd)", "blz. 3"]),
        ("en-GB", ["Ask your documents a question", "Sources (2)", "In short (checked)", "p. 3"]),
        ("de-DE", ["Ask your documents a question", "Sources (2)", "In short (checked)", "p. 3"]),
    ],
)
def test_the_interface_speaks_the_browsers_language(
    served: Served, visit: Visiting, language: str, words: list[str]
) -> None:
    one = visit(served, language)
    one.sign_in()
    assert words[0] in one.page.content()
    one.ask("quick bridge")
    for word in words[1:]:
        expect(one.page.locator("body")).to_contain_text(word)


def test_signing_out_ends_the_session_and_its_token(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    cookies = one.page.context.cookies()
    session = next(cookie for cookie in cookies if cookie["name"].startswith("stafwijzer_"))
    assert session["httpOnly"]
    assert session["sameSite"] == "Strict"
    one.page.click("#user-nav-button")
    one.page.get_by_text("Sign out").click()
    one.page.wait_for_selector("#email")
    one.page.context.add_cookies([{"name": session["name"], "value": session["value"], "url": served.address}])
    one.page.goto(served.address)
    one.page.wait_for_selector("#email")


def test_the_real_assistant_answers_from_real_documents(tmp_path: Path, visit: Visiting) -> None:
    with serving(tmp_path, "real") as real:
        one = visit(real, "nl-NL")
        one.sign_in()
        answer = one.ask("Until when is the bridge closed to tracked vehicles?")
        expect(answer).to_contain_text(CLOSED)
        expect(answer).to_contain_text(re.compile(r"Kort gezegd \(gecontroleerd\)\s*The bridge is closed to tracked"))
        expect(answer).to_contain_text("1 bewering van het model kon niet worden gecontroleerd")
        assert "pink" not in answer.inner_text()
        panel = one.open_passage(answer, "[1]")
        assert CLOSED in panel.locator(".font-bold").all_inner_texts()
        expect(panel).to_contain_text("exercise/route-card.md · versie")
        one.ask("And wheeled vehicles?")
        assert real.stop() == 0
        assert "2 in the journal" in real.said


def test_a_question_before_the_models_are_there_waits_and_says_so(tmp_path: Path, visit: Visiting) -> None:
    with serving(tmp_path, "late") as late:
        one = visit(late)
        one.sign_in()
        answer = one.ask("quick bridge", wait=False)
        expect(one.page.locator(STEP)).to_contain_text("The models are still being loaded")
        expect(answer).to_contain_text(ANSWERED)
        expect(one.page.get_by_text("The models are still being loaded")).to_have_count(0)


def test_a_model_that_is_not_there_is_told_at_the_question(tmp_path: Path, visit: Visiting) -> None:
    with serving(tmp_path, "missing") as missing:
        one = visit(missing)
        one.sign_in()
        shown = one.ask("quick bridge").inner_text()
        assert "The model file x.gguf cannot be read. Set model.path in stafwijzer.toml. Reference" in shown
        assert "Traceback" not in missing.log
