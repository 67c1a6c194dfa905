"""Versioned prompt templates as plain text, and the small loader for them.

A file `NAME.LANGUAGE.vN.txt` holds the system message, a line `=== user`, and the user message, with {fields} in
braces. Knows nothing of models; standard library only."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
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


def load_prompt(name: str) -> Prompt:
    """Return the template of this name. Raises FileNotFoundError."""
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    system, _, user = text.partition(_DIVIDER)
    return Prompt(name, system.strip(), user.strip())
