"""Estimates with frozen versions; asked figures live here and nowhere else."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "estimate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('ANNUAL', 'IMPLEMENTING')", name=op.f("ck_estimate_kind_known")),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'CHECKED', 'SIGNED', 'SENT', 'RETURNED', 'RECEIVED', 'CONTENT_APPRAISAL', 'ESTIMATE_APPRAISAL', 'APPRAISED')",
            name=op.f("ck_estimate_status_known"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_estimate_agency_id")),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_estimate_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
        sa.UniqueConstraint(
            "round_id", "agency_id", "kind", name=op.f("uq_estimate_round_id_agency_id_kind")
        ),
    )
    op.create_index(op.f("ix_estimate_agency_id"), "estimate", ["agency_id"], unique=False)
    op.create_table(
        "estimate_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["estimate_id"], ["estimate.id"], name=op.f("fk_estimate_version_estimate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_version")),
        sa.UniqueConstraint("estimate_id", "number", name=op.f("uq_estimate_version_estimate_id_number")),
    )
    op.create_index(
        op.f("ix_estimate_version_estimate_id"), "estimate_version", ["estimate_id"], unique=False
    )
    op.create_table(
        "estimate_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('SCHEME', 'PROJECT', 'TASK')", name=op.f("ck_estimate_project_kind_known")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["programme_task.id"], name=op.f("fk_estimate_project_task_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_estimate_project_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_project")),
        sa.UniqueConstraint(
            "version_id", "project_key", name=op.f("uq_estimate_project_version_id_project_key")
        ),
    )
    op.create_index(op.f("ix_estimate_project_version_id"), "estimate_project", ["version_id"], unique=False)
    op.create_table(
        "estimate_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_estimate_recipient_agency_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_estimate_recipient_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_recipient")),
        sa.UniqueConstraint(
            "version_id", "agency_id", name=op.f("uq_estimate_recipient_version_id_agency_id")
        ),
    )
    op.create_table(
        "uploaded_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_uploaded_workbook_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploaded_workbook")),
    )
    op.create_index(
        op.f("ix_uploaded_workbook_version_id"), "uploaded_workbook", ["version_id"], unique=False
    )
    op.create_table(
        "cost_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_vi", sa.String(length=300), nullable=False),
        sa.Column("budget_code_id", sa.Integer(), nullable=True),
        sa.Column("norm_id", sa.Integer(), nullable=True),
        sa.Column("over_norm_reason", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_name", sa.String(length=60), nullable=False),
        sa.Column("unit_price_vnd", sa.BigInteger(), nullable=False),
        sa.Column("frequency_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "nature IN ('RECURRENT', 'CAPITAL', 'BOTH')", name=op.f("ck_cost_line_nature_known")
        ),
        sa.CheckConstraint("frequency_thousandths > 0", name=op.f("ck_cost_line_frequency_positive")),
        sa.CheckConstraint("unit_price_vnd >= 0", name=op.f("ck_cost_line_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["budget_code_id"], ["budget_code.id"], name=op.f("fk_cost_line_budget_code_id")
        ),
        sa.ForeignKeyConstraint(["norm_id"], ["spending_norm.id"], name=op.f("fk_cost_line_norm_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["estimate_project.id"], name=op.f("fk_cost_line_project_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["funding_source.id"], name=op.f("fk_cost_line_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line")),
    )
    op.create_index(op.f("ix_cost_line_project_id"), "cost_line", ["project_id"], unique=False)
    op.create_table(
        "project_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "code IN ('MINIMUM', 'REDUCED', 'FULL', 'EXTENDED')", name=op.f("ck_project_level_code_known")
        ),
        sa.CheckConstraint("ordinal BETWEEN 1 AND 4", name=op.f("ck_project_level_ordinal_1_to_4")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["estimate_project.id"], name=op.f("fk_project_level_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_level")),
        sa.UniqueConstraint("project_id", "code", name=op.f("uq_project_level_project_id_code")),
        sa.UniqueConstraint("project_id", "ordinal", name=op.f("uq_project_level_project_id_ordinal")),
    )
    op.create_index(op.f("ix_project_level_project_id"), "project_level", ["project_id"], unique=False)
    op.create_table(
        "project_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["estimate_project.id"], name=op.f("fk_project_target_project_id")
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_project_target_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_target")),
        sa.UniqueConstraint("project_id", "target_id", name=op.f("uq_project_target_project_id_target_id")),
    )
    op.create_index(op.f("ix_project_target_project_id"), "project_target", ["project_id"], unique=False)
    op.create_table(
        "line_quantity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_line_quantity_amount_not_negative")),
        sa.CheckConstraint("quantity_thousandths >= 0", name=op.f("ck_line_quantity_quantity_not_negative")),
        sa.ForeignKeyConstraint(["level_id"], ["project_level.id"], name=op.f("fk_line_quantity_level_id")),
        sa.ForeignKeyConstraint(["line_id"], ["cost_line.id"], name=op.f("fk_line_quantity_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_quantity")),
        sa.UniqueConstraint("line_id", "level_id", name=op.f("uq_line_quantity_line_id_level_id")),
    )
    op.create_index(op.f("ix_line_quantity_level_id"), "line_quantity", ["level_id"], unique=False)
    op.create_index(op.f("ix_line_quantity_line_id"), "line_quantity", ["line_id"], unique=False)
    op.create_table(
        "promised_output",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("output_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(length=40), nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "quantity_thousandths >= 0", name=op.f("ck_promised_output_quantity_not_negative")
        ),
        sa.ForeignKeyConstraint(["level_id"], ["project_level.id"], name=op.f("fk_promised_output_level_id")),
        sa.ForeignKeyConstraint(
            ["output_id"], ["round_output.id"], name=op.f("fk_promised_output_output_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promised_output")),
        sa.UniqueConstraint(
            "level_id",
            "output_id",
            "year",
            "component",
            name=op.f("uq_promised_output_level_id_output_id_year_component"),
        ),
    )
    op.create_index(op.f("ix_promised_output_level_id"), "promised_output", ["level_id"], unique=False)
    op.create_table(
        "promised_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promised_output.id"], name=op.f("fk_promised_unit_promise_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["scope_unit.id"], name=op.f("fk_promised_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promised_unit")),
        sa.UniqueConstraint("promise_id", "unit_id", name=op.f("uq_promised_unit_promise_id_unit_id")),
    )
    op.create_index(op.f("ix_promised_unit_promise_id"), "promised_unit", ["promise_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_promised_unit_promise_id"), table_name="promised_unit")
    op.drop_table("promised_unit")
    op.drop_index(op.f("ix_promised_output_level_id"), table_name="promised_output")
    op.drop_table("promised_output")
    op.drop_index(op.f("ix_line_quantity_line_id"), table_name="line_quantity")
    op.drop_index(op.f("ix_line_quantity_level_id"), table_name="line_quantity")
    op.drop_table("line_quantity")
    op.drop_index(op.f("ix_project_target_project_id"), table_name="project_target")
    op.drop_table("project_target")
    op.drop_index(op.f("ix_project_level_project_id"), table_name="project_level")
    op.drop_table("project_level")
    op.drop_index(op.f("ix_cost_line_project_id"), table_name="cost_line")
    op.drop_table("cost_line")
    op.drop_index(op.f("ix_uploaded_workbook_version_id"), table_name="uploaded_workbook")
    op.drop_table("uploaded_workbook")
    op.drop_table("estimate_recipient")
    op.drop_index(op.f("ix_estimate_project_version_id"), table_name="estimate_project")
    op.drop_table("estimate_project")
    op.drop_index(op.f("ix_estimate_version_estimate_id"), table_name="estimate_version")
    op.drop_table("estimate_version")
    op.drop_index(op.f("ix_estimate_agency_id"), table_name="estimate")
    op.drop_table("estimate")
