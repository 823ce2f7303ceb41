"""Imports every room's records so that METADATA is complete (migrations and tests use it)."""

from __future__ import annotations

from finance.agencies import records as _agencies
from finance.allocations import records as _allocations
from finance.attachments import records as _attachments
from finance.audit import AuditEntry as _AuditEntry
from finance.dossiers import records as _dossiers
from finance.estimates import records as _estimates
from finance.estimates.copying import records as _copies
from finance.estimates.handing_up import records as _handovers
from finance.estimates.kept_typing import KeptTyping as _KeptTyping
from finance.estimates.parts import records as _parts
from finance.estimates.workbook import import_records as _workbooks
from finance.jobs import records as _jobs
from finance.norms import records as _norms
from finance.overlaps import records as _overlaps
from finance.plans import records as _plans
from finance.programme import records as _programme
from finance.receipts import Receipt as _Receipt
from finance.record_base import METADATA
from finance.reviews import records as _reviews
from finance.rounds import records as _rounds
from finance.rounds.public_holidays import PublicHoliday as _PublicHoliday
from finance.rulebook import records as _rulebook
from finance.scenarios import records as _scenarios

ROOMS = (
    _agencies,
    _programme,
    _rounds,
    _PublicHoliday,
    _estimates,
    _KeptTyping,
    _workbooks,
    _copies,
    _parts,
    _attachments,
    _dossiers,
    _handovers,
    _plans,
    _reviews,
    _scenarios,
    _allocations,
    _norms,
    _overlaps,
    _rulebook,
    _jobs,
    _AuditEntry,
    _Receipt,
)

__all__ = ["METADATA", "ROOMS"]
