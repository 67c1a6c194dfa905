"""The tools, by the SDK's own client, over both transports."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.assistant.entrypoints.programs.house import an_installation, served

ROOT = Path(__file__).resolve().parents[4]
QUESTION = "When is the bridge at Kruisvoorde closed to tracked vehicles?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(an_installation(tmp_path_factory.mktemp("home"))) as address:
        yield address


@asynccontextmanager
async def over_http(address: str, token: str = "token-b") -> AsyncIterator[ClientSession]:
    async with (
        httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}) as client,
        streamable_http_client(f"{address}/mcp", http_client=client) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


@asynccontextmanager
async def over_stdio(home: Path) -> AsyncIterator[ClientSession]:
    module = "tests.assistant.entrypoints.tools.stdio"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", module, str(home)], env=environment, cwd=str(ROOT)
    )
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield session


async def journey(opened: AbstractAsyncContextManager[ClientSession]) -> dict[str, Any]:
    """Use every tool as a model would; return what each gave."""
    async with opened as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        found = await session.call_tool("search", {"query": "bridge closed tracked vehicles"})
        assert found.structuredContent is not None
        passage = found.structuredContent["hits"][0]["passage"]["id"]
        read = await session.call_tool("read_passage", {"id": passage})
        asked = await session.call_tool("ask", {"question": QUESTION})
        given = {"search": found, "read_passage": read, "ask": asked}
        for name, result in given.items():
            assert not result.isError
            jsonschema.validate(result.structuredContent, tools[name].outputSchema or {"not": {}})
        return {name: result.structuredContent for name, result in given.items()}


def check(told: dict[str, Any]) -> None:
    assert told["read_passage"]["passage"]["text"].startswith("The bridge at Kruisvoorde is closed")
    assert told["read_passage"]["passage"]["marking"]["level"] == "Ongerubriceerd"
    assert told["ask"]["claims"][0]["citations"][0]["quote"].startswith("The bridge at Kruisvoorde is closed")
    assert told["ask"]["marking"]["level"] == "Ongerubriceerd"


def test_the_tools_work_over_http(address: str) -> None:
    check(asyncio.run(journey(over_http(address))))


def test_the_tools_work_over_stdio(tmp_path: Path) -> None:
    check(asyncio.run(journey(over_stdio(tmp_path))))


def call(address: str, token: str, name: str, arguments: dict[str, Any]) -> Any:
    async def run() -> Any:
        async with over_http(address, token) as session:
            return await session.call_tool(name, arguments)

    return asyncio.run(run())


def test_no_tool_sees_more_than_its_holder(address: str) -> None:
    query = {"query": "reserve crossing DIPPER"}
    hits = call(address, "token-a", "search", query).structuredContent["hits"]
    secret = next(one["passage"] for one in hits if one["passage"]["document"]["corpus"] == "secrets")
    assert "DIPPER" not in str(call(address, "token-b", "search", query).structuredContent)
    above = call(address, "token-b", "read_passage", {"id": secret["id"]})
    nowhere = call(address, "token-b", "read_passage", {"id": secret["id"][:-4] + "0000"})
    assert above.isError
    assert above.model_dump() == nowhere.model_dump()
    assert "DIPPER" not in str(call(address, "token-b", "ask", {"question": "Where is the reserve crossing?"}))


@pytest.mark.parametrize(
    "arguments",
    [{}, {"query": ""}, {"query": "x", "principal": "cleared"}, {"query": "x", "limit": 1000}],
)
def test_arguments_that_are_not_as_described_are_refused(address: str, arguments: dict[str, Any]) -> None:
    assert call(address, "token-b", "search", arguments).isError


def test_a_token_offers_the_tools_that_it_is_for(address: str) -> None:
    async def names(token: str) -> list[str]:
        async with over_http(address, token) as session:
            return [tool.name for tool in (await session.list_tools()).tools]

    assert asyncio.run(names("token-b")) == ["search", "ask", "read_passage"]
    assert asyncio.run(names("token-nothing")) == []
    assert call(address, "token-nothing", "search", {"query": "bridge"}).isError
    assert call(address, "token-lister", "search", {"query": "bridge"}).isError


def test_without_a_token_nothing_is_there(address: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for headers in ({}, {"authorization": "Bearer wrong"}):
        answer = httpx.post(f"{address}/mcp", json=message, headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"].split(" ")[0]) == (401, "Bearer")


def test_a_page_elsewhere_cannot_reach_the_tools(address: str) -> None:
    headers = {"authorization": "Bearer token-a", "accept": "application/json, text/event-stream"}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for more, status in (({"host": "evil.example"}, 421), ({"origin": "http://evil.example"}, 403)):
        assert httpx.post(f"{address}/mcp", json=message, headers={**headers, **more}).status_code == status
