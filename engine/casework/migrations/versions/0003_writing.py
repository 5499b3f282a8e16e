"""What people write about records, and what they have to do.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Document, Key, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("social_field", sa.String(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_action_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_action_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_action_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_action"),
    )
    op.create_index("ix_action_authority_record", "action", ["authority", "record"])
    op.create_table(
        "deadline",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("case", Key, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("rule", Document, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("met_at", Moment(), nullable=True),
        sa.Column("passed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_deadline_authority_case"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_deadline_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_deadline"),
    )
    op.create_index("ix_deadline_authority_case", "deadline", ["authority", "case"])
    op.create_index("ix_deadline_authority_due_met_at", "deadline", ["authority", "due", "met_at"])
    op.create_table(
        "note",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_by", Key, nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_note_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_note_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_note_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_note"),
    )
    op.create_index("ix_note_authority_record", "note", ["authority", "record"])
    op.create_table(
        "notification",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=True),
        sa.Column("case", Key, nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person", Key, nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_notification_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"],
            ["record.authority", "record.id"],
            name="fk_notification_authority_record",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_notification_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_notification"),
    )
    op.create_index("ix_notification_authority_person", "notification", ["authority", "person"])
    op.create_index("ix_notification_authority_role", "notification", ["authority", "role"])
    op.create_table(
        "submission",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("stack", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answers", Document, nullable=False),
        sa.Column("raw", Document, nullable=False),
        sa.Column("begun_by", Key, nullable=True),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("changed_by", Key, nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("submitted_by", Key, nullable=True),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("decided_by", Key, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("corrects", Key, nullable=True),
        sa.Column("carried", Document, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_submission_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "corrects"],
            ["submission.authority", "submission.id"],
            name="fk_submission_authority_corrects",
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_submission_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_submission_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_submission"),
    )
    op.create_index("ix_submission_authority_case_form", "submission", ["authority", "case", "form"])
    op.create_index("ix_submission_authority_record_form", "submission", ["authority", "record", "form"])
    op.create_index(
        "ix_submission_one_draft",
        "submission",
        ["authority", "case", "form"],
        unique=True,
        sqlite_where=sa.text("state = 'draft' AND \"case\" IS NOT NULL"),
        postgresql_where=sa.text("state = 'draft' AND \"case\" IS NOT NULL"),
    )
    op.create_table(
        "action_revision",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("action", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("merged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "action"],
            ["action.authority", "action.id"],
            name="fk_action_revision_authority_action",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_action_revision_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_action_revision"),
    )
    op.create_index(
        "ix_action_revision_authority_action_number",
        "action_revision",
        ["authority", "action", "number"],
        unique=True,
    )
    op.create_table(
        "aside",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("submission", Key, nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("answers", Document, nullable=False),
        sa.Column("raw", Document, nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_aside_authority_submission",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_aside_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_aside"),
    )
    op.create_index("ix_aside_authority_submission", "aside", ["authority", "submission"])
    op.create_table(
        "note_revision",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("note", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("merged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "note"], ["note.authority", "note.id"], name="fk_note_revision_authority_note"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_note_revision_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_note_revision"),
    )
    op.create_index(
        "ix_note_revision_authority_note_number",
        "note_revision",
        ["authority", "note", "number"],
        unique=True,
    )
    op.create_table(
        "notification_read",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("notification", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "notification"],
            ["notification.authority", "notification.id"],
            name="fk_notification_read_authority_notification",
        ),
        sa.ForeignKeyConstraint(
            ["authority", "person"],
            ["person.authority", "person.id"],
            name="fk_notification_read_authority_person",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_notification_read_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_notification_read"),
    )
    op.create_index(
        "ix_notification_read_authority_notification_person",
        "notification_read",
        ["authority", "notification", "person"],
        unique=True,
    )
    op.create_table(
        "submission_revision",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("submission", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", Document, nullable=False),
        sa.Column("raw", Document, nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("merged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_submission_revision_authority_submission",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_submission_revision_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_submission_revision"),
    )
    op.create_index(
        "ix_submission_revision_authority_submission_number",
        "submission_revision",
        ["authority", "submission", "number"],
        unique=True,
    )
    op.create_table(
        "task",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person", Key, nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("submission", Key, nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_task_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_task_authority_record"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_task_authority_submission",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_task_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_task"),
    )
    op.create_index("ix_task_authority_case", "task", ["authority", "case"])
    op.create_index("ix_task_authority_person_done_at", "task", ["authority", "person", "done_at"])
    op.create_index("ix_task_authority_role_done_at", "task", ["authority", "role", "done_at"])
