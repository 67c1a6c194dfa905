"""Read `corpus.toml`, in which an owner states what holds for the documents beside it.

    owner = "J2"                           # title, authority
    marking = "Departementaal Vertrouwelijk"  # of what says nothing itself; or { level = "...", releasable_to = [...] }
    [fields]
    marking = "Vertrouwelijkheid"          # what documents here call it in their own properties
    [[rule]]
    path = "plans/**"                      # marking, valid_from, valid_until, supersedes = "key", title

Paths and keys count from the folder it lies in. One in a folder below adds its rules and its own default.
Every fault is told with its line. Reads no document, and knows nothing of catalogs."""

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from retrieval.access import Marking
from retrieval.errors import StafwijzerError
from retrieval.marking.agreement import strictest
from retrieval.marking.entries import Entries, EntryWrong
from retrieval.marking.statement import Stated

NAME = "corpus.toml"

FIELDS = (
    "marking",
    "policy",
    "releasable_to",
    "categories",
    "need_to_know",
    "valid_from",
    "valid_until",
    "supersedes",
)
"""What documents may state of themselves, and `[fields]` may name otherwise."""

_TOP = ("owner", "title", "authority", "marking", "fields", "rule")
_RULE = ("path", "marking", "valid_from", "valid_until", "supersedes", "title")


class ManifestInvalid(StafwijzerError):
    """A corpus.toml cannot be used, as long as any of it is not understood."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for the documents that a pattern names."""

    path: str
    """A pattern of keys: `*` and `?` stay within a folder, `**` crosses folders, a slash at the end means all below."""
    line: int
    """Of the rule's path in the manifest, from 1."""
    marking: Marking | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    supersedes: str | None = None
    """A key in the corpus, whatever folder the rule is for."""
    title: str = ""
    folder: str = ""
    """Where the manifest lies, as keys begin there: 'law/'; '' for the folder of the corpus."""
    source: str = NAME

    def names(self, key: str) -> bool:
        """Tell whether the pattern names a document, or the file of which it is a record (`path#id`)."""
        key, folder = (unicodedata.normalize("NFC", one) for one in (key, self.folder))
        if not key.startswith(folder):
            return False
        key = key.removeprefix(folder)
        files = (key[: place.start()] for place in re.finditer("#", key))
        return any(_pattern(self.path).fullmatch(one) for one in (key, *files))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an owner states about the documents of one corpus."""

    source: str = NAME
    """What to call it towards the owner: its path in the corpus."""
    owner: str = ""
    title: str = ""
    authority: int | None = None
    marking: Marking | None = None
    """Of documents that nothing else marks. None: they are held back."""
    defaults: tuple[tuple[str, Marking], ...] = ()
    """The same for folders below, as (folder, marking) with a slash at the end of the folder."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For names in FIELDS, what documents here call them besides."""
    rules: tuple[Rule, ...] = ()

    def about(self, key: str) -> Stated:
        """Return what the rules state about a document; the manifest's default marking is not among it.

        Where rules disagree, the stricter marking holds, and of the rest what the last of them says."""
        rules = [rule for rule in self.rules if rule.names(key)]
        marked = [(f"{rule.source}, line {rule.line}", rule.marking) for rule in rules if rule.marking]
        agreed = strictest(marked)
        return Stated(
            marking=agreed.marking,
            sources=tuple(source for source, _ in marked),
            title=next((rule.title for rule in reversed(rules) if rule.title), ""),
            valid_from=next((rule.valid_from for rule in reversed(rules) if rule.valid_from), None),
            valid_until=next((rule.valid_until for rule in reversed(rules) if rule.valid_until), None),
            supersedes=_superseded(rules),
            warnings=agreed.warnings,
            quarantine=agreed.conflict,
        )

    def default(self, key: str) -> tuple[str, Marking] | None:
        """Return who marks what nothing else marks, and how: the manifest nearest to the document that says."""
        near = [(folder, marking) for folder, marking in self.defaults if key.startswith(folder)]
        if near:
            folder, marking = max(near, key=lambda one: len(one[0]))
            return f"the default of {folder}{NAME}", marking
        return (f"the default of {self.source}", self.marking) if self.marking else None

    def unused(self, keys: Iterable[str]) -> list[Rule]:
        """Return the rules that name none of these documents: often a pattern with a fault in it."""
        keys = list(keys)
        return [rule for rule in self.rules if not any(rule.names(key) for key in keys)]


