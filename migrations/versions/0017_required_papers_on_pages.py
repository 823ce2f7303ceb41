"""The finance office keeps the table of asked-for papers on its page; the audit knows both acts."""

from migrations.known_codes import add_known_codes, remove_known_codes

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ACTS = ("ADD_REQUIRED_PAPER", "END_REQUIRED_PAPER")


def upgrade() -> None:
    """Let the audit know the acts."""
    add_known_codes("audit_entry", "action", ACTS)


def downgrade() -> None:
    """Forget the acts."""
    remove_known_codes("audit_entry", "action", ACTS)
