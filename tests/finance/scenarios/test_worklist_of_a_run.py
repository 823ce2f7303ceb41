"""The worklist follows a scenario: run it, then choose it."""

from __future__ import annotations

from finance.actors import Actor
from finance.allocations.operations import adopt_run
from finance.database import SessionFactory, reading, transaction
from finance.reports.work_items import Place, WorkItem
from finance.reports.worklist import worklist
from tests.finance.allocations.conftest import answer_run
from tests.finance.scenarios.conftest import Pool


def waiting(factory: SessionFactory, actor: Actor) -> list[WorkItem]:
    with reading(factory) as session:
        return [item for item in worklist(session, actor) if "hân bổ" in item.title_vi]


def test_a_scenario_is_run_and_then_chosen(session_factory: SessionFactory, pool: Pool) -> None:
    planner = pool.province.planner
    (item,) = waiting(session_factory, planner)
    assert (item.verb_vi, item.place) == (
        "Chạy",
        Place("scenarios.scenario_page", {"scenario_id": pool.scenario_id}),
    )
    run_id = answer_run(session_factory, pool)
    (item,) = waiting(session_factory, planner)
    assert item.verb_vi == "Chọn"
    with transaction(session_factory) as session:
        adopt_run(session, planner, run_id)
    (item,) = waiting(session_factory, planner)
    assert item.verb_vi == "Trình"
