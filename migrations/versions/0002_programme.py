"""The decision and the classification as data with their sources."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_code")),
        sa.UniqueConstraint("segment", "code", name=op.f("uq_budget_code_segment_code")),
    )
    op.create_table(
        "funding_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("nature", sa.String(length=40), nullable=False),
        sa.Column("level_code", sa.String(length=20), nullable=False),
        sa.Column("enters_pool", sa.Boolean(), nullable=False),
        sa.Column("is_certain", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_source")),
        sa.UniqueConstraint("code", name=op.f("uq_funding_source_code")),
    )
    op.create_table(
        "reform_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reform_area")),
        sa.UniqueConstraint("code", name=op.f("uq_reform_area_code")),
    )
    op.create_table(
        "spending_norm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("item_vi", sa.String(length=300), nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.Column("max_vnd", sa.BigInteger(), nullable=False),
        sa.Column("legal_reference", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("max_vnd > 0", name=op.f("ck_spending_norm_max_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_norm")),
        sa.UniqueConstraint("code", name=op.f("uq_spending_norm_code")),
    )
    op.create_table(
        "programme_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=300), nullable=False),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("end_year", sa.Integer(), nullable=True),
        sa.Column("deadline_vi", sa.String(length=300), nullable=False),
        sa.Column("deliverables_vi", sa.Text(), nullable=False),
        sa.Column("needs_it_opinion", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["reform_area.id"], name=op.f("fk_programme_task_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_task")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_task_code")),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=300), nullable=False),
        sa.Column("unit_name", sa.String(length=60), nullable=False),
        sa.Column("scope_vi", sa.String(length=120), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("value_thousandths", sa.BigInteger(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=True),
        sa.Column("is_year_explicit", sa.Boolean(), nullable=False),
        sa.Column("is_ambiguous", sa.Boolean(), nullable=False),
        sa.Column("exception_vi", sa.String(length=300), nullable=False),
        sa.Column("follows_code", sa.String(length=20), nullable=True),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("source_line", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('QUANTITY', 'COVERAGE', 'MILESTONE', 'DELIVERABLE', 'OUTCOME')",
            name=op.f("ck_target_kind_known"),
        ),
        sa.CheckConstraint("operator IN ('GTE', 'GT', 'EQ', 'DONE')", name=op.f("ck_target_operator_known")),
        sa.ForeignKeyConstraint(["area_id"], ["reform_area.id"], name=op.f("fk_target_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("code", name=op.f("uq_target_code")),
    )
    op.create_table(
        "task_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("body_code", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "role IN ('LEAD', 'COORDINATING', 'EXECUTING', 'APPRAISING')",
            name=op.f("ck_task_body_role_known"),
        ),
        sa.ForeignKeyConstraint(["task_id"], ["programme_task.id"], name=op.f("fk_task_body_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_body")),
        sa.UniqueConstraint("task_id", "role", "body_code", name=op.f("uq_task_body_task_id_role_body_code")),
    )
    op.create_index(op.f("ix_task_body_task_id"), "task_body", ["task_id"], unique=False)
    op.create_table(
        "task_deliverable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=True),
        sa.Column("is_year_explicit", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["programme_task.id"], name=op.f("fk_task_deliverable_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_deliverable")),
        sa.UniqueConstraint("code", name=op.f("uq_task_deliverable_code")),
    )
    op.create_index(op.f("ix_task_deliverable_task_id"), "task_deliverable", ["task_id"], unique=False)
    op.create_table(
        "task_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_task_target_target_id")),
        sa.ForeignKeyConstraint(["task_id"], ["programme_task.id"], name=op.f("fk_task_target_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_target")),
        sa.UniqueConstraint("task_id", "target_id", name=op.f("uq_task_target_task_id_target_id")),
    )
    op.create_index(op.f("ix_task_target_task_id"), "task_target", ["task_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_task_target_task_id"), table_name="task_target")
    op.drop_table("task_target")
    op.drop_index(op.f("ix_task_deliverable_task_id"), table_name="task_deliverable")
    op.drop_table("task_deliverable")
    op.drop_index(op.f("ix_task_body_task_id"), table_name="task_body")
    op.drop_table("task_body")
    op.drop_table("target")
    op.drop_table("programme_task")
    op.drop_table("spending_norm")
    op.drop_table("reform_area")
    op.drop_table("funding_source")
    op.drop_table("budget_code")
