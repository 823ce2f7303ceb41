"""Which candidates are funded whatever the weights and costs, and which hang on them.

Sampled, and said so: the shares are those of the draws, with Wilson's interval. The set of candidates funded
under every admissible weight is known as the core of the project portfolio; here it is estimated from
sampled weights (chỉ số lõi theo mẫu). Source: Liesiö, Mild, Salo, "Preference programming for robust
portfolio modeling and project selection", European Journal of Operational Research 181 (2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.answers.ceiling_risk import ceiling_risk, seen_share
from optimizer.answers.draw_outcomes import DrawOutcome, DrawQuestion, OutcomesOf, outcomes_of
from optimizer.answers.protected_plans import protected_plans
from optimizer.answers.robustness_facts import (
    SMALL_PROBLEM,
    CandidateRobustness,
    DrawWay,
    Robustness,
    RobustnessAnswer,
    RobustnessSettings,
    SampleCount,
    SampleKind,
    SeenShare,
    VerdictBounds,
)
from optimizer.answers.robustness_words import candidate_sentence, summary_sentences
from optimizer.canonical import fingerprint_of
from optimizer.draws import MILLION, Draw, DrawRanges, sample_draws
from optimizer.errors import InvalidPlan, InvalidProblem, Mistake, NoPlanInTime
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem, Candidate, CandidateState
from optimizer.solving.solve import require_sound_problem
from optimizer.verify import verify_plan

if TYPE_CHECKING:
    from random import Random

MOST_DRAWS, MOST_OVERRUN = 100_000, 10
Sample = tuple[SampleKind, tuple[Draw, ...]]


def robustness(
    problem: AllocationProblem,
    chance: Random,
    settings: RobustnessSettings | None = None,
    plan: AllocationPlan | None = None,
    work: OutcomesOf = outcomes_of,
) -> RobustnessAnswer:
    """Tell which candidates are core, borderline or outside under drawn weights and costs.

    Args:
        problem: the question.
        chance: source of chance; the same state gives the same answer as long as no clock stops a draw.
        settings: what to draw and how; None = the defaults of RobustnessSettings.
        plan: an audited plan whose risk under overruns is told as well.
        work: works out the draws; give another to share them out over processes.
    Returns:
        Facts and Vietnamese sentences; candidates by id.
    Raises:
        InvalidProblem, NoFeasiblePlan: the problem is not sound, or the settings make no sense for it.
        InvalidPlan: the audit refuses the plan.
        NoPlanInTime: a sample had no draw settled in time.
    """
    settings = settings or RobustnessSettings()
    require_sound_problem(problem)
    mistakes = settings_mistakes(problem, settings)
    if mistakes:
        raise InvalidProblem(mistakes)
    if plan is not None:
        _require_audited(problem, plan)
    samples = _samples(problem, settings, chance)
    way = settings.way or _way_by_size(problem)
    question = DrawQuestion(problem, settings, way)
    told = [(kind, draws, work(question, draws)) for kind, draws in samples]
    if not all(outcomes for _, _, outcomes in told):
        raise NoPlanInTime(settings.seconds)
    counts = tuple(_count(kind, draws, outcomes) for kind, draws, outcomes in told)
    shares = {kind: _shares(problem, outcomes) for kind, _, outcomes in told}
    candidates = tuple(
        _stand(
            item,
            {kind: by_id[item.id] for kind, by_id in shares.items() if by_id},
            settings,
            plan,
            is_every_sample_seen=all(shares.values()),
        )
        for item in sorted(problem.candidates, key=lambda item: item.id)
    )
    overruns = [draws for kind, draws in samples if kind is not SampleKind.WEIGHTS]
    risk = ceiling_risk(problem, plan.level_ids, overruns[0]) if plan is not None and overruns else None
    protected = protected_plans(problem, settings, overruns[0]) if settings.protect and overruns else ()
    return RobustnessAnswer(
        problem_sha256=fingerprint_of(problem),
        settings=settings,
        way=way,
        samples=counts,
        candidates=candidates,
        risk=risk,
        protected=protected,
        sentences=summary_sentences(problem, (settings, way), counts, (candidates, risk, protected)),
    )


def settings_mistakes(problem: AllocationProblem, settings: RobustnessSettings) -> tuple[Mistake, ...]:
    """Return what makes the settings useless for a problem; paths are those of the command's options."""
    ranges, mistakes = settings.ranges, []
    if not 1 <= settings.draws <= MOST_DRAWS:
        mistakes.append(Mistake("--draws", f"Số lượt thử phải từ 1 đến {MOST_DRAWS}."))
    if not 0 <= ranges.weights_share < 1:
        mistakes.append(Mistake("--weights", "Biên độ trọng số phải từ 0 đến dưới 1 (0,2 nghĩa là 20 %)."))
    if not 0 <= ranges.costs_share <= MOST_OVERRUN:
        mistakes.append(Mistake("--costs", f"Biên độ chi phí phải từ 0 đến {MOST_OVERRUN}."))
    if not ranges.weights_share and not ranges.costs_share:
        mistakes.append(Mistake("--weights", "Phải cho trọng số hoặc chi phí thay đổi."))
    mistakes += [
        Mistake("--years", f"Năm {year} không thuộc bài toán.")
        for year in ranges.years
        if year not in problem.years
    ]
    if settings.protect and not ranges.costs_share:
        mistakes.append(Mistake("--protect", "Muốn tính phương án an toàn thì chi phí phải thay đổi."))
    if any(gamma < 1 for gamma in settings.protect):
        mistakes.append(Mistake("--protect", "Số dự án đội giá cùng lúc phải từ 1 trở lên."))
    if not 0 <= settings.bounds.outside_to < settings.bounds.core_from <= 1:
        mistakes.append(Mistake("--core-from", "Phải có 0 ≤ ngưỡng chưa tới lượt < ngưỡng chắc chắn ≤ 1."))
    if not 0 <= settings.gap_share < 1:
        mistakes.append(Mistake("--gap", "Sai số phải từ 0 đến dưới 1."))
    return tuple(mistakes)


