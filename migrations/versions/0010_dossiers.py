"""Dossiers that prove a request, the papers attached to them, and warnings let stand for a reason."""

import sqlalchemy as sa
from alembic import op

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ACTS = ("SAVE_DOSSIER", "ATTACH_PAPER", "REMOVE_PAPER", "PASS_WARNING")


def upgrade() -> None:
    """Make the tables and let the new acts into the audit."""
    add_known_codes("audit_entry", "action", ACTS)
    op.create_table(
        "required_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("project_kind", sa.String(length=40), nullable=True),
        sa.Column("nature", sa.String(length=40), nullable=True),
        sa.Column("least_vnd", sa.BigInteger(), nullable=False),
        sa.Column("only_continuing", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("legal_reference", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "nature IN ('RECURRENT', 'CAPITAL', 'BOTH')", name=op.f("ck_required_paper_nature_known")
        ),
        sa.CheckConstraint(
            "project_kind IN ('SCHEME', 'PROJECT', 'TASK')", name=op.f("ck_required_paper_project_kind_known")
        ),
        sa.CheckConstraint(
            "severity IN ('BLOCKS', 'WARNS', 'HINTS')", name=op.f("ck_required_paper_severity_known")
        ),
        sa.CheckConstraint("least_vnd >= 0", name=op.f("ck_required_paper_least_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_paper")),
        sa.UniqueConstraint(
            "code",
            "project_kind",
            "nature",
            "valid_from",
            name=op.f("uq_required_paper_code_project_kind_nature_valid_from"),
        ),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("scan_state", sa.String(length=40), nullable=False),
        sa.Column("scan_words", sa.String(length=300), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('PDF', 'DOCX', 'XLSX', 'PNG', 'JPEG')", name=op.f("ck_stored_file_kind_known")
        ),
        sa.CheckConstraint(
            "scan_state IN ('WAITING', 'CLEAN', 'SUSPECT', 'UNSCANNED')",
            name=op.f("ck_stored_file_scan_state_known"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_stored_file_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_file_sha256")),
    )
    op.create_table(
        "attached_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("paper_code", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attached_file_file_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_attached_file_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_file")),
        sa.UniqueConstraint(
            "version_id",
            "project_key",
            "paper_code",
            "file_id",
            name=op.f("uq_attached_file_version_id_project_key_paper_code_file_id"),
        ),
    )
    op.create_index(op.f("ix_attached_file_file_id"), "attached_file", ["file_id"], unique=False)
    op.create_index(op.f("ix_attached_file_version_id"), "attached_file", ["version_id"], unique=False)
    op.create_table(
        "dossier_seal",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_dossier_seal_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_dossier_seal")),
    )
    op.create_table(
        "passed_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("message_vi", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_passed_warning_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_warning")),
        sa.UniqueConstraint(
            "version_id", "code", "words_hash", name=op.f("uq_passed_warning_version_id_code_words_hash")
        ),
    )
    op.create_index(op.f("ix_passed_warning_version_id"), "passed_warning", ["version_id"], unique=False)
    op.create_table(
        "project_dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("project_key", sa.String(length=40), nullable=False),
        sa.Column("minimum_level", sa.String(length=40), nullable=False),
        sa.Column("minimum_reason", sa.Text(), nullable=False),
        sa.Column("continuity", sa.String(length=40), nullable=False),
        sa.Column("after_costs", sa.String(length=40), nullable=False),
        sa.Column("savings_vnd", sa.BigInteger(), nullable=True),
        sa.Column("savings_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "after_costs IN ('UNSAID', 'NONE', 'SOME')", name=op.f("ck_project_dossier_after_costs_known")
        ),
        sa.CheckConstraint(
            "continuity IN ('UNSAID', 'NEW', 'CONTINUING')", name=op.f("ck_project_dossier_continuity_known")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["estimate_version.id"], name=op.f("fk_project_dossier_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_dossier")),
        sa.UniqueConstraint(
            "version_id", "project_key", name=op.f("uq_project_dossier_version_id_project_key")
        ),
    )
    op.create_index(op.f("ix_project_dossier_version_id"), "project_dossier", ["version_id"], unique=False)
    op.create_table(
        "dossier_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=40), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "condition IN ('SCOPE', 'COST_BASIS', 'MONITORING', 'AGREEMENT')",
            name=op.f("ck_dossier_condition_condition_known"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["project_dossier.id"], name=op.f("fk_dossier_condition_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_condition")),
        sa.UniqueConstraint(
            "dossier_id", "condition", name=op.f("uq_dossier_condition_dossier_id_condition")
        ),
    )
    op.create_index(
        op.f("ix_dossier_condition_dossier_id"), "dossier_condition", ["dossier_id"], unique=False
    )
    op.create_table(
        "dossier_output",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("output_code", sa.String(length=40), nullable=False),
        sa.Column("is_unmeasured", sa.Boolean(), nullable=False),
        sa.Column("baseline_thousandths", sa.BigInteger(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("baseline_source", sa.Text(), nullable=False),
        sa.Column("data_source", sa.Text(), nullable=False),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["project_dossier.id"], name=op.f("fk_dossier_output_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_output")),
        sa.UniqueConstraint(
            "dossier_id", "output_code", name=op.f("uq_dossier_output_dossier_id_output_code")
        ),
    )
    op.create_index(op.f("ix_dossier_output_dossier_id"), "dossier_output", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_outturn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ACTUAL', 'APPROVED', 'ESTIMATED')", name=op.f("ck_dossier_outturn_kind_known")
        ),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_dossier_outturn_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["project_dossier.id"], name=op.f("fk_dossier_outturn_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_outturn")),
        sa.UniqueConstraint("dossier_id", "kind", name=op.f("uq_dossier_outturn_dossier_id_kind")),
    )
    op.create_index(op.f("ix_dossier_outturn_dossier_id"), "dossier_outturn", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_running_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_vi", sa.String(length=300), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("source_vi", sa.String(length=200), nullable=False),
        sa.Column("payer_vi", sa.String(length=200), nullable=False),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_dossier_running_cost_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["project_dossier.id"], name=op.f("fk_dossier_running_cost_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_running_cost")),
        sa.UniqueConstraint(
            "dossier_id", "position", name=op.f("uq_dossier_running_cost_dossier_id_position")
        ),
    )
    op.create_index(
        op.f("ix_dossier_running_cost_dossier_id"), "dossier_running_cost", ["dossier_id"], unique=False
    )


