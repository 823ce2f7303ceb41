"""Decisions and awards."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "allocation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status <> 'APPROVED' OR (number <> '' AND signed_on IS NOT NULL)",
            name=op.f("ck_allocation_decision_approved_is_numbered"),
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SUBMITTED', 'APPROVED')", name=op.f("ck_allocation_decision_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["budget_round.id"], name=op.f("fk_allocation_decision_round_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["scenario_run.id"], name=op.f("fk_allocation_decision_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_decision")),
        sa.UniqueConstraint("round_id", name=op.f("uq_allocation_decision_round_id")),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("proposed_level_id", sa.Integer(), nullable=True),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("is_unmeasured", sa.Boolean(), nullable=False),
        sa.Column("departure_reason", sa.Text(), nullable=False),
        sa.Column("verdict_vi", sa.String(length=120), nullable=False),
        sa.Column("sentences_vi", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_award_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["allocation_decision.id"], name=op.f("fk_award_decision_id")
        ),
        sa.ForeignKeyConstraint(["level_id"], ["project_level.id"], name=op.f("fk_award_level_id")),
        sa.ForeignKeyConstraint(["project_id"], ["estimate_project.id"], name=op.f("fk_award_project_id")),
        sa.ForeignKeyConstraint(
            ["proposed_level_id"], ["project_level.id"], name=op.f("fk_award_proposed_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("decision_id", "project_id", name=op.f("uq_award_decision_id_project_id")),
    )
    op.create_index(op.f("ix_award_decision_id"), "award", ["decision_id"], unique=False)
    op.create_index(op.f("ix_award_project_id"), "award", ["project_id"], unique=False)
    op.create_table(
        "award_money",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "nature IN ('RECURRENT', 'CAPITAL', 'BOTH')", name=op.f("ck_award_money_nature_known")
        ),
        sa.CheckConstraint("amount_vnd > 0", name=op.f("ck_award_money_amount_positive")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_award_money_award_id")),
        sa.ForeignKeyConstraint(["source_id"], ["funding_source.id"], name=op.f("fk_award_money_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_money")),
        sa.UniqueConstraint(
            "award_id",
            "source_id",
            "nature",
            "year",
            name=op.f("uq_award_money_award_id_source_id_nature_year"),
        ),
    )
    op.create_index(op.f("ix_award_money_award_id"), "award_money", ["award_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_award_money_award_id"), table_name="award_money")
    op.drop_table("award_money")
    op.drop_index(op.f("ix_award_project_id"), table_name="award")
    op.drop_index(op.f("ix_award_decision_id"), table_name="award")
    op.drop_table("award")
    op.drop_table("allocation_decision")
