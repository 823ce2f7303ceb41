"""Parts of co-agencies in another office's project, and which lines of a version came from them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "project_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_frame", sa.String(length=64), nullable=False),
        sa.Column("signed_lines", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('INVITED', 'ACCEPTED', 'SIGNED', 'DECLINED', 'WITHDRAWN')",
            name=op.f("ck_project_part_status_known"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_project_part_agency_id")),
        sa.ForeignKeyConstraint(["estimate_id"], ["estimate.id"], name=op.f("fk_project_part_estimate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_part")),
    )
    op.create_index(op.f("ix_project_part_agency_id"), "project_part", ["agency_id"], unique=False)
    op.create_index(op.f("ix_project_part_estimate_id"), "project_part", ["estimate_id"], unique=False)
    op.create_table(
        "joined_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_joined_line_agency_id")),
        sa.ForeignKeyConstraint(["part_id"], ["project_part.id"], name=op.f("fk_joined_line_part_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_joined_line_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joined_line")),
        sa.UniqueConstraint(
            "version_id",
            "project_key",
            "position",
            name=op.f("uq_joined_line_version_id_project_key_position"),
        ),
    )
    op.create_index(op.f("ix_joined_line_version_id"), "joined_line", ["version_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("joined_line")
    op.drop_table("project_part")
