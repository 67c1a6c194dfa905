"""Walk what an owner adds: a file, or all files below a folder, as documents with stable keys.

What holds documents is taken apart: 'cases.jsonl#7' is a record, 'dossier.zip#brief.docx' a file in an archive,
'mail.eml#attachments/plan.pdf' an attachment, in each other to a fixed depth. Reads bytes to hash and divide them;
parsing is the loaders' work. Knows no catalog and no index."""

import hashlib
import json
import os
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from retrieval.documents import text_sha256
from retrieval.errors import StafwijzerError
from retrieval.identifying import MAX_FILE_BYTES, Format, identify_file
from retrieval.loading import BadRecord, Loaded, NotLoaded, are_records, load, records
from retrieval.loading.archive import Allowance, BadMember, Member, members
from retrieval.loading.mapping import SIDECAR_SUFFIX
from retrieval.marking import is_sidecar
from retrieval.screening import screen_text

Read = Callable[..., Loaded]
"""Reads one document as `retrieval.loading.load` does."""

# An archive in an archive is how cases are handed over; one more is how a bomb is built.
MAX_ARCHIVES_WITHIN = 2
# A forwarded message in a message in an archive, and what hangs on it.
MAX_WITHIN = 4


class SourceMissing(StafwijzerError):
    """The file or folder to add is not there, or may not be read."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not in the corpus, or not all of it, and why, in plain words."""

    key: str
    reason: str


class Holder:
    """A message that a document hangs on: a document itself, whose marking is the least that the other may get."""

    __slots__ = ("_outcome", "_read", "key", "sha256")

    def __init__(self, key: str, sha256: str, read: Callable[[], Loaded]) -> None:
        self.key = key
        self.sha256 = sha256
        self._read = read
        self._outcome: Loaded | NotLoaded | None = None

    def load(self) -> Loaded:
        """Read the message, once for it and all that hangs on it. Raises NotLoaded."""
        if self._outcome is None:
            try:
                self._outcome = self._read()
            except NotLoaded as error:
                self._outcome = error
        if isinstance(self._outcome, NotLoaded):
            raise self._outcome
        return self._outcome


@dataclass(frozen=True, slots=True)
class Offered:
    """A document as it lies in the source, not yet read."""

    key: str
    sha256: str
    """Of the file's bytes, or of a record's title, text and fields."""
    blob: str
    """SHA-256 of the file at `path`."""
    path: Path
    """The file that holds it. Of a member of an archive a copy, which goes when this value does."""
    load: Callable[[], Loaded] = field(compare=False)
    copy: object = field(default=None, compare=False, repr=False)
    """Keeps that copy."""
    holders: tuple[Holder, ...] = field(default=(), compare=False, repr=False)
    """The messages that it hangs on, the outermost first."""

    @property
    def rules(self) -> str:
        """What changes whenever a message that holds it does, which may state another marking; '' without one."""
        told = "".join(holder.sha256 for holder in self.holders)
        return f"/held-{text_sha256(told)[:16]}" if told else ""


