"""The annual reform plan: versions, activities, targets of the year, comments, projects and progress."""

import sqlalchemy as sa
from alembic import op

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ACTS = (
    "VIEW_PLAN",
    "PLACE_AGENCY",
    "START_PLAN",
    "SAVE_PLAN",
    "LINK_PROJECT",
    "SEND_PLAN",
    "SUBMIT_PLAN_UP",
    "WITHDRAW_PLAN",
    "REVISE_PLAN",
    "ISSUE_PLAN",
    "RECORD_PLAN_PROGRESS",
    "RETURN_PLAN_DOWN",
    "TAKE_PLAN",
    "COMMENT_PLAN",
    "ANSWER_PLAN_COMMENT",
    "REQUEST_PLAN_CHANGES",
    "AGREE_PLAN",
)


def upgrade() -> None:
    """Make the tables and let the audit know the acts."""
    add_known_codes("audit_entry", "action", ACTS)
    op.create_table(
        "reform_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SENT', 'SUBMITTED_UP', 'RETURNED', 'TAKEN', 'AGREED', 'ISSUED')",
            name=op.f("ck_reform_plan_status_known"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_reform_plan_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reform_plan")),
        sa.UniqueConstraint("agency_id", "year", name=op.f("uq_reform_plan_agency_id_year")),
    )
    op.create_index(op.f("ix_reform_plan_agency_id"), "reform_plan", ["agency_id"], unique=False)
    op.create_index(op.f("ix_reform_plan_year"), "reform_plan", ["year"], unique=False)
    op.create_table(
        "plan_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('GUIDANCE', 'REQUEST')", name=op.f("ck_plan_comment_kind_known")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_plan_comment_agency_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["reform_plan.id"], name=op.f("fk_plan_comment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_comment")),
    )
    op.create_index(op.f("ix_plan_comment_plan_id"), "plan_comment", ["plan_id"], unique=False)
    op.create_table(
        "plan_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=40), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["estimate_id"], ["estimate.id"], name=op.f("fk_plan_link_estimate_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["reform_plan.id"], name=op.f("fk_plan_link_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_link")),
        sa.UniqueConstraint("estimate_id", "project_key", name=op.f("uq_plan_link_estimate_id_project_key")),
    )
    op.create_index(op.f("ix_plan_link_plan_id"), "plan_link", ["plan_id"], unique=False)
    op.create_table(
        "plan_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('UNDER_WAY', 'DONE', 'DROPPED')", name=op.f("ck_plan_progress_state_known")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["reform_plan.id"], name=op.f("fk_plan_progress_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_progress")),
        sa.UniqueConstraint("plan_id", "activity_key", name=op.f("uq_plan_progress_plan_id_activity_key")),
    )
    op.create_index(op.f("ix_plan_progress_plan_id"), "plan_progress", ["plan_id"], unique=False)
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("aims_vi", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("sent_to", sa.String(length=400), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["reform_plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_index(op.f("ix_plan_version_plan_id"), "plan_version", ["plan_id"], unique=False)
    op.create_table(
        "plan_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("activity_key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("product_vi", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("responsible_vi", sa.String(length=300), nullable=False),
        sa.Column("partners_vi", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("carried_from", sa.Integer(), nullable=True),
        sa.Column("origin_agency_id", sa.Integer(), nullable=True),
        sa.Column("origin_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin_agency_id"], ["agency.id"], name=op.f("fk_plan_activity_origin_agency_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["programme_task.id"], name=op.f("fk_plan_activity_task_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_plan_activity_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_activity")),
        sa.UniqueConstraint(
            "version_id", "activity_key", name=op.f("uq_plan_activity_version_id_activity_key")
        ),
    )
    op.create_index(op.f("ix_plan_activity_version_id"), "plan_activity", ["version_id"], unique=False)
    op.create_table(
        "plan_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("value_thousandths", sa.BigInteger(), nullable=True),
        sa.Column("words_vi", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["plan_activity.id"], name=op.f("fk_plan_target_activity_id")
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_plan_target_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_target")),
        sa.UniqueConstraint("activity_id", "target_id", name=op.f("uq_plan_target_activity_id_target_id")),
    )
    op.create_index(op.f("ix_plan_target_activity_id"), "plan_target", ["activity_id"], unique=False)


def downgrade() -> None:
    """Remove the tables and the acts."""
    op.drop_index(op.f("ix_plan_target_activity_id"), table_name="plan_target")
    op.drop_table("plan_target")
    op.drop_index(op.f("ix_plan_activity_version_id"), table_name="plan_activity")
    op.drop_table("plan_activity")
    op.drop_index(op.f("ix_plan_version_plan_id"), table_name="plan_version")
    op.drop_table("plan_version")
    op.drop_index(op.f("ix_plan_progress_plan_id"), table_name="plan_progress")
    op.drop_table("plan_progress")
    op.drop_index(op.f("ix_plan_link_plan_id"), table_name="plan_link")
    op.drop_table("plan_link")
    op.drop_index(op.f("ix_plan_comment_plan_id"), table_name="plan_comment")
    op.drop_table("plan_comment")
    op.drop_index(op.f("ix_reform_plan_year"), table_name="reform_plan")
    op.drop_index(op.f("ix_reform_plan_agency_id"), table_name="reform_plan")
    op.drop_table("reform_plan")
    remove_known_codes("audit_entry", "action", ACTS)
