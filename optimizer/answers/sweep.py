"""The money frontier: the curve of the relaxation over many ceilings, with audited plans at its knots.

    bound(s) = value of the relaxation with every swept ceiling B times s

The curve is concave and never falls: it is the value of a linear programme in its right sides. Whole plans
jump; still more money never lowers them here, because a plan that fits less money fits more: where a search
that was not proven found worse, the plan of the step below is taken. "Worse" counts as the stages count:
first the shortfall against limits that are not hard, then the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from time import perf_counter

from optimizer.answers.plan_change import level_changes
from optimizer.answers.sweep_answer import (
    BILLION_VND,
    CurvePoint,
    FrontierRange,
    Knot,
    KnotOutcome,
    MoneyFrontier,
)
from optimizer.answers.sweep_words import frontier_sentences
from optimizer.edits import CeilingEdit
from optimizer.errors import (
    Conflict,
    InvalidPlan,
    InvalidProblem,
    Mistake,
    NoFeasiblePlan,
    NoPlanInTime,
    SolverFailure,
)
from optimizer.plan import AllocationPlan, Outcome
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.live import LiveAllocation
from optimizer.verify import audit_levels, verify_plan

ROUNDING_SHARE = Fraction(1, 10**8)
"""A gain below this share of the bound is rounding of the engine, not gain."""
KNOT_STAGES = (StageName.LEGAL_MINIMUMS, StageName.SCORE)
MOST_STEPS = 10_000
LEAST_SECONDS = 0.2


def money_frontier(
    problem: AllocationProblem,
    asked: FrontierRange | None = None,
    limits: SolveLimits | None = None,
    *,
    plan: AllocationPlan | None = None,
    should_stop: ShouldStop | None = None,
) -> MoneyFrontier:
    """Return what the plan would be worth with less and with more money.

    Args:
        problem: the question.
        asked: which ceilings, how far and how finely; None = all, from 50 % to 150 % in 200 steps.
        limits: the time limit is for all knots together; None = the defaults of SolveLimits.
        plan: an audited plan for the problem; the search at today's ceilings starts from it.
        should_stop: asked often; True ends the search and leaves the knots not yet reached.
    Raises:
        InvalidProblem: the range or the problem has mistakes.
        InvalidPlan: the audit refuses the plan.
        NoFeasiblePlan: plain arithmetic shows contradictions at today's ceilings.
    """
    asked, limits = asked or FrontierRange(), limits or SolveLimits()
    mistakes = range_mistakes(problem, asked)
    if mistakes:
        raise InvalidProblem(mistakes)
    if plan is not None and not verify_plan(problem, plan).is_kept:
        broken = verify_plan(problem, plan).broken
        raise InvalidPlan(tuple(Mistake(f"$.{rule.rule_id}", rule.words) for rule in broken))
    stages = tuple(stage for stage in problem.stages if stage in KNOT_STAGES) or (StageName.SCORE,)
    live = LiveAllocation(replace(problem, stages=stages), limits)
    began = perf_counter()
    curve = _curve(live, asked)
    curve_seconds = perf_counter() - began
    search = _KnotSearch(live, asked, limits, should_stop)
    knots = search.all_knots(curve, {} if plan is None else plan.level_ids)
    today = next((knot for knot in knots if knot.share == 1), None)
    half_from, flat_from = _falls_off(curve)
    frontier = MoneyFrontier(
        asked=asked,
        curve=curve,
        knots=knots,
        today_points=plan.score_points if plan is not None else today.score_points if today else None,
        half_from=half_from,
        flat_from=flat_from,
        curve_seconds=curve_seconds,
        conflicts=search.conflicts,
    )
    return replace(frontier, sentences=frontier_sentences(problem, frontier))


def range_mistakes(problem: AllocationProblem, asked: FrontierRange) -> tuple[Mistake, ...]:
    """Return what is wrong with a range, every mistake at once."""
    mistakes = []
    if asked.source_id is not None and asked.source_id not in {source.id for source in problem.sources}:
        mistakes.append(Mistake("$.source", f"Không có nguồn “{asked.source_id}”."))
    if asked.year is not None and asked.year not in problem.years:
        mistakes.append(Mistake("$.year", f"Năm {asked.year} không thuộc bài toán."))
    if not 0 <= asked.from_share < asked.to_share:
        mistakes.append(Mistake("$.from", "Phải quét từ một tỷ lệ không âm tới một tỷ lệ lớn hơn."))
    if not 1 <= asked.steps <= MOST_STEPS:
        mistakes.append(Mistake("$.steps", f"Số bước phải từ 1 đến {MOST_STEPS}."))
    if asked.knots < 0:
        mistakes.append(Mistake("$.knots", "Số điểm có phương án không được âm."))
    if not mistakes and not sum(edit.ceiling_vnd for edit in scaled_ceilings(problem, asked, Fraction(1))):
        mistakes.append(Mistake("$", "Không có trần nào lớn hơn 0 để quét."))
    return tuple(mistakes)


def scaled_ceilings(
    problem: AllocationProblem, asked: FrontierRange, share: Fraction
) -> tuple[CeilingEdit, ...]:
    """Return the swept ceilings at a share of today's, rounded down to the đồng."""
    return tuple(
        CeilingEdit(source.id, year, int(ceiling_vnd * share))
        for source in sorted(problem.sources, key=lambda item: item.id)
        if not source.is_uncapped and asked.source_id in (None, source.id)
        for year, ceiling_vnd in sorted(source.ceiling_vnd.items())
        if asked.year in (None, year)
    )


