"""Estimates handed to the office that consolidates, and where projects of its own estimate came from."""

import sqlalchemy as sa
from alembic import op

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ACTS = ("SUBMIT_ESTIMATE_UP", "TAKE_ESTIMATE", "RETURN_ESTIMATE_DOWN")


def upgrade() -> None:
    """Make the tables and let the audit know the acts."""
    add_known_codes("audit_entry", "action", ACTS)
    op.create_table(
        "estimate_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("upper_agency_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state IN ('OFFERED', 'TAKEN', 'RETURNED')",
            name=op.f("ck_estimate_handover_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["estimate_id"], ["estimate.id"], name=op.f("fk_estimate_handover_estimate_id")
        ),
        sa.ForeignKeyConstraint(
            ["upper_agency_id"], ["agency.id"], name=op.f("fk_estimate_handover_upper_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_estimate_handover_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_handover")),
        sa.UniqueConstraint("version_id", name=op.f("uq_estimate_handover_version_id")),
    )
    op.create_index(
        op.f("ix_estimate_handover_estimate_id"), "estimate_handover", ["estimate_id"], unique=False
    )
    op.create_index(
        op.f("ix_estimate_handover_upper_agency_id"), "estimate_handover", ["upper_agency_id"], unique=False
    )
    op.create_table(
        "taken_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["estimate_id"], ["estimate.id"], name=op.f("fk_taken_project_estimate_id")),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["estimate_handover.id"], name=op.f("fk_taken_project_handover_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_project")),
        sa.UniqueConstraint(
            "estimate_id", "project_key", name=op.f("uq_taken_project_estimate_id_project_key")
        ),
    )
    op.create_index(op.f("ix_taken_project_estimate_id"), "taken_project", ["estimate_id"], unique=False)
    op.create_index(op.f("ix_taken_project_handover_id"), "taken_project", ["handover_id"], unique=False)


def downgrade() -> None:
    """Remove the tables and the acts."""
    op.drop_index(op.f("ix_taken_project_handover_id"), table_name="taken_project")
    op.drop_index(op.f("ix_taken_project_estimate_id"), table_name="taken_project")
    op.drop_table("taken_project")
    op.drop_index(op.f("ix_estimate_handover_upper_agency_id"), table_name="estimate_handover")
    op.drop_index(op.f("ix_estimate_handover_estimate_id"), table_name="estimate_handover")
    op.drop_table("estimate_handover")
    remove_known_codes("audit_entry", "action", ACTS)
