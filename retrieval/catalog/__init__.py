"""The catalog: documents, versions, markings and passages in a database."""

from retrieval.catalog.carrying import CarriedDocument, CarriedVersion
from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import (
    Corpus,
    CorpusStatus,
    CorpusUnknown,
    Dates,
    DeletedDocument,
    DeletedVersion,
    Found,
    Holding,
    Job,
    Measured,
    Past,
    Pending,
    Reading,
    Receipt,
    SeenFile,
    Source,
    StoredVersion,
)

__all__ = [
    "CarriedDocument",
    "CarriedVersion",
    "Catalog",
    "Corpus",
    "CorpusStatus",
    "CorpusUnknown",
    "Dates",
    "DeletedDocument",
    "DeletedVersion",
    "Found",
    "Holding",
    "Job",
    "Measured",
    "Past",
    "Pending",
    "Reading",
    "Receipt",
    "SeenFile",
    "Source",
    "StoredVersion",
]