def _shares(asked: FrontierRange) -> list[Fraction]:
    """Return the shares of the curve; today's ceilings are one of them where they lie in the range."""
    width = asked.to_share - asked.from_share
    shares = {asked.from_share + width * step / asked.steps for step in range(asked.steps + 1)}
    if asked.from_share <= 1 <= asked.to_share:
        shares.add(Fraction(1))
    return sorted(shares)


def _curve(live: LiveAllocation, asked: FrontierRange) -> tuple[CurvePoint, ...]:
    """Relax from the most money to the least; once nothing fits, less money is not asked."""
    bounds: dict[Fraction, Fraction | None] = {}
    totals: dict[Fraction, int] = {}
    is_feasible = True
    for share in reversed(_shares(asked)):
        edits = scaled_ceilings(live.base, asked, share)
        totals[share] = sum(edit.ceiling_vnd for edit in edits)
        bounds[share] = None
        if is_feasible:
            live.edit(*edits)
            relaxed = live.relax()
            is_feasible = relaxed.is_feasible
            if is_feasible and relaxed.bound_points is not None:
                bounds[share] = Fraction(repr(relaxed.bound_points))
    live.reset()
    shares = sorted(bounds)
    slopes = {one: _slope(bounds, totals, one, other) for one, other in pairwise(shares)}
    return tuple(CurvePoint(share, totals[share], bounds[share], slopes.get(share)) for share in shares)


def _slope(
    bounds: Mapping[Fraction, Fraction | None], totals: Mapping[Fraction, int], one: Fraction, other: Fraction
) -> Fraction | None:
    """Return points per billion between two neighbouring points."""
    low, high = bounds[one], bounds[other]
    if low is None or high is None or totals[other] == totals[one]:
        return None
    return (high - low) * BILLION_VND / (totals[other] - totals[one])


def _falls_off(curve: Sequence[CurvePoint]) -> tuple[CurvePoint | None, CurvePoint | None]:
    """Return the first point with at most half of today's gain, and the first one without any."""
    today = next((point.points_per_billion for point in curve if point.share == 1), None)
    flat = half = None
    for point, following in pairwise(curve):
        gain, bound = point.points_per_billion, point.bound_points
        if gain is None or bound is None or following.bound_points is None:
            continue
        if flat is None and following.bound_points - bound <= ROUNDING_SHARE * max(abs(bound), Fraction(1)):
            flat = point
        if half is None and today is not None and today > 0 and point.share > 1 and 2 * gain <= today:
            half = point
    return half, flat


