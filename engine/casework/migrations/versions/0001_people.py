"""People, definitions and the traces of what is done.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Document, Key, Moment
from engine.casework.migrations.guards import guard_history

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("authority", Key, nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "chain", name="pk_audit_head"),
    )
    op.create_table(
        "authority",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authority"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "stack",
        sa.Column("authority", Key, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("layers", Document, nullable=False),
        sa.Column("texts", Document, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "hash", name="pk_stack"),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_throttle"),
    )
    op.create_table(
        "audit_event",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_audit_event_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_audit_event"),
    )
    op.create_index(
        "ix_audit_event_authority_chain_number", "audit_event", ["authority", "chain", "number"], unique=True
    )
    op.create_table(
        "checkpoint",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_checkpoint_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_checkpoint"),
    )
    op.create_table(
        "destroyed",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_destroyed_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_destroyed"),
    )
    op.create_index("ix_destroyed_authority_record", "destroyed", ["authority", "record"])
    op.create_table(
        "live_stack",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("published_by", Key, nullable=True),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_live_stack_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_live_stack"),
    )
    op.create_index("ix_live_stack_authority_number", "live_stack", ["authority", "number"], unique=True)
    op.create_table(
        "once",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("person", Key, nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("result", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_once_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_once"),
    )
    op.create_index("ix_once_authority_key", "once", ["authority", "key"], unique=True)
    op.create_table(
        "outbox",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", Document, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", Moment(), nullable=False),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_outbox_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_authority_delivered_at_next_try", "outbox", ["authority", "delivered_at", "next_try"]
    )
    op.create_index("ix_outbox_authority_key", "outbox", ["authority", "key"], unique=True)
    op.create_table(
        "person",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sign_in", sa.String(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_person_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_person"),
    )
    op.create_index("ix_person_authority_sign_in", "person", ["authority", "sign_in"], unique=True)
    op.create_table(
        "team",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_team_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_team"),
    )
    op.create_table(
        "trouble",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("report", Document, nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_trouble_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_trouble"),
    )
    op.create_table(
        "membership",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("team", Key, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "person"], ["person.authority", "person.id"], name="fk_membership_authority_person"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "team"], ["team.authority", "team.id"], name="fk_membership_authority_team"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_membership_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_membership"),
    )
    op.create_index("ix_membership_authority_person", "membership", ["authority", "person"])
    op.create_index("ix_membership_authority_team", "membership", ["authority", "team"])
    op.create_table(
        "person_role",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "person"], ["person.authority", "person.id"], name="fk_person_role_authority_person"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_person_role_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_person_role"),
    )
    op.create_index(
        "ix_person_role_authority_person_role", "person_role", ["authority", "person", "role"], unique=True
    )
    op.create_table(
        "session",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("began", Moment(), nullable=False),
        sa.Column("seen", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "person"], ["person.authority", "person.id"], name="fk_session_authority_person"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_session_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_session"),
        sa.UniqueConstraint("token_hash", name="uq_session_token_hash"),
    )
    op.create_index("ix_session_authority_person", "session", ["authority", "person"])
    op.create_table(
        "sign_in_name",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("authority", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "person"],
            ["person.authority", "person.id"],
            name="fk_sign_in_name_authority_person",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_sign_in_name"),
    )
    guard_history("audit_event", "checkpoint", "stack")
