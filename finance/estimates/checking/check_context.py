"""What the checks know of programme and round, as plain data. Pure: filled by `queries.check_context`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from finance.programme.classification import Nature, OutputKind
from finance.rulebook.strictness import RuleDates


@dataclass(frozen=True, slots=True)
class KnownTask:
    """An annex task; `is_of_agency` when the office leads, coordinates or carries it out."""

    code: str
    name_vi: str
    area_code: str
    target_codes: frozenset[str]
    is_of_agency: bool


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A funding source; `level_rank` grows downwards (province before district), None for no level."""

    code: str
    name_vi: str
    nature: Nature
    enters_pool: bool
    is_certain: bool
    level_rank: int | None


@dataclass(frozen=True, slots=True)
class KnownNorm:
    """A spending norm that lines of the round may name; an ended one only stands there to be told.

    Attributes:
        level_code: of the offices it is meant for; empty for every level.
        level_name: the same in words.
        is_firm: a price above it is never allowed, not even with a reason.
        ended_on: last day, None while nobody has set one.
        ended_by: the document that repealed or replaced it; empty when it merely runs out.
        replaced_by: code of the version that took its place.
        is_ended: no line of the round may rest on it any more.

    Units:
        `max_vnd` in đồng for one `unit_name`.
    """

    code: str
    item_vi: str
    unit_name: str
    max_vnd: int
    legal_reference: str
    is_confirmed: bool
    level_code: str = ""
    level_name: str = ""
    is_firm: bool = False
    ended_on: date | None = None
    ended_by: str = ""
    replaced_by: str = ""
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A sub-item of the budget classification."""

    code: str
    name_vi: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit within one output's scope."""

    code: str
    is_exempt: bool = False
    reached_components: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownOutput:
    """A result of the round's catalogue; `units` only for coverage."""

    code: str
    name_vi: str
    kind: OutputKind
    unit_name: str
    year: int
    components: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, KnownUnit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Everything a draft is held against: all maps by code.

    Attributes:
        ceilings: control figure of the office by source code, for `fiscal_year`; a source without
            one is absent.
        parts_bound, parts_competing: what the office's own parts in other offices' projects ask of
            `fiscal_year` by source code; they charge the same control figures.
        unit_names: every scope unit of the round by code, in alphabetical order.
        agency_level_rank: level of the office, growing downwards; None when unknown.
        agency_level_code: the same as a code; empty when unknown.
        rule_dates: from which day which warnings block, and the day it is.

    Units:
        ceilings in đồng.
    """

    round_code: str
    round_name: str
    agency_code: str
    agency_name: str
    fiscal_year: int
    years: tuple[int, ...]
    agency_level_rank: int | None = None
    agency_level_code: str = ""
    rule_dates: RuleDates = field(default_factory=RuleDates)
    tasks: Mapping[str, KnownTask] = field(default_factory=dict)
    target_names: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, KnownSource] = field(default_factory=dict)
    norms: Mapping[str, KnownNorm] = field(default_factory=dict)
    budget_codes: Mapping[str, KnownCode] = field(default_factory=dict)
    outputs: Mapping[str, KnownOutput] = field(default_factory=dict)
    unit_names: Mapping[str, str] = field(default_factory=dict)
    ceilings: Mapping[str, int] = field(default_factory=dict)
    parts_bound: Mapping[str, int] = field(default_factory=dict)
    parts_competing: Mapping[str, int] = field(default_factory=dict)

    @property
    def norms_in_force(self) -> list[KnownNorm]:
        """The norms that may still be chosen."""
        return [norm for norm in self.norms.values() if not norm.is_ended]
