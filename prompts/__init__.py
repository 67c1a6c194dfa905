"""Versioned prompt templates as plain text, and the small loader for them.

A file `NAME.LANGUAGE.vN.txt` holds the system message, a line `=== user`, and the user message, with {fields} in
braces. Knows nothing of models; standard library only."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Formatter

_DIVIDER = "\n=== user\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template as it stands in its file."""

    name: str
    """With language and version: compose.en.v1."""
    system: str
    user: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256((self.system + _DIVIDER + self.user).encode()).hexdigest()

    def render(self, **fields: str) -> tuple[str, str]:
        """Return (system, user) with every field filled in. Raises KeyError for a field that is not given.

        Braces inside a field's value are plain text: values are put in once and never read as templates."""
        return self.system, Formatter().vformat(self.user, (), fields)


def load_prompt(name: str, *, folder: Path | None = None) -> Prompt:
    """Return the template of this name, from `folder` where it has one and else the packaged one.

    Raises FileNotFoundError, or ValueError for a file whose fields are others than the packaged template's."""
    packaged = _read(name, files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8"))
    own = folder / f"{name}.txt" if folder else None
    if own is None or not own.is_file():
        return packaged
    prompt = _read(name, own.read_text(encoding="utf-8"))
    if _fields(prompt) != _fields(packaged):
        wanted = ", ".join(f"{{{field}}}" for field in sorted(_fields(packaged)))
        raise ValueError(f"{own} must have a line '=== user' and after it the fields {wanted}, each once or more")
    return prompt


def prompts_sha256(*, folder: Path | None = None) -> str:
    """Name all templates that `load_prompt` returns for this folder."""
    names = sorted(file.name.removesuffix(".txt") for file in files(__name__).iterdir() if file.name.endswith(".txt"))
    return hashlib.sha256("".join(load_prompt(name, folder=folder).sha256 for name in names).encode()).hexdigest()


def _read(name: str, text: str) -> Prompt:
    system, _, user = text.partition(_DIVIDER)
    return Prompt(name, system.strip(), user.strip())


def _fields(prompt: Prompt) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(prompt.user) if field}
