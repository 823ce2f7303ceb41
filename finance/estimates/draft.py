"""The one shape in which form and workbook meet: what an office asks, before it is stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from finance.estimates.levels import LevelCode
from finance.programme.classification import Nature, ProjectKind


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One cost line.

    Attributes:
        quantities: one per level of the project, in the levels' order, in thousandths; 0 = not in
            that level.
        budget_code: sub-item of the budget classification, text; empty when not yet classified.
        norm_code: code of the spending norm the price is held against; empty for none.

    Units:
        `unit_price_vnd` in đồng; `frequency_thousandths` and `quantities` in thousandths.
    """

    item_vi: str
    source_code: str
    nature: Nature
    year: int
    unit_name: str
    unit_price_vnd: int
    quantities: tuple[int, ...]
    frequency_thousandths: int = 1000
    budget_code: str = ""
    norm_code: str = ""
    over_norm_reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PromiseDraft:
    """A result promised by one level in one year.

    Attributes:
        level: 1 for the project's first level.
        output_code: code in the round's catalogue of results.
        quantity_thousandths: for quantity outputs; else 0.
        component: for coverage, milestone and deliverable outputs with components; else empty.
        unit_codes: for coverage outputs, the scope units named; sorted.
    """

    level: int
    output_code: str
    year: int
    quantity_thousandths: int = 0
    component: str = ""
    unit_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A scheme, project or task with its levels from least to most."""

    project_key: str
    priority: int
    name_vi: str
    kind: ProjectKind
    task_code: str
    place: str = ""
    justification: str = ""
    target_codes: tuple[str, ...] = ()
    levels: tuple[LevelCode, ...] = (LevelCode.FULL,)
    lines: tuple[LineDraft, ...] = ()
    promises: tuple[PromiseDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class EstimateDraft:
    """Everything one office asks in one estimate."""

    projects: tuple[ProjectDraft, ...] = field(default=())
