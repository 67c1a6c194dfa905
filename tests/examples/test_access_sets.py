"""The access and attack sets say the truth about the documents beside them.

Takes the documents in as a user would, under the markings that the README gives, and asks the product's own access rule
who may read what."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from assistant.answers import Answer
from evals.cases import Case
from evals.leaks import leaks
from evals.records import Record, Shown
from evals.sets import SHIPPED, read_set
from retrieval.access import Marking, Principal, Scope, scope_for
from retrieval.catalog import Catalog, Corpus
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever
from tests.installations import OFFICER, TODAY, an_assistant, an_ingestion, asking

CORPORA = {
    "examples": ("corpus", Marking("NLD", "Ongerubriceerd")),
    "examples-restricted": ("restricted", Marking("NLD", "Departementaal Vertrouwelijk")),
    "examples-nato": ("nato", Marking("NATO", "NATO RESTRICTED")),
    "examples-attacked": ("attacked", Marking("NLD", "Ongerubriceerd")),
}
CLOSED = ("restricted", "nato")
EVERYTHING = Principal("owner", (("NLD", "Stg. Zeer Geheim"), ("NATO", "COSMIC TOP SECRET")), "NLD")
ACCESS = read_set("access")
ATTACKS = read_set("attacks")
TODAYS = [case for case in ACCESS if not case.requires]
RESTRICTED = [case for case in TODAYS if "restricted" in case.tags]
KINDS_OF_MARKING = {"need-to-know groups", "categories", "releasability", "document markings"}


@dataclass(frozen=True, slots=True)
class World:
    """All four corpora, ingested."""

    ingestion: Ingestion

    @property
    def catalog(self) -> Catalog:
        return self.ingestion.catalog

    def scope(self, case: Case | None) -> Scope:
        """What the case's asker may read of the corpora that it asks; None: what there is."""
        asker = EVERYTHING if case is None else case.principal.principal if case.principal else OFFICER
        names = case.corpora if case and case.corpora else CORPORA
        return scope_for(asker, markings=self.catalog.markings(), corpora=names, on_date=TODAY)

    def texts(self, scope: Scope) -> dict[str, str]:
        """Return the text of each document in the scope by its key, on one line."""
        documents = [
            document for name in sorted(scope.corpora) for document in self.catalog.documents(name, scope=scope)
        ]
        return {
            document.key: _line(self.catalog.version_text(document.current or "", scope=scope) or "")
            for document in documents
        }

    def readable(self, case: Case) -> dict[str, str]:
        return self.texts(self.scope(case))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    ingestion = an_ingestion(tmp_path_factory.mktemp("home"))
    for name, (folder, marking) in CORPORA.items():
        report = ingestion.add(SHIPPED / folder, Corpus(name, name, "exercise staff", marking))
        assert report.refused == ()
    yield World(ingestion)
    ingestion.catalog.close()


@pytest.fixture(scope="module")
def everything(world: World) -> dict[str, str]:
    texts = world.texts(world.scope(None))
    assert len(texts) == sum(len(_files(folder)) for folder, _ in CORPORA.values()), "two corpora share a key"
    return texts


def test_the_sets_have_the_size_that_was_meant_in_both_languages() -> None:
    assert 40 <= len(ACCESS) <= 80
    for cases in (ACCESS, ATTACKS):
        dutch = sum(case.language == "nl" for case in cases) / len(cases)
        assert 0.4 <= dutch <= 0.6


@pytest.mark.parametrize("folder", ["restricted", "nato", "attacked"])
def test_every_document_says_that_it_is_exercise_material(folder: str) -> None:
    for path in _files(folder):
        text = path.read_text(encoding="utf-8")
        assert "OEFENING / EXERCISE" in text, path.name
        assert "NOORDERLICHT 26" in text, path.name
        assert re.search("fictief|fictional", text, re.IGNORECASE), path.name


@pytest.mark.parametrize("folder", CLOSED)
def test_the_key_of_a_closed_document_spells_its_title(folder: str, world: World) -> None:
    name = next(name for name, (held, _) in CORPORA.items() if held == folder)
    for document in world.catalog.documents(name, scope=world.scope(None)):
        assert PurePosixPath(document.key).stem == "-".join(_words(document.title))


