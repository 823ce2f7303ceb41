"""What a run's plan reaches and uses: results against targets, money against ceilings. Read from the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.permissions import require
from finance.rounds.queries import list_outputs
from finance.scenarios.frozen_question import thaw_projects
from finance.scenarios.queries import get_scenario
from finance.scenarios.records import ScenarioRun
from finance.scenarios.run_queries import get_run
from optimizer.attainment import baseline_count, earlier_outputs, earned_points, target_count
from optimizer.exchange import plan_from_json, problem_from_json
from optimizer.problem import AllocationProblem, Output, OutputKind
from optimizer.verify import audit_levels

_ONE_TIME = (OutputKind.MILESTONE, OutputKind.DELIVERABLE)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result: where it stands, where the plan brings it, what is aimed at, what it earns.

    Units:
        counts in thousandths of `unit`; points in thousandths; shares in whole per cent of the target.
    """

    code: str
    name_vi: str
    kind: str
    unit: str
    baseline_thousandths: int
    attained_thousandths: int
    target_thousandths: int | None
    year: int | None
    weight_thousandths: int
    earned_thousandths: int
    baseline_percent: int
    attained_percent: int

    @property
    def is_outcome(self) -> bool:
        """True for a social outcome: shown with its latest value, never earned by promises."""
        return self.kind == OutputKind.OUTCOME.value

    @property
    def is_one_time(self) -> bool:
        """True for a milestone or deliverable: there or not there."""
        return self.kind in {kind.value for kind in _ONE_TIME}

    @property
    def is_reached(self) -> bool:
        """True when the target is met."""
        return self.target_thousandths is not None and self.attained_thousandths >= self.target_thousandths


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Money of one source, nature and year: what there is and what the plan uses, in đồng."""

    source_name: str
    year: int
    ceiling_vnd: int
    used_vnd: int

    @property
    def left_vnd(self) -> int:
        """What the plan leaves."""
        return self.ceiling_vnd - self.used_vnd

    @property
    def used_percent(self) -> int:
        """Share used, in whole per cent, rounded down."""
        return self.used_vnd * 100 // self.ceiling_vnd if self.ceiling_vnd else 0


@dataclass(frozen=True, slots=True)
class RankingRow:
    """Plan beside the plain value-for-money ranking, in thousandths of a point; None: it breaks a rule."""

    plan_thousandths: int
    ranking_thousandths: int | None


@dataclass(frozen=True, slots=True)
class LevelsJudgement:
    """What a choice of levels is worth, in thousandths of a point, and which rules it breaks.

    Ceilings are not among the broken rules: money is checked where it is given, in đồng.
    """

    score_thousandths: int
    broken_vi: tuple[str, ...]


def results_of_run(session: Session, actor: Actor, run_id: int) -> list[ResultRow]:
    """Results against targets, in the order of the round's catalogue.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    run = get_run(session, run_id)
    require(actor, Action.VIEW_SCENARIOS)
    if not run.plan:
        return []
    problem, plan = problem_from_json(run.problem["question"]), plan_from_json(run.plan["plan"])
    return _result_rows(session, run, problem, plan.outputs)


def results_of_levels(session: Session, run_id: int, level_ids: Mapping[int, int | None]) -> list[ResultRow]:
    """What levels chosen by a person reach, by the run's own question, in the order of the catalogue.

    Args:
        session: open session.
        run_id: the run whose question counts.
        level_ids: level id (None for nothing) by project id; projects outside the choice are left out.

    Raises:
        NotFound: no such run.
    """
    run = get_run(session, run_id)
    problem = problem_from_json(run.problem["question"])
    return _result_rows(session, run, problem, audit_levels(problem, _chosen(run, level_ids)).outputs)


def _chosen(run: ScenarioRun, level_ids: Mapping[int, int | None]) -> dict[str, str]:
    return {
        project.candidate_id: level.choice_id
        for project in thaw_projects(run.problem)
        if project.candidate_id and (level := project.level_of(level_ids.get(project.project_id)))
    }


def _result_rows(
    session: Session, run: ScenarioRun, problem: AllocationProblem, counts: Mapping[str, Fraction]
) -> list[ResultRow]:
    earlier = earlier_outputs(problem)
    rows = [_result_row(output, earlier[output.id], counts[output.id]) for output in problem.outputs]
    order = {
        row.code: row.sort for row in list_outputs(session, get_scenario(session, run.scenario_id).round_id)
    }
    return sorted(rows, key=lambda row: (order.get(row.code, len(order)), row.code))


def money_of_run(session: Session, actor: Actor, run_id: int) -> list[MoneyRow]:
    """Money used against ceilings, by source, nature and year.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    run = get_run(session, run_id)
    require(actor, Action.VIEW_SCENARIOS)
    if not run.plan:
        return []
    problem, plan = problem_from_json(run.problem["question"]), plan_from_json(run.plan["plan"])
    return [
        MoneyRow(source.name, year, ceiling, plan.money_vnd.get(source.id, {}).get(year, 0))
        for source in problem.sources
        for year, ceiling in sorted(source.ceiling_vnd.items())
    ]


def ranking_of_run(session: Session, actor: Actor, run_id: int) -> RankingRow | None:
    """How the plan compares with the plain ranking by points for money; None without a plan.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    run = get_run(session, run_id)
    require(actor, Action.VIEW_SCENARIOS)
    if not run.plan:
        return None
    problem, plan = problem_from_json(run.problem["question"]), plan_from_json(run.plan["plan"])
    ranking = audit_levels(problem, run.plan["value_for_money"])
    return RankingRow(
        round(plan.score_points * 1000), round(ranking.score_points * 1000) if ranking.is_kept else None
    )


def judge_levels(session: Session, run_id: int, level_ids: Mapping[int, int | None]) -> LevelsJudgement:
    """Weigh levels a person chose by the run's own question, exactly and without any solver.

    Args:
        session: open session.
        run_id: the run whose question judges.
        level_ids: level id (None for nothing) by project id; projects outside the choice are left out.

    Raises:
        NotFound: no such run.
    """
    run = get_run(session, run_id)
    problem = problem_from_json(run.problem["question"])
    report = audit_levels(problem, _chosen(run, level_ids))
    words = tuple(one.words for one in report.broken if not one.rule_id.startswith("ceiling:"))
    return LevelsJudgement(round(report.score_points * 1000), words)


def _result_row(output: Output, earlier: Output | None, attained: Fraction) -> ResultRow:
    before = baseline_count(output)
    target = None if output.kind is OutputKind.OUTCOME and output.target is None else target_count(output)
    return ResultRow(
        code=output.id,
        name_vi=output.name,
        kind=output.kind.value,
        unit=output.unit,
        baseline_thousandths=round(before * 1000),
        attained_thousandths=round(attained * 1000),
        target_thousandths=None if target is None else round(target * 1000),
        year=output.year,
        weight_thousandths=round(output.weight * 1000),
        earned_thousandths=round(earned_points(output, earlier, attained) * 1000),
        baseline_percent=_percent(before, target),
        attained_percent=_percent(attained, target),
    )


def _percent(count: Fraction, target: Fraction | None) -> int:
    return 0 if not target else min(100, int(count * 100 / target))
