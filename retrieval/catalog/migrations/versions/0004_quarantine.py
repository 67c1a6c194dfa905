"""What is held back and why, what screening found, and by whom a document was marked.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("documents", sa.Column("marked", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("versions", sa.Column("quarantine", sa.Text, nullable=False, server_default=""))
    op.add_column("versions", sa.Column("marked_by", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("versions", sa.Column("flags", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("versions", sa.Column("signature", sa.LargeBinary))
