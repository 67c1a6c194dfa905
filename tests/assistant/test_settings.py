"""Settings are checked when they are read, and a fingerprint says what an answer depends on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.settings import Settings, SettingsInvalid, described_settings, read_settings
from retrieval.access import METADATA_ONLY, POLICIES, Marking, Principal
from retrieval.policies import establish_policies


@pytest.fixture(autouse=True)
def _as_built_in() -> Iterator[None]:
    yield
    establish_policies({})


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings of this machine out of the tests."""
    monkeypatch.delenv("STAFWIJZER_SETTINGS", raising=False)
    monkeypatch.setenv("STAFWIJZER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(tmp_path: Path, text: str) -> Settings:
    return read_settings(write(tmp_path / "conf" / "stafwijzer.toml", text))


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsInvalid) as refused:
        read(tmp_path, text)
    return str(refused.value)


def with_(**tables: dict[str, Any]) -> Settings:
    return Settings.model_validate(tables)


# Which file


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings() == Settings()
    assert Settings().home == tmp_path / "home"
    assert Settings().catalog_url == f"sqlite:///{tmp_path / 'home' / 'catalog.sqlite'}"


def test_a_named_file_goes_before_the_variable_the_folder_and_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def port() -> int:
        return read_settings().chat.port

    write(tmp_path / "home" / "stafwijzer.toml", "[chat]\nport = 1")
    assert port() == 1
    write(tmp_path / "stafwijzer.toml", "[chat]\nport = 2")
    assert port() == 2
    monkeypatch.setenv("STAFWIJZER_SETTINGS", str(write(tmp_path / "told.toml", "[chat]\nport = 3")))
    assert port() == 3
    assert read_settings(write(tmp_path / "named.toml", "[chat]\nport = 4")).chat.port == 4


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsInvalid, match=r"missing\.toml cannot be read"):
        read_settings(tmp_path / "missing.toml")
    monkeypatch.setenv("STAFWIJZER_SETTINGS", str(tmp_path / "told.toml"))
    with pytest.raises(SettingsInvalid, match=r"told\.toml cannot be read"):
        read_settings()


# What is wrong


def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    told = refusal(tmp_path, "[chat]\nport = = 3")
    assert "not valid TOML" in told
    assert "line 2" in told
    (tmp_path / "latin1.toml").write_bytes(b'[access]\nname = "Andr\xe9"')
    with pytest.raises(SettingsInvalid, match="not valid TOML"):
        read_settings(tmp_path / "latin1.toml")


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("[model]\npat = 'x'", "model.pat", "model.path"),
        ("[modle]\npath = 'x'", "modle", "model"),
        ("[answer]\nqoutes = 3", "answer.qoutes", "answer.quotes"),
        ("[search]\nlimits = 3", "search.limits", "search.limit"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    tmp_path: Path, text: str, key: str, nearest: str
) -> None:
    assert f"There is no setting '{key}'; did you mean '{nearest}'?" in refusal(tmp_path, text)


