"""Each authority has an address of its own, and its own sign-in names; the directory across authorities is gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("authority", sa.Column("address", sa.String(), nullable=True))
    op.create_index("ix_authority_address", "authority", ["address"], unique=True)
    op.drop_table("sign_in_name")
