"""The exact audit: does a plan keep every rule, to the đồng, and is its score what it claims?

Written for an auditor who knows no optimization. Nothing here searches for a better plan; each function
checks one family of rules with whole đồng and exact fractions. Only the standard library and the facts of
problem and plan are used, so the audit does not depend on any solver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.attainment import final_count, score_points
from optimizer.canonical import fingerprint_of
from optimizer.certificate import lagrangian_bound
from optimizer.plan import AllocationPlan
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    GroupRule,
    OutputKind,
    Requires,
    allowed_level_ids,
)
from optimizer.spending import (
    MoneyPlace,
    effective_floor_vnd,
    group_ceiling_vnd,
    scoped_cost_vnd,
    source_groups,
    spent_vnd,
)
from optimizer.wording import amount_words, list_words, number_words

STATED_TOLERANCE_POINTS = Fraction(1, 1_000_000)
"""Files carry scores as decimals; a stated score may differ from the exact one by rounding only."""


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule a plan breaks.

    Attributes:
        rule_id: family and id, for instance ``ceiling:tinh-tx:2012``.
        words: Vietnamese sentence with the amount.
        amount: by how much, in the rule's own unit (đồng, count or points); None where it has no size.
    """

    rule_id: str
    words: str
    amount: Fraction | None = None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit found and re-computed.

    Attributes:
        broken: every broken rule; empty = the plan keeps them all.
        score_points: exact score of the plan.
        shortfall_vnd: how far the plan stays from the limits that are not hard, in đồng.
        money_vnd: đồng by source id, then year.
        outputs: final count by output id.
    """

    broken: tuple[BrokenRule, ...]
    score_points: Fraction
    shortfall_vnd: int
    money_vnd: Mapping[str, Mapping[int, int]]
    outputs: Mapping[str, Fraction]

    @property
    def is_kept(self) -> bool:
        """True when no rule is broken."""
        return not self.broken


Chosen = dict[str, tuple[Candidate, FundingLevel]]


def verify_plan(problem: AllocationProblem, plan: AllocationPlan) -> AuditReport:
    """Audit a plan: every rule, and every figure the plan states about itself.

    Args:
        problem: the question; assumed free of mistakes (see optimizer.precheck).
        plan: the answer to be checked; nothing in it is trusted.
    Returns:
        The report; ``is_kept`` says whether the plan may be published.
    """
    report = audit_levels(problem, plan.level_ids)
    stated = tuple(_stated_figures(problem, plan, report))
    return AuditReport(
        report.broken + stated, report.score_points, report.shortfall_vnd, report.money_vnd, report.outputs
    )


def audit_levels(problem: AllocationProblem, level_ids: Mapping[str, str]) -> AuditReport:
    """Audit a choice of levels against every rule of the problem.

    Args:
        problem: the question.
        level_ids: level id by candidate id, funded candidates only.
    """
    chosen, unknown = _chosen_levels(problem, level_ids)
    spent = spent_vnd(level for _, level in chosen.values())
    levels = [level for _, level in chosen.values()]
    counts = {output.id: final_count(output, levels) for output in problem.outputs}
    broken = [
        *unknown,
        *_broken_states(problem, chosen),
        *_broken_eligibility(problem, chosen),
        *_broken_ceilings(problem, spent),
        *_broken_limits(problem, chosen),
        *_broken_links(problem, chosen),
        *_broken_minimums(problem, counts),
    ]
    money: dict[str, dict[int, int]] = {}
    for (source_id, year), amount_vnd in sorted(spent.items()):
        money.setdefault(source_id, {})[year] = amount_vnd
    return AuditReport(
        tuple(broken), score_points(problem, counts), soft_shortfall_vnd(problem, chosen), money, counts
    )


def _chosen_levels(
    problem: AllocationProblem, level_ids: Mapping[str, str]
) -> tuple[Chosen, list[BrokenRule]]:
    """Look up the chosen levels; a name the problem does not know is a broken rule of its own."""
    candidates = {candidate.id: candidate for candidate in problem.candidates}
    chosen: Chosen = {}
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
        allowed = allowed_level_ids(candidate)
        if level is None and candidate.state in (CandidateState.COMMITTED, CandidateState.PINNED):
            yield BrokenRule(
                f"state:{candidate.id}", f"“{candidate.name}” đã cam kết hoặc đã ghim nhưng bị bỏ."
            )
        if level is not None and level.id not in allowed:
            yield BrokenRule(
                f"state:{candidate.id}", f"“{candidate.name}” không được chọn ở mức “{level.id}”."
            )


def _broken_eligibility(problem: AllocationProblem, chosen: Chosen) -> Iterator[BrokenRule]:
    """A source reserved for named candidates pays for no other."""
    for source in problem.sources:
        if source.eligible_candidate_ids is None:
            continue
        for candidate, level in chosen.values():
            uses_vnd = sum(level.cost_vnd.get(source.id, {}).values())
            if uses_vnd and candidate.id not in source.eligible_candidate_ids:
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


def _limit_gaps(problem: AllocationProblem, chosen: Chosen) -> Iterator[tuple[int, int, int]]:
    """Yield (position of the limit, đồng missing to its floor, đồng above its ceiling)."""
    sources = {source.id: source for source in problem.sources}
    for position, limit in enumerate(problem.limits):
        used_vnd = sum(
            scoped_cost_vnd(sources, limit.scope, candidate, level) for candidate, level in chosen.values()
        )
        missing_vnd = max(0, effective_floor_vnd(problem, limit) - used_vnd)
        above_vnd = 0 if limit.at_most_vnd is None else max(0, used_vnd - limit.at_most_vnd)
        yield position, missing_vnd, above_vnd


def _broken_limits(problem: AllocationProblem, chosen: Chosen) -> Iterator[BrokenRule]:
    """Rule 3: hard floors (up to what the least levels can fill) and hard ceilings."""
    for position, missing_vnd, above_vnd in _limit_gaps(problem, chosen):
        limit = problem.limits[position]
        if limit.is_hard and missing_vnd:
            words = f"“{limit.words}”: còn thiếu {amount_words(missing_vnd)} so với mức sàn."
            yield BrokenRule(f"floor:{limit.id}", words, Fraction(missing_vnd))
        if limit.is_hard and above_vnd:
            words = f"“{limit.words}”: vượt mức trần {amount_words(above_vnd)}."
            yield BrokenRule(f"cap:{limit.id}", words, Fraction(above_vnd))


def soft_shortfall_vnd(problem: AllocationProblem, chosen: Chosen) -> int:
    """Return the đồng missing to, or above, the limits that are not hard, added together."""
    return sum(
        missing_vnd + above_vnd
        for position, missing_vnd, above_vnd in _limit_gaps(problem, chosen)
        if not problem.limits[position].is_hard
    )


def _broken_links(problem: AllocationProblem, chosen: Chosen) -> Iterator[BrokenRule]:
    """Rule 4: requires, at most one, exactly one, at least n."""
    candidates = {candidate.id: candidate for candidate in problem.candidates}
    for link in problem.links:
        if isinstance(link, Requires):
            if link.candidate_id in chosen and not _has_level(chosen, link.needs_id, link.min_level_id):
                name, needed = candidates[link.candidate_id].name, candidates[link.needs_id].name
                words = f"“{name}” cần “{needed}” được cấp ở mức đủ, nhưng điều đó không có."
                yield BrokenRule(f"requires:{link.candidate_id}:{link.needs_id}", words)
            continue
        funded = sum(1 for candidate_id in link.candidate_ids if candidate_id in chosen)
        wanted = {GroupRule.AT_LEAST: link.count, GroupRule.EXACTLY_ONE: 1, GroupRule.AT_MOST_ONE: 0}[
            link.rule
        ]
        too_many = link.rule is not GroupRule.AT_LEAST and funded > 1
        if funded < wanted or too_many:
            names = list_words([f"“{candidates[item].name}”" for item in link.candidate_ids])
            yield BrokenRule(
                f"group:{link.rule.value}:{'+'.join(sorted(link.candidate_ids))}",
                f"Trong nhóm {names} có {funded} dự án được cấp, trái quy tắc của nhóm.",
            )


def _has_level(chosen: Chosen, candidate_id: str, min_level_id: str | None) -> bool:
    """Tell whether a candidate is funded at the given level or above."""
    if candidate_id not in chosen:
        return False
    candidate, level = chosen[candidate_id]
    ids = [item.id for item in candidate.levels]
    return min_level_id is None or ids.index(level.id) >= ids.index(min_level_id)


def _broken_minimums(problem: AllocationProblem, counts: Mapping[str, Fraction]) -> Iterator[BrokenRule]:
    """Rule 5: outputs with a hard minimum reach it."""
    for output in problem.outputs:
        if output.at_least is not None and counts[output.id] < output.at_least:
            missing = output.at_least - counts[output.id]
            unit = f" {output.unit}" if output.unit and output.kind is not OutputKind.MILESTONE else ""
            words = f"Đầu ra “{output.name}” còn thiếu {number_words(missing)}{unit} so với mức tối thiểu."
            yield BrokenRule(f"minimum:{output.id}", words, missing)


def _stated_figures(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport
) -> Iterator[BrokenRule]:
    """The plan belongs to this problem and tells the truth about score, money, outputs and bound."""
    if plan.problem_sha256 != fingerprint_of(problem):
        yield BrokenRule(
            "stated:problem", "Phương án được lập cho một bài toán khác (dấu vân tay không khớp)."
        )
    off = abs(plan.score_points - report.score_points)
    if off > STATED_TOLERANCE_POINTS:
        words = f"Điểm ghi trong phương án lệch {number_words(off, 6)} so với điểm tính lại."
        yield BrokenRule("stated:score", words, off)
    if {key: dict(value) for key, value in plan.money_vnd.items()} != report.money_vnd:
        yield BrokenRule(
            "stated:money", "Số tiền ghi trong phương án khác số tiền cộng lại từ các mức đã chọn."
        )
    for output_id in sorted(set(plan.outputs) | set(report.outputs)):
        stated, counted = plan.outputs.get(output_id), report.outputs.get(output_id)
        if stated is None or counted is None or abs(stated - counted) > STATED_TOLERANCE_POINTS:
            yield BrokenRule(
                f"stated:output:{output_id}", f"Kết quả ghi cho đầu ra “{output_id}” không đúng."
            )
    if plan.bound_points is not None and plan.bound_points + STATED_TOLERANCE_POINTS < report.score_points:
        yield BrokenRule("stated:bound", "Cận trên ghi trong phương án thấp hơn chính điểm của nó.")
    yield from _broken_certificate(problem, plan, report)


def _broken_certificate(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport
) -> Iterator[BrokenRule]:
    """The bound of the certificate is what its multipliers add up to, in exact fractions."""
    if plan.certificate is None:
        return
    try:
        bound = lagrangian_bound(problem, plan.certificate.multipliers, report.shortfall_vnd)
    except ValueError as error:
        yield BrokenRule("certificate", f"Chứng thư không hợp lệ: {error}")
        return
    if bound > plan.certificate.bound + STATED_TOLERANCE_POINTS:
        stated = number_words(plan.certificate.bound, 6)
        words = f"Chứng thư ghi cận {stated}, cộng lại là {number_words(bound, 6)}."
        yield BrokenRule("certificate", words, bound - plan.certificate.bound)
