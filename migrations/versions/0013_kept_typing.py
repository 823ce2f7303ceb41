"""What people have typed and not yet saved."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kept_typing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("typed_on", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("business_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["estimate_id"], ["estimate.id"], name=op.f("fk_kept_typing_estimate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_typing_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_typing")),
        sa.UniqueConstraint(
            "estimate_id",
            "project_key",
            "person_id",
            name=op.f("uq_kept_typing_estimate_id_project_key_person_id"),
        ),
    )
    op.create_index(op.f("ix_kept_typing_person_id"), "kept_typing", ["person_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_index(op.f("ix_kept_typing_person_id"), table_name="kept_typing")
    op.drop_table("kept_typing")
