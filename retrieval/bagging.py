"""Write and verify a bag: files in a folder with checksums of everything (BagIt 1.0, RFC 8493).

The same payload on the same day makes the same bytes. A reader gets a bag only after every file in it was counted and
hashed. Knows nothing of what the files mean; refuses bags that fetch a part of themselves from elsewhere."""

import hashlib
import os
import re
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from retrieval.errors import StafwijzerError

ALGORITHMS = ("sha256", "sha512")
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
# 0.97 is the draft that most older bags name; what is used here is the same in both.
_DECLARED = re.compile(r"BagIt-Version: (?:1\.0|0\.97)\s*\nTag-File-Character-Encoding: UTF-8\s*\n?")
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_LINE = re.compile(r"([0-9a-fA-F]{64,128})[ \t]+\*?([^ \t].*)", re.DOTALL)
_OXUM = re.compile(r"^Payload-Oxum: *(\d+)\.(\d+) *$", re.MULTILINE)
# A manifest line is some 200 bytes; a million files.
_MOST_TAG_BYTES = 512 * 1024 * 1024
_STEP_BYTES = 1024 * 1024
# Two spellings of a name are one file on some machines. Windows also refuses these characters and endings.
_UNPORTABLE = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029<>:"\\|?*]')


class BagRefused(StafwijzerError):
    """A bag is not whole, not safe or not one. Nothing was read from it."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One file to be put in a bag."""

    path: str
    """Below 'data/', with slashes: 'documents/plan.pdf'."""
    content: bytes | Path
    """The file itself, or where it lies."""


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag whose every file was found to be as it was written."""

    folder: Path
    files: Mapping[str, str]
    """SHA-256 of each payload file, by its path below 'data/'."""
    info: Mapping[str, str]
    """The lines of bag-info.txt; of those that are repeated, the last."""

    def path(self, name: str) -> Path:
        """Return where a payload file lies. Raises KeyError for one that the bag does not list."""
        self.files[name]
        return self.folder / "data" / name


def write_bag(folder: Path, payload: Iterable[Payload], *, bagged_on: date, info: Mapping[str, str]) -> Bag:
    """Write a bag and return it. It appears under its name when it is complete and on disk.

    Raises BagRefused if `folder` exists or a path is not fit for a bag; OSError if a file cannot be read."""
    if folder.exists():
        raise BagRefused(f"{folder} exists already.", hint="Name a folder that does not, or remove it first.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        sums: dict[str, tuple[str, ...]] = {}
        size = 0
        for one in payload:
            name = f"data/{one.path}"
            _check_name(name)
            sums[name], length = _store(one.content, unfinished / name)
            size += length
        _check_clashes(sums)
        (unfinished / "data").mkdir(exist_ok=True)
        lines = {**info, "Bagging-Date": bagged_on.isoformat(), "Payload-Oxum": f"{size}.{len(sums)}"}
        tags = {"bagit.txt": _DECLARATION, "bag-info.txt": "".join(f"{key}: {_line(lines[key])}\n" for key in lines)}
        tags |= {f"manifest-{name}.txt": _manifest(sums, position) for position, name in enumerate(ALGORITHMS)}
        tag_sums = {name: _store(text.encode(), unfinished / name)[0] for name, text in tags.items()}
        for position, name in enumerate(ALGORITHMS):
            _store(_manifest(tag_sums, position).encode(), unfinished / f"tagmanifest-{name}.txt")
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Bag(folder, {name.removeprefix("data/"): one[0] for name, one in sums.items()}, lines)


def verify_bag(folder: Path) -> Bag:
    """Count and hash everything in a bag and return it. Raises BagRefused at the first thing that is wrong."""
    present = dict(_walk(folder))
    if "fetch.txt" in present:
        raise _refused(folder, "it wants to fetch files from elsewhere (fetch.txt)", "Ask for a complete bag.")
    if "bagit.txt" not in present or not _DECLARED.fullmatch(_tag(folder, "bagit.txt")):
        raise _refused(folder, "it does not begin with the declaration of a bag in UTF-8 (bagit.txt)")
    listed: dict[str, dict[str, str]] = {}
    for name in present:
        if (manifest := _MANIFEST.fullmatch(name)) and manifest[2] in ALGORITHMS:
            for path, digest in _listed(folder, name, is_tag=bool(manifest[1])):
                listed.setdefault(path, {})[manifest[2]] = digest
    payload = {name for name in present if name.startswith("data/")}
    _check_complete(folder, payload, listed)
    info = _info(folder, present)
    _check_size(folder, info, {name: present[name] for name in payload})
    for name, sums in sorted(listed.items()):
        _check_file(folder, name, sums)
    return Bag(folder, {name.removeprefix("data/"): listed[name]["sha256"] for name in sorted(payload)}, info)


def _check_complete(folder: Path, payload: set[str], listed: Mapping[str, Mapping[str, str]]) -> None:
    _check_clashes(listed)
    if extra := sorted(payload - listed.keys()):
        raise _refused(folder, f"{_some(extra)} stand in it and in no manifest")
    for name in sorted(listed.keys() - payload):
        if name.startswith("data/") or not (folder / name).is_file():
            raise _refused(folder, f"{name} is listed and missing")
    # Every payload manifest lists every payload file (RFC 8493, 2.1.3); SHA-256 is what versions are known by here.
    if short := sorted(name for name in payload if "sha256" not in listed[name]):
        raise _refused(folder, f"{_some(short)} have no SHA-256", "Ask for a bag with a manifest-sha256.txt.")


def _check_size(folder: Path, info: Mapping[str, str], sizes: Mapping[str, int]) -> None:
    declared = info.get("Payload-Oxum", "")
    if declared and declared != f"{sum(sizes.values())}.{len(sizes)}":
        raise _refused(folder, f"it holds {len(sizes)} files of {sum(sizes.values())} bytes and declares {declared}")


def _check_file(folder: Path, name: str, sums: Mapping[str, str]) -> None:
    with (folder / name).open("rb") as file:
        digests, _ = _copied(file, None)
    found = dict(zip(ALGORITHMS, digests, strict=True))
    if any(found[algorithm] != digest for algorithm, digest in sums.items()):
        raise _refused(folder, f"{name} is not the file that was put in (its checksum differs)")


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    """Every file below a folder, and its size. Raises BagRefused for what is no file and no folder."""
    if folder.is_symlink() or not folder.is_dir():
        raise BagRefused(f"{folder} is no folder.", hint="Name the folder of a bag.")
    pending = [""]
    while pending:
        below = pending.pop()
        with os.scandir(folder / below) as entries:
            for entry in entries:
                name, state = below + entry.name, entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(state.st_mode):
                    pending.append(f"{name}/")
                elif stat.S_ISREG(state.st_mode):
                    yield name, state.st_size
                else:
                    raise _refused(folder, f"{name} is a link or a device and not a file")


def _listed(folder: Path, manifest: str, *, is_tag: bool) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    length = hashlib.new(manifest.split("-")[1].removesuffix(".txt")).digest_size * 2
    for number, line in enumerate(_tag(folder, manifest).split("\n"), start=1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if found is None or len(found[1]) != length:
            raise _refused(folder, f"line {number} of {manifest} is no checksum and path")
        name = _decoded(found[2].rstrip(" \t")).removeprefix("./")
        if not _is_safe(name) or name.startswith("data/") == is_tag:
            raise _refused(folder, f"{manifest} lists {name!r}, which is not a path within the bag")
        if name in seen:
            raise _refused(folder, f"{manifest} lists {name} twice")
        seen.add(name)
        yield name, found[1].lower()


def _info(folder: Path, present: Mapping[str, int]) -> dict[str, str]:
    lines = _tag(folder, "bag-info.txt").splitlines() if "bag-info.txt" in present else []
    return {key.strip(): value.strip() for key, colon, value in (line.partition(":") for line in lines) if colon}


def _tag(folder: Path, name: str) -> str:
    path = folder / name
    if path.stat().st_size > _MOST_TAG_BYTES:
        raise _refused(folder, f"{name} is larger than {_MOST_TAG_BYTES // 2**20} MiB")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(folder, f"{name} is not UTF-8") from error


def _check_name(name: str) -> None:
    if not _is_safe(name) or _UNPORTABLE.search(name) or any(part[-1:] in ". " for part in name.split("/")):
        raise BagRefused(f"{name!r} is no path that every machine can hold.", hint="Encode it before it is bagged.")


def _is_safe(name: str) -> bool:
    parts = name.split("/")
    return not ("\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name) or {"", ".", ".."} & {*parts})


def _check_clashes(names: Iterable[str]) -> None:
    """Refuse two files that are one on a machine that does not tell case or Unicode forms apart."""
    seen: dict[str, str] = {}
    for name in names:
        parts = PurePosixPath(name).parts
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            if seen.setdefault(same_name(path), path) != path:
                problem = f"{path} and {seen[same_name(path)]} are one name on some machines."
                raise BagRefused(problem, hint="Rename one of them where the bag was made.")


def same_name(path: str) -> str:
    """Return what two paths share that some machine takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _store(content: bytes | Path, target: Path) -> tuple[tuple[str, ...], int]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as copy:
        if isinstance(content, bytes):
            copy.write(content)
            done = tuple(hashlib.new(name, content).hexdigest() for name in ALGORITHMS), len(content)
        else:
            with content.open("rb") as original:
                done = _copied(original, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return done


def _copied(source: BinaryIO, target: BinaryIO | None) -> tuple[tuple[str, ...], int]:
    sums, size = [hashlib.new(name) for name in ALGORITHMS], 0
    while step := source.read(_STEP_BYTES):
        size += len(step)
        for one in sums:
            one.update(step)
        if target is not None:
            target.write(step)
    return tuple(one.hexdigest() for one in sums), size


def _manifest(sums: Mapping[str, tuple[str, ...]], position: int) -> str:
    return "".join(f"{sums[name][position]}  {_encoded(name)}\n" for name in sorted(sums))


def _encoded(name: str) -> str:
    # RFC 8493, 2.1.3: a line break and the sign itself, nothing else.
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _decoded(name: str) -> str:
    return re.sub(r"%(25|0[aAdD])", lambda found: chr(int(found[1], 16)), name)


def _line(value: str) -> str:
    return " ".join(value.split())


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _refused(
    folder: Path, problem: str, hint: str = "Ask for a whole copy; nothing was read from this one."
) -> BagRefused:
    return BagRefused(f"The bag {folder.name} was refused: {problem}.", hint=hint)
