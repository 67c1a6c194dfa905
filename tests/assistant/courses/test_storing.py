"""Workspaces are kept with every revision, for those who may read them, and two officers never overwrite each other."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.courses.storing import WorkspaceChanged, WorkspaceStore, WorkspaceUnknown
from assistant.courses.workspace import Workspace
from assistant.journal import Journal
from retrieval.access import METADATA_ONLY, Marking
from retrieval.catalog.database import open_engine, writing
from tests.assistant.courses.doubles import a_full_workspace, a_workspace
from tests.installations import CLEARED, OFFICER
from tests.making import OPEN
from tests.processes import at_once

TODAY = date(2026, 2, 4)
OTHER = replace(OFFICER, name="other", groups=frozenset({"G3"}))
SHARED = Marking("NLD", "Ongerubriceerd", need_to_know=frozenset({"G3"}))


@pytest.fixture
def store(empty_url: str) -> WorkspaceStore:
    engine = open_engine(empty_url)
    return WorkspaceStore(engine, Journal(engine))


def edited(workspace: Workspace, title: str) -> Workspace:
    return replace(workspace, title=title)


def test_what_was_kept_is_read_as_it_was(store: WorkspaceStore) -> None:
    kept = store.create(a_full_workspace(marking=OPEN), principal=OFFICER)
    found = store.read(kept.id, principal=OFFICER, on_date=TODAY)
    assert (found.workspace, found.by, found.what) == (kept, "officer", "made")
    assert kept.revision == 1


def test_every_revision_stays_readable(store: WorkspaceStore) -> None:
    first = store.create(a_workspace(), principal=OFFICER)
    store.save(edited(first, "another"), 1, principal=OFFICER, what="edited the title")
    told = store.history(first.id, principal=OFFICER, on_date=TODAY)
    assert [(one.workspace.revision, one.workspace.title, one.what) for one in told] == [
        (2, "another", "edited the title"),
        (1, first.title, "made"),
    ]
    assert store.read(first.id, principal=OFFICER, on_date=TODAY, revision=1).workspace == first
    with pytest.raises(WorkspaceUnknown):
        store.read(first.id, principal=OFFICER, on_date=TODAY, revision=3)


def test_the_second_of_two_officers_is_told_who_changed_what_and_loses_nothing(store: WorkspaceStore) -> None:
    first = store.create(a_workspace(marking=SHARED), principal=replace(OFFICER, groups=frozenset({"G3"})))
    theirs = store.save(edited(first, "theirs"), 1, principal=OTHER, what="edited the title")
    owner = replace(OFFICER, groups=frozenset({"G3"}))
    with pytest.raises(WorkspaceChanged, match=r"other changed this workspace at .* \(edited the title\)") as told:
        store.save(edited(first, "mine"), 1, principal=owner, what="edited the title")
    assert told.value.current.workspace == theirs
    assert store.read(first.id, principal=owner, on_date=TODAY).workspace == theirs
    mine = store.save(edited(theirs, "mine"), 2, principal=owner, what="edited the title")
    assert (mine.revision, mine.title) == (3, "mine")


def test_an_id_that_is_taken_is_not_made_again(store: WorkspaceStore) -> None:
    store.create(a_workspace(), principal=OFFICER)
    with pytest.raises(WorkspaceChanged):
        store.create(a_workspace(title="again"), principal=OFFICER)


def test_the_beginning_of_an_id_will_do_while_it_is_one_workspace(store: WorkspaceStore) -> None:
    one = store.create(a_workspace(), principal=OFFICER)
    assert store.read(one.id[:8], principal=OFFICER, on_date=TODAY).workspace == one
    store.create(a_workspace(id="1111aaaa-1111-4111-8111-111111111111"), principal=OFFICER)
    with pytest.raises(WorkspaceUnknown, match="Several workspaces begin with '1111'"):
        store.read("1111", principal=OFFICER, on_date=TODAY)


def test_a_percent_sign_is_no_pattern(store: WorkspaceStore) -> None:
    store.create(a_workspace(), principal=OFFICER)
    for id in ("%", "_", "1%"):
        with pytest.raises(WorkspaceUnknown):
            store.read(id, principal=OFFICER, on_date=TODAY)


@pytest.mark.parametrize(
    ("marking", "reader", "reads"),
    [
        (None, OFFICER, True),
        (None, OTHER, False),
        (OPEN, OFFICER, True),
        (OPEN, OTHER, False),
        (SHARED, OTHER, True),
        (SHARED, OFFICER, False),
        (SHARED, replace(OTHER, groups=frozenset({"G4"})), False),
        (Marking("NLD", "Stg. Geheim"), OFFICER, False),
        (Marking("NLD", "Stg. Geheim"), replace(CLEARED, name="officer"), True),
        (Marking("NATO", "NATO UNCLASSIFIED"), OFFICER, False),
        (OPEN, replace(OFFICER, roles=frozenset({METADATA_ONLY})), False),
        (None, replace(OFFICER, roles=frozenset({METADATA_ONLY})), False),
    ],
)
def test_a_workspace_opens_for_its_owner_and_its_need_to_know_within_its_marking(
    store: WorkspaceStore, marking: Marking | None, reader: object, reads: bool
) -> None:
    kept = store.create(a_workspace(marking=marking), principal=OFFICER)
    assert [one.workspace.id for one in store.list(principal=reader, on_date=TODAY)] == [kept.id] * reads  # type: ignore[arg-type]
    if reads:
        assert store.read(kept.id, principal=reader, on_date=TODAY).workspace == kept  # type: ignore[arg-type]
        return
    with pytest.raises(WorkspaceUnknown) as told:
        store.read(kept.id, principal=reader, on_date=TODAY)  # type: ignore[arg-type]
    with pytest.raises(WorkspaceUnknown) as absent:
        store.read("22222222", principal=reader, on_date=TODAY)  # type: ignore[arg-type]
    assert str(told.value).replace(kept.id, "22222222") == str(absent.value)
    for expected in (0, 1, 7):
        with pytest.raises(WorkspaceUnknown):
            store.save(kept, expected, principal=reader, what="edited")  # type: ignore[arg-type]


def test_a_marking_that_rose_closes_the_revisions_before_it_too(store: WorkspaceStore) -> None:
    kept = store.create(a_workspace(), principal=OFFICER)
    secret = replace(kept, marking=Marking("NLD", "Stg. Geheim"))
    store.save(secret, 1, principal=replace(CLEARED, name="officer"), what="developed coa-1")
    with pytest.raises(WorkspaceUnknown):
        store.read(kept.id, principal=OFFICER, on_date=TODAY, revision=1)


def test_each_change_is_in_the_journal(store: WorkspaceStore) -> None:
    kept = store.create(a_workspace(), principal=OFFICER)
    store.save(edited(kept, "x"), 1, principal=OFFICER, what="edited the title")
    assert store._journal is not None
    told = [(one.kind, dict(one.body)) for one in store._journal.read()]
    assert told == [
        ("coa", {"workspace": kept.id, "revision": 1, "by": "officer", "what": "made"}),
        ("coa", {"workspace": kept.id, "revision": 2, "by": "officer", "what": "edited the title"}),
    ]


def test_processes_that_save_at_once_lose_nothing(empty_url: str) -> None:
    store = WorkspaceStore(open_engine(empty_url))
    kept = store.create(a_workspace(), principal=OFFICER)
    told = at_once(_save_ten, [(empty_url, kept.id), (empty_url, kept.id)])
    history = store.history(kept.id, principal=OFFICER, on_date=TODAY)
    assert sorted(title for some in told for title in some) == sorted(one.workspace.title for one in history[:-1])
    assert [one.workspace.revision for one in history] == list(range(21, 0, -1))


def _save_ten(url: str, id: str) -> list[str]:
    store, saved = WorkspaceStore(open_engine(url)), list[str]()
    while len(saved) < 10:
        now = store.read(id, principal=OFFICER, on_date=TODAY).workspace
        title = f"{os.getpid()}-{len(saved)}"
        try:
            store.save(edited(now, title), now.revision, principal=OFFICER, what="edited")
        except WorkspaceChanged:
            continue
        saved.append(title)
    return saved


_WRITER = """
import sys
from dataclasses import replace
from assistant.courses.storing import WorkspaceStore
from retrieval.catalog.database import open_engine
from tests.assistant.courses.doubles import a_workspace
from tests.installations import OFFICER
store = WorkspaceStore(open_engine(sys.argv[1]))
kept = store.create(a_workspace(), principal=OFFICER)
while True:
    kept = store.save(replace(kept, notes=(*kept.notes, "note")), kept.revision, principal=OFFICER, what="noted")
    print(kept.revision, flush=True)
"""


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    with subprocess.Popen([sys.executable, "-c", _WRITER, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(5)]
        time.sleep(0.05)
        os.kill(writer.pid, signal.SIGKILL)
        told += [int(line) for line in writer.stdout.read().splitlines() if line]
    (found,) = WorkspaceStore(open_engine(url)).list(principal=OFFICER, on_date=TODAY)
    assert found.workspace.revision >= told[-1]
    assert len(found.workspace.notes) == found.workspace.revision - 1


def test_a_body_that_was_spoilt_is_told_and_not_served(store: WorkspaceStore) -> None:
    kept = store.create(a_workspace(), principal=OFFICER)
    with writing(store._engine) as connection:
        connection.execute(text("UPDATE workspaces SET body = :body"), {"body": json.dumps({"id": kept.id})})
    with pytest.raises(Exception, match="This is no workspace"):
        store.read(kept.id, principal=OFFICER, on_date=TODAY)
