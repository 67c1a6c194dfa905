"""Register a language model of the operator's own: try the file, then write it into the settings.

Knows the settings file's form; knows nothing of questions."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from assistant.bootstrap import file_sha256
from assistant.llamacpp import LlamaCppChat
from assistant.settings import Settings, settings_file


@dataclass(frozen=True, slots=True)
class Registered:
    path: Path
    sha256: str
    bytes: int
    settings: Path
    """The file that now names it."""


def register(file: Path, *, languages: Sequence[str], settings: Settings, path: Path | None) -> Registered:
    """Load the GGUF file once and make it the language model. Raises ModelUnavailable; then nothing is written."""
    file = file.expanduser().absolute()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    sha256 = file_sha256(file, remembered_in=settings.home / "model-hashes.json")
    LlamaCppChat(path=file, context_tokens=settings.model.context_tokens)
    target = path or settings_file() or settings.home / "stafwijzer.toml"
    document = tomlkit.parse(target.read_text(encoding="utf-8")) if target.is_file() else tomlkit.document()
    table = document.setdefault("model", tomlkit.table())
    table.update({"kind": "llama.cpp", "path": str(file), "sha256": sha256, "languages": list(languages)})
    draft = target.with_suffix(".toml.new")
    draft.write_text(tomlkit.dumps(document), encoding="utf-8")
    os.replace(draft, target)
    return Registered(file, sha256, file.stat().st_size, target)
