"""What a workbook can be held against without a database: the lists that travel with the program.

The tasks, targets, sources, norms and sub-items are the decision's own; the results, units and ceilings of a
round are the province's, so what needs them is not judged here and said to be left for the upload.
"""

from __future__ import annotations

from datetime import date

from finance.errors import NotFound
from finance.estimates.checking.check_context import (
    CheckContext,
    KnownCode,
    KnownNorm,
    KnownSource,
    KnownTask,
)
from finance.programme.reference_files import (
    read_agencies,
    read_budget_codes,
    read_funding_sources,
    read_levels,
    read_norms,
    read_targets,
    read_task_targets,
    read_tasks,
)

# Whom and what the shipped description of the template is made for; the command takes others.
DESCRIBED_AGENCY = "SNV"
DESCRIBED_YEAR = 2026
_SUB_ITEM = "subitem"
_ROUND_YEARS = 5  # the years of a round are the province's; a plan of the decision runs five

# What the checks say only because the province's own lists are missing here.
NOT_JUDGED_OFFLINE = frozenset(
    {
        "OUTPUT_UNKNOWN",
        "UNIT_UNKNOWN",
        "CEILING_MISSING",
        "CEILING_EXCEEDED",
        "CEILING_EXCEEDED_BY_POOL",
        "NO_PROMISE",
        "NO_PROMISE_AT_LEVEL",
    }
)


def offline_context(agency_code: str, fiscal_year: int, *, round_code: str = "") -> CheckContext:
    """The lists that travel with the program, for this office and year.

    Args:
        agency_code: of the office whose estimate it is.
        fiscal_year: of the round.
        round_code: of the round, when the file names one.

    Raises:
        NotFound: no such office in the shipped list.
    """
    agency = next((row for row in read_agencies() if row.code == agency_code), None)
    if agency is None:
        raise NotFound("cơ quan", agency_code)
    ranks = {level.code: level.rank for level in read_levels()}
    targets: dict[str, set[str]] = {}
    for pair in read_task_targets():
        targets.setdefault(pair.task, set()).add(pair.target)
    return CheckContext(
        round_code=round_code,
        round_name=f"Dự toán năm {fiscal_year}",
        agency_code=agency.code,
        agency_name=agency.name_vi,
        fiscal_year=fiscal_year,
        years=tuple(range(fiscal_year, fiscal_year + _ROUND_YEARS)),
        tasks={
            task.code: KnownTask(
                task.code,
                task.name_vi,
                task.area,
                frozenset(targets.get(task.code, ())),
                is_of_agency=True,  # whose task it is, the round knows
            )
            for task in sorted(read_tasks(), key=lambda row: row.sort)
        },
        target_names={target.code: target.name_vi for target in read_targets()},
        sources={
            source.code: KnownSource(
                source.code,
                source.name_vi,
                source.nature,
                source.enters_pool,
                source.is_certain,
                ranks.get(source.level or ""),
            )
            for source in sorted(read_funding_sources(), key=lambda row: row.sort)
        },
        norms=_norms(fiscal_year),
        budget_codes={
            code.code: KnownCode(code.code, code.name_vi, code.is_confirmed)
            for code in read_budget_codes()
            if code.segment == _SUB_ITEM
        },
    )


def _norms(year: int) -> dict[str, KnownNorm]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return {
        norm.code: KnownNorm(
            norm.code, norm.item_vi, norm.unit_name, norm.max_vnd, norm.legal_reference, norm.is_confirmed
        )
        for norm in read_norms()
        if (norm.valid_from is None or norm.valid_from <= last)
        and (norm.valid_to is None or norm.valid_to >= first)
    }
