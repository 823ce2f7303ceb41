"""Longer deadlines, reminders, delegation, the step of a section's head, copies, rounds for practice."""

import sqlalchemy as sa
from alembic import op

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ACTIONS = (
    "REACTIVATE_PERSON",
    "SET_OFFICE_CHAIN",
    "DELEGATE_RIGHTS",
    "REVOKE_DELEGATION",
    "CLOSE_ROUND",
    "EXTEND_DEADLINE",
    "REMIND_OFFICE",
    "COPY_PROJECT",
    "CONFIRM_COPY",
    "PASS_SECTION",
    "REFUSE_SECTION",
    "INVITE_PARTNER",
    "WITHDRAW_INVITATION",
    "ACCEPT_PART",
    "DECLINE_PART",
    "SAVE_PART",
    "SIGN_PART",
    "REOPEN_PART",
    "VOID_PART",
)
FUNCTIONS = (
    "'PREPARE', 'CONTENT_APPRAISAL', 'ESTIMATE_APPRAISAL', 'CAPITAL_REVIEW', 'IT_OPINION', "
    "'ALLOCATION_CONSOLIDATION', 'APPROVAL', 'INSPECTION', 'ADMINISTRATION'"
)


def upgrade() -> None:
    """Make the tables and let the new codes in."""
    add_known_codes("audit_entry", "action", ACTIONS)
    add_known_codes("position", "capacity", ["SECTION_HEAD"])
    add_known_codes("estimate", "status", ["SECTION_PASSED"])
    op.add_column(
        "budget_round", sa.Column("is_practice", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "office_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("has_section_step", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_office_chain_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_chain")),
        sa.UniqueConstraint("agency_id", name=op.f("uq_office_chain_agency_id")),
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('OFFICER', 'SECTION_HEAD', 'HEAD')", name=op.f("ck_delegation_capacity_known")
        ),
        sa.CheckConstraint(f"function IN ({FUNCTIONS})", name=op.f("ck_delegation_function_known")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_delegation_dates_in_order")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_delegation_agency_id")),
        sa.ForeignKeyConstraint(["delegate_id"], ["person.id"], name=op.f("fk_delegation_delegate_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name=op.f("fk_delegation_giver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_agency_id"), "delegation", ["agency_id"], unique=False)
    op.create_index(op.f("ix_delegation_delegate_id"), "delegation", ["delegate_id"], unique=False)
    _make_tables_of_the_round()
    _make_tables_of_the_estimate()


def _make_tables_of_the_round() -> None:
    op.create_table(
        "deadline_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_deadline_extension_agency_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["budget_round.id"], name=op.f("fk_deadline_extension_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extension")),
    )
    op.create_index(op.f("ix_deadline_extension_round_id"), "deadline_extension", ["round_id"], unique=False)
    op.create_table(
        "office_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_office_reminder_agency_id")),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name=op.f("fk_office_reminder_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_reminder")),
    )
    op.create_index(op.f("ix_office_reminder_round_id"), "office_reminder", ["round_id"], unique=False)


def _make_tables_of_the_estimate() -> None:
    op.create_table(
        "copied_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("origin_label", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("copied", sa.Text(), nullable=False),
        sa.Column("price_percent_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("price_basis", sa.String(length=300), nullable=False),
        sa.Column("copied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copied_by", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["estimate_id"], ["estimate.id"], name=op.f("fk_copied_project_estimate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copied_project")),
        sa.UniqueConstraint(
            "estimate_id", "project_key", name=op.f("uq_copied_project_estimate_id_project_key")
        ),
    )
    op.create_index(op.f("ix_copied_project_estimate_id"), "copied_project", ["estimate_id"], unique=False)


def downgrade() -> None:
    """Take the tables and codes away again."""
    op.drop_table("copied_project")
    op.drop_table("office_reminder")
    op.drop_table("deadline_extension")
    op.drop_table("delegation")
    op.drop_table("office_chain")
    op.drop_column("budget_round", "is_practice")
    remove_known_codes("estimate", "status", ["SECTION_PASSED"])
    remove_known_codes("position", "capacity", ["SECTION_HEAD"])
    remove_known_codes("audit_entry", "action", ACTIONS)
