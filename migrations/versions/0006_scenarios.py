"""Scenarios, runs and proposed awards."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("purpose_vi", sa.Text(), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["copied_from_id"], ["scenario.id"], name=op.f("fk_scenario_copied_from_id")),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_scenario_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    op.create_index(op.f("ix_scenario_round_id"), "scenario", ["round_id"], unique=False)
    op.create_table(
        "scenario_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("words_vi", sa.String(length=300), nullable=False),
        sa.Column("legal_reference", sa.String(length=200), nullable=False),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("at_least_vnd", sa.BigInteger(), nullable=True),
        sa.Column("at_most_vnd", sa.BigInteger(), nullable=True),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "at_least_vnd IS NOT NULL OR at_most_vnd IS NOT NULL",
            name=op.f("ck_scenario_limit_says_something"),
        ),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_limit_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_limit")),
    )
    op.create_index(op.f("ix_scenario_limit_scenario_id"), "scenario_limit", ["scenario_id"], unique=False)
    op.create_table(
        "scenario_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("project_ids", sa.Text(), nullable=False),
        sa.Column("reason_vi", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('REQUIRES', 'AT_MOST_ONE', 'EXACTLY_ONE')", name=op.f("ck_scenario_link_kind_known")
        ),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_link_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_link")),
    )
    op.create_index(op.f("ix_scenario_link_scenario_id"), "scenario_link", ["scenario_id"], unique=False)
    op.create_table(
        "scenario_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("problem_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("findings_vi", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('PROVEN', 'WITHIN_GAP', 'STOPPED', 'INFEASIBLE', 'INVALID', 'FAILED')",
            name=op.f("ck_scenario_run_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_scenario_run_job_id")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_run_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_run")),
        sa.UniqueConstraint("job_id", name=op.f("uq_scenario_run_job_id")),
    )
    op.create_index(op.f("ix_scenario_run_scenario_id"), "scenario_run", ["scenario_id"], unique=False)
    op.create_table(
        "scenario_weight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("output_id", sa.Integer(), nullable=False),
        sa.Column("weight_thousandths", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("weight_thousandths >= 0", name=op.f("ck_scenario_weight_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["output_id"], ["round_output.id"], name=op.f("fk_scenario_weight_output_id")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_weight_scenario_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_weight")),
        sa.UniqueConstraint(
            "scenario_id", "output_id", name=op.f("uq_scenario_weight_scenario_id_output_id")
        ),
    )
    op.create_index(op.f("ix_scenario_weight_scenario_id"), "scenario_weight", ["scenario_id"], unique=False)
    op.create_table(
        "proposed_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("is_unmeasured", sa.Boolean(), nullable=False),
        sa.Column("verdict_vi", sa.String(length=120), nullable=False),
        sa.Column("sentences_vi", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_proposed_award_amount_not_negative")),
        sa.ForeignKeyConstraint(["level_id"], ["project_level.id"], name=op.f("fk_proposed_award_level_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["estimate_project.id"], name=op.f("fk_proposed_award_project_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["scenario_run.id"], name=op.f("fk_proposed_award_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_award")),
        sa.UniqueConstraint("run_id", "project_id", name=op.f("uq_proposed_award_run_id_project_id")),
    )
    op.create_index(op.f("ix_proposed_award_run_id"), "proposed_award", ["run_id"], unique=False)
    op.create_table(
        "scenario_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("reason_vi", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('COMMITTED', 'PINNED', 'BARRED')", name=op.f("ck_scenario_lock_kind_known")
        ),
        sa.ForeignKeyConstraint(["level_id"], ["project_level.id"], name=op.f("fk_scenario_lock_level_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["estimate_project.id"], name=op.f("fk_scenario_lock_project_id")
        ),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_lock_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_lock")),
        sa.UniqueConstraint(
            "scenario_id", "project_id", name=op.f("uq_scenario_lock_scenario_id_project_id")
        ),
    )
    op.create_index(op.f("ix_scenario_lock_scenario_id"), "scenario_lock", ["scenario_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_scenario_lock_scenario_id"), table_name="scenario_lock")
    op.drop_table("scenario_lock")
    op.drop_index(op.f("ix_proposed_award_run_id"), table_name="proposed_award")
    op.drop_table("proposed_award")
    op.drop_index(op.f("ix_scenario_weight_scenario_id"), table_name="scenario_weight")
    op.drop_table("scenario_weight")
    op.drop_index(op.f("ix_scenario_run_scenario_id"), table_name="scenario_run")
    op.drop_table("scenario_run")
    op.drop_index(op.f("ix_scenario_link_scenario_id"), table_name="scenario_link")
    op.drop_table("scenario_link")
    op.drop_index(op.f("ix_scenario_limit_scenario_id"), table_name="scenario_limit")
    op.drop_table("scenario_limit")
    op.drop_index(op.f("ix_scenario_round_id"), table_name="scenario")
    op.drop_table("scenario")
