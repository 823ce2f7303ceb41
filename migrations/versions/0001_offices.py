"""Offices, persons, sign-ins, the audit, receipts and jobs: what every later room leans on."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# The audit is append-only for everyone who comes through the database, not only for the program.
SQLITE_GUARDS = (
    """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
    """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
       FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()""",
)


def upgrade() -> None:
    """Make the tables, the writer's one row and the guards of the audit."""
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("short_vi", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("budget_code", sa.String(length=7), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=300), nullable=False),
        sa.Column("sort_key", sa.String(length=600), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
    )
    op.create_index(op.f("ix_agency_search_key"), "agency", ["search_key"], unique=False)
    op.create_table(
        "agency_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("predecessor_code", sa.String(length=40), nullable=False),
        sa.Column("successor_code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("effective_text", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_change")),
        sa.UniqueConstraint(
            "predecessor_code",
            "successor_code",
            "effective_text",
            name=op.f("uq_agency_change_predecessor_code_successor_code_effective_text"),
        ),
    )
    op.create_table(
        "agency_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_group")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_group_code")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("business_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_label", sa.String(length=300), nullable=False),
        sa.Column("from_state", sa.String(length=80), nullable=False),
        sa.Column("to_state", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "action IN ('VIEW_WORKLIST', 'VIEW_PROGRAMME', 'VIEW_ROUND', 'VIEW_ESTIMATE', 'VIEW_REVIEWS', 'VIEW_SCENARIOS', 'VIEW_ALLOCATION', 'VIEW_ANSWER', 'VIEW_REPORTS', 'VIEW_AUDIT', 'SIGN_IN', 'SIGN_OUT', 'CHANGE_PASSWORD', 'REGISTER_AGENCY', 'ASSIGN_FUNCTION', 'ADD_PERSON', 'GRANT_POSITION', 'END_POSITION', 'DEACTIVATE_PERSON', 'LOAD_PROGRAMME', 'SET_CLOCK', 'OPEN_ROUND', 'SET_DEADLINE', 'ISSUE_CEILING', 'SET_ENVELOPE', 'RECORD_BASELINE', 'START_ESTIMATE', 'SAVE_DRAFT', 'IMPORT_WORKBOOK', 'CHECK_ESTIMATE', 'REOPEN_ESTIMATE', 'REFUSE_ESTIMATE', 'SIGN_ESTIMATE', 'SEND_ESTIMATE', 'WITHDRAW_ESTIMATE', 'REVISE_ESTIMATE', 'RECEIVE_ESTIMATE', 'RETURN_ESTIMATE', 'BEGIN_CONTENT_APPRAISAL', 'GIVE_CONTENT_OPINION', 'PASS_CONTENT', 'APPRAISE_LINE', 'APPRAISE_OUTPUT', 'GIVE_POOL_OPINION', 'GIVE_IT_OPINION', 'CONCLUDE_APPRAISAL', 'CREATE_SCENARIO', 'CHANGE_SCENARIO', 'REQUEST_RUN', 'CANCEL_RUN', 'RECORD_RUN', 'ADOPT_SCENARIO', 'ADJUST_AWARD', 'SUBMIT_ALLOCATION', 'RETURN_ALLOCATION', 'APPROVE_ALLOCATION')",
            name=op.f("ck_audit_entry_action_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("entry_hash", name=op.f("uq_audit_entry_entry_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_entry_previous_hash")),
    )
    op.create_index(
        "ix_audit_entry_person", "audit_entry", ["person_id", "subject_kind", "subject_id"], unique=False
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "budget_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_vi", sa.String(length=80), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_level")),
        sa.UniqueConstraint("code", name=op.f("uq_budget_level_code")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("is_cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')", name=op.f("ck_job_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_state_id", "job", ["state", "id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("sort_key", sa.String(length=600), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_receipt_person_id_key")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("remote_address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_login", "sign_in_attempt", ["login", "at"], unique=False)
    op.create_table(
        "writer_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writer_turn")),
    )
    op.create_table(
        "agency_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_group_member_agency_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["agency_group.id"], name=op.f("fk_agency_group_member_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_group_member")),
        sa.UniqueConstraint("group_id", "agency_id", name=op.f("uq_agency_group_member_group_id_agency_id")),
    )
    op.create_table(
        "agency_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_agency_standing_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_standing_agency_id")),
        sa.ForeignKeyConstraint(["level_id"], ["budget_level.id"], name=op.f("fk_agency_standing_level_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["agency.id"], name=op.f("fk_agency_standing_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_standing")),
    )
    op.create_index(op.f("ix_agency_standing_agency_id"), "agency_standing", ["agency_id"], unique=False)
    op.create_table(
        "function_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "function IN ('PREPARE', 'CONTENT_APPRAISAL', 'ESTIMATE_APPRAISAL', 'CAPITAL_REVIEW', 'IT_OPINION', 'ALLOCATION_CONSOLIDATION', 'APPROVAL', 'INSPECTION', 'ADMINISTRATION')",
            name=op.f("ck_function_assignment_function_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_function_assignment_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_function_assignment_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_function_assignment")),
        sa.UniqueConstraint(
            "function",
            "agency_id",
            "valid_from",
            name=op.f("uq_function_assignment_function_agency_id_valid_from"),
        ),
    )
    op.create_index(
        op.f("ix_function_assignment_agency_id"), "function_assignment", ["agency_id"], unique=False
    )
    op.create_table(
        "position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("title_vi", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("capacity IN ('OFFICER', 'HEAD')", name=op.f("ck_position_capacity_known")),
        sa.CheckConstraint(
            "function IN ('PREPARE', 'CONTENT_APPRAISAL', 'ESTIMATE_APPRAISAL', 'CAPITAL_REVIEW', 'IT_OPINION', 'ALLOCATION_CONSOLIDATION', 'APPROVAL', 'INSPECTION', 'ADMINISTRATION')",
            name=op.f("ck_position_function_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_position_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_position_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_position_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
    )
    op.create_index(op.f("ix_position_agency_id"), "position", ["agency_id"], unique=False)
    op.create_index(op.f("ix_position_person_id"), "position", ["person_id"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_session_person_id"), "sign_in_session", ["person_id"], unique=False)
    op.execute("INSERT INTO writer_turn (id) VALUES (1)")
    guards = SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS
    for guard in guards:
        op.execute(guard)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_sign_in_session_person_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_position_person_id"), table_name="position")
    op.drop_index(op.f("ix_position_agency_id"), table_name="position")
    op.drop_table("position")
    op.drop_index(op.f("ix_function_assignment_agency_id"), table_name="function_assignment")
    op.drop_table("function_assignment")
    op.drop_index(op.f("ix_agency_standing_agency_id"), table_name="agency_standing")
    op.drop_table("agency_standing")
    op.drop_table("agency_group_member")
    op.drop_table("writer_turn")
    op.drop_index("ix_sign_in_attempt_login", table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("receipt")
    op.drop_table("person")
    op.drop_index("ix_job_state_id", table_name="job")
    op.drop_table("job")
    op.drop_table("budget_level")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_index("ix_audit_entry_person", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("agency_group")
    op.drop_table("agency_change")
    op.drop_index(op.f("ix_agency_search_key"), table_name="agency")
    op.drop_table("agency")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_audit_change()")