def _require_audited(problem: AllocationProblem, plan: AllocationPlan) -> None:
    broken = verify_plan(problem, plan).broken
    if broken:
        raise InvalidPlan(tuple(Mistake(f"$.{rule.rule_id}", rule.words) for rule in broken))


def _way_by_size(problem: AllocationProblem) -> DrawWay:
    return DrawWay.WHOLE if len(problem.candidates) <= SMALL_PROBLEM else DrawWay.RELAXED


def _samples(problem: AllocationProblem, settings: RobustnessSettings, chance: Random) -> list[Sample]:
    """Draw the samples that are asked for; a range of 0 asks for none."""
    ranges = settings.ranges
    if settings.is_joint and ranges.weights_share and ranges.costs_share:
        return [(SampleKind.BOTH, sample_draws(problem, ranges, settings.draws, chance))]
    samples: list[Sample] = []
    if ranges.weights_share:
        alone = DrawRanges(weights_share=ranges.weights_share)
        samples.append((SampleKind.WEIGHTS, sample_draws(problem, alone, settings.draws, chance)))
    if ranges.costs_share:
        alone = DrawRanges(costs_share=ranges.costs_share, years=ranges.years)
        samples.append((SampleKind.COSTS, sample_draws(problem, alone, settings.draws, chance)))
    return samples


def _count(kind: SampleKind, draws: Sequence[Draw], outcomes: Sequence[DrawOutcome]) -> SampleCount:
    with_plan = sum(1 for item in outcomes if item.has_plan)
    return SampleCount(
        kind,
        asked=len(draws),
        with_plan=with_plan,
        without_plan=len(outcomes) - with_plan,
        unsettled=len(draws) - len(outcomes),
        stopped=sum(1 for item in outcomes if item.is_stopped),
    )


def _shares(problem: AllocationProblem, outcomes: Sequence[DrawOutcome]) -> dict[str, SeenShare]:
    """Return for every candidate how often it is funded, over the draws that have a plan; {} = none has."""
    counted = [item for item in outcomes if item.has_plan]
    if not counted:
        return {}
    millionths = dict.fromkeys((item.id for item in problem.candidates), 0)
    for outcome in counted:
        for candidate_id, ppm in outcome.funded_ppm.items():
            millionths[candidate_id] += ppm
    return {key: seen_share(Fraction(total, MILLION), len(counted)) for key, total in millionths.items()}


def _stand(
    candidate: Candidate,
    shares: Mapping[SampleKind, SeenShare],
    settings: RobustnessSettings,
    plan: AllocationPlan | None,
    *,
    is_every_sample_seen: bool,
) -> CandidateRobustness:
    verdict = _verdict(candidate, shares, settings.bounds)
    if not is_every_sample_seen and candidate.state is CandidateState.OPEN:
        # Where no draw of a sample has a plan, nobody can be sure "in every sample".
        verdict = Robustness.BORDERLINE
    level_id = None if plan is None else plan.level_ids.get(candidate.id)
    is_funded = None if plan is None else level_id is not None
    return CandidateRobustness(
        candidate.id,
        level_id,
        shares,
        verdict,
        is_by_rule=candidate.state is not CandidateState.OPEN,
        sentence=candidate_sentence(candidate, shares, verdict, is_funded=is_funded),
    )


def _verdict(
    candidate: Candidate, shares: Mapping[SampleKind, SeenShare], bounds: VerdictBounds
) -> Robustness:
    if candidate.state is CandidateState.BARRED:
        return Robustness.OUTSIDE
    if candidate.state is not CandidateState.OPEN:
        return Robustness.CORE
    if not shares:
        return Robustness.BORDERLINE
    if all(seen.low >= bounds.core_from for seen in shares.values()):
        return Robustness.CORE
    if all(seen.high <= bounds.outside_to for seen in shares.values()):
        return Robustness.OUTSIDE
    return Robustness.BORDERLINE
