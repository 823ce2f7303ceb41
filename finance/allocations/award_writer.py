"""Writing awards with their money and their sentences; the parts are the award, so they cannot differ."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.allocations.award_sentences import BY_HAND, Given, adjusted_sentences, by_hand_sentences
from finance.allocations.records import AllocationDecision, Award, AwardMoney
from finance.scenarios.frozen_question import FrozenLevel, FrozenProject, level_label, thaw_projects
from finance.scenarios.records import ProposedAward, ScenarioRun


def store_awards(session: Session, decision: AllocationDecision, run: ScenarioRun) -> None:
    """Write one award per project of the run, as proposed; projects not yet measured start with nothing.

    Args:
        session: open write session.
        decision: the draft, without awards.
        run: the run adopted.
    """
    projects = {project.project_id: project for project in thaw_projects(run.problem)}
    proposals = session.scalars(select(ProposedAward).where(ProposedAward.run_id == run.id))
    for proposed in proposals:
        award = Award(
            decision_id=decision.id,
            project_id=proposed.project_id,
            proposed_level_id=proposed.level_id,
            level_id=proposed.level_id,
            amount_vnd=0,
            is_unmeasured=proposed.is_unmeasured,
            verdict_vi=proposed.verdict_vi,
            sentences_vi=list(proposed.sentences_vi),
        )
        session.add(award)
        session.flush()  # the money needs the new id
        _store_money(session, award, projects[proposed.project_id].level_of(proposed.level_id))


def _store_money(session: Session, award: Award, level: FrozenLevel | None) -> None:
    session.execute(delete(AwardMoney).where(AwardMoney.award_id == award.id))
    parts = [part for part in level.money if part.amount_vnd] if level else []
    award.level_id = level.id if level else None
    award.amount_vnd = sum(part.amount_vnd for part in parts)
    session.add_all(
        AwardMoney(
            award_id=award.id,
            source_id=part.source_id,
            nature=part.nature,
            year=part.year,
            amount_vnd=part.amount_vnd,
        )
        for part in parts
    )
    session.flush()  # the totals are read next


def change_award(
    session: Session, award: Award, project: FrozenProject, *, level: FrozenLevel | None, reason: str
) -> None:
    """Give the project another level or nothing; what the plan proposed gets the plan's own sentences.

    Args:
        session: open write session.
        award: of a draft decision.
        project: as the adopted run keeps it.
        level: one of its levels, or None for nothing.
        reason: written by the person.
    """
    _store_money(session, award, level)
    given = Given(project.asked_vnd, project.appraised_vnd, award.amount_vnd, level_label(level))
    if award.is_unmeasured:
        award.departure_reason, award.verdict_vi = reason, BY_HAND
        award.sentences_vi = list(by_hand_sentences(given, reason))
        return
    if award.level_id == award.proposed_level_id:
        run_id = session.get_one(AllocationDecision, award.decision_id).run_id
        query = select(ProposedAward).where(
            ProposedAward.run_id == run_id, ProposedAward.project_id == award.project_id
        )
        proposed = session.scalars(query).one()
        award.departure_reason, award.verdict_vi = "", proposed.verdict_vi
        award.sentences_vi = list(proposed.sentences_vi)
        return
    proposed_vi = level_label(project.level_of(award.proposed_level_id))
    award.departure_reason, award.verdict_vi = reason, BY_HAND
    award.sentences_vi = list(adjusted_sentences(given, proposed_vi, reason))
