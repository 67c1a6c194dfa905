"""Answers through their door."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request

from assistant.entrypoints.answers import answers_door
from assistant.entrypoints.answers.routes import MOST_ANSWERS
from assistant.entrypoints.pages import Frame
from assistant.service import Assistant
from retrieval.access import METADATA_ONLY, Principal
from tests.installations import OFFICER, OPEN, a_corpus, an_assistant, an_ingestion, asking

_READERS = {
    "officer": OFFICER,
    "another": replace(OFFICER, name="another"),
    "support": replace(OFFICER, roles=frozenset({METADATA_ONLY})),
}


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "order.md").write_text("# Order\n\nThe convoy crosses the bridge at Kruisvoorde at 05:15.\n")
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus())
    yield an_assistant(ingestion)
    ingestion.catalog.close()


def test_an_answer_is_a_file_to_keep(assistant: Assistant) -> None:
    answer = assistant.ask(asking("When does the convoy cross?"))
    for format, begins in (("docx", b"PK"), ("md", b"**Rubricering")):
        response = get(assistant, f"/answers/{answer.id}/export/{format}")
        assert response.status_code == 200
        named = f'attachment; filename="answer-{answer.id[:8]}.{format}"'
        assert response.headers["content-disposition"] == named
        assert response.content.startswith(begins)
    assert str(OPEN) in response.text


def test_what_is_not_there_and_what_is_not_yours_look_the_same(assistant: Assistant) -> None:
    answer = assistant.ask(asking("When does the convoy cross?"))
    paths = [f"/answers/{answer.id}/export/md", "/answers/no-such/export/md", f"/answers/{answer.id},x/export/docx"]
    told = {(one.status_code, one.text) for one in (get(assistant, path, reader="another") for path in paths)}
    assert len(told) == 1
    assert told.pop()[0] == 404


def test_who_reads_no_text_or_is_nobody_gets_none(assistant: Assistant) -> None:
    answer = assistant.ask(asking("When does the convoy cross?"))
    assert get(assistant, f"/answers/{answer.id}/export/md", reader="support").status_code == 403
    assert get(assistant, f"/answers/{answer.id}/export/md", reader="").status_code == 303


@pytest.mark.parametrize(
    "path", ["x/export/exe", "x/export/md/y", ",".join(map(str, range(MOST_ANSWERS + 1))) + "/export/md"]
)
def test_odd_addresses_lead_nowhere(assistant: Assistant, path: str) -> None:
    assert get(assistant, f"/answers/{path}").status_code == 404


def get(assistant: Assistant, path: str, *, reader: str = "officer") -> httpx.Response:
    async def identify(request: Request) -> Principal | None:
        return _READERS.get(reader)

    catalog = assistant.retriever.catalog
    door = answers_door(identify, Frame([]), journal=lambda: assistant.journal, catalog=lambda: catalog)
    app = FastAPI()
    app.include_router(door.router)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return await client.get(path, headers={"accept-language": "nl"})

    return asyncio.run(ask())
