"""Say which field of a record is its id, its title, its text, its date and its marking.

Given by the owner in a file beside the records, `NAME.mapping.toml`, or else guessed from common names:

    records = "items"                   # where the list of records stands, if the file is one JSON object
    id = "nummer"
    title = "onderwerp"
    text = ["vraag", "antwoord"]        # joined in this order
    date = "datum"
    marking = "rubricering"

Refuses to know how records are stored; a name with dots ('meta.date') looks inside a field."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.loading.loaded import NotLoaded

SIDECAR_SUFFIX = ".mapping.toml"

# By how surely they say what they hold; the first that a record has is taken. Compared without regard to case.
_IDS = ("_id", "id", "key", "identifier", "uuid", "doc_id", "docid", "sleutel", "kenmerk")
_TITLES = ("title", "titel", "name", "naam", "subject", "onderwerp", "headline")
_TEXTS = ("text", "tekst", "body", "content", "contents", "inhoud", "description", "omschrijving", "abstract")
_DATES = ("date", "datum", "published", "publication_date", "publicatiedatum", "created", "timestamp")
_MARKINGS = ("marking", "markering", "classification", "rubricering")
_FIELDS = frozenset({"records", "id", "title", "text", "date", "marking"})


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Names of fields; '' or () where there is none."""

    id: str = ""
    """Without one, a record is known by its content."""
    title: str = ""
    text: tuple[str, ...] = ()
    date: str = ""
    marking: str = ""
    records: str = ""


def guess(fields: Collection[str]) -> FieldMapping:
    """Recognise the fields of a record by their names."""
    by_name = {field.strip().lower(): field for field in reversed(list(fields))}

    def first(names: Collection[str]) -> str:
        return next((by_name[name] for name in names if name in by_name), "")

    text = first(_TEXTS)
    return FieldMapping(first(_IDS), first(_TITLES), (text,) if text else (), first(_DATES), first(_MARKINGS))


def sidecar(path: Path) -> Path | None:
    """The file that says how the records at `path` are mapped: 'a.csv.mapping.toml', or 'a.mapping.toml'."""
    beside = (path.with_name(path.name + SIDECAR_SUFFIX), path.with_name(path.stem + SIDECAR_SUFFIX))
    return next((one for one in beside if one.is_file()), None)


def read_mapping(path: Path) -> FieldMapping:
    """Read a mapping from its file. Raises NotLoaded; OSError if it cannot be opened."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotLoaded(f'{path.name} is not valid TOML; write lines such as text = "inhoud".') from error
    for key, value in given.items():
        if key not in _FIELDS:
            raise NotLoaded(f"{path.name} has the unknown key '{key}'; use {', '.join(sorted(_FIELDS))}.")
        names = value if key == "text" and isinstance(value, list) else [value]
        if not names or not all(isinstance(name, str) and name for name in names):
            raise NotLoaded(f"{path.name} gives '{key}' no name of a field; write it between quotes.")
    if "text" not in given:
        raise NotLoaded(f'{path.name} does not say which field holds the text; add a line such as text = "inhoud".')
    text = given.pop("text")
    return FieldMapping(text=(text,) if isinstance(text, str) else tuple(text), **given)


def value(record: Mapping[str, object], field: str) -> object:
    """What a record holds under a name, or under a path with dots; None where it holds nothing."""
    if field in record:
        return record[field]
    found: object = record
    for step in field.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found