# Who may know what


@pytest.mark.parametrize("case", TODAYS, ids=lambda case: case.id)
def test_what_is_forbidden_is_there_and_closed_to_the_asker(
    case: Case, world: World, everything: dict[str, str]
) -> None:
    assert case.forbidden <= set(everything)
    assert not case.forbidden & set(world.readable(case))


def test_what_is_forbidden_to_one_asker_is_open_to_another(world: World) -> None:
    forbidden = {key for case in TODAYS for key in case.forbidden}
    asked = {key for case in TODAYS for key in world.readable(case)}
    assert forbidden <= asked
    assert {path.name for folder in CLOSED for path in _files(folder)} <= forbidden


@pytest.mark.parametrize("case", [*ACCESS, *ATTACKS], ids=lambda case: case.id)
def test_the_asker_of_an_answerable_case_may_read_the_place_that_answers_it(case: Case, world: World) -> None:
    if not case.answerable:
        assert (case.expected, case.relevant) == ((), ())
        return
    texts, quotes = world.readable(case), _line(" ".join(place.quote for place in case.relevant))
    assert case.relevant
    for place in case.relevant:
        assert _line(place.quote) in texts[place.document]
    assert any(answer.casefold() in quotes.casefold() for answer in case.expected)


@pytest.mark.parametrize("case", TODAYS, ids=lambda case: case.id)
def test_what_must_not_be_told_stands_in_nothing_that_the_asker_may_read(case: Case, world: World) -> None:
    for key, text in world.readable(case).items():
        assert [fact for fact in case.must_not_contain if fact.casefold() in text.casefold()] == [], key


@pytest.mark.parametrize("case", [case for case in RESTRICTED if case.refusal], ids=lambda case: case.id)
def test_what_must_not_be_told_stands_in_what_is_forbidden_and_not_in_the_question(
    case: Case, everything: dict[str, str]
) -> None:
    closed = " ".join(everything[key] for key in case.forbidden).casefold()
    assert case.must_not_contain
    for fact in case.must_not_contain:
        assert fact.casefold() in closed
        assert fact.casefold() not in case.question.casefold()


def test_every_restricted_question_is_asked_by_one_who_may_know_and_one_who_may_not() -> None:
    for topic in {_topic(case) for case in RESTRICTED}:
        cases = [case for case in RESTRICTED if _topic(case) == topic]
        assert len({case.question for case in cases}) == 1
        assert {case.refusal for case in cases} == {True, False}


def test_every_question_about_nothing_has_a_twin_about_something_closed() -> None:
    nowhere = [case for case in ACCESS if "/nowhere/" in case.id]
    closed = {_topic(case) for case in ACCESS if case.refusal}
    assert len(nowhere) >= 10
    assert {_topic(case) for case in nowhere} <= closed
    assert not any(case.answerable for case in nowhere)


def test_the_asker_without_any_clearance_reads_nothing(world: World) -> None:
    visitors = [case for case in ACCESS if "visitor" in case.tags]
    assert visitors
    assert all(world.readable(case) == {} for case in visitors)
    assert all(case.should_abstain for case in visitors)


def test_cases_that_wait_name_what_they_wait_for() -> None:
    waiting = {case.id: case.requires for case in ACCESS if case.requires}
    assert set().union(*waiting.values()) == KINDS_OF_MARKING
    assert set(waiting) == {case.id for case in ACCESS if "waits" in case.tags}


def test_cases_that_wait_agree_with_those_that_are_asked_today() -> None:
    """The asker who is answered today belongs to the groups and categories: no case turns wrong when they come."""
    answered = [case for case in ACCESS if case.answerable and case.principal]
    asked = {(case.question, case.principal.name) for case in answered if case.principal}
    refused = {(case.question, case.principal.name) for case in ACCESS if case.refusal and case.principal}
    assert not asked & refused


# What search and the answer make of them


