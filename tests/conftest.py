"""What tests of several packages are given."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run and no time limit for one of them: a slow machine is not a defect.
settings.register_profile("stafwijzer", deadline=None, derandomize=True)
settings.load_profile("stafwijzer")

pytest_plugins = ["tests.databases"]

_ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder with corpora and test sets that are too large for the repository."""
    folder = Path(os.environ.get("STAFWIJZER_DATA") or _ROOT.parent / "shared" / "data").resolve()
    if not folder.is_dir():
        pytest.skip(f"there is no data folder at {folder}: set STAFWIJZER_DATA")
    return folder