class _Copy:
    """A file on disk for as long as something refers to this."""

    __slots__ = ("__weakref__", "path")

    def __init__(self, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(prefix="stafwijzer-")
        self.path = Path(name)
        weakref.finalize(self, self.path.unlink, missing_ok=True)
        with open(descriptor, "wb") as file:
            file.write(content)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file lies, and in what."""

    key: str
    name: str
    """What its owner calls it."""
    path: Path
    within: tuple[Format, ...] = ()
    copy: _Copy | None = None
    holders: tuple[Holder, ...] = ()


def files(source: Path, *, among: Collection[Path] | None = None) -> list[tuple[str, Path]]:
    """Return (key, path) in a fixed order. Hidden files and folders are not documents, nor is what lies beside one to
    say something of it: field mappings, labels, manifests. Links are not followed. `among`: look at these paths below
    the source only.

    Raises SourceMissing."""
    if source.is_file():
        return [(source.name, source)]
    if not source.is_dir():
        raise SourceMissing(f"There is no file or folder {source}.", hint="Check the path and try again.")
    if not os.access(source, os.R_OK | os.X_OK):
        raise SourceMissing(f"The folder {source} cannot be read.", hint="Give yourself the right to read it.")
    return list(_below(source) if among is None else _at(source, among))


def documents(key: str, path: Path, *, read: Read = load) -> Iterator[Offered | Refusal]:
    """Yield the documents of a file: one, or one for each record, member or attachment; `read` reads each.

    Raises OSError when it cannot be read, NotLoaded when the whole of it is refused."""
    yield from _documents(_Place(key, path.name, path), Allowance(), read)


def _documents(place: _Place, allowance: Allowance, read: Read) -> Iterator[Offered | Refusal]:
    with place.path.open("rb") as file:
        blob = hashlib.file_digest(file, "sha256").hexdigest()
    found = identify_file(place.path, name=place.name)
    if are_records(place.path, found):
        yield from _records(place, blob)
        return
    whole = partial(read, place.path, name=place.name)
    if found in (Format.EML, Format.MSG):
        holder = Holder(place.key, blob, whole)
        yield Offered(place.key, blob, blob, place.path, holder.load, place.copy, place.holders)
        yield from _held(replace(place, holders=(*place.holders, holder)), found, allowance, read)
    elif found in (Format.ZIP, Format.MAILBOX):
        yield from _held(place, found, allowance, read)
    else:
        yield Offered(place.key, blob, blob, place.path, whole, place.copy, place.holders)


def _records(place: _Place, blob: str) -> Iterator[Offered | Refusal]:
    bad, good = list[Refusal](), False
    for record in records(place.path, name=place.name):
        if isinstance(record, BadRecord):
            bad.append(Refusal(f"{place.key}:{record.line}", record.reason))
        else:
            good = True
            loaded = record.loaded
            content = json.dumps([loaded.title, loaded.text, sorted(loaded.metadata.items())], ensure_ascii=False)
            key, read = f"{place.key}#{record.id}", partial(_screened, loaded)
            yield Offered(key, text_sha256(content), blob, place.path, read, place.copy, place.holders)
    if good or len(bad) == 1:
        yield from bad
    elif bad:
        # A file that was never meant to be records is told of once.
        yield Refusal(place.key, f"None of its {len(bad)} records could be read. {bad[0].reason}")


def _held(place: _Place, found: Format, allowance: Allowance, read: Read) -> Iterator[Offered | Refusal]:
    """The documents in what lies in an archive, a mailbox or a message."""
    within = (*place.within, found)
    if len(within) > MAX_WITHIN or within.count(Format.ZIP) > MAX_ARCHIVES_WITHIN:
        yield Refusal(place.key, f"{place.name} lies too deep in other archives; unpack those and add what is in them.")
        return
    folder = {Format.ZIP: "", Format.MAILBOX: "messages/"}.get(found, "attachments/")
    for member in _members(place, found, allowance):
        key = f"{place.key}#{folder}{member.name}"
        if isinstance(member, BadMember):
            yield Refusal(key, member.reason)
            continue
        copy = _Copy(member.content)
        inner = _Place(key, PurePosixPath(member.name).name, copy.path, within, copy, place.holders)
        try:
            yield from _documents(inner, allowance, read)
        except NotLoaded as error:
            yield Refusal(key, error.reason)


def _members(place: _Place, found: Format, allowance: Allowance) -> Iterable[Member | BadMember]:
    if found is Format.ZIP:
        return members(place.name, place.path, allowance)
    # Imported when they are needed, as in retrieval.loading.
    from retrieval.loading.mail import attachments, messages
    from retrieval.loading.outlook import as_mail

    content = _content(place)
    if found is Format.MAILBOX:
        return _allowed(place.name, messages(content), allowance)
    try:
        attached = attachments(place.name, as_mail(place.name, content) if found is Format.MSG else content)
    except NotLoaded:
        return []  # Loading the message itself says so.
    return _allowed(place.name, attached, allowance)


def _content(place: _Place) -> bytes:
    if place.path.stat().st_size > MAX_FILE_BYTES:
        raise NotLoaded(f"{place.name} is larger than {MAX_FILE_BYTES // 2**20} MiB; split it and add the parts.")
    return place.path.read_bytes()


def _allowed(name: str, found: list[Member], allowance: Allowance) -> Iterator[Member]:
    for member in found:
        allowance.take(name, len(member.content))
        yield member


def _below(source: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if _is_document(path):
                yield key_of(path, source), path


def _at(source: Path, paths: Collection[Path]) -> Iterator[tuple[str, Path]]:
    for path in sorted(paths):
        folders = path.relative_to(source).parts[:-1]
        if not any(name.startswith(".") for name in folders) and path.is_file() and _is_document(path):
            yield key_of(path, source), path


def key_of(path: Path, source: Path) -> str:
    """Return what the file at `path` is called below a source."""
    # A name that is not UTF-8 (an old share) must not stop the others: its odd bytes are written out.
    return os.fsencode(path.relative_to(source).as_posix()).decode("utf-8", "backslashreplace")


def _is_document(path: Path) -> bool:
    name = path.name
    if name.startswith(".") or name.endswith(SIDECAR_SUFFIX) or path.is_symlink():
        return False
    try:
        return not is_sidecar(path)
    except OSError:
        return True  # Reading it says what is wrong.


def _screened(loaded: Loaded) -> Loaded:
    return replace(loaded, flags=screen_text(loaded))
