"""What changing one award would do, before it is done: money left everywhere, points, rules broken."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.allocations.queries import award_rows, get_decision, money_lines
from finance.allocations.records import Award
from finance.allocations.rules import MoneyUse, money_uses
from finance.errors import NotFound
from finance.permissions import require
from finance.scenarios.frozen_question import thaw_projects
from finance.scenarios.records import ScenarioRun
from finance.scenarios.rules import MoneyPart
from finance.scenarios.run_results import judge_levels


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """The effect of giving a project another level or nothing.

    Attributes:
        difference_vnd: change of the award, in đồng.
        uses: every source, nature and year as it would stand.
        score_before_thousandths: points of the awards as they are now.
        score_after_thousandths: points after the change.
        broken_vi: rules of the scenario that the changed awards would break, in words.
    """

    difference_vnd: int
    uses: tuple[MoneyUse, ...]
    score_before_thousandths: int
    score_after_thousandths: int
    broken_vi: tuple[str, ...]

    @property
    def exceeded(self) -> tuple[MoneyUse, ...]:
        """The lines that would give more than they have; the change is refused when there is one."""
        return tuple(use for use in self.uses if use.pool_left_vnd < 0 or use.by_hand_left_vnd < 0)

    @property
    def score_difference_thousandths(self) -> int:
        """Points gained (above zero) or lost, in thousandths."""
        return self.score_after_thousandths - self.score_before_thousandths


def effect_of_change(session: Session, actor: Actor, award_id: int, *, level_id: int | None) -> ChangeEffect:
    """Work out what a change would do; nothing is stored.

    Raises:
        NotFound: no such award, or the level is not one of the project's.
        NotAllowed: the actor may not change awards.
    """
    award = session.get(Award, award_id)
    if award is None:
        raise NotFound("mức phân bổ", award_id)
    require(actor, Action.ADJUST_AWARD)
    decision = get_decision(session, award.decision_id)
    rows = award_rows(session, decision)
    projects = {
        one.project_id: one for one in thaw_projects(session.get_one(ScenarioRun, decision.run_id).problem)
    }
    before = {row.project_id: row.level_id for row in rows}
    after = before | {award.project_id: level_id}
    if level_id is not None and projects[award.project_id].level_of(level_id) is None:
        raise NotFound("mức", level_id)
    measured: list[MoneyPart] = []
    by_hand: list[MoneyPart] = []
    for row in rows:
        level = projects[row.project_id].level_of(after[row.project_id])
        (by_hand if row.is_unmeasured else measured).extend(level.money if level else ())
    chosen = projects[award.project_id].level_of(level_id)
    now = judge_levels(session, decision.run_id, before)
    then = judge_levels(session, decision.run_id, after)
    return ChangeEffect(
        difference_vnd=(chosen.appraised_vnd if chosen else 0) - award.amount_vnd,
        uses=money_uses(money_lines(session, decision.round_id), measured, by_hand),
        score_before_thousandths=now.score_thousandths,
        score_after_thousandths=then.score_thousandths,
        broken_vi=then.broken_vi,
    )
