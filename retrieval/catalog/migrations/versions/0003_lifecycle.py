"""Where documents come from, what became of them, and receipts of what was deleted.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("corpus", sa.String(128), sa.ForeignKey("corpora.name"), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True)),
    )
    op.create_index("sources_corpus_path", "sources", ["corpus", "path"], unique=True)
    op.create_table(
        "files",
        sa.Column("source", sa.Integer, sa.ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("ctime_ns", sa.BigInteger, nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("pipeline", sa.String(128), nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
    )
    op.create_table(
        "receipts",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("corpus", sa.String(128), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "tombstones",
        sa.Column("corpus", sa.String(128), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("receipt", sa.Integer, sa.ForeignKey("receipts.number"), nullable=False),
    )
    op.add_column("documents", sa.Column("source", sa.Integer))
    op.add_column("documents", sa.Column("file", sa.Text))
    op.add_column("documents", sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("documents", sa.Column("superseded_by", sa.String(36)))
    op.add_column("versions", sa.Column("retired_at", sa.DateTime(timezone=True)))
    op.add_column("versions", sa.Column("pending", sa.String(16)))