def downgrade() -> None:
    """Remove the tables and the acts."""
    op.drop_index(op.f("ix_dossier_running_cost_dossier_id"), table_name="dossier_running_cost")
    op.drop_table("dossier_running_cost")
    op.drop_index(op.f("ix_dossier_outturn_dossier_id"), table_name="dossier_outturn")
    op.drop_table("dossier_outturn")
    op.drop_index(op.f("ix_dossier_output_dossier_id"), table_name="dossier_output")
    op.drop_table("dossier_output")
    op.drop_index(op.f("ix_dossier_condition_dossier_id"), table_name="dossier_condition")
    op.drop_table("dossier_condition")
    op.drop_index(op.f("ix_project_dossier_version_id"), table_name="project_dossier")
    op.drop_table("project_dossier")
    op.drop_index(op.f("ix_passed_warning_version_id"), table_name="passed_warning")
    op.drop_table("passed_warning")
    op.drop_table("dossier_seal")
    op.drop_index(op.f("ix_attached_file_version_id"), table_name="attached_file")
    op.drop_index(op.f("ix_attached_file_file_id"), table_name="attached_file")
    op.drop_table("attached_file")
    op.drop_table("stored_file")
    op.drop_table("required_paper")
    remove_known_codes("audit_entry", "action", ACTS)
