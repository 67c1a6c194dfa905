"""A real endpoint over HTTP gets the schema with each field, and one that breaks it is told while the facts stand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.courses.filling import Filler, schema_for
from assistant.courses.workspace import Basis, CourseField
from assistant.endpoint import endpoint_chat
from assistant.queueing import FairQueue
from assistant.verifying import CheckingVerifier
from tests.assistant.courses.test_filling import FACTS


@contextmanager
def an_endpoint(reply: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve OpenAI's chat completions on this machine, saying one thing; yield its address and what it is asked."""
    asked: list[dict[str, Any]] = []

    class Completions(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append({"path": self.path, **body})
            self.send_response(200)
            self.send_header("content-type", "text/event-stream" if body.get("stream") else "application/json")
            self.end_headers()
            told = {"id": "c1", "created": 0, "model": body["model"]}
            if not body.get("stream"):
                message = {"index": 0, "message": {"role": "assistant", "content": reply}, "finish_reason": "stop"}
                self.wfile.write(json.dumps({**told, "object": "chat.completion", "choices": [message]}).encode())
                return
            for part, ended in ((reply[:20], None), (reply[20:], None), ("", "stop")):
                choice = {"index": 0, "delta": {"role": "assistant", "content": part}, "finish_reason": ended}
                chunk = {**told, "object": "chat.completion.chunk", "choices": [choice]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, format: str, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Completions)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _filler(url: str) -> Filler:
    chat = endpoint_chat(url=url, name="any", api_key="", timeout_seconds=10, output_tokens=200, seed=1)
    return Filler(chat, frozenset({"en"}), FairQueue(1), CheckingVerifier(), "en")


def test_the_schema_arrives_and_what_keeps_to_it_is_a_fact() -> None:
    text = "One vehicle of 20 tonnes is carried by the cable ferry of Engineer Company LARK."
    with an_endpoint(json.dumps({"statements": [{"text": text, "evidence": [1]}]})) as (url, asked):
        filler = _filler(url)
        (one,) = filler(CourseField.RESOURCES, "cable ferry", FACTS)
    assert (one.basis, one.citations, filler.notes) == (Basis.FACT, FACTS[0].citations, [])
    assert asked[0]["path"] == "/v1/chat/completions"
    told = asked[0]["response_format"]
    assert told["type"] == "json_schema"
    assert told["json_schema"]["schema"] == schema_for(len(FACTS))


@pytest.mark.parametrize("reply", ["The ferry carries one.", '{"statements": [{"text": "One.", "evidence": [7]}]}'])
def test_an_endpoint_that_breaks_the_schema_is_told_and_nothing_of_it_is_kept(reply: str) -> None:
    with an_endpoint(reply) as (url, asked):
        filler = _filler(url)
        assert filler(CourseField.HOW, "cable ferry", FACTS) == []
    assert len(asked) == 1
    (note,) = filler.notes
    assert note.startswith("the language model broke the schema")
    assert note.endswith("only what documents say is kept")


def test_an_endpoint_that_is_gone_is_told() -> None:
    with an_endpoint("") as (url, _):
        pass
    filler = _filler(url)
    assert filler(CourseField.HOW, "cable ferry", FACTS) == []
    assert filler.notes[0].startswith("the language model failed")
