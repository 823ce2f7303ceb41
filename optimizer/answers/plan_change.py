"""What changes from one plan to another: who comes, goes or changes level, points, money and results.

Facts of the exact audit; no solver. The two plans may answer different problems (before and after an edit).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.audit_report import AuditReport
from optimizer.problem import AllocationProblem
from optimizer.verify import audit_levels
from optimizer.wording import amount_words, list_words, number_words

MOST_NAMED = 8
"""More names than this make no sentence; the rest is counted."""


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A candidate whose level changes; None = not funded."""

    candidate_id: str
    level_before: str | None
    level_after: str | None


@dataclass(frozen=True, slots=True)
class MoneyChange:
    """What is spent from a source in a year, before and after."""

    source_id: str
    year: int
    before_vnd: int
    after_vnd: int


@dataclass(frozen=True, slots=True)
class OutputChange:
    """The final count of an output, before and after."""

    output_id: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class PlanChange:
    """From one plan to another.

    Attributes:
        levels: candidates that change, by id; coming in, going out or at another level.
        money: sources and years whose spending changes.
        outputs: outputs whose count changes.
        score_before, score_after: each plan's exact score in its own problem.
        shortfall_before_vnd, shortfall_after_vnd: how far each stays from the limits that are not hard.
        standing_points: score of the plan before in the problem after.
        standing_broken: Vietnamese sentences of the rules it would break there; empty = it could stay.
    """

    levels: tuple[LevelChange, ...]
    money: tuple[MoneyChange, ...]
    outputs: tuple[OutputChange, ...]
    score_before: Fraction
    score_after: Fraction
    shortfall_before_vnd: int
    shortfall_after_vnd: int
    standing_points: Fraction
    standing_broken: tuple[str, ...]

    @property
    def gained_points(self) -> Fraction:
        """The score after less the score before."""
        return self.score_after - self.score_before


@dataclass(frozen=True, slots=True)
class Standing:
    """A problem and the levels that are funded in it."""

    problem: AllocationProblem
    level_ids: Mapping[str, str]


def level_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[LevelChange, ...]:
    """Return the candidates whose level differs between two plans, by id."""
    return tuple(
        LevelChange(key, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    )


def plan_change(before: Standing, after: Standing) -> PlanChange:
    """Return what changes from one plan to another, re-added by the audit.

    Args:
        before: the plan as it stands, with its problem.
        after: the other plan, with its problem (the same candidates, sources and outputs).
    """
    one = audit_levels(before.problem, before.level_ids)
    other = audit_levels(after.problem, after.level_ids)
    standing = audit_levels(after.problem, before.level_ids)
    return PlanChange(
        levels=level_changes(before.level_ids, after.level_ids),
        money=_money_changes(one, other),
        outputs=tuple(
            OutputChange(key, one.outputs[key], other.outputs[key])
            for key in sorted(one.outputs)
            if one.outputs[key] != other.outputs[key]
        ),
        score_before=one.score_points,
        score_after=other.score_points,
        shortfall_before_vnd=one.shortfall_vnd,
        shortfall_after_vnd=other.shortfall_vnd,
        standing_points=standing.score_points,
        standing_broken=tuple(rule.words for rule in standing.broken),
    )


def _money_changes(one: AuditReport, other: AuditReport) -> tuple[MoneyChange, ...]:
    before, after = (
        {
            (source, year): amount
            for source, by_year in report.money_vnd.items()
            for year, amount in by_year.items()
        }
        for report in (one, other)
    )
    return tuple(
        MoneyChange(source, year, before.get((source, year), 0), after.get((source, year), 0))
        for source, year in sorted({*before, *after})
        if before.get((source, year), 0) != after.get((source, year), 0)
    )


def changes_sentence(problem: AllocationProblem, changes: tuple[LevelChange, ...]) -> str:
    """Return the sentence that says who comes in, goes out and changes level."""
    if not changes:
        return "Không dự án nào thay đổi."
    names = {item.id: item.name for item in problem.candidates}
    coming = [f"“{names[i.candidate_id]}” (mức “{i.level_after}”)" for i in changes if i.level_before is None]
    going = [f"“{names[i.candidate_id]}”" for i in changes if i.level_after is None]
    other = [
        f"“{names[i.candidate_id]}” từ “{i.level_before}” sang “{i.level_after}”"
        for i in changes
        if i.level_before is not None and i.level_after is not None
    ]
    parts = [
        f"{verb} {list_words(_first(items))}"
        for verb, items in (("cấp thêm", coming), ("thôi cấp", going), ("đổi mức", other))
        if items
    ]
    return f"Có {len(changes)} dự án thay đổi: {'; '.join(parts)}."


def money_sentence(problem: AllocationProblem, changes: tuple[MoneyChange, ...]) -> str:
    """Return the sentence that says what is spent more or less from every source, its years together."""
    parts = []
    for source in sorted(problem.sources, key=lambda item: item.id):
        own = [item for item in changes if item.source_id == source.id]
        more_vnd = sum(item.after_vnd - item.before_vnd for item in own)
        if own:
            years = f" ({list_words([str(item.year) for item in own])})" if len(problem.years) > 1 else ""
            how = f"{'thêm' if more_vnd > 0 else 'bớt'} {amount_words(abs(more_vnd))}"
            parts.append(f"nguồn “{source.name}”{years} {how if more_vnd else 'chuyển giữa các năm'}")
    return f"Chi tiêu thay đổi: {list_words(parts)}." if parts else ""


def outputs_sentence(problem: AllocationProblem, changes: tuple[OutputChange, ...]) -> str:
    """Return the sentence that says which results change; empty when none does."""
    outputs = {output.id: output for output in problem.outputs}
    parts = []
    for item in changes:
        unit = f" {outputs[item.output_id].unit}" if outputs[item.output_id].unit else ""
        before, after = number_words(item.before), number_words(item.after)
        parts.append(f"“{outputs[item.output_id].name}” từ {before} thành {after}{unit}")
    return f"Kết quả thay đổi: {list_words(_first(parts))}." if parts else ""


def _first(parts: list[str]) -> list[str]:
    rest = len(parts) - MOST_NAMED
    return parts if rest <= 0 else [*parts[:MOST_NAMED], f"{rest} thay đổi khác"]