def read_manifests(source: Path) -> Manifest:
    """Read the manifest of a folder with those of the folders below it, or the one beside a file; none state nothing.

    Owner, title and authority are those of the folder itself. Raises ManifestInvalid, naming file and line."""
    if not source.is_dir():
        beside = source.with_name(NAME)
        return read_manifest(beside) if beside.is_file() else Manifest()
    manifest = Manifest()
    for path in _below(source):
        inner = read_manifest(path, name=_key(path.with_name(NAME), source))
        manifest = inner if path.parent == source else _with_inner(manifest, inner)
    _refuse_cycles(manifest.rules)
    return manifest


def read_manifest(path: Path, *, name: str = NAME) -> Manifest:
    """Read the manifest at `path`, called `name` as its path in the corpus. Raises ManifestInvalid, naming the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ManifestInvalid(f"{path} cannot be read ({error.strerror}).", hint="Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise ManifestInvalid(f"{path} is not UTF-8.", hint="Save it as UTF-8.") from error
    return parse_manifest(text, source=name)


def parse_manifest(text: str, *, source: str = NAME) -> Manifest:
    """Read the text of a manifest that lies at `source` in its corpus. Raises ManifestInvalid, naming the line."""
    try:
        manifest = _manifest(tomllib.loads(text), text, source)
    except tomllib.TOMLDecodeError as error:
        raise ManifestInvalid(f"{source} is not valid TOML: {error}.", hint="Mend that line.") from error
    except EntryWrong as error:
        raise ManifestInvalid(f"{source}, line {error.line}: {error.problem}.", hint=error.hint) from error
    _refuse_cycles(manifest.rules)
    return manifest


def _below(folder: Path) -> Iterator[Path]:
    """Yield the manifests of a folder and of those below it, outermost first; hidden folders hold no documents."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        called = [name for name in names if name.casefold() == NAME]
        if len(called) > 1:
            raise ManifestInvalid(f"{place} has {' and '.join(called)}.", hint="Keep one of them.")
        yield from (Path(place, name) for name in called)


def _key(path: Path, folder: Path) -> str:
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")


def _with_inner(outer: Manifest, inner: Manifest) -> Manifest:
    folder = inner.source.removesuffix(NAME)
    names = outer.fields.keys() | inner.fields.keys()
    return replace(
        outer,
        defaults=(*outer.defaults, *([(folder, inner.marking)] if inner.marking else [])),
        fields={name: (*outer.fields.get(name, ()), *inner.fields.get(name, ())) for name in names},
        rules=(*outer.rules, *inner.rules),
    )


def _manifest(told: dict[str, Any], text: str, source: str) -> Manifest:
    top = Entries(told, text, known=_TOP)
    fields = Entries(top.table_at("fields"), text, table="fields", known=FIELDS)
    return Manifest(
        source=source,
        owner=top.words("owner"),
        title=top.words("title"),
        authority=top.number("authority"),
        marking=top.marking("marking"),
        fields={name: fields.names(name) for name in FIELDS if name in fields.told},
        rules=tuple(
            _rule(Entries(told, text, table="rule", place=place, known=_RULE), source)
            for place, told in enumerate(top.tables("rule"))
        ),
    )


def _rule(entries: Entries, source: str) -> Rule:
    path = entries.words("path")
    if not path:
        raise entries.wrong("path", "the rule has no path", hint='Write for example: path = "plans/**"')
    folder, supersedes = source.removesuffix(NAME), entries.words("supersedes")
    rule = Rule(
        path=path,
        line=entries.line("path"),
        marking=entries.marking("marking"),
        valid_from=entries.day("valid_from"),
        valid_until=entries.day("valid_until"),
        supersedes=f"{folder}{supersedes}" if supersedes else None,
        title=entries.words("title"),
        folder=folder,
        source=source,
    )
    if rule.valid_from and rule.valid_until and rule.valid_until <= rule.valid_from:
        raise entries.wrong(
            "valid_until",
            f"valid_until {rule.valid_until} is not after valid_from {rule.valid_from}, so that it never holds",
            hint="valid_until is the first day on which it no longer holds.",
        )
    return rule


def _refuse_cycles(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        way: list[str] = []
        following = rule.supersedes
        while following and following not in way:
            way.append(following)
            following = _superseded([one for one in rules if following and one.names(following)])
        if following:
            told = f"{way[0]} supersedes {' supersedes '.join([*way[1:], following])}"
            raise ManifestInvalid(
                f"{rule.source}, line {rule.line}: a circle: {told}.",
                hint="Leave one of these out: only the newer supersedes.",
            )


def _superseded(rules: list[Rule]) -> str | None:
    return next((rule.supersedes for rule in reversed(rules) if rule.supersedes), None)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    tokens = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    path = unicodedata.normalize("NFC", path.removeprefix("./"))
    if path.endswith("/"):
        path += "**"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", path)
    return re.compile("".join(tokens.get(part, re.escape(part)) for part in parts), re.DOTALL)
