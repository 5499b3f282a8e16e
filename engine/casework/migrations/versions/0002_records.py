"""Records, what connects them, cases and who holds them.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Document, Key, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_counter",
        sa.Column("authority", Key, nullable=False),
        sa.Column("stem", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "stem", name="pk_name_counter"),
    )
    op.create_table(
        "record",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_words", sa.Text(), nullable=False),
        sa.Column("fields", Document, nullable=False),
        sa.Column("stack", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("destroyed_at", Moment(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_record_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_record"),
    )
    op.create_index("ix_record_authority_changed_at", "record", ["authority", "changed_at"])
    op.create_index("ix_record_authority_type_closed_at", "record", ["authority", "type", "closed_at"])
    op.create_table(
        "break_glass",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("reviewed_by", Key, nullable=True),
        sa.Column("reviewed_at", Moment(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "person"], ["person.authority", "person.id"], name="fk_break_glass_authority_person"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_break_glass_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_break_glass_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_break_glass"),
    )
    op.create_index(
        "ix_break_glass_authority_record_person", "break_glass", ["authority", "record", "person"]
    )
    op.create_table(
        "case",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("stack", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("entered", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("started_by", Key, nullable=True),
        sa.Column("came_from", Key, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "came_from"], ["case.authority", "case.id"], name="fk_case_authority_came_from"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_case_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_case_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_case"),
    )
    op.create_index("ix_case_authority_record", "case", ["authority", "record"])
    op.create_index("ix_case_authority_workflow_state", "case", ["authority", "workflow", "state"])
    op.create_table(
        "identifier",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_identifier_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_identifier_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_identifier"),
    )
    op.create_index(
        "ix_identifier_authority_record_system", "identifier", ["authority", "record", "system"], unique=True
    )
    op.create_index("ix_identifier_authority_system_number", "identifier", ["authority", "system", "number"])
    op.create_table(
        "record_revision",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fields", Document, nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("merged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "record"],
            ["record.authority", "record.id"],
            name="fk_record_revision_authority_record",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_record_revision_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_record_revision"),
    )
    op.create_index(
        "ix_record_revision_authority_record_number",
        "record_revision",
        ["authority", "record", "number"],
        unique=True,
    )
    op.create_table(
        "restriction",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_restriction_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_restriction_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_restriction"),
    )
    op.create_index("ix_restriction_authority_record", "restriction", ["authority", "record"])
    op.create_table(
        "allocation",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("person", Key, nullable=True),
        sa.Column("team", Key, nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("made_by", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_allocation_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "person"], ["person.authority", "person.id"], name="fk_allocation_authority_person"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_allocation_authority_record"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "team"], ["team.authority", "team.id"], name="fk_allocation_authority_team"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_allocation_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_allocation"),
    )
    op.create_index("ix_allocation_authority_person", "allocation", ["authority", "person"])
    op.create_index("ix_allocation_authority_record", "allocation", ["authority", "record"])
    op.create_index("ix_allocation_authority_team", "allocation", ["authority", "team"])
    op.create_table(
        "case_step",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("case", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("transition", sa.String(), nullable=True),
        sa.Column("came_from", sa.String(), nullable=True),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("person", Key, nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_case_step_authority_case"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_case_step_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_case_step"),
    )
    op.create_index(
        "ix_case_step_authority_case_number", "case_step", ["authority", "case", "number"], unique=True
    )
    op.create_table(
        "link",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("one", Key, nullable=False),
        sa.Column("two", Key, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why_ended", sa.Text(), nullable=True),
        sa.Column("case", Key, nullable=True),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_link_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "one"], ["record.authority", "record.id"], name="fk_link_authority_one"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "two"], ["record.authority", "record.id"], name="fk_link_authority_two"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_link_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_link"),
    )
    op.create_index("ix_link_authority_one", "link", ["authority", "one"])
    op.create_index("ix_link_authority_two", "link", ["authority", "two"])
    op.create_table(
        "marker",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why_ended", sa.Text(), nullable=True),
        sa.Column("made_by", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_marker_authority_case"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_marker_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_marker_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_marker"),
    )
    op.create_index("ix_marker_authority_record", "marker", ["authority", "record"])
    op.create_table(
        "restriction_person",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("restriction", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "person"],
            ["person.authority", "person.id"],
            name="fk_restriction_person_authority_person",
        ),
        sa.ForeignKeyConstraint(
            ["authority", "restriction"],
            ["restriction.authority", "restriction.id"],
            name="fk_restriction_person_authority_restriction",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_restriction_person_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_restriction_person"),
    )
    op.create_index(
        "ix_restriction_person_authority_restriction_person",
        "restriction_person",
        ["authority", "restriction", "person"],
        unique=True,
    )
