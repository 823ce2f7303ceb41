"""Where a relaxation ended, in plain bytes, so that another process can begin there.

HiGHS's own basis object belongs to the process that made it and cannot be sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy

from optimizer.engines.highs import HighsSession
from optimizer.engines.interface import EngineSession

_STATUSES = [highspy.HighsBasisStatus(number) for number in range(5)]


@dataclass(frozen=True, slots=True)
class CarriedBasis:
    """One byte per column and per row: where each stands at the end of a relaxation."""

    columns: bytes
    rows: bytes


def carried_basis(session: EngineSession) -> CarriedBasis | None:
    """Return where a session's last relaxation ended; None = its engine cannot tell, or none has ended."""
    basis = session.basis() if isinstance(session, HighsSession) else None
    if not isinstance(basis, highspy.HighsBasis) or not basis.valid:
        return None
    return CarriedBasis(
        bytes(int(status) for status in basis.col_status), bytes(int(status) for status in basis.row_status)
    )


def begin_at(session: EngineSession, carried: CarriedBasis | None, row_count: int) -> bool:
    """Let a session's next relaxation begin at a basis from elsewhere; tell whether it will.

    Args:
        row_count: rows the session has; a basis of another model is left alone.
    """
    if carried is None or not isinstance(session, HighsSession) or len(carried.rows) != row_count:
        return False
    basis = highspy.HighsBasis()
    basis.col_status = [_STATUSES[number] for number in carried.columns]
    basis.row_status = [_STATUSES[number] for number in carried.rows]
    basis.valid = True
    session.start_from(basis)
    return True
