"""The one shape in which form and workbook meet: what an office asks, before it is stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import category, is_normalized

from finance.estimates.levels import LevelCode
from finance.programme.classification import Nature, ProjectKind
from finance.vietnamese.normal import nfc

_LINE_TEXTS = (
    "item_vi",
    "source_code",
    "unit_name",
    "budget_code",
    "norm_code",
    "over_norm_reason",
    "note",
)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One cost line.

    Attributes:
        quantities: one per level of the project, in the levels' order, in thousandths; 0 = not in
            that level.
        budget_code: sub-item of the budget classification, text; empty when not yet classified.
        norm_code: code of the spending norm the price is held against; empty for none.
        line_key: which line of a workbook's base it was, as the workbook says; no part of what is
            asked, so two lines that differ only here are equal.

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
    line_key: str = field(default="", compare=False)


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


def tidy_draft(draft: EstimateDraft) -> EstimateDraft:
    """The draft as it is stored: texts in one form, everything without an order of its own sorted.

    Two drafts that ask the same are equal after tidying, whichever door they came through. Lines
    keep their order; projects stand by priority, then key.
    """
    projects = (tidy_project(project) for project in draft.projects)
    return EstimateDraft(tuple(sorted(projects, key=lambda project: (project.priority, project.project_key))))


def tidy_project(project: ProjectDraft) -> ProjectDraft:
    """The project with its texts in one form and its targets and promises sorted."""
    promises = (
        replace(
            promise,
            output_code=tidy_text(promise.output_code),
            component=tidy_text(promise.component),
            unit_codes=tuple(sorted(tidy_text(code) for code in promise.unit_codes)),
        )
        for promise in project.promises
    )
    return replace(
        project,
        project_key=tidy_text(project.project_key),
        name_vi=tidy_text(project.name_vi),
        task_code=tidy_text(project.task_code),
        place=tidy_text(project.place),
        justification=tidy_text(project.justification),
        target_codes=tuple(sorted(tidy_text(code) for code in project.target_codes)),
        lines=tuple(_tidy_line(line) for line in project.lines),
        promises=tuple(sorted(promises, key=promise_key)),
    )


def promise_key(promise: PromiseDraft) -> tuple[int, str, int, str]:
    """What makes a promise one promise: level, output, year and component."""
    return promise.level, promise.output_code, promise.year, promise.component


def tidy_text(text: str) -> str:
    """Unicode NFC without signs nobody can see: no store and no spreadsheet keeps control signs."""
    if text.isprintable() and is_normalized("NFC", text):
        return text.strip()  # the usual case, and half of the time of a large import
    lines = nfc(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if _is_storable(sign)).strip()


def _is_storable(sign: str) -> bool:
    return sign in "\n\t" or (category(sign) not in {"Cc", "Cf", "Cs"} and sign not in "\ufffe\uffff")


def _tidy_line(line: LineDraft) -> LineDraft:
    known = {name: getattr(line, name) for name in _LINE_TEXTS}
    texts: dict[str, Any] = {name: tidy_text(text) for name, text in known.items()}
    return line if texts == known else replace(line, **texts)  # what is stored is tidy already
