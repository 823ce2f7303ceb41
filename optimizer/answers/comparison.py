"""Two plans compared: what differs, and why their scores differ, cause by cause, adding up exactly.

The sum, in points:

    score of the second plan - score of the first
      = (best score of the first problem - score of its plan)
      + sum over the causes of their effect on the best score  (+ what is not proven)
      - (best score of the second problem - score of its plan)
"""

from __future__ import annotations

from optimizer.answers.attribution import (
    MOST_AVERAGED,
    averaged_over_orders,
    best_that_exists,
    by_group,
    each_change,
    in_published_order,
    keys_of,
)
from optimizer.answers.comparison_facts import (
    BestOfProblem,
    CauseDetail,
    Comparison,
    ComparisonSettings,
)
from optimizer.answers.comparison_words import summary_sentences
from optimizer.answers.mixture_values import MixtureValues
from optimizer.answers.plan_differences import plan_differences
from optimizer.answers.problem_changes import Change
from optimizer.answers.problem_mixture import ProblemMixture
from optimizer.audit_report import AuditReport
from optimizer.canonical import fingerprint_of
from optimizer.errors import InvalidPlan, InvalidProblem, Mistake
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.solving.best_score import BestScore
from optimizer.solving.solve import require_sound_problem
from optimizer.verify import verify_plan

ProblemAndPlan = tuple[AllocationProblem, AllocationPlan]


def compare(
    first: ProblemAndPlan, second: ProblemAndPlan, settings: ComparisonSettings | None = None
) -> Comparison:
    """Compare two plans of the same problem or of different ones.

    Args:
        first: a problem and an audited plan of it.
        second: a problem and an audited plan of it.
        settings: how the causes are found; None = the defaults of ComparisonSettings.
    Returns:
        Facts and Vietnamese sentences; the parts of the difference add up to it exactly.
    Raises:
        InvalidProblem: a problem has mistakes, or there are too many causes to average.
        NoFeasiblePlan: a problem contradicts itself.
        InvalidPlan: the audit refuses a plan; every broken rule is carried.
        SolverFailure: the engine failed or contradicted the audit.
    """
    settings = settings or ComparisonSettings()
    reports = _audited(first, second)
    mixture = ProblemMixture(first[0], second[0])
    players = _players(mixture.changes, settings)
    values = MixtureValues(mixture, [first[1].level_ids, second[1].level_ids], settings)
    attribution = in_published_order(players, values)
    averaged = averaged_over_orders(players, values) if settings.is_averaged else None
    everything = keys_of(mixture.changes)
    bests = (
        _best(best_that_exists(values, frozenset()), reports[0]),
        _best(best_that_exists(values, everything), reports[1]),
    )
    scores = (reports[0].score_points, reports[1].score_points)
    differences = plan_differences((first[0], first[1].level_ids), (second[0], second[1].level_ids))
    return Comparison(
        problem_sha256=(fingerprint_of(first[0]), fingerprint_of(second[0])),
        score_before=scores[0],
        score_after=scores[1],
        best_before=bests[0],
        best_after=bests[1],
        differences=differences,
        attribution=attribution,
        averaged=averaged,
        sentences=summary_sentences(scores, bests, differences, (attribution, averaged)),
    )


def _audited(first: ProblemAndPlan, second: ProblemAndPlan) -> tuple[AuditReport, AuditReport]:
    for problem, _ in (first, second):
        require_sound_problem(problem)
    reports = (verify_plan(*first), verify_plan(*second))
    mistakes = tuple(
        Mistake(f"{name}:{rule.rule_id}", f"Phương án {name}: {rule.words}")
        for name, report in zip(("trước", "sau"), reports, strict=True)
        for rule in report.broken
    )
    if mistakes:
        raise InvalidPlan(mistakes)
    return reports


def _players(changes: tuple[Change, ...], settings: ComparisonSettings) -> tuple[tuple[Change, ...], ...]:
    players = each_change(changes) if settings.detail is CauseDetail.CHANGE else by_group(changes)
    if settings.is_averaged and len(players) > MOST_AVERAGED:
        words = f"Có {len(players)} nguyên nhân; chỉ bình quân được tối đa {MOST_AVERAGED} nguyên nhân."
        raise InvalidProblem((Mistake("--shapley", f"{words} Hãy gộp theo nhóm (--by group)."),))
    return players


def _best(found: BestScore, report: AuditReport) -> BestOfProblem:
    return BestOfProblem(found.score_points, found.bound_points, found.score_points - report.score_points)
