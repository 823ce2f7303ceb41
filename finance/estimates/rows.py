"""What the queries of this room hand out: small frozen rows, free of storage. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from finance.actions import Action
from finance.estimates.levels import LevelCode
from finance.estimates.workflow import EstimateKind, EstimateStatus
from finance.programme.classification import Nature, OutputKind, ProjectKind


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """An estimate as lists and page heads show it.

    Attributes:
        asked_vnd: every project once, at its requested level (see `finance.estimates.totals`).
        due_at: deadline of the present stage for the owning office, or None when none was set; its
            own longer time where it was given one.
        is_private: only the owning office may see the estimate.
        has_section_step: the office signs over the head of a section.
        due_set_by: the office above that set the deadline, empty for the round's own.
        extended_until: the longer time the office was given, when that is what binds now.
    """

    id: int
    round_id: int
    agency_id: int
    agency_code: str
    agency_name: str
    agency_short: str
    kind: EstimateKind
    status: EstimateStatus
    version_number: int
    edit_number: int
    status_since: datetime
    asked_vnd: int
    project_count: int
    due_at: datetime | None
    label_vi: str
    is_private: bool
    has_section_step: bool = False
    extended_until: datetime | None = None
    due_set_by: str = ""


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """An office to which a version was sent ("Nơi nhận")."""

    agency_id: int
    agency_name: str
    agency_short: str
    is_copy: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version (lần) of an estimate with its signature and recipients."""

    id: int
    estimate_id: int
    number: int
    opened_at: datetime
    signed_at: datetime | None
    signed_by: str
    sent_at: datetime | None
    document_number: str
    document_on: date | None
    content_hash: str
    return_reason: str
    recipients: tuple[RecipientRow, ...]


@dataclass(frozen=True, slots=True)
class WorkbookRow:
    """An uploaded workbook, without its bytes."""

    id: int
    version_id: int
    file_name: str
    sha256: str
    uploaded_at: datetime
    uploaded_by: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One act on an estimate, as its history page shows it."""

    id: int
    business_at: datetime
    recorded_at: datetime
    person_name: str
    action: Action
    from_state: str
    to_state: str
    reason: str
    sentence_vi: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A funding level and what it asks."""

    id: int
    ordinal: int
    code: LevelCode
    asked_vnd: int


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """A line's quantity in one level and the stored amount."""

    level_id: int
    quantity_thousandths: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """A cost line; `quantities` stand in the levels' order, one per level."""

    id: int
    position: int
    item_vi: str
    budget_code: str
    norm_code: str
    norm_max_vnd: int | None
    source_id: int
    source_code: str
    nature: Nature
    year: int
    unit_name: str
    unit_price_vnd: int
    frequency_thousandths: int
    over_norm_reason: str
    note: str
    quantities: tuple[QuantityRow, ...]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A result promised by one level in one year; coverage names its units."""

    id: int
    level_id: int
    level_ordinal: int
    output_id: int
    output_code: str
    output_name: str
    output_kind: OutputKind
    unit_name: str
    year: int
    component: str
    quantity_thousandths: int
    unit_ids: tuple[int, ...]
    unit_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project of one version with everything it asks and promises."""

    id: int
    project_key: str
    priority: int
    name_vi: str
    kind: ProjectKind
    task_id: int
    task_code: str
    area_code: str
    place: str
    justification: str
    target_codes: tuple[str, ...]
    levels: tuple[LevelRow, ...]
    lines: tuple[LineRow, ...]
    promises: tuple[PromiseRow, ...]
