"""The catalog's tables. Migrations under `migrations/` make them; nothing here runs at import but their description."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData()

markings = Table(
    "markings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("policy", String(64), nullable=False),
    Column("level", String(128), nullable=False),
    Column("releasable_to", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("need_to_know", JSON, nullable=False),
)

corpora = Table(
    "corpora",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("title", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("marking", String(32), ForeignKey("markings.id"), nullable=False),
    Column("authority", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("corpus", String(128), ForeignKey("corpora.name"), nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("current", String(36)),
    # Of `sources`, and the file in it; NULL for what was added before the catalog kept them.
    Column("source", Integer),
    Column("file", Text),
    # Retired by its owner: no file brings it back.
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("superseded_by", String(36)),
    # Its marking was set by hand: what is stated elsewhere may only raise it.
    Column("marked", Boolean, nullable=False, server_default=false()),
    Index("documents_corpus_key", "corpus", "key", unique=True),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("document", String(36), ForeignKey("documents.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("blob", String(64), nullable=False),
    Column("pipeline", String(128), nullable=False),
    Column("marking", String(32), ForeignKey("markings.id"), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("supersedes", String(36)),
    Column("state", String(16), nullable=False, index=True),
    Column("in_index", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("retired_at", DateTime(timezone=True)),
    # What of its points the index does not yet say as the catalog does: `Pending`, or NULL.
    Column("pending", String(16)),
    # Why it is held back, in one sentence; empty: it is not.
    Column("quarantine", Text, nullable=False, server_default=""),
    # Who stated its marking.
    Column("marked_by", JSON, nullable=False, server_default="[]"),
    # What screening found, as `retrieval.screening.flags.as_fields` writes it.
    Column("flags", JSON, nullable=False, server_default="[]"),
    # Of its text, to find near-duplicates by; NULL for what was added before there were any.
    Column("signature", LargeBinary),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", String(36), ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("page", Integer),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    # The hash of what was embedded, so that the same text is not embedded twice.
    Column("searchable_sha256", String(64), nullable=False, index=True),
    Index("passages_version_ordinal", "version", "ordinal", unique=True),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("corpus", String(128), ForeignKey("corpora.name"), nullable=False),
    Column("source", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("report", JSON),
)

refusals = Table(
    "refusals",
    metadata,
    Column("corpus", String(128), ForeignKey("corpora.name"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("corpus", String(128), ForeignKey("corpora.name"), nullable=False),
    Column("path", Text, nullable=False),
    # Before the key of every document from here, where another source had one of them already.
    Column("prefix", Text, nullable=False),
    Column("synced_at", DateTime(timezone=True)),
    Index("sources_corpus_path", "corpus", "path", unique=True),
)

files = Table(
    "files",
    metadata,
    Column("source", Integer, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("file", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("blob", String(64), nullable=False),
    Column("pipeline", String(128), nullable=False),
    # How many live ones it gave.
    Column("documents", Integer, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("corpus", String(128), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("body", JSON, nullable=False),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("corpus", String(128), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("receipt", Integer, ForeignKey("receipts.number"), nullable=False),
)
"""Content that was deleted from a corpus: no folder brings it back."""

facts = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the catalog knows of its index: which embedder and which lexical encoder made it."""
