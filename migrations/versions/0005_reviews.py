"""Opinions and appraised figures beside the asked ones."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "function IN ('PREPARE', 'CONTENT_APPRAISAL', 'ESTIMATE_APPRAISAL', 'CAPITAL_REVIEW', 'IT_OPINION', 'ALLOCATION_CONSOLIDATION', 'APPROVAL', 'INSPECTION', 'ADMINISTRATION')",
            name=op.f("ck_opinion_function_known"),
        ),
        sa.CheckConstraint(
            "verdict IN ('AGREE', 'AGREE_WITH_CHANGE', 'REJECT')", name=op.f("ck_opinion_verdict_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opinion_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["estimate_project.id"], name=op.f("fk_opinion_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("project_id", "function", name=op.f("uq_opinion_project_id_function")),
    )
    op.create_index(op.f("ix_opinion_project_id"), "opinion", ["project_id"], unique=False)
    op.create_table(
        "line_appraisal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("unit_price_vnd", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("appraised_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('AGAINST_LAW', 'ABOVE_NORM', 'NOT_REASONABLE', 'NOT_THRIFTY', 'BEYOND_CAPACITY', 'OFF_ORIENTATION')",
            name=op.f("ck_line_appraisal_reason_known"),
        ),
        sa.CheckConstraint("unit_price_vnd >= 0", name=op.f("ck_line_appraisal_price_not_negative")),
        sa.ForeignKeyConstraint(["line_id"], ["cost_line.id"], name=op.f("fk_line_appraisal_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_line_appraisal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_appraisal")),
        sa.UniqueConstraint("line_id", name=op.f("uq_line_appraisal_line_id")),
    )
    op.create_table(
        "output_appraisal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("appraised_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "quantity_thousandths >= 0", name=op.f("ck_output_appraisal_quantity_not_negative")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_output_appraisal_person_id")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promised_output.id"], name=op.f("fk_output_appraisal_promise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_appraisal")),
        sa.UniqueConstraint("promise_id", name=op.f("uq_output_appraisal_promise_id")),
    )
    op.create_table(
        "quantity_appraisal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appraisal_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "quantity_thousandths >= 0 AND amount_vnd >= 0", name=op.f("ck_quantity_appraisal_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["line_appraisal.id"], name=op.f("fk_quantity_appraisal_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["project_level.id"], name=op.f("fk_quantity_appraisal_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quantity_appraisal")),
        sa.UniqueConstraint(
            "appraisal_id", "level_id", name=op.f("uq_quantity_appraisal_appraisal_id_level_id")
        ),
    )
    op.create_index(
        op.f("ix_quantity_appraisal_appraisal_id"), "quantity_appraisal", ["appraisal_id"], unique=False
    )
    op.create_table(
        "refused_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appraisal_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["output_appraisal.id"], name=op.f("fk_refused_unit_appraisal_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["scope_unit.id"], name=op.f("fk_refused_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_unit")),
        sa.UniqueConstraint("appraisal_id", "unit_id", name=op.f("uq_refused_unit_appraisal_id_unit_id")),
    )
    op.create_index(op.f("ix_refused_unit_appraisal_id"), "refused_unit", ["appraisal_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_refused_unit_appraisal_id"), table_name="refused_unit")
    op.drop_table("refused_unit")
    op.drop_index(op.f("ix_quantity_appraisal_appraisal_id"), table_name="quantity_appraisal")
    op.drop_table("quantity_appraisal")
    op.drop_table("output_appraisal")
    op.drop_table("line_appraisal")
    op.drop_index(op.f("ix_opinion_project_id"), table_name="opinion")
    op.drop_table("opinion")
