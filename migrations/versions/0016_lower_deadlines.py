"""The hour an office sets for those it consolidates."""

import sqlalchemy as sa
from alembic import op

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ACTS = ("SET_LOWER_DEADLINE",)


def upgrade() -> None:
    """Make the table and let the audit know the act."""
    add_known_codes("audit_entry", "action", ACTS)
    op.create_table(
        "lower_deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_lower_deadline_agency_id")),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_lower_deadline_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lower_deadline")),
    )
    op.create_index(op.f("ix_lower_deadline_round_id"), "lower_deadline", ["round_id"], unique=False)


def downgrade() -> None:
    """Remove the table and the act."""
    op.drop_index(op.f("ix_lower_deadline_round_id"), table_name="lower_deadline")
    op.drop_table("lower_deadline")
    remove_known_codes("audit_entry", "action", ACTS)
