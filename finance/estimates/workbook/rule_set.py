"""A short name for everything a workbook is held against, so that two checks can be told apart. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import astuple

from finance.estimates.checking.check_context import CheckContext


def rule_set_name(context: CheckContext) -> str:
    """Year and eight signs: the same for the same tasks, sources, norms, results, figures, rules."""
    parts = (
        context.years,
        sorted((task.code, task.is_of_agency) for task in context.tasks.values()),
        sorted((source.code, str(source.nature)) for source in context.sources.values()),
        sorted(astuple(norm) for norm in context.norms.values()),
        sorted(context.budget_codes),
        sorted((output.code, output.year) for output in context.outputs.values()),
        sorted(context.unit_names),
        sorted(context.ceilings.items()),
        sorted(context.rule_dates.blocks_from.items()),
    )
    return f"{context.fiscal_year}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"