def test_an_unknown_key_that_looks_like_none_is_refused(tmp_path: Path) -> None:
    assert "There is no setting 'zzzz'." in refusal(tmp_path, "zzzz = 1")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[chat]\nport = 'eighty'", "chat.port"),
        ("[chat]\nport = 0", "chat.port"),
        ("[chat]\nhost = '0.0.0.0'", "chat.host"),
        ("[answer]\nquotes = 0", "answer.quotes"),
        ("[answer]\ncompose = 'perhaps'", "answer.compose"),
        ("[answer]\nanswerability = 1.5", "answer.answerability"),
        ("[model]\nlanguages = ['fr']", "model.languages"),
        ("[model]\nkind = 'ollama'", "model.kind"),
        ("[access]\nnationality = 'NL'", "access.nationality"),
        ("model = 3", "model"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(tmp_path: Path, text: str, key: str) -> None:
    told = refusal(tmp_path, text)
    assert f": {key}" in told
    assert "stafwijzer.toml" in told


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    told = refusal(tmp_path, "[chat]\nport = 0\n[answer]\nquotes = 0")
    assert "chat.port" in told
    assert "answer.quotes" in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[access.clearance]\nNLD = "Geheim"', "the policy 'NLD' has no level 'Geheim'. Its levels: Ongerubriceerd, "),
        ('[access.clearance]\nUSA = "SECRET"', "the policy 'USA' has no level 'SECRET'. Policies: NLD, NATO, EU."),
        ('[access]\ndefault_level = "Openbaar"', "the policy 'NLD' has no level 'Openbaar'"),
        ('[access]\ndefault_policy = "NATO"', "the policy 'NATO' has no level 'Ongerubriceerd'"),
    ],
)
def test_an_unknown_level_is_refused_with_those_that_there_are(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(tmp_path, text)


# What is read


def test_paths_count_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[model]\npath = 'm.gguf'\n[embedder]\npath = '../e'\n[search]\nreranker = 'r'"
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    settings = read(tmp_path, text)
    folder = tmp_path / "conf"
    assert (settings.model.path, settings.embedder.path) == (folder / "m.gguf", folder / ".." / "e")
    assert settings.search.reranker == folder / "r"
    assert read(tmp_path, "[model]\npath = '/models/m.gguf'").model.path == Path("/models/m.gguf")
    assert read(tmp_path, "[model]\npath = '~/m.gguf'").model.path == tmp_path / "user" / "m.gguf"
    monkeypatch.chdir(folder)
    assert read_settings().model.path == tmp_path / "user" / "m.gguf"


def test_a_home_in_the_file_counts_from_its_folder_too(tmp_path: Path) -> None:
    assert read(tmp_path, "home = 'state'").home == tmp_path / "conf" / "state"


def test_the_principal_is_who_the_settings_describe(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        [access]
        name = "jansen"
        nationality = "DEU"
        clearance = { NLD = "Stg. Geheim", NATO = "NATO SECRET" }
        groups = ["G2"]
        categories = ["ATOMAL"]
        default_policy = "NATO"
        default_level = "NATO RESTRICTED"
        """,
    )
    clearance = (("NATO", "NATO SECRET"), ("NLD", "Stg. Geheim"))
    assert settings.principal == Principal(
        "jansen",
        clearance,
        "DEU",
        frozenset({"G2"}),
        frozenset({"owner", "evaluator", "operator"}),
        frozenset({"ATOMAL"}),
    )
    assert settings.default_marking == Marking("NATO", "NATO RESTRICTED")


TLP = """
[access]
default_policy = "TLP"
default_level = "TLP:GREEN"
[access.clearance]
TLP = "TLP:AMBER"
[access.policies]
TLP = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:RED"]
"""


def test_a_policy_of_the_operator_holds_once_the_settings_are_read(tmp_path: Path) -> None:
    settings = read(tmp_path, TLP)
    assert POLICIES["TLP"] == ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:RED")
    assert settings.default_marking == Marking("TLP", "TLP:GREEN")
    assert "NLD" in POLICIES
    read(tmp_path, "")
    assert "TLP" not in POLICIES


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[access.policies]\nTLP = ["TLP:RED", "tlp:red"]', "the policy 'TLP' names a level twice"),
        ("[access.policies]\nTLP = []", "the policy 'TLP' needs a name and levels"),
        ('[access.policies]\nNLD = ["Stg. Geheim", "Ongerubriceerd"]', "the policy 'NLD' is built in"),
        ('[access.policies]\nTLP = "RED"', "access.policies.TLP"),
    ],
)
def test_a_policy_without_one_clear_order_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(tmp_path, text)
    assert "TLP" not in POLICIES


def test_a_user_can_be_kept_to_metadata_and_no_other_role_is_taken_for_it(tmp_path: Path) -> None:
    assert read(tmp_path, '[access]\nroles = ["metadata-only"]').principal.roles == {METADATA_ONLY}
    assert "access.roles" in refusal(tmp_path, '[access]\nroles = ["metadata_only"]')


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().chat.port = 1  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Settings().home = Path("/")  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    described = list(described_settings(Settings()))
    assert ("chat.port", 8000, "Where the chat listens.") in described
    assert all(text.endswith(".") for _, _, text in described)
    assert len({key for key, _, _ in described}) == len(described)


# The fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"home": "/a"}, {"home": "/b"}),
        ({"chat": {"port": 1}}, {"chat": {"port": 2}}),
        ({"catalog": {"url": "sqlite:////a"}}, {"catalog": {"url": "postgresql://b"}}),
        ({"model": {"path": "/here/m.gguf"}}, {"model": {"path": "/there/m.gguf"}}),
        ({"embedder": {"path": "/here/e"}}, {"embedder": {"path": "/there/e"}}),
        ({"search": {"reranker": "/here/r"}}, {"search": {"reranker": "/there/r"}}),
        ({"model": {"languages": ["nl", "en"]}}, {"model": {"languages": ["en", "nl"]}}),
        ({"access": {"groups": ["a", "b", "c"]}}, {"access": {"groups": ["c", "b", "a"]}}),
        (
            {"access": {"clearance": {"NLD": "Ongerubriceerd", "NATO": "NATO SECRET"}}},
            {"access": {"clearance": {"NATO": "NATO SECRET", "NLD": "Ongerubriceerd"}}},
        ),
    ],
)
def test_the_fingerprint_is_the_same_wherever_and_however_it_is_installed(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert with_(**one).fingerprint == with_(**other).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"model": {"path": "/models/other.gguf"}},
        {"model": {"name": "other"}},
        {"model": {"kind": "none"}},
        {"model": {"sha256": "0" * 64}},
        {"model": {"seed": 1}},
        {"model": {"languages": ["nl"]}},
        {"embedder": {"path": "/other"}},
        {"embedder": {"query_prefix": "query: "}},
        {"search": {"limit": 9}},
        {"search": {"reranker": "/other"}},
        {"answer": {"quotes": 4}},
        {"answer": {"compose": False}},
        {"answer": {"answerability": 0.9}},
        {"access": {"clearance": {"NLD": "Stg. Geheim"}}},
        {"access": {"groups": ["G2"]}},
        {"access": {"nationality": "DEU"}},
        {"access": {"roles": ["metadata-only"]}},
        {"access": {"policies": {"TLP": ["GREEN", "RED"]}}},
    ],
    ids=str,
)
def test_the_fingerprint_is_another_when_an_answer_may_be(change: dict[str, Any]) -> None:
    assert with_(**change).fingerprint != Settings().fingerprint


def test_the_order_of_levels_is_in_the_fingerprint() -> None:
    one, other = (with_(access={"policies": {"TLP": levels}}) for levels in (["GREEN", "RED"], ["RED", "GREEN"]))
    assert one.fingerprint != other.fingerprint


def test_the_fingerprint_does_not_depend_on_the_order_in_which_python_keeps_sets() -> None:
    code = (
        "from assistant.settings import Settings; print(Settings.model_validate({'model': {'languages': ['nl', 'en']},"
        " 'access': {'groups': list('abcdefg')}}).fingerprint)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert len(told.pop().strip()) == 12
