"""Versions and examples of norms, days from which rules block, conclusions about overlapping requests."""

import sqlalchemy as sa
from alembic import op

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ACTIONS = ("ADD_NORM", "REPLACE_NORM", "REPEAL_NORM", "DATE_RULE", "DECIDE_OVERLAP")


def upgrade() -> None:
    """Add the columns and tables and let the new acts in."""
    add_known_codes("audit_entry", "action", ACTIONS)
    for name, length in (("level_code", 20), ("set_by", 200), ("ended_by", 300), ("replaces_code", 20)):
        op.add_column(
            "spending_norm", sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        )
    for name in ("is_firm", "is_kept_here"):
        op.add_column(
            "spending_norm", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column("spending_norm", sa.Column("edit_number", sa.Integer(), nullable=False, server_default="1"))
    # Who repeals a norm waits for its lines.
    op.create_index(op.f("ix_cost_line_norm_id"), "cost_line", ["norm_id"], unique=False)
    op.create_table(
        "norm_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("norm_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_price_vnd", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("level_code", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('WITHIN', 'ABOVE', 'NOT_APPLIED')", name=op.f("ck_norm_example_verdict_known")
        ),
        sa.CheckConstraint("unit_price_vnd >= 0", name=op.f("ck_norm_example_price_not_negative")),
        sa.ForeignKeyConstraint(["norm_id"], ["spending_norm.id"], name=op.f("fk_norm_example_norm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norm_example")),
    )
    op.create_index(op.f("ix_norm_example_norm_id"), "norm_example", ["norm_id"], unique=False)
    op.create_table(
        "rule_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("blocks_from", sa.Date(), nullable=True),
        sa.Column("legal_reference", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rule_date_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_date")),
    )
    op.create_index(op.f("ix_rule_date_code"), "rule_date", ["code"], unique=False)
    _make_overlap_decision()


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_overlap_decision_other", table_name="overlap_decision")
    op.drop_index("ix_overlap_decision_one", table_name="overlap_decision")
    op.drop_table("overlap_decision")
    op.drop_index(op.f("ix_rule_date_code"), table_name="rule_date")
    op.drop_table("rule_date")
    op.drop_index(op.f("ix_norm_example_norm_id"), table_name="norm_example")
    op.drop_table("norm_example")
    op.drop_index(op.f("ix_cost_line_norm_id"), table_name="cost_line")
    for name in (
        "edit_number",
        "is_kept_here",
        "is_firm",
        "replaces_code",
        "ended_by",
        "set_by",
        "level_code",
    ):
        op.drop_column("spending_norm", name)
    remove_known_codes("audit_entry", "action", ACTIONS)


def _make_overlap_decision() -> None:
    op.create_table(
        "overlap_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_estimate_id", sa.Integer(), nullable=False),
        sa.Column("one_project_key", sa.String(length=40), nullable=False),
        sa.Column("one_hash", sa.String(length=64), nullable=False),
        sa.Column("other_estimate_id", sa.Integer(), nullable=False),
        sa.Column("other_project_key", sa.String(length=40), nullable=False),
        sa.Column("other_hash", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('DUPLICATE', 'DISTINCT', 'DISCUSSED')",
            name=op.f("ck_overlap_decision_verdict_known"),
        ),
        sa.CheckConstraint(
            "one_estimate_id < other_estimate_id OR "
            "(one_estimate_id = other_estimate_id AND one_project_key < other_project_key)",
            name=op.f("ck_overlap_decision_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["one_estimate_id"], ["estimate.id"], name=op.f("fk_overlap_decision_one_estimate_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_estimate_id"], ["estimate.id"], name=op.f("fk_overlap_decision_other_estimate_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_overlap_decision_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlap_decision")),
    )
    op.create_index(
        "ix_overlap_decision_one", "overlap_decision", ["one_estimate_id", "one_project_key"], unique=False
    )
    op.create_index(
        "ix_overlap_decision_other",
        "overlap_decision",
        ["other_estimate_id", "other_project_key"],
        unique=False,
    )
