"""Since when the newest revision of a draft is one that saves itself while somebody types."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Moment

revision = "0021"
down_revision = "0014a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("autosaved", Moment(), nullable=True))
