"""A system is found by its name, the product's own first; a plug-in gets the journal as ours do."""

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import cast

import pytest

from assistant.bootstrap import Installation
from assistant.journal import Journal
from assistant.settings import ModelSettings, Settings
from evals import systems
from evals.systems import AssistantSystem, System, SystemUnknown, system_names, system_of
from retrieval.catalog.database import open_engine
from tests.installations import an_assistant, an_ingestion


def made(installation: Installation, journal: Journal) -> System:
    return cast(System, (installation, journal))


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a package declares can only be had by installing one.
    points = [EntryPoint(name, f"{__name__}:made", "stafwijzer.systems") for name in ("assistant", "theirs")]
    monkeypatch.setattr(systems, "entry_points", lambda group: points)


def test_a_plug_in_gets_the_journal_and_takes_no_name_of_ours(plugged: None, tmp_path: Path) -> None:
    installation = Installation(Settings(home=tmp_path, model=ModelSettings(kind="none")))
    journal = Journal(open_engine(f"sqlite:///{tmp_path / 'journal.sqlite'}"))
    assert cast(object, system_of("theirs", installation, journal=journal)) == (installation, journal)
    assert system_names() == ["assistant", "retrieval", "plain-hybrid", "langchain", "closed-book", "theirs"]
    with pytest.raises(SystemUnknown, match="theirs"):
        system_of("nobody's", installation, journal=journal)
    # In the place of the one that would load the embedder.
    installation.assistant = an_assistant(an_ingestion(tmp_path))
    assert isinstance(system_of("assistant", installation, journal=journal), AssistantSystem)
    installation.close()
