"""What operators read about settings is what the program has."""

from pathlib import Path

from assistant.entrypoints.operating import settings_table
from assistant.settings import Settings, read_settings

_ROOT = Path(__file__).resolve().parents[3]


def test_the_readme_lists_every_setting_with_its_default() -> None:
    assert settings_table() in (_ROOT / "README.md").read_text(), "run `stafwijzer settings --markdown`"


def test_the_example_settings_are_valid_and_change_no_answer() -> None:
    assert read_settings(_ROOT / "stafwijzer.toml").fingerprint == Settings().fingerprint
