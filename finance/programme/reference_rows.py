"""What one row of each reference file says. Plain values; who stores them decides how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from finance.actors import Function
from finance.programme.classification import BodyRole, Nature, Operator, OutputKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRow:
    """What every row carries.

    `source` names the section of the decision or another text; `source_line` is the line of the decision's
    text where the fact stands, None where it comes from elsewhere.
    """

    source: str
    source_line: int | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow(ReferenceRow):
    """One of the six contents of reform."""

    code: str
    name_vi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow(ReferenceRow):
    """One target. `value_thousandths` is None where the text gives no figure.

    Qualitative aims carry the operator DONE without a figure; "hầu hết" (most) is GTE without a figure, to be
    set by the monitoring office. `exception_codes` exempt an office together with everything below it.
    """

    code: str
    ascii_code: str
    sort: int
    section: str
    period: str
    area: str
    kind: OutputKind
    name_vi: str
    unit_name: str
    scope: tuple[str, ...]
    scope_vi: str
    operator: Operator
    value_thousandths: int | None
    year: int
    quarter: int | None
    is_year_explicit: bool
    is_ambiguous: bool
    exception_codes: tuple[str, ...]
    exception_vi: str
    components: tuple[str, ...]
    follows: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow(ReferenceRow):
    """One task of the annex; `source_line` is its first line there, `source_line_last` its last."""

    code: str
    ascii_code: str
    sort: int
    area: str
    name_vi: str
    section_ref: str
    section_line: int
    start_year: int | None
    end_year: int | None
    deadline_vi: str
    deliverables_vi: str
    needs_it_opinion: bool
    source_line_last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDeliverableRow(ReferenceRow):
    """A product an annex task must hand over; what a task without a numbered target is scored by."""

    code: str
    ascii_code: str
    task: str
    name_vi: str
    year: int
    quarter: int | None
    is_year_explicit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBodyRow(ReferenceRow):
    """An office or a group (`body`) with a role in a task."""

    task: str
    role: BodyRole
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTargetRow(ReferenceRow):
    """A task serves a target."""

    task: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow(ReferenceRow):
    """A budget level; `rank` 1 is the highest."""

    code: str
    name_vi: str
    rank: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow(ReferenceRow):
    """An office; `valid_from` is the first day these records vouch for it."""

    code: str
    name_vi: str
    short_vi: str
    kind: str
    level: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    successor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyGroupRow(ReferenceRow):
    """Offices the decision names together: all of these kinds at these levels."""

    code: str
    name_vi: str
    levels: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMemberRow(ReferenceRow):
    """One office in a group, at whatever time the office exists."""

    group: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyChangeRow(ReferenceRow):
    """An office ended or became another; `effective` is a day, a month or a year, as far as it is known."""

    predecessor: str
    successor: str
    kind: str
    effective: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRow(ReferenceRow):
    """An office holds a function between two dates."""

    function: Function
    agency: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSourceRow(ReferenceRow):
    """A source of money; `level` is None for money from outside the budget."""

    code: str
    sort: int
    name_vi: str
    nature: Nature
    level: str | None
    enters_pool: bool
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCodeRow(ReferenceRow):
    """One code of the budget classification: text, for leading zeros count."""

    segment: str
    code: str
    name_vi: str
    is_confirmed: bool
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NormRow(ReferenceRow):
    """The most one unit of an item may cost, by dates."""

    code: str
    item_vi: str
    unit_name: str
    max_vnd: int
    legal_reference: str
    valid_from: date | None
    valid_to: date | None
    is_confirmed: bool