@dataclass(slots=True)
class _KnotSearch:
    """The search for plans at the knots.

    From today's ceilings up, each from the plan before; then from today's down until nothing fits.
    """

    live: LiveAllocation
    asked: FrontierRange
    limits: SolveLimits
    should_stop: ShouldStop | None
    conflicts: tuple[Conflict, ...] = ()

    def all_knots(self, curve: Sequence[CurvePoint], given: Mapping[str, str]) -> tuple[Knot, ...]:
        """Return the knots of a curve by rising share, those not reached in time left out."""
        points = _knot_points(curve, self.asked.knots)
        ends = perf_counter() + self.limits.time_limit_seconds
        upper = [point for point in points if point.share >= 1]
        lower = [point for point in reversed(points) if point.share < 1]
        found: list[Knot] = []
        near = given
        for place, point in enumerate([*upper, *lower]):
            is_below = point.share < 1
            if self._is_stopped():
                break
            if is_below and any(knot.outcome is KnotOutcome.INFEASIBLE for knot in found):
                # What leaves no plan with more money leaves none with less.
                found.append(_empty(point, KnotOutcome.INFEASIBLE, 0.0))
                continue
            left = max(ends - perf_counter(), 0.0) / (len(points) - place)
            knot = self._knot(point, {} if is_below else near, max(left, LEAST_SECONDS))
            found.append(knot)
            near = knot.level_ids or near
        self.live.reset()
        return _counted(self._carried(sorted(found, key=lambda knot: knot.share)))

    def _knot(self, point: CurvePoint, near: Mapping[str, str], seconds: float) -> Knot:
        began = perf_counter()
        if point.bound_points is None:
            return _empty(point, KnotOutcome.INFEASIBLE, 0.0)
        self.live.edit(*scaled_ceilings(self.live.base, self.asked, point.share))
        limits = replace(self.limits, time_limit_seconds=seconds)
        try:
            plan = self.live.plan(limits, near or None, should_stop=self.should_stop)
        except NoFeasiblePlan as error:
            self.conflicts = error.conflicts
            return _empty(point, KnotOutcome.INFEASIBLE, perf_counter() - began)
        except (NoPlanInTime, SolverFailure):
            return _empty(point, KnotOutcome.STOPPED, perf_counter() - began)
        bounds = [bound for bound in (plan.bound_points, point.bound_points) if bound is not None]
        knot = _empty(point, KnotOutcome.PLANNED, perf_counter() - began)
        knot = replace(
            knot,
            bound_points=max(min(bounds), plan.score_points),
            is_proven=plan.outcome is Outcome.PROVEN,
        )
        return self._with_plan(knot, plan.level_ids)

    def _with_plan(self, knot: Knot, level_ids: Mapping[str, str]) -> Knot:
        """Return a knot with a plan, every figure added up by the audit at the knot's ceilings."""
        self.live.edit(*scaled_ceilings(self.live.base, self.asked, knot.share))
        report = audit_levels(self.live.problem(), level_ids)
        if not report.is_kept:
            raise SolverFailure("; ".join(rule.words for rule in report.broken))
        return replace(
            knot,
            outcome=KnotOutcome.PLANNED,
            score_points=report.score_points,
            shortfall_vnd=report.shortfall_vnd,
            spent_vnd=sum(sum(by_year.values()) for by_year in report.money_vnd.values()),
            level_ids=dict(level_ids),
        )

    def _carried(self, knots: Sequence[Knot]) -> list[Knot]:
        """Give every knot the plan of the one below where that is better."""
        carried: list[Knot] = []
        for knot in knots:
            below = carried[-1] if carried else None
            if below is not None and below.score_points is not None and _worth(below) > _worth(knot):
                knot = replace(self._with_plan(knot, below.level_ids), is_proven=False, is_carried=True)
            carried.append(knot)
        self.live.reset()
        return carried

    def _is_stopped(self) -> bool:
        return self.should_stop is not None and self.should_stop()


def _knot_points(curve: Sequence[CurvePoint], count: int) -> list[CurvePoint]:
    """Return evenly spread points of a curve, today's among them."""
    if count == 0:
        return []
    last = len(curve) - 1
    places = {round(last * number / max(1, count - 1)) for number in range(count)} if count > 1 else set()
    places |= {place for place, point in enumerate(curve) if point.share == 1}
    return [curve[place] for place in sorted(places or {0})]


def _empty(point: CurvePoint, outcome: KnotOutcome, seconds: float) -> Knot:
    return Knot(
        share=point.share,
        total_vnd=point.total_vnd,
        outcome=outcome,
        score_points=None,
        shortfall_vnd=None,
        bound_points=point.bound_points,
        is_proven=False,
        is_carried=False,
        level_ids={},
        spent_vnd=None,
        changed=None,
        seconds=seconds,
    )


def _worth(knot: Knot) -> tuple[int, Fraction]:
    """What a knot's plan is worth as the stages count; a knot without a plan is worth least."""
    if knot.score_points is None or knot.shortfall_vnd is None:
        return (-(10**30), Fraction(0))
    return (-knot.shortfall_vnd, knot.score_points)


def _counted(knots: Sequence[Knot]) -> tuple[Knot, ...]:
    """Count, for every knot with a plan, what changes against the plan at today's ceilings."""
    today = next(
        (knot.level_ids for knot in knots if knot.share == 1 and knot.score_points is not None), None
    )
    if today is None:
        return tuple(knots)
    return tuple(
        knot
        if knot.score_points is None
        else replace(knot, changed=len(level_changes(today, knot.level_ids)))
        for knot in knots
    )
