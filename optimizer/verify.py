"""The exact audit: does a plan keep every rule, to the đồng, and is its score what it claims?

Written for an auditor who knows no optimization. Nothing here searches for a better plan; each function
checks one family of rules with whole đồng and exact fractions. Only the standard library and the facts of
problem and plan are used, so the audit does not depend on any solver. The page docs/auditing-a-plan.md
walks through one plan by hand.

    verify_plan    every rule (audit_levels) and every figure the plan states about itself (stated_figures)
    audit_levels   the rules alone, for any choice of levels
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.attainment import final_counts, score_points
from optimizer.audit_report import AuditReport, BrokenRule
from optimizer.plan import AllocationPlan
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    GroupLink,
    GroupRule,
    Limit,
    OutputKind,
    Requires,
    allowed_level_ids,
)
from optimizer.spending import (
    MoneyPlace,
    ScopeIndex,
    cost_within_vnd,
    effective_floor_vnd,
    group_ceiling_vnd,
    scope_source_ids,
    source_groups,
    spent_vnd,
)
from optimizer.stated_figures import untrue_statements
from optimizer.wording import amount_words, list_words, number_words

__all__ = ["AuditReport", "BrokenRule", "audit_levels", "verify_plan"]

Chosen = Mapping[str, tuple[Candidate, FundingLevel]]
"""Candidate and level by candidate id, funded candidates only."""


@dataclass(frozen=True, slots=True)
class LimitGap:
    """How far the money inside a limit stays from it: đồng missing to the floor, đồng above the ceiling."""

    limit: Limit
    missing_vnd: int
    above_vnd: int


def verify_plan(problem: AllocationProblem, plan: AllocationPlan) -> AuditReport:
    """Audit a plan: every rule, and every figure the plan states about itself.

    Args:
        problem: the question; assumed free of mistakes (see optimizer.precheck).
        plan: the answer to be checked; nothing in it is trusted.
    Returns:
        The report; ``is_kept`` says whether the plan may be published.
    """
    report = audit_levels(problem, plan.level_ids)
    untrue = tuple(untrue_statements(problem, plan, report))
    return replace(report, broken=report.broken + untrue)


def audit_levels(problem: AllocationProblem, level_ids: Mapping[str, str]) -> AuditReport:
    """Audit a choice of levels (level id by candidate id, funded only) against every rule of the problem."""
    chosen, unknown = _chosen_levels(problem, level_ids)
    levels = [level for _, level in chosen.values()]
    spent = spent_vnd(levels)
    counts = final_counts(problem.outputs, levels)
    gaps = _limit_gaps(problem, chosen)
    broken = (
        *unknown,
        *_broken_states(problem, chosen),
        *_broken_eligibility(problem, chosen),
        *_broken_ceilings(problem, spent),
        *_broken_limits(gaps),
        *_broken_links(problem, chosen),
        *_broken_minimums(problem, counts),
    )
    shortfall_vnd = sum(gap.missing_vnd + gap.above_vnd for gap in gaps if not gap.limit.is_hard)
    return AuditReport(broken, score_points(problem, counts), shortfall_vnd, _by_source(spent), counts)


def _by_source(spent: Mapping[MoneyPlace, int]) -> dict[str, dict[int, int]]:
    money: dict[str, dict[int, int]] = {}
    for (source_id, year), amount_vnd in sorted(spent.items()):
        money.setdefault(source_id, {})[year] = amount_vnd
    return money


def _chosen_levels(
    problem: AllocationProblem, level_ids: Mapping[str, str]
) -> tuple[Chosen, list[BrokenRule]]:
    """Look up the chosen levels; a name the problem does not know is a broken rule of its own."""
    candidates = {candidate.id: candidate for candidate in problem.candidates}
    chosen: dict[str, tuple[Candidate, FundingLevel]] = {}
    unknown = []
    for candidate_id, level_id in sorted(level_ids.items()):
        candidate = candidates.get(candidate_id)
        level = next((item for item in candidate.levels if item.id == level_id), None) if candidate else None
        if candidate is None or level is None:
            words = f"Phương án nêu mức “{level_id}” của “{candidate_id}”, không có trong bài toán."
            unknown.append(BrokenRule(f"choice:{candidate_id}", words))
        else:
            chosen[candidate_id] = (candidate, level)
    return chosen, unknown


def _broken_states(problem: AllocationProblem, chosen: Chosen) -> Iterator[BrokenRule]:
    """Rule 1: barred = not funded; committed and pinned = funded, at a level that was agreed."""
    for candidate in problem.candidates:
        level = chosen[candidate.id][1] if candidate.id in chosen else None
        must = candidate.state in (CandidateState.COMMITTED, CandidateState.PINNED)
        if level is None and must:
            words = f"“{candidate.name}” đã cam kết hoặc đã ghim nhưng bị bỏ."
            yield BrokenRule(f"state:{candidate.id}", words)
        if level is not None and level.id not in allowed_level_ids(candidate):
            words = f"“{candidate.name}” không được chọn ở mức “{level.id}”."
            yield BrokenRule(f"state:{candidate.id}", words)


def _broken_eligibility(problem: AllocationProblem, chosen: Chosen) -> Iterator[BrokenRule]:
    """A source reserved for named candidates pays for no other."""
    for source in problem.sources:
        if source.eligible_candidate_ids is None:
            continue
        eligible = frozenset(source.eligible_candidate_ids)
        for candidate, level in chosen.values():
            uses_vnd = sum(level.cost_vnd.get(source.id, {}).values())
            if uses_vnd and candidate.id not in eligible:
                words = f"“{candidate.name}” không thuộc diện dùng nguồn “{source.name}”."
                yield BrokenRule(f"eligible:{source.id}:{candidate.id}", words, Fraction(uses_vnd))


def _broken_ceilings(problem: AllocationProblem, spent: Mapping[MoneyPlace, int]) -> Iterator[BrokenRule]:
    """Rule 2: no source, and no group of sources with transfers, spends more than its ceiling."""
    names = {source.id: source.name for source in problem.sources}
    years = sorted({year for _, year in spent} | set(problem.years))
    for group in source_groups(problem.sources):
        for year in years:
            ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
            used_vnd = sum(spent.get((source_id, year), 0) for source_id in group)
            if ceiling_vnd is not None and used_vnd > ceiling_vnd:
                over_vnd = used_vnd - ceiling_vnd
                who = list_words([f"“{names[source_id]}”" for source_id in group])
                words = f"Nguồn {who} năm {year} chi {amount_words(used_vnd)}, vượt {amount_words(over_vnd)}."
                yield BrokenRule(f"ceiling:{'+'.join(group)}:{year}", words, Fraction(over_vnd))


def _limit_gaps(problem: AllocationProblem, chosen: Chosen) -> list[LimitGap]:
    """Add up, for every limit, the money of the chosen levels inside its scope."""
    everyone, funded = ScopeIndex(problem.candidates), ScopeIndex(item for item, _ in chosen.values())
    gaps = []
    for limit in problem.limits:
        source_ids = scope_source_ids(problem.sources, limit.scope)
        used_vnd = sum(
            cost_within_vnd(source_ids, limit.scope.years, chosen[candidate.id][1])
            for candidate in funded.within(limit.scope)
        )
        floor_vnd = effective_floor_vnd(problem, limit, everyone)
        above_vnd = 0 if limit.at_most_vnd is None else max(0, used_vnd - limit.at_most_vnd)
        gaps.append(LimitGap(limit, max(0, floor_vnd - used_vnd), above_vnd))
    return gaps


def _broken_limits(gaps: Sequence[LimitGap]) -> Iterator[BrokenRule]:
    """Rule 3: hard floors (up to what the least levels can fill) and hard ceilings."""
    for gap in gaps:
        limit = gap.limit
        if limit.is_hard and gap.missing_vnd:
            words = f"“{limit.words}”: còn thiếu {amount_words(gap.missing_vnd)} so với mức sàn."
            yield BrokenRule(f"floor:{limit.id}", words, Fraction(gap.missing_vnd))
        if limit.is_hard and gap.above_vnd:
            words = f"“{limit.words}”: vượt mức trần {amount_words(gap.above_vnd)}."
            yield BrokenRule(f"cap:{limit.id}", words, Fraction(gap.above_vnd))


def _broken_links(problem: AllocationProblem, chosen: Chosen) -> Iterator[BrokenRule]:
    """Rule 4: requires, at most one, exactly one, at least n."""
    names = {candidate.id: candidate.name for candidate in problem.candidates}
    for link in problem.links:
        if isinstance(link, Requires):
            yield from _broken_requirement(link, chosen, names)
        else:
            yield from _broken_group(link, chosen, names)


def _broken_requirement(link: Requires, chosen: Chosen, names: Mapping[str, str]) -> Iterator[BrokenRule]:
    """Who needs another is funded only together with it, at the level asked for or above."""
    if link.candidate_id in chosen and not _has_level(chosen, link.needs_id, link.min_level_id):
        name, needed = names[link.candidate_id], names[link.needs_id]
        words = f"“{name}” cần “{needed}” được cấp ở mức đủ, nhưng điều đó không có."
        yield BrokenRule(f"requires:{link.candidate_id}:{link.needs_id}", words)


def _has_level(chosen: Chosen, candidate_id: str, min_level_id: str | None) -> bool:
    """Tell whether a candidate is funded at the given level or above."""
    if candidate_id not in chosen:
        return False
    candidate, level = chosen[candidate_id]
    ids = [item.id for item in candidate.levels]
    return min_level_id is None or ids.index(level.id) >= ids.index(min_level_id)


def _broken_group(link: GroupLink, chosen: Chosen, names: Mapping[str, str]) -> Iterator[BrokenRule]:
    """As many of a group are funded as its rule allows and demands."""
    funded = sum(1 for candidate_id in link.candidate_ids if candidate_id in chosen)
    everyone = len(link.candidate_ids)
    least, most = {
        GroupRule.AT_MOST_ONE: (0, 1),
        GroupRule.EXACTLY_ONE: (1, 1),
        GroupRule.AT_LEAST: (link.count, everyone),
    }[link.rule]
    if not least <= funded <= most:
        who = list_words([f"“{names[item]}”" for item in link.candidate_ids])
        words = f"Trong nhóm {who} có {funded} dự án được cấp, trái quy tắc của nhóm."
        rule_id = f"group:{link.rule.value}:{'+'.join(sorted(link.candidate_ids))}"
        yield BrokenRule(rule_id, words, Fraction(max(least - funded, funded - most)))


def _broken_minimums(problem: AllocationProblem, counts: Mapping[str, Fraction]) -> Iterator[BrokenRule]:
    """Rule 5: outputs with a hard minimum reach it."""
    for output in problem.outputs:
        if output.at_least is not None and counts[output.id] < output.at_least:
            missing = output.at_least - counts[output.id]
            unit = f" {output.unit}" if output.unit and output.kind is not OutputKind.MILESTONE else ""
            words = f"Đầu ra “{output.name}” còn thiếu {number_words(missing)}{unit} so với mức tối thiểu."
            yield BrokenRule(f"minimum:{output.id}", words, missing)
