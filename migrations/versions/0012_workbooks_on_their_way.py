"""Workbooks that are looked at before they are taken in, and what an import replaced, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "waiting_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["estimate_id"], ["estimate.id"], name=op.f("fk_waiting_workbook_estimate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_workbook")),
        sa.UniqueConstraint("estimate_id", "sha256", name=op.f("uq_waiting_workbook_estimate_id_sha256")),
    )
    op.create_index(op.f("ix_waiting_workbook_expires_at"), "waiting_workbook", ["expires_at"], unique=False)
    op.create_table(
        "workbook_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("before_text", sa.Text(), nullable=False),
        sa.Column("after_text", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["estimate_id"], ["estimate.id"], name=op.f("fk_workbook_import_estimate_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_workbook_import_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_import")),
    )
    op.create_index(op.f("ix_workbook_import_estimate_id"), "workbook_import", ["estimate_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_workbook_import_estimate_id"), table_name="workbook_import")
    op.drop_table("workbook_import")
    op.drop_index(op.f("ix_waiting_workbook_expires_at"), table_name="waiting_workbook")
    op.drop_table("waiting_workbook")
