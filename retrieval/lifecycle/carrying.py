"""Say in plain values what the catalog knows of a corpus and its versions, and read it back, for a bag.

The one place that knows how the two are written. Believes nothing that it reads: what cannot be is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from retrieval.access import UNMARKED
from retrieval.bagged_corpora import BaggedVersion
from retrieval.bagging import BagRefused
from retrieval.catalog import CarriedDocument, CarriedVersion, Receipt
from retrieval.documents import State, Version
from retrieval.languages import Language
from retrieval.screening.flags import as_fields, from_fields


@dataclass(frozen=True, slots=True)
class CorpusDetails:
    """What else there is to know of a corpus."""

    documents: tuple[CarriedDocument, ...]
    refusals: tuple[tuple[str, str], ...]
    """(key, reason) of what was offered and not read."""
    receipts: tuple[Receipt, ...]
    tombstones: dict[str, int]
    """Hash of deleted content, to the number of its receipt."""


@dataclass(frozen=True, slots=True)
class VersionDetails:
    """What else there is to know of a version."""

    document: str
    language: Language
    metadata: dict[str, str]
    warnings: tuple[str, ...]
    quarantine: str
    marked_by: tuple[str, ...]
    flags: tuple[tuple[JsonValue, ...], ...]
    """As `retrieval.screening.flags.as_fields` writes them."""
    added_at: datetime
    retired_at: datetime | None


_Details = TypeVar("_Details", CorpusDetails, VersionDetails)


def written(details: CorpusDetails | VersionDetails) -> dict[str, JsonValue]:
    """Return details as JSON has them."""
    told: dict[str, JsonValue] = TypeAdapter(type(details)).dump_python(details, mode="json")
    return told


def read(kind: type[_Details], told: Mapping[str, JsonValue], *, where: str) -> _Details:
    """Return the details that `written` wrote. Raises BagRefused."""
    try:
        return TypeAdapter(kind).validate_python(dict(told))
    except ValidationError as error:
        first = error.errors()[0]
        raise refused(f"what it tells of {where} cannot be read ({first['loc']}: {first['msg']})") from error


def bagged(version: CarriedVersion, key: str, *, label: str | None) -> BaggedVersion:
    """Return a version as a bag has it."""
    held = version.version
    details = VersionDetails(
        document=held.document,
        language=version.language,
        metadata=dict(version.metadata),
        warnings=version.warnings,
        quarantine=version.quarantine,
        marked_by=version.marked_by,
        flags=tuple(tuple(_plain(one) for one in as_fields(flag)) for flag in version.flags),
        added_at=version.added_at,
        retired_at=version.retired_at,
    )
    return BaggedVersion(
        id=held.id,
        key=key,
        title=version.title,
        sha256=version.blob,
        state=held.state,
        current=held.state is State.LIVE,
        marking=version.marking,
        valid_from=held.valid_from,
        valid_until=held.valid_until,
        supersedes=held.supersedes,
        pipeline=version.pipeline,
        label=label,
        record=held.sha256 if held.sha256 != version.blob else "",
        details=written(details),
    )


def carried(version: BaggedVersion) -> CarriedVersion:
    """Return a version as the catalog has it. Raises BagRefused for one that cannot be."""
    details = read(VersionDetails, version.details, where=version.key)
    marking = version.marking or UNMARKED
    finished = {str(one): one for one in (State.LIVE, State.QUARANTINED, State.RETIRED)}
    if version.state not in finished or version.current != (version.state == State.LIVE):
        raise refused(f"a version of {version.key} is {version.state!r}, and that cannot be")
    try:
        flags = tuple(map(from_fields, details.flags))
    except (TypeError, ValueError) as error:
        raise refused(f"what screening found in {version.key} cannot be read") from error
    held = Version(
        version.id,
        details.document,
        version.record or version.sha256,
        marking.id,
        version.valid_from,
        version.valid_until,
        version.supersedes,
        finished[version.state],
    )
    return CarriedVersion(
        version=held,
        title=version.title,
        marking=marking,
        blob=version.sha256,
        pipeline=version.pipeline,
        language=details.language,
        metadata=details.metadata,
        warnings=details.warnings,
        quarantine=details.quarantine,
        marked_by=details.marked_by,
        flags=flags,
        added_at=details.added_at,
        retired_at=details.retired_at,
    )


def refused(problem: str, hint: str = "Export it again; nothing was imported.") -> BagRefused:
    """Return the error for a bag that is whole and cannot be imported."""
    return BagRefused(f"The bag was refused: {problem}.", hint=hint)


def _plain(value: object) -> JsonValue:
    return value if value is None or isinstance(value, int) else str(value)
