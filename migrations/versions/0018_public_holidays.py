"""Days off and made-up working days, so that working days are counted as the offices count them."""

import sqlalchemy as sa
from alembic import op

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ACTS = ("SET_HOLIDAY",)


def upgrade() -> None:
    """Make the table and let the audit know the act."""
    add_known_codes("audit_entry", "action", ACTS)
    op.create_table(
        "public_holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("legal_reference", sa.String(length=300), nullable=False),
        sa.CheckConstraint("kind IN ('OFF', 'MAKE_UP')", name=op.f("ck_public_holiday_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_public_holiday_day")),
    )


def downgrade() -> None:
    """Remove the table and the act."""
    op.drop_table("public_holiday")
    remove_known_codes("audit_entry", "action", ACTS)