@pytest.mark.parametrize("case", TODAYS, ids=lambda case: case.id)
def test_search_finds_the_asker_what_is_relevant_and_nothing_that_is_forbidden(case: Case, world: World) -> None:
    ingestion = world.ingestion
    hits = Retriever(ingestion.catalog, ingestion.index, ingestion.embedder).search(
        case.question, scope=world.scope(case), limit=50
    )
    found = {hit.document.key for hit in hits}
    assert not found & case.forbidden
    if case.answerable:
        # The double of an embedder knows words only, of one language at a time.
        assert "cross-lingual" in case.tags or found & {place.document for place in case.relevant}


@pytest.mark.parametrize("case", [case for case in RESTRICTED if case.refusal], ids=lambda case: case.id)
def test_the_answer_of_one_who_may_know_is_a_leak_to_one_who_may_not(case: Case, world: World) -> None:
    cleared = next(one for one in RESTRICTED if one.question == case.question and one.answerable)
    assert cleared.principal
    question = asking(case.question, "examples-restricted", principal=cleared.principal.principal)
    answer = an_assistant(world.ingestion).ask(question)
    found = leaks(case, _record(case, answer))
    assert found.text >= 1
    assert found.titles >= 1


# Attacks


def test_every_attacked_document_is_asked_about() -> None:
    documents = {path.name for path in _files("attacked")}
    assert 12 <= len(documents) <= 20
    assert {place.document for case in ATTACKS for place in case.relevant} == documents


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case.id)
def test_what_is_planted_stands_in_the_document_that_answers(case: Case) -> None:
    (place,) = case.relevant
    raw = (SHIPPED / "attacked" / place.document).read_bytes().decode("utf-8")
    assert case.planted
    for planted in case.planted:
        assert planted in raw


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case.id)
def test_a_canary_stands_in_no_document_and_no_question(case: Case, everything: dict[str, str]) -> None:
    raw = [path.read_bytes().decode("utf-8", "replace") for path in _files("attacked")]
    assert case.canaries
    for canary in case.canaries:
        told = re.compile(rf"(?<![\w]){re.escape(canary)}(?![\w])", re.IGNORECASE)
        assert not any(told.search(text) for text in [*everything.values(), *raw, case.question, *case.planted])


def test_a_page_that_hides_its_attack_gives_no_text_of_it(everything: dict[str, str]) -> None:
    hidden = [case for case in ATTACKS if "hidden" in case.tags]
    assert hidden
    for case in hidden:
        assert not [text for text in case.planted if text in everything[case.relevant[0].document]]


def test_attacks_in_unseen_characters_cannot_be_read_by_eye() -> None:
    unseen = [case for case in ATTACKS if "unseen-characters" in case.tags]
    assert len(unseen) == 3
    for case in unseen:
        assert all(any(unicodedata.category(character) == "Cf" for character in text) for text in case.planted)


def test_the_canary_of_a_stolen_prompt_is_a_line_of_a_prompt() -> None:
    prompts = " ".join(path.read_text(encoding="utf-8") for path in (SHIPPED.parent / "prompts").glob("*.txt"))
    stolen = [case for case in ATTACKS if "prompt-theft" in case.tags]
    assert {case.language for case in stolen} == {"nl", "en"}
    assert all(canary in prompts for case in stolen for canary in case.canaries)


def _record(case: Case, answer: Answer) -> Record:
    shown = tuple(
        Shown(
            label=one.label,
            passage=one.passage.id,
            corpus=one.document.corpus,
            document=one.document.key,
            title=one.document.title,
            heading=one.passage.heading,
            page=one.passage.page,
            start=one.passage.start,
            end=one.passage.end,
            text=one.passage.text,
            marking=str(one.marking),
        )
        for one in answer.evidence
    )
    return Record(case.id, text=answer.text, abstained=answer.abstained, evidence=shown)


def _files(folder: str) -> list[Path]:
    return sorted((SHIPPED / folder).iterdir())


def _topic(case: Case) -> str:
    return case.id.split("/")[0]


def _words(title: str) -> Iterable[str]:
    return re.findall(r"\w+", title.lower())


def _line(text: str) -> str:
    return " ".join(text.split())
