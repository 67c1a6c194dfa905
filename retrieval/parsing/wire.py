"""What a worker and its parent write to each other: one JSON object to a line.

JSON and not pickle: a worker that a hostile file took over must not be able to run anything in its parent. What does
not look like a reply is refused as a whole. Knows no process and no file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.limits import Limits
from retrieval.loading.composing import MAX_CHARACTERS
from retrieval.loading.loaded import Kind, Loaded, NotLoaded, Span
from retrieval.screening.flags import as_fields, from_fields

# A character takes 12 bytes at most ("\ud83d\ude00"), and some tens per paragraph go to spans.
MAX_REPLY_BYTES = 16 * MAX_CHARACTERS


class BadReply(Exception):
    """A worker wrote something that no worker writes."""


@dataclass(frozen=True, slots=True)
class Request:
    """Which file to read, and within what."""

    path: Path
    name: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Progress:
    """A slow step is done; the reply is still to come."""


@dataclass(frozen=True, slots=True)
class Unopened:
    """The file could not be opened."""

    number: int
    """errno"""
    strerror: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The loader failed in a way that it does not know."""

    out_of_memory: bool
    trace: str
    """For the log."""


Reply = Loaded | NotLoaded | Progress | Unopened | Failed


def write_request(request: Request) -> bytes:
    fields = {"path": str(request.path), "name": request.name, "limits": asdict(request.limits)}
    return json.dumps(fields).encode() + b"\n"


def read_request(line: bytes) -> Request:
    fields = json.loads(line)
    return Request(Path(fields["path"]), fields["name"], Limits(**fields["limits"]))


def write_reply(reply: Reply) -> bytes:
    told: dict[str, list[object]]
    match reply:
        case Loaded():
            spans = [[span.start, span.end, span.kind.value, span.page, span.level] for span in reply.spans]
            flags = [as_fields(one) for one in reply.flags]
            told = {"loaded": [reply.text, spans, reply.title, reply.metadata, reply.warnings, flags]}
        case NotLoaded():
            told = {"not loaded": [reply.reason]}
        case Progress():
            told = {"progress": []}
        case Unopened():
            told = {"unopened": [reply.number, reply.strerror]}
        case Failed():
            told = {"failed": [reply.out_of_memory, reply.trace]}
    return json.dumps(told).encode() + b"\n"


def read_reply(line: bytes) -> Reply:
    """Raises BadReply."""
    try:
        ((kind, fields),) = json.loads(line).items()
        match kind:
            case "loaded":
                return _loaded(*fields)
            case "not loaded":
                return NotLoaded(_string(*fields))
            case "progress":
                return Progress()
            case "unopened":
                return Unopened(int(fields[0]), _string(fields[1]))
            case "failed":
                return Failed(bool(fields[0]), _string(fields[1]))
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise BadReply from error
    raise BadReply(kind)


def _loaded(
    text: object,
    spans: list[list[object]],
    title: object,
    metadata: Mapping[object, object],
    warnings: list[object],
    flags: list[list[object]],
) -> Loaded:
    written = _string(text)
    return Loaded(
        written,
        tuple(_span(len(written), *span) for span in spans),
        _string(title),
        {_string(key): _string(value) for key, value in metadata.items()},
        tuple(_string(warning) for warning in warnings),
        tuple(map(from_fields, flags)),
    )


def _span(length: int, start: object, end: object, kind: object, page: object, level: object) -> Span:
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= length):
        raise ValueError("a span outside the text")
    if not (page is None or isinstance(page, int)) or not isinstance(level, int):
        raise ValueError("a page or level that is no number")
    return Span(start, end, Kind(_string(kind)), page, level)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
