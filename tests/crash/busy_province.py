"""A province in which every act of the crash tests can be tried again and again.

Nha Trang's draft is saved with ever new prices; Khánh Vĩnh's estimate goes round between its office and
the appraisers; a dozen decisions wait to be submitted, returned and approved; some scenarios wait to be
run. Made once by the operations people use and copied for every test.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.agencies.records import Person
from finance.allocations.operations import adopt_run
from finance.database import SessionFactory, make_engine, make_session_factory, transaction
from finance.jobs.operations import claim_job
from finance.rounds.records import BudgetRound
from finance.scenarios.operations import create_scenario
from finance.scenarios.runs import request_run, run_job
from tests.builders import Province, a_draft, a_project, a_province, a_round, an_agency, an_envelope
from tests.estimate_journeys import a_saved_estimate, edit_of
from tests.finance.scenarios.appraised import an_appraised_estimate
from tests.programme_builder import join_group
from tests.stores import migrate
from tests.webapp.desks import give_passwords

NOW = datetime.fromisoformat("2026-01-05T09:30:00+00:00")
BUSINESS_ON = date(2012, 2, 15)
ASKER = "TX_CAMRANH"
DECISIONS, SCENARIOS, PROJECTS_IN_POOL = 14, 5, 3


@dataclass
class BusyProvince:
    """Who acts, and on what."""

    logins: dict[str, str] = field(default_factory=dict)
    saved_estimate_id: int = 0
    saved_edit: int = 0
    sent_estimate_id: int = 0
    sent_edit: int = 0
    decision_ids: list[int] = field(default_factory=list)
    scenario_ids: list[int] = field(default_factory=list)


def prepare(url: str) -> BusyProvince:
    """Fill an empty store; the same acts in the same order give the same ids on both stores."""
    migrate(url)
    engine = make_engine(url)
    factory = make_session_factory(engine)
    busy = BusyProvince()
    with transaction(factory) as session:
        province = a_province(session)
        province.agencies[ASKER] = an_agency(session, ASKER, "UBND thành phố Cam Ranh", level="huyen")
        join_group(session, "G_UBND_HUYEN", ASKER)
        give_passwords(session)
        busy.logins = _logins(session, province)
        busy.saved_estimate_id = a_saved_estimate(session, province, a_draft(a_project()))
        busy.sent_estimate_id = a_saved_estimate(session, province, other=True)
        busy.saved_edit = edit_of(session, busy.saved_estimate_id)
        busy.sent_edit = edit_of(session, busy.sent_estimate_id)
        _ask_for_money(session, province)
        names = [f"Phương án {number}" for number in range(1, SCENARIOS + 1)]
        scenarios = [
            create_scenario(session, province.planner, province.round_id, name_vi=name) for name in names
        ]
        busy.scenario_ids = [scenario.id for scenario in scenarios]
    for number in range(1, DECISIONS + 1):
        busy.decision_ids.append(_a_decision(factory, province, f"QD{number:02}"))
    with transaction(factory) as session:
        for budget_round in session.scalars(select(BudgetRound)):
            budget_round.is_demonstration, budget_round.business_on = True, BUSINESS_ON
    engine.dispose()
    return busy


def _logins(session: Session, province: Province) -> dict[str, str]:
    acting: dict[str, Actor] = {
        "preparer": province.preparer,
        "other_preparer": province.other_preparer,
        "other_head": province.other_head,
        "planner": province.planner,
        "approver": province.approver,
    }
    return {name: session.get_one(Person, actor.person_id).login for name, actor in acting.items()}


def _ask_for_money(session: Session, province: Province) -> None:
    """Three appraised projects of 5.000.000 đồng each, and money for two of them."""
    an_envelope(session, province.round_id, "NST_TX", 2012, 11_000_000)
    projects = [a_project(f"CR{number}", priority=number) for number in range(1, PROJECTS_IN_POOL + 1)]
    an_appraised_estimate(session, province, ASKER, a_draft(*projects))


def _a_decision(factory: SessionFactory, province: Province, code: str) -> int:
    """Id of a draft decision in a round of its own, with edit number 1."""
    planner = province.planner
    with transaction(factory) as session:
        own_round = replace(province, round_id=a_round(session, code))
        _ask_for_money(session, own_round)
        scenario = create_scenario(session, planner, own_round.round_id, name_vi=f"Phương án của {code}")
        run_id = request_run(session, planner, scenario.id, seen_edit=1).id
    with transaction(factory) as session:
        claimed = claim_job(session, worker="prepare", now=NOW, lease_seconds=600)
    assert claimed is not None
    assert run_job(factory, claimed, now=lambda: NOW)
    with transaction(factory) as session:
        return adopt_run(session, planner, run_id).id
