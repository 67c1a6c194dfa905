"""Put a corpus in a bag, and take it out: originals, a catalog as JSON lines, and a label a version.

    data/corpus.json              the corpus
    data/catalog.jsonl            a version a line, in the order in which they were handed in
    data/documents/<key>          the originals, each once; those that share a key have their hash behind it
    data/texts/<id>.json          the text of a version and the spans of its passages, so that nobody need read it again
    data/labels/<key>.xml         its confidentiality label (STANAG 4774), as text that others make and read

Knows no catalog: it is handed plain values and hands them back, equal."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from itertools import chain, count, pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from retrieval.access import Marking
from retrieval.bagging import Bag, BagRefused, Payload, same_name, verify_bag, write_bag

FORMAT = 1
"""Of corpus.json and catalog.jsonl. A bag of a later one is refused."""

_MOST_CATALOG_BYTES = 1024 * 1024 * 1024
_MOST_OFTEN = 4
_MOST_PAGES = 10_000_000
_ENCODED = re.compile(r'[<>:"\\|?*]|[^\S ]|^ |[. ]$')
# Files are named by 255 bytes at most; a hash and a suffix are still to come.
_LONGEST_BYTES = 180


@dataclass(frozen=True, slots=True)
class BaggedCorpus:
    """What is known of a corpus as a whole."""

    name: str
    title: str
    owner: str
    marking: Marking | None
    authority: int = 0
    details: Mapping[str, JsonValue] = field(default_factory=dict)
    """What else the catalog wants to find again."""


@dataclass(frozen=True, slots=True)
class BaggedText:
    """What was read from an original."""

    text: str
    passages: tuple["BaggedPassage", ...]
    """In their order."""


@dataclass(frozen=True, slots=True)
class BaggedPassage:
    start: int
    end: int
    """Characters of the text, from 0."""
    heading: str
    page: int | None


@dataclass(frozen=True, slots=True)
class BaggedVersion:
    """One version of a document, with what it needs to be the same elsewhere."""

    id: str
    key: str
    """Of its document."""
    title: str
    sha256: str
    """Of the original."""
    state: str
    current: bool
    """Whether it is the one that its document answers from."""
    marking: Marking | None
    """None for one that waits in quarantine for a marking."""
    valid_from: date | None = None
    valid_until: date | None = None
    supersedes: str | None = None
    """The id of another version, in this bag or not."""
    pipeline: str = ""
    """What read and split it."""
    label: str | None = None
    """Its confidentiality label, an XML document."""
    record: str = ""
    """SHA-256 of the record that it is, of several in one original."""
    details: Mapping[str, JsonValue] = field(default_factory=dict)
    """What else the catalog wants to find again: language, source, when it was added."""


def export_corpus(
    folder: Path,
    corpus: BaggedCorpus,
    versions: Iterable[tuple[BaggedVersion, Path]],
    *,
    bagged_on: date,
    info: Mapping[str, str] | None = None,
    text_of: Callable[[BaggedVersion], BaggedText] | None = None,
) -> Bag:
    """Write a corpus, its versions each with the file of its original, as a bag. `info` goes into bag-info.txt.

    `text_of`: asked for each version while the bag is written, so that not all texts are held at once.

    Raises BagRefused if the folder exists or an original is not what its hash says; then nothing is left behind."""
    rows = list(versions)
    first = {version.sha256: version for version, _ in sorted(rows, key=lambda row: not row[0].current)}
    names = _paths([replace(one, key=one.key.rpartition("#")[0] if one.record else one.key) for one in first.values()])
    originals = {sha256: f"documents/{name}" for sha256, name in zip(first, names, strict=True)}
    files = {originals[version.sha256]: original for version, original in rows}
    labels = [f"labels/{path}.xml" for path in _paths([version for version, _ in rows])]
    lines = []
    for (version, _), label in zip(rows, labels, strict=True):
        told = {"path": originals[version.sha256], "label": label if version.label is not None else None}
        lines.append(json.dumps({**_plain(version), **told}, ensure_ascii=False, sort_keys=True))
    payload = chain(
        (Payload("corpus.json", _json({"format": FORMAT, **_plain(corpus)})),),
        (Payload("catalog.jsonl", "".join(f"{line}\n" for line in lines).encode()),),
        (Payload(path, files[path]) for path in sorted(files)),
        (
            Payload(label, version.label.encode())
            for (version, _), label in zip(rows, labels, strict=True)
            if version.label is not None
        ),
        (Payload(_text_name(version.id), _json(asdict(text_of(version)))) for version, _ in rows if text_of),
    )
    about = {"External-Identifier": corpus.name, "Contact-Name": corpus.owner, **(info or {})}
    _check_originals(rows)
    return write_bag(folder, payload, bagged_on=bagged_on, info=about)


def import_corpus(folder: Path) -> tuple[BaggedCorpus, list[tuple[BaggedVersion, Path]]]:
    """Verify a bag and return the corpus, and its versions each with the file of its original.

    Raises BagRefused for a bag that is not whole, or that holds no corpus that this release can read."""
    bag = verify_bag(folder)
    about = _object(bag, "corpus.json", _read(bag, "corpus.json"))
    if (found := about.pop("format", None)) != FORMAT:
        raise _unfit(
            bag, f"its format is {found!r}, and this release reads {FORMAT}", "Import it with a newer release."
        )
    corpus = _made(bag, "corpus.json", BaggedCorpus, about)
    versions = []
    for number, line in enumerate(_read(bag, "catalog.jsonl").split("\n"), start=1):
        if line.strip():
            versions.append(_version(bag, f"line {number} of catalog.jsonl", line))
    _check_versions(bag, [version for version, _ in versions])
    return corpus, versions


def read_text(folder: Path, version: str) -> BaggedText:
    """Return the text of a version of a bag that was verified, by its id. Raises BagRefused when it has none."""
    bag, name = Bag(folder, {_text_name(version): ""}, {}), _text_name(version)
    if "/" in version or not bag.path(name).is_file():
        raise _unfit(bag, f"it has no {name}")
    try:
        told = TypeAdapter(BaggedText).validate_json(_read(bag, name), strict=True)
    except ValidationError as error:
        raise _unfit(bag, f"{name} is no text with passages") from error
    spans = [(one.start, one.end) for one in told.passages]
    if any(not 0 <= start < end <= len(told.text) for start, end in spans):
        raise _unfit(bag, f"{name} has a passage that is not in its text")
    if any(after <= before for before, after in pairwise(spans)):
        raise _unfit(bag, f"{name} has passages out of order")
    # Passages hardly overlap; a small file of long ones would fill the memory.
    if sum(end - start for start, end in spans) > _MOST_OFTEN * len(told.text):
        raise _unfit(bag, f"{name} has passages that say the same over and over")
    if any(one.page is not None and not 0 <= one.page <= _MOST_PAGES for one in told.passages):
        raise _unfit(bag, f"{name} names a page that no document has")
    return told


def _text_name(version: str) -> str:
    return f"texts/{version}.json"


def _version(bag: Bag, where: str, line: str) -> tuple[BaggedVersion, Path]:
    row = _object(bag, where, line)
    path = row.pop("path", None)
    if not isinstance(path, str) or not path.startswith("documents/") or path not in bag.files:
        raise _unfit(bag, f"{where} names an original that is not in it")
    if (label := row.get("label")) is not None:
        row["label"] = _read(bag, str(label))
    version = _made(bag, where, BaggedVersion, row)
    if bag.files[path] != version.sha256:
        raise _unfit(bag, f"{where} names {path}, which has another hash")
    return version, bag.path(path)


def _check_versions(bag: Bag, versions: list[BaggedVersion]) -> None:
    ids = [version.id for version in versions]
    if len(set(ids)) < len(ids):
        raise _unfit(bag, "two versions have the same id")
    current = [version.key for version in versions if version.current]
    if len(set(current)) < len(current):
        raise _unfit(bag, "a document has two versions that it answers from")


def _check_originals(rows: list[tuple[BaggedVersion, Path]]) -> None:
    for version, original in {version.sha256: (version, original) for version, original in rows}.values():
        if not original.is_file() or _sha256(original) != version.sha256:
            problem = f"The stored original of {version.key} is not what its hash says."
            raise BagRefused(problem, hint="Run `stafwijzer corpus verify --repair` first.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _paths(versions: list[BaggedVersion]) -> list[str]:
    """A path for each version: its key where that is free, and with its hash before or behind it where not."""
    taken: dict[str, str] = {}
    paths: dict[int, str] = {}
    # The current version has the first choice, whatever the order.
    order = sorted(range(len(versions)), key=lambda index: (not versions[index].current, versions[index].key, index))
    for index in order:
        paths[index] = next(path for path in _choices(versions[index]) if _take(path, taken))
    return [paths[index] for index in range(len(versions))]


def _choices(version: BaggedVersion) -> Iterator[str]:
    key, short = portable(version.key), version.sha256[:16]
    yield key
    yield f"{key}~{short}"
    for number in count(1):
        yield f"~{number}/{short}/{key.rpartition('/')[2]}"


def _take(path: str, taken: dict[str, str]) -> bool:
    """Take a path for an original and its label, if both are free."""
    # 'a' and 'a/b' cannot both be files, and 'A/b' and 'a/c' are two folders on one machine and one on another.
    wanted: dict[str, str] = {}
    for whole in (f"documents/{path}", f"labels/{path}.xml"):
        parts = whole.split("/")
        if same_name(whole) in taken:
            return False
        wanted |= {same_name(one): f"{one}/" for one in ("/".join(parts[:depth]) for depth in range(1, len(parts)))}
        wanted[same_name(whole)] = whole
    free = all(taken.get(name, one) == one for name, one in wanted.items())
    if free:
        taken |= wanted
    return free


def portable(key: str) -> str:
    """Return a key as a path that every machine can hold: other characters as %XX, long names cut."""
    return "/".join(_segment(part) for part in key.split("/")) or "%"


def _segment(part: str) -> str:
    encoded = _ENCODED.sub(lambda found: f"%{ord(found[0]):02X}", _printable(part))
    cut = encoded.encode()[:_LONGEST_BYTES].decode("utf-8", "ignore").rstrip(". %")
    return encoded if len(encoded.encode()) <= _LONGEST_BYTES and encoded else cut or "%"


def _printable(part: str) -> str:
    return "".join(one if one.isprintable() and one != "%" else f"%{ord(one):02X}" for one in part)


def _plain(value: BaggedCorpus | BaggedVersion) -> dict[str, object]:
    row = asdict(value)
    row.pop("label", None)
    if value.marking is not None:
        row["marking"] = {
            key: sorted(one) if isinstance(one, frozenset) else one for key, one in asdict(value.marking).items()
        }
    return {key: one.isoformat() if isinstance(one, date) else one for key, one in row.items()}


def _json(row: Mapping[str, object]) -> bytes:
    return (json.dumps(row, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _object(bag: Bag, where: str, text: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unfit(bag, f"{where} is not JSON") from error
    if not isinstance(row, dict):
        raise _unfit(bag, f"{where} is not a JSON object")
    return row


def _read(bag: Bag, name: str) -> str:
    if name not in bag.files:
        raise _unfit(bag, f"it has no {name}", "Import a bag that `stafwijzer corpus export` made.")
    path = bag.path(name)
    if path.stat().st_size > _MOST_CATALOG_BYTES:
        raise _unfit(bag, f"{name} is larger than {_MOST_CATALOG_BYTES // 2**20} MiB")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _unfit(bag, f"{name} is not UTF-8") from error


def _unfit(bag: Bag, problem: str, hint: str = "Export it again; nothing was imported.") -> BagRefused:
    return BagRefused(f"The bag {bag.folder.name} was refused: {problem}.", hint=hint)


_Made = TypeVar("_Made", BaggedCorpus, BaggedVersion)


def _made(bag: Bag, where: str, kind: type[_Made], row: dict[str, Any]) -> _Made:
    """Build a value from a JSON object that may hold anything."""
    if unknown := sorted(row.keys() - {one.name for one in fields(kind)}):
        raise _unfit(bag, f"{where} has a field {unknown[0]!r} that is not known", "Import it with a newer release.")
    try:
        return TypeAdapter(kind).validate_json(json.dumps(row), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise _unfit(bag, f"{where} cannot be read at {place!r} ({first['msg']})") from error
