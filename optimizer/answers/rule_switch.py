"""What every rule costs: the problem without it (or with a billion more) is solved again and compared.

    gain(r) = best score without rule r - score of the plan          [points]

First every rule is left out of the relaxation, which takes milliseconds and says in which order to ask; then
the dearest are left out of the whole problem as long as time lasts. Only what was solved again is told as a
gain; the prices of the relaxation stay hints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter

from optimizer.answers.money_rows import BILLION_VND
from optimizer.answers.plan_change import Standing, plan_change
from optimizer.answers.rule_switch_answer import RulePrices, SwitchedRule, SwitchOutcome
from optimizer.answers.rule_switch_words import switch_sentences
from optimizer.answers.switchable_rules import SwitchableRule, switchable_rules
from optimizer.errors import InvalidPlan, Mistake, NoFeasiblePlan, NoPlanInTime, SolverFailure
from optimizer.plan import AllocationPlan, Outcome
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.live import LiveAllocation
from optimizer.verify import AuditReport, audit_levels, verify_plan

SWITCH_STAGES = (StageName.LEGAL_MINIMUMS, StageName.SCORE, StageName.STABILITY)
LEAST_SECONDS_EACH = 2.0
"""A shorter search says little; better fewer rules, those first that the relaxation finds dearest."""

OnRule = Callable[[SwitchedRule], None]


def rule_prices(
    problem: AllocationProblem,
    plan: AllocationPlan,
    limits: SolveLimits | None = None,
    *,
    step_vnd: int = BILLION_VND,
    on_rule: OnRule | None = None,
    should_stop: ShouldStop | None = None,
) -> RulePrices:
    """Return what every rule costs: sides of limits, hard minimums, links, states; ceilings by a step more.

    Args:
        problem: the question.
        plan: an audited plan for it; gains are counted from its score.
        limits: the time limit is for all rules together; None = the defaults of SolveLimits.
        step_vnd: đồng by which each ceiling is raised.
        on_rule: told each rule as soon as it was asked, in the order of asking.
        should_stop: asked often; True leaves the remaining rules with their hints.
    Returns:
        The rules, the dearest first.
    Raises:
        InvalidProblem, NoFeasiblePlan: the problem is not sound.
        InvalidPlan: the audit refuses the plan.
    """
    report = verify_plan(problem, plan)
    if not report.is_kept:
        raise InvalidPlan(tuple(Mistake(f"$.{rule.rule_id}", rule.words) for rule in report.broken))
    limits = limits or SolveLimits()
    ends = perf_counter() + limits.time_limit_seconds
    stages = tuple(stage for stage in problem.stages if stage in SWITCH_STAGES) or (StageName.SCORE,)
    calm = replace(problem, stages=stages, reference_plan=dict(plan.level_ids))
    live = LiveAllocation(calm, limits)
    pricing = _Pricing(live, calm, plan, report, limits, should_stop)
    hinted = pricing.hints(switchable_rules(calm, step_vnd))
    told = []
    for number, (rule, hint) in enumerate(hinted):
        left = ends - perf_counter()
        is_over = left <= 0 or (should_stop is not None and should_stop())
        seconds = min(left, max(LEAST_SECONDS_EACH, left / (len(hinted) - number)))
        found = hint if is_over or pricing.is_idle(hint) else pricing.solved(rule, hint, seconds)
        told.append(replace(found, sentences=switch_sentences(problem, found, step_vnd)))
        if on_rule is not None:
            on_rule(told[-1])
    return RulePrices(
        plan.problem_sha256, step_vnd, report.score_points, pricing.bound, tuple(sorted(told, key=_dearness))
    )


def _dearness(rule: SwitchedRule) -> tuple[Fraction, Fraction, str]:
    """Sort key: what was gained, then what the relaxation says, then the id."""
    gained = rule.gained_points if rule.gained_points is not None else Fraction(-1)
    return (-gained, -(rule.relaxed_gain_points or Fraction(0)), rule.rule_id)


@dataclass(slots=True)
class _Pricing:
    """One loaded model in which rules are switched off and on again."""

    live: LiveAllocation
    problem: AllocationProblem
    plan: AllocationPlan
    report: AuditReport
    limits: SolveLimits
    should_stop: ShouldStop | None
    bound: Fraction | None = None

    def hints(self, rules: list[SwitchableRule]) -> list[tuple[SwitchableRule, SwitchedRule]]:
        """Leave each rule out of the relaxation; return the rules, those with the largest gain first."""
        relaxed = self.live.relax()
        self.bound = None if relaxed.bound_points is None else Fraction(repr(relaxed.bound_points))
        prices = self.live.prices(relaxed)
        hinted = [(rule, self._hint(rule, prices)) for rule in rules]
        return sorted(hinted, key=lambda pair: _dearness(pair[1]))

    def _hint(self, rule: SwitchableRule, prices: Mapping[str, Fraction]) -> SwitchedRule:
        self.live.turn_to(rule.problem())
        relaxed = self.live.relax()
        bound = None if relaxed.bound_points is None else Fraction(repr(relaxed.bound_points))
        price = sum((prices.get(row_id, Fraction(0)) for row_id in rule.row_ids), Fraction(0))
        score = self.report.score_points
        return SwitchedRule(
            rule_id=rule.rule_id,
            kind=rule.kind,
            words=rule.words,
            legal_reference=rule.legal_reference,
            outcome=SwitchOutcome.HINT,
            hint_per_billion=price * BILLION_VND if rule.row_ids else None,
            relaxed_gain_points=None
            if bound is None or self.bound is None
            else max(bound - self.bound, Fraction(0)),
            gained_at_most_points=None if bound is None else max(bound - score, Fraction(0)),
            seconds=relaxed.seconds,
        )

    def is_idle(self, hint: SwitchedRule) -> bool:
        """Tell whether nothing is left to ask: the relaxation itself gains nothing over the plan."""
        return hint.gained_at_most_points == 0 and not self.report.shortfall_vnd

    def solved(self, rule: SwitchableRule, hint: SwitchedRule, seconds: float) -> SwitchedRule:
        """Solve without the rule, starting from the plan, which still keeps all others."""
        began = perf_counter()
        self.live.turn_to(rule.problem())
        limits = replace(self.limits, time_limit_seconds=seconds)
        try:
            found = self.live.plan(limits, self.plan.level_ids, should_stop=self.should_stop)
        except (NoFeasiblePlan, NoPlanInTime, SolverFailure):
            # Not possible while the plan itself keeps the other rules; a hint is all that may be told then.
            return replace(hint, seconds=hint.seconds + perf_counter() - began)
        score = self.report.score_points
        change = plan_change(
            Standing(self.problem, self.plan.level_ids), Standing(self.live.problem(), found.level_ids)
        )
        bounds = [found.bound_points - score] if found.bound_points is not None else []
        bounds += [hint.gained_at_most_points] if hint.gained_at_most_points is not None else []
        at_most = max(min(bounds), change.gained_points) if bounds else None
        is_proven = found.outcome is Outcome.PROVEN
        return replace(
            hint,
            outcome=SwitchOutcome.PROVEN if is_proven else SwitchOutcome.SEARCHED,
            gained_points=change.gained_points,
            gained_at_most_points=change.gained_points if is_proven else at_most,
            keeps_rule=bool(change.levels) and audit_levels(self.problem, found.level_ids).is_kept,
            shortfall_change_vnd=change.shortfall_after_vnd - change.shortfall_before_vnd,
            levels=change.levels,
            level_ids=dict(found.level_ids),
            seconds=hint.seconds + perf_counter() - began,
        )
