"""Rounds with deadlines, ceilings, envelopes and measured outputs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("business_on", sa.Date(), nullable=True),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('ANNUAL', 'SUPPLEMENTARY')", name=op.f("ck_budget_round_kind_known")),
        sa.CheckConstraint("last_year >= fiscal_year", name=op.f("ck_budget_round_years_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_round")),
        sa.UniqueConstraint("code", name=op.f("uq_budget_round_code")),
    )
    op.create_table(
        "ceiling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_ceiling_amount_not_negative")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_ceiling_agency_id")),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_ceiling_round_id")),
        sa.ForeignKeyConstraint(["source_id"], ["funding_source.id"], name=op.f("fk_ceiling_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceiling")),
        sa.UniqueConstraint(
            "round_id", "agency_id", "source_id", name=op.f("uq_ceiling_round_id_agency_id_source_id")
        ),
    )
    op.create_table(
        "envelope",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("contingency_vnd", sa.BigInteger(), nullable=False),
        sa.Column("unmeasured_vnd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "nature IN ('RECURRENT', 'CAPITAL', 'BOTH')", name=op.f("ck_envelope_nature_known")
        ),
        sa.CheckConstraint(
            "amount_vnd >= contingency_vnd + unmeasured_vnd", name=op.f("ck_envelope_parts_within_amount")
        ),
        sa.CheckConstraint(
            "contingency_vnd >= 0 AND unmeasured_vnd >= 0", name=op.f("ck_envelope_parts_not_negative")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_envelope_round_id")),
        sa.ForeignKeyConstraint(["source_id"], ["funding_source.id"], name=op.f("fk_envelope_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint(
            "round_id", "source_id", "nature", "year", name=op.f("uq_envelope_round_id_source_id_nature_year")
        ),
    )
    op.create_table(
        "round_deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('SUBMISSION', 'CONTENT_APPRAISAL', 'ESTIMATE_APPRAISAL', 'CONSOLIDATION', 'APPROVAL')",
            name=op.f("ck_round_deadline_stage_known"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_round_deadline_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_deadline")),
        sa.UniqueConstraint("round_id", "stage", name=op.f("uq_round_deadline_round_id_stage")),
    )
    op.create_table(
        "scope_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_scope_unit_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_unit")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_scope_unit_round_id_code")),
    )
    op.create_table(
        "round_output",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("unit_name", sa.String(length=60), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("start_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("baseline_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("target_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("follows_code", sa.String(length=40), nullable=True),
        sa.Column("curve", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("measured_source", sa.Text(), nullable=False),
        sa.Column("is_invented", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('QUANTITY', 'COVERAGE', 'MILESTONE', 'DELIVERABLE', 'OUTCOME')",
            name=op.f("ck_round_output_kind_known"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_round_output_round_id")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_round_output_target_id")),
        sa.ForeignKeyConstraint(["task_id"], ["programme_task.id"], name=op.f("fk_round_output_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_output")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_round_output_round_id_code")),
    )
    op.create_table(
        "round_output_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("output_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("is_exempt", sa.Boolean(), nullable=False),
        sa.Column("reached_components", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["output_id"], ["round_output.id"], name=op.f("fk_round_output_unit_output_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["scope_unit.id"], name=op.f("fk_round_output_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_output_unit")),
        sa.UniqueConstraint("output_id", "unit_id", name=op.f("uq_round_output_unit_output_id_unit_id")),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("round_output_unit")
    op.drop_table("round_output")
    op.drop_table("scope_unit")
    op.drop_table("round_deadline")
    op.drop_table("envelope")
    op.drop_table("ceiling")
    op.drop_table("budget_round")
