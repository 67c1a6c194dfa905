"""Keep workspaces with every revision of them, for those who may read them.

A workspace is on disk before it is acknowledged, and no revision is ever changed. Who is not allowed a workspace is
told what somebody is told who names one that is not there. Knows nothing of what a workspace holds, its marking and
its owner apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Row, String, Table, Text, func, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.courses import recording
from assistant.courses.workspace import Workspace
from assistant.journal import Journal
from retrieval.access import METADATA_ONLY, Principal, may_read
from retrieval.catalog.database import writing
from retrieval.catalog.migrating import migrate
from retrieval.errors import StafwijzerError

HEAD = "0001"
_REVISIONS = Path(__file__).parent / "versions"

metadata = MetaData()
workspaces = Table(
    "workspaces",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("body", Text, nullable=False),
)


class WorkspaceUnknown(StafwijzerError):
    """No workspace has this id, or none that the reader may know of: the two are told alike."""


class WorkspaceChanged(StafwijzerError):
    """Somebody else changed the workspace since it was read. Nothing was saved and nothing of theirs is lost."""

    def __init__(self, current: "Revision") -> None:
        super().__init__(
            f"{current.by} changed this workspace at {current.at} ({current.what}); your change is not saved.",
            hint="Read it again, look at what is there now, and make your change once more.",
        )
        self.current = current
        """What stands there now."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A workspace as somebody left it."""

    workspace: Workspace
    at: str
    """UTC, ISO 8601."""
    by: str
    what: str
    """What was changed, in a few words."""


def may_open(principal: Principal, workspace: Workspace, on_date: date) -> bool:
    """Decide whether a principal may read a workspace on this date.

    What it is marked they must be allowed to read, and they are its owner or have its need-to-know. A workspace that
    nothing was put in yet has no marking: it is its owner's."""
    if METADATA_ONLY in principal.roles:
        return False
    owner, marking = principal.name == workspace.owner, workspace.marking
    if marking is None:
        return owner
    return may_read(principal, marking, on_date) and (owner or bool(marking.need_to_know))


class WorkspaceStore:
    """The workspaces in the database behind `engine`."""

    def __init__(self, engine: Engine, journal: Journal | None = None) -> None:
        """`journal`: gets a record of each change; None: nothing does."""
        self._engine, self._journal = engine, journal
        migrate(engine, revisions=_REVISIONS, head=HEAD, version_table="alembic_version_workspaces")

    def create(self, workspace: Workspace, *, principal: Principal, what: str = "made") -> Workspace:
        """Keep a new workspace as revision 1. Raises WorkspaceChanged when its id is taken."""
        return self.save(workspace, 0, principal=principal, what=what)

    def save(self, workspace: Workspace, expected_revision: int, *, principal: Principal, what: str) -> Workspace:
        """Keep a workspace as the revision after the one that it was made of, and return it with its new number.

        On return it is on disk. Raises WorkspaceChanged when somebody else made that revision, WorkspaceUnknown when
        `principal` may not read what is there."""
        saved = replace(workspace, revision=expected_revision + 1)
        made = Revision(saved, datetime.now(UTC).isoformat(timespec="milliseconds"), principal.name, what)
        try:
            with writing(self._engine) as connection:
                current = _last(connection, saved.id)
                if (current.workspace.revision if current else 0) == expected_revision:
                    if current and not may_open(principal, current.workspace, date.today()):
                        raise _unknown(saved.id)
                    connection.execute(insert(workspaces).values(**_row(made)))
                    current = None
                elif current is None:
                    raise _unknown(saved.id)
        except IntegrityError:
            # PostgreSQL lets two write at once, and the second finds the revision taken.
            with self._engine.connect() as connection:
                current = _last(connection, saved.id)
        if current:
            raise (
                WorkspaceChanged(current)
                if may_open(principal, current.workspace, date.today())
                else _unknown(saved.id)
            )
        self._tell(made)
        return saved

    def read(self, id: str, *, principal: Principal, on_date: date, revision: int | None = None) -> Revision:
        """Return a workspace by its id or the unambiguous beginning of it. Raises WorkspaceUnknown.

        `revision`: None is the last. Who may read it is decided by what the last one is marked."""
        with self._engine.connect() as connection:
            ids = _ids(connection, id)
            open_ = [one for one in _lasts(connection, ids) if may_open(principal, one.workspace, on_date)]
            if len(open_) != 1:
                raise _unknown(id, open_)
            found = open_[0]
            if revision is None or revision == found.workspace.revision:
                return found
            query = select(workspaces).filter_by(id=found.workspace.id, revision=revision)
            row = connection.execute(query).first()
        if row is None or not may_open(principal, (earlier := _revision(row)).workspace, on_date):
            raise _unknown(f"{id}, revision {revision}")
        return earlier

    def list(self, *, principal: Principal, on_date: date) -> list[Revision]:
        """Return the workspaces that a principal may read, changed last first."""
        with self._engine.connect() as connection:
            every = _lasts(connection, _ids(connection, ""))
        readable = [one for one in every if may_open(principal, one.workspace, on_date)]
        return sorted(readable, key=lambda one: (one.at, one.workspace.id), reverse=True)

    def history(self, id: str, *, principal: Principal, on_date: date) -> Sequence[Revision]:
        """Return all revisions of a workspace that a principal may read, newest first. Raises WorkspaceUnknown."""
        found = self.read(id, principal=principal, on_date=on_date)
        query = select(workspaces).filter_by(id=found.workspace.id).order_by(workspaces.c.revision.desc())
        with self._engine.connect() as connection:
            every = [_revision(row) for row in connection.execute(query)]
        return [one for one in every if may_open(principal, one.workspace, on_date)]

    def _tell(self, made: Revision) -> None:
        if self._journal:
            told = {"workspace": made.workspace.id, "revision": made.workspace.revision}
            self._journal.append("coa", {**told, "by": made.by, "what": made.what})


def _ids(connection: Connection, beginning: str) -> list[str]:
    query = select(workspaces.c.id).distinct().where(workspaces.c.id.startswith(beginning, autoescape=True))
    ids = list(connection.execute(query).scalars())
    return [beginning] if beginning in ids else ids


def _lasts(connection: Connection, ids: Iterable[str]) -> list[Revision]:
    return [found for id in ids if (found := _last(connection, id))]


def _last(connection: Connection, id: str) -> Revision | None:
    last = select(func.max(workspaces.c.revision)).filter_by(id=id).scalar_subquery()
    row = connection.execute(select(workspaces).filter_by(id=id).where(workspaces.c.revision == last)).first()
    return _revision(row) if row else None


def _revision(row: Row[tuple[object, ...]]) -> Revision:
    return Revision(recording.read(row.body), row.at, row.by, row.what)


def _row(made: Revision) -> dict[str, object]:
    body = recording.written(made.workspace)
    told = {"id": made.workspace.id, "revision": made.workspace.revision, "at": made.at}
    return {**told, "by": made.by, "what": made.what, "body": body}


def _unknown(id: str, among: Iterable[Revision] = ()) -> WorkspaceUnknown:
    ids = ", ".join(one.workspace.id for one in among)
    if ids:
        return WorkspaceUnknown(f"Several workspaces begin with '{id}': {ids}.", hint="Give more of the id.")
    return WorkspaceUnknown(
        f"There is no workspace '{id}'.", hint="`stafwijzer coa list` shows those that you may read."
    )
