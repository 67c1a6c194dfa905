"""How much the owner of a corpus lets it weigh against others.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("corpora", sa.Column("authority", sa.Integer, nullable=False, server_default="0"))
