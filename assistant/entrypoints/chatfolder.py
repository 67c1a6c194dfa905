"""Lay out the folder and the environment that Chainlit reads when it is imported.

Left to itself it writes into the current folder, reads a `.env` there and connects to whatever databases and services
the environment names. Everything is written anew at each start: nothing here is for a person to edit."""

import json
import os
import secrets
import shutil
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.entrypoints.frontend import prepare_frontend

_STATIC = Path(__file__).parent / "static"
# Interface languages by the name of Chainlit's file. English is what it falls back to.
_INTERFACES = {"nl": "interface.nl.json", "en-US": "interface.en.json"}
# Chainlit and what it brings along act on these: data layers, sign-in services, chat services, reporting.
_FOREIGN_PREFIXES = (
    "CHAINLIT_",
    "DISCORD_",
    "LANGCHAIN_",
    "LANGSMITH_",
    "LITERAL_",
    "OAUTH_",
    "OTEL_",
    "SLACK_",
    "TEAMS_",
    "TRACELOOP_",
)
_FOREIGN_NAMES = ("DATABASE_URL", "ROOT", "RUN")
_OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "OTEL_SDK_DISABLED": "true",
    "TRACELOOP_TELEMETRY": "false",
    "TRANSFORMERS_OFFLINE": "1",
}
# 10 hours: a working day.
_SIGNED_IN_SECONDS = 36_000
# A lost connection may come back within this time; then the passages that were shown are deleted.
_SESSION_SECONDS = 3_600


def prepare_chat_folder(folder: Path, *, origins: list[str], cookie: str) -> None:
    """Write the configuration, the words and the pages, and set the environment. Call it before importing Chainlit."""
    if "chainlit" in sys.modules:
        raise RuntimeError("Chainlit was imported before its folder was ready")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    remove_passages(folder)
    configuration = folder / ".chainlit"
    shutil.rmtree(configuration, ignore_errors=True)
    (configuration / "translations").mkdir(parents=True)
    pages = prepare_frontend(folder)
    (configuration / "config.toml").write_text(_configuration(origins, pages.name), encoding="utf-8")
    for name, ours in _INTERFACES.items():
        words = _merged(_packaged_words(name), json.loads((_STATIC / ours).read_text(encoding="utf-8")))
        (configuration / "translations" / f"{name}.json").write_text(
            json.dumps(words, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    _set_environment(folder, cookie=cookie)


def drop_other_languages(folder: Path) -> None:
    """Delete the translations that Chainlit adds when it is imported: this program speaks the ones it wrote."""
    for path in (folder / ".chainlit" / "translations").glob("*.json"):
        if path.stem not in _INTERFACES:
            path.unlink()


def remove_passages(folder: Path) -> None:
    """Delete the passages that were shown, which Chainlit keeps as files while a session lasts."""
    shutil.rmtree(folder / ".files", ignore_errors=True)


def _set_environment(folder: Path, *, cookie: str) -> None:
    for name in list(os.environ):
        if name.startswith(_FOREIGN_PREFIXES) or name in _FOREIGN_NAMES:
            del os.environ[name]
    os.environ.update(_OFFLINE)
    os.environ["CHAINLIT_APP_ROOT"] = str(folder)
    # A file that is not there: without this, `.env` in the current folder is read.
    os.environ["CHAINLIT_ENV_FILE"] = str(folder / "no.env")
    # New at each start, so a token is worth nothing after it.
    os.environ["CHAINLIT_AUTH_SECRET"] = secrets.token_urlsafe(48)
    os.environ["CHAINLIT_AUTH_COOKIE_NAME"] = cookie
    os.environ["CHAINLIT_COOKIE_SAMESITE"] = "strict"


def _configuration(origins: list[str], pages: str) -> str:
    # JSON's strings and lists are also TOML's.
    return f"""[project]
allow_origins = {json.dumps(origins)}
user_session_timeout = {_SIGNED_IN_SECONDS}
session_timeout = {_SESSION_SECONDS}

[features]
unsafe_allow_html = false
latex = false
user_message_markdown = false
edit_message = false
allow_thread_sharing = false
favorites = false
spontaneous_file_upload = {{ enabled = false }}
audio = {{ enabled = false }}
mcp = {{ enabled = false }}

[UI]
name = "Stafwijzer"
description = "Stafwijzer"
default_theme = "light"
cot = "full"
confirm_new_chat = true
custom_css = "/static/stafwijzer.css"
custom_js = "/static/stafwijzer.js"
custom_build = {json.dumps(pages)}
custom_meta_url = {json.dumps(origins[0])}
custom_meta_image_url = "/favicon"

[meta]
generated_by = {json.dumps(version("chainlit"))}
"""


def _packaged_words(name: str) -> dict[str, Any]:
    spec = find_spec("chainlit")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "translations" / f"{name}.json"
    words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return words


def _merged(words: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Put our words over the packaged ones, key by key."""
    merged = dict(words)
    for key, value in ours.items():
        merged[key] = _merged(merged.get(key, {}), value) if isinstance(value, dict) else value
    return merged
