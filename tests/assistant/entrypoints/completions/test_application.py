"""Chat completions, by the client that others use for them, from a server as it is run."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from markdown_it import MarkdownIt

from assistant.answers import Turn
from tests.assistant.entrypoints.programs.house import WeightlessInstallation, an_installation, served

QUESTION = "When is the bridge at Kruisvoorde closed to tracked vehicles?"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> WeightlessInstallation:
    return an_installation(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def address(installation: WeightlessInstallation) -> Iterator[str]:
    with served(installation) as address:
        yield address


def client(address: str, token: str = "token-b") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}/v1", api_key=token, max_retries=0)


def ask(address: str, text: str, *, token: str = "token-b", **more: Any) -> Any:
    told = {"model": "stafwijzer", "messages": [{"role": "user", "content": text}], **more}
    return client(address, token).chat.completions.create(**told)


def test_a_completion_has_its_citations_where_they_stand(address: str) -> None:
    completion = ask(address, QUESTION)
    message = completion.choices[0].message
    assert message.content.startswith("The bridge at Kruisvoorde is closed")
    assert message.content.endswith("\n\nMarking: Ongerubriceerd")
    cited = message.annotations[0].url_citation
    assert message.content[cited.start_index : cited.end_index] == (
        "The bridge at Kruisvoorde is closed to tracked vehicles from 060400A until 071800A. [1]"
    )
    assert cited.url.startswith(f"{address}/documents/of/")
    assert cited.url.endswith("?start=32&end=115")
    assert cited.title == "Route card AMBER"
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens > 0


def test_what_a_completion_has_no_field_for_stands_beside_it(address: str) -> None:
    told = ask(address, QUESTION).model_extra["stafwijzer"]
    assert told["marking"]["level"] == "Ongerubriceerd"
    assert [claim["verdict"] for claim in told["claims"]] == ["supported", "supported"]
    assert told["claims"][0]["citations"][0]["quote"].startswith("The bridge at Kruisvoorde")


def test_streamed_pieces_make_the_same_answer(address: str) -> None:
    whole = ask(address, QUESTION)
    pieces = list(ask(address, QUESTION, stream=True, stream_options={"include_usage": True}))
    choices = [piece.choices[0] for piece in pieces if piece.choices]
    assert "".join(one.delta.content or "" for one in choices) == whole.choices[0].message.content
    assert [one.finish_reason for one in choices][-1] == "stop"
    assert choices[-1].delta.model_extra["annotations"] == [
        one.model_dump() for one in whole.choices[0].message.annotations
    ]
    assert pieces[-1].usage == whole.usage
    assert len([one for one in choices if one.delta.content]) > 2


def test_an_earlier_turn_is_what_a_follow_up_refers_to(address: str, installation: WeightlessInstallation) -> None:
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "From 060400A until 071800A [1]"},
        {"role": "user", "content": "And for wheeled vehicles?"},
    ]
    client(address).chat.completions.create(model="stafwijzer", messages=messages)  # type: ignore[call-overload]
    last = [one for one in installation.journal.read() if one.kind == "answer"][-1]
    turn = Turn(QUESTION, "From 060400A until 071800A [1]")
    assert last.body["asked"]["history"] == [{"question": turn.question, "answer": turn.answer}]


def test_a_corpus_is_a_model_for_those_who_may_know_of_it(address: str) -> None:
    assert [one.id for one in client(address).models.list()] == ["stafwijzer", "stafwijzer/orders"]
    assert "stafwijzer/secrets" in [one.id for one in client(address, "token-a").models.list()]
    assert ask(address, "Where is the ferry?", model="stafwijzer/orders").choices[0].message.content
    told = []
    for name in ("stafwijzer/secrets", "stafwijzer/nothing"):
        with pytest.raises(openai.NotFoundError) as caught:
            ask(address, "Where is the ferry?", model=name)
        with pytest.raises(openai.NotFoundError) as of_model:
            client(address).models.retrieve(name)
        told += [caught.value.response.content, of_model.value.response.content]
    assert len(set(told)) == 1


def test_a_completion_stays_within_the_holders_scope(address: str) -> None:
    text = "Where does the reserve crossing DIPPER lie?"
    assert "old ferry ramp" in ask(address, text, token="token-a").choices[0].message.content
    assert "old ferry ramp" not in str(ask(address, text))


def test_a_document_cannot_make_a_link_or_a_picture_in_what_shows_the_answer(address: str) -> None:
    content = ask(address, "Where is the notice for the ferry?").choices[0].message.content
    assert "evil" in content
    shown = MarkdownIt("commonmark", {"html": True}).render(content)
    assert not any(effect in shown for effect in ("<a", "<img", "<b>"))
    # Automatic links are an extension: clients look for them in the source.
    assert "http://" not in content
    assert "www.evil" not in content


def test_errors_are_those_that_the_client_knows(address: str) -> None:
    with pytest.raises(openai.AuthenticationError):
        ask(address, "x", token="wrong")
    with pytest.raises(openai.PermissionDeniedError):
        ask(address, "x", token="token-nothing")
    with pytest.raises(openai.BadRequestError) as caught:
        ask(address, "x", tools=[{"type": "function", "function": {"name": "f"}}])
    assert "'tools' is not supported" in caught.value.message
    with pytest.raises(openai.BadRequestError) as caught:
        ask(address, "x", extra_body={"corpora": ["secrets"]})
    assert (caught.value.code, caught.value.param) == ("unknown_parameter", "corpora")
    with pytest.raises(openai.BadRequestError):
        ask(address, " ", stream=True)
