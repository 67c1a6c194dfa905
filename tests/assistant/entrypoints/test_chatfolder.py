"""The folder and environment that Chainlit starts from."""

import json
import os
import sys
import tomllib
from pathlib import Path

import pytest

from assistant.entrypoints.chatfolder import drop_other_languages, prepare_chat_folder, remove_passages

ORIGINS = ["http://127.0.0.1:8000", "http://localhost:8000"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared folder, in an environment that is put back afterwards."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.delitem(sys.modules, "chainlit", raising=False)
    os.environ.update(DATABASE_URL="postgresql://elsewhere/x", LITERAL_API_KEY="k", CHAINLIT_HOST="0.0.0.0", ROOT="/x")
    folder = tmp_path / "chat"
    prepare_chat_folder(folder, origins=ORIGINS, cookie="stafwijzer_8000")
    return folder


def test_what_is_not_used_is_off(folder: Path) -> None:
    told = tomllib.loads((folder / ".chainlit" / "config.toml").read_text(encoding="utf-8"))
    assert told["project"]["allow_origins"] == ORIGINS
    assert told["project"]["user_session_timeout"] == 36_000
    features = told["features"]
    assert not features["unsafe_allow_html"]
    assert not features["edit_message"]
    assert not features["spontaneous_file_upload"]["enabled"]
    assert not features["mcp"]["enabled"]
    assert not features["audio"]["enabled"]
    assert told["UI"]["name"] == "Stafwijzer"
    assert (folder / told["UI"]["custom_build"] / "index.html").is_file()


def test_the_environment_names_no_service_and_no_folder_of_others(folder: Path) -> None:
    assert not {"DATABASE_URL", "LITERAL_API_KEY", "CHAINLIT_HOST", "ROOT"} & set(os.environ)
    assert os.environ["CHAINLIT_APP_ROOT"] == str(folder)
    assert not Path(os.environ["CHAINLIT_ENV_FILE"]).exists()
    assert os.environ["CHAINLIT_COOKIE_SAMESITE"] == "strict"
    assert os.environ["LANGSMITH_TRACING"] == "false"
    assert os.environ["OTEL_SDK_DISABLED"] == "true"
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_the_secret_is_new_each_time(folder: Path) -> None:
    before = os.environ["CHAINLIT_AUTH_SECRET"]
    prepare_chat_folder(folder, origins=ORIGINS, cookie="stafwijzer_8000")
    assert len(before) >= 64
    assert os.environ["CHAINLIT_AUTH_SECRET"] != before


def test_our_words_are_there_in_both_languages_beside_the_packaged_ones(folder: Path) -> None:
    words = {
        name: json.loads((folder / ".chainlit" / "translations" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("nl", "en-US")
    }
    assert words["nl"]["auth"]["login"]["errors"]["too many requests"].startswith("Te veel")
    assert words["en-US"]["auth"]["login"]["errors"]["too many requests"].startswith("Too many")
    assert words["nl"]["common"]["actions"]["cancel"] == "Annuleren"
    assert _keys(words["nl"]) == _keys(words["en-US"])


def test_other_languages_and_shown_passages_are_removed(folder: Path) -> None:
    (folder / ".chainlit" / "translations" / "de-DE.json").write_text("{}")
    (folder / ".files" / "session").mkdir(parents=True)
    drop_other_languages(folder)
    remove_passages(folder)
    assert {path.name for path in (folder / ".chainlit" / "translations").iterdir()} == {"nl.json", "en-US.json"}
    assert not (folder / ".files").exists()


def test_it_refuses_to_come_after_chainlit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chainlit", sys)
    with pytest.raises(RuntimeError, match="before its folder"):
        prepare_chat_folder(tmp_path / "chat", origins=ORIGINS, cookie="c")
    assert not (tmp_path / "chat").exists()


def _keys(words: dict[str, object], above: str = "") -> set[str]:
    keys: set[str] = set()
    for key, value in words.items():
        keys |= _keys(value, f"{above}{key}.") if isinstance(value, dict) else {above + key}
    return keys
