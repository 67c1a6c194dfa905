"""What a worker writes is read exactly, or not at all."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from retrieval.limits import Limits
from retrieval.loading.loaded import Kind, Loaded, Span
from retrieval.parsing.wire import (
    BadReply,
    Failed,
    Progress,
    Reply,
    Request,
    Unopened,
    read_reply,
    read_request,
    write_reply,
    write_request,
)

TEXT = some.text()


@given(
    text=some.text(min_size=1),
    title=TEXT,
    metadata=some.dictionaries(TEXT, TEXT),
    warnings=some.lists(TEXT),
    page=some.none() | some.integers(1),
    kind=some.sampled_from(Kind),
)
def test_what_was_loaded_arrives_as_it_was(
    text: str, title: str, metadata: dict[str, str], warnings: list[str], page: int | None, kind: Kind
) -> None:
    loaded = Loaded(text, (Span(0, len(text), kind, page=page),), title, metadata, tuple(warnings))
    line = write_reply(loaded)
    assert line.count(b"\n") == 1
    assert read_reply(line) == loaded


@pytest.mark.parametrize("reply", [Progress(), Unopened(13, "Permission denied"), Failed(True, "Traceback\n …")])
def test_other_replies_arrive_as_they_were(reply: Progress | Unopened | Failed) -> None:
    assert read_reply(write_reply(reply)) == reply


def test_a_path_that_is_not_utf8_arrives() -> None:
    request = Request(Path("/tmp/caf\udce9.txt"), "café.txt", Limits(pages=3))
    assert read_request(write_request(request)) == request


@given(some.recursive(some.none() | some.booleans() | some.integers() | some.text(), lambda inner: some.lists(inner)))
def test_whatever_a_worker_writes_is_a_reply_or_refused(fields: object) -> None:
    for kind in ("loaded", "not loaded", "unopened", "failed"):
        with suppress(BadReply):
            assert isinstance(read_reply(json.dumps({kind: fields}).encode()), Reply)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"run": ["rm"]}',
        b'{"loaded": ["text", [[0, 5, "paragraph", null, 0]], "", {}, []]}',
        b'{"loaded": ["text", [[-1, 2, "paragraph", null, 0]], "", {}, []]}',
        b'{"loaded": ["text", [[0, 4, "verse", null, 0]], "", {}, []]}',
        b'{"loaded": ["text", [[0, 4, "paragraph", "1", 0]], "", {}, []]}',
        b'{"loaded": [7, [], "", {}, []]}',
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused(line: bytes) -> None:
    with pytest.raises(BadReply):
        read_reply(line)
