"""People are told in more ways: each notice says of which kind it is, and each person where and how often to write."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("email", sa.String(), nullable=True))
    op.add_column("person", sa.Column("letters", sa.String(), nullable=False, server_default="once"))
    op.add_column("notification", sa.Column("kind", sa.String(), nullable=False, server_default="told"))
    op.add_column("notification", sa.Column("by", Key, nullable=True))
    op.add_column("notification", sa.Column("once", sa.String(), nullable=True))
    op.add_column("notification", sa.Column("posted_at", Moment(), nullable=True))
    op.create_index("ix_notification_authority_once", "notification", ["authority", "once"], unique=True)
    op.create_index("ix_notification_authority_posted_at", "notification", ["authority", "posted_at"])
    op.add_column("deadline", sa.Column("warned_of", sa.Date(), nullable=True))
    # Nobody is written to about what they were told before letters were.
    op.execute(sa.text('UPDATE notification SET posted_at = "at"'))
    op.execute(sa.text("DELETE FROM outbox WHERE kind = 'notice' AND delivered_at IS NULL"))
    op.create_table(
        "notification_post",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("notification", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("letter", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_notification_post_authority"),
        sa.ForeignKeyConstraint(
            ["authority", "notification"],
            ["notification.authority", "notification.id"],
            name="fk_notification_post_authority_notification",
        ),
        sa.ForeignKeyConstraint(
            ["authority", "person"],
            ["person.authority", "person.id"],
            name="fk_notification_post_authority_person",
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_notification_post"),
    )
    op.create_index(
        "ix_notification_post_authority_notification_person",
        "notification_post",
        ["authority", "notification", "person"],
        unique=True,
    )
    op.create_index(
        "ix_notification_post_authority_letter_due", "notification_post", ["authority", "letter", "due"]
    )
