"""Records become the question: sources by nature, pools by year, counts, levels, locks, links."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from finance.database import SessionFactory, reading, transaction
from finance.programme.classification import Nature, Operator, OutputKind
from finance.reviews.queries import pool_projects
from finance.rounds.queries import OutputRow, OutputUnitRow
from finance.scenarios.operations import NewLimit, NewLock, add_limit, add_link, set_lock, set_weights
from finance.scenarios.problem_builder import assemble_problem, build_problem
from finance.scenarios.problem_outputs import coverage_target
from finance.scenarios.queries import load_round_facts, load_scenario_facts
from finance.scenarios.rules import LinkKind, LockKind, equal_weights
from optimizer.attainment import covered_units
from optimizer.precheck import check_problem
from optimizer.problem import CandidateState, Requires
from tests.finance.scenarios.appraised import level_ids_of, project_id_of
from tests.finance.scenarios.conftest import Pool


def test_the_question_holds_appraised_money_by_source_nature_and_year(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with reading(session_factory) as session:
        built = build_problem(session, pool.scenario_id)
    problem = built.problem
    assert check_problem(problem) == ()
    assert {source.id: dict(source.ceiling_vnd) for source in problem.sources} == {
        "NST_TX-tx": {2012: 5_500_000, 2013: 1_500_000},
        "NST_DT-dt": {2012: 70_000_000},
    }
    assert set(built.candidates) == {"H_NHATRANG.DA1", "H_NHATRANG.DA2", "H_KHANHVINH.DB1"}
    shops = next(one for one in problem.candidates if one.id == "H_NHATRANG.DA2")
    assert [level.id for level in shops.levels] == ["toi-thieu", "rut-gon", "day-du"]
    assert shops.levels[1].cost_vnd == {"NST_DT-dt": {2012: 37_037_034}, "NST_TX-tx": {2013: 500_000}}
    assert shops.levels[0].covers == {"MOT_CUA_XA": {"PHONG": ("X1", "X2"), "PHAN_MEM": ("X1", "X2")}}


def test_a_project_that_cannot_be_measured_is_handed_back_never_refused(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with reading(session_factory) as session:
        built = build_problem(session, pool.scenario_id)
    assert [project.project_key for project in built.unmeasured] == ["DA3"]
    assert "DA3" not in str(built.problem)


def test_two_projects_naming_the_same_communes_count_them_once(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with reading(session_factory) as session:
        problem = build_problem(session, pool.scenario_id).problem
    shops = [one for one in problem.candidates if one.id in {"H_NHATRANG.DA2", "H_KHANHVINH.DB1"}]
    output = next(one for one in problem.outputs if one.id == "MOT_CUA_XA")
    both = covered_units(output, [one.levels[-1] for one in shops])
    assert both == {"X1", "X2", "X3", "X4"} == covered_units(output, [shops[0].levels[-1]])


def test_equal_data_give_an_equal_fingerprint_and_one_dong_changes_it(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with reading(session_factory) as session:
        facts = load_round_facts(session, pool.province.round_id)
        settings = load_scenario_facts(session, pool.scenario_id)
        projects = pool_projects(session, pool.province.round_id)
    built = assemble_problem(facts, settings, projects)
    assert assemble_problem(facts, settings, projects[::-1]).problem_hash == built.problem_hash
    dearer = tuple(replace(row, amount_vnd=row.amount_vnd + 1) for row in facts.envelopes)
    changed = assemble_problem(replace(facts, envelopes=dearer), settings, projects)
    assert changed.problem_hash != built.problem_hash


def test_locks_limits_and_links_reach_the_question(session_factory: SessionFactory, pool: Pool) -> None:
    planner = pool.province.planner
    with transaction(session_factory) as session:
        training, shops = project_id_of(session, "DA1"), project_id_of(session, "DA2")
        reduced = level_ids_of(session, "DA2")[1]
        pin = NewLock(shops, LockKind.PINNED, "Theo kết luận cuộc họp", reduced)
        set_lock(session, planner, pool.scenario_id, lock=pin, seen_edit=1)
        limit = NewLimit("Trần cho huyện", agency_codes=("H_KHANHVINH",), at_most_vnd=30_000_000)
        add_limit(session, planner, pool.scenario_id, limit=limit, seen_edit=2)
        link = {"kind": LinkKind.REQUIRES, "project_ids": [shops, training]}
        add_link(session, planner, pool.scenario_id, **link, seen_edit=3)
    with reading(session_factory) as session:
        problem = build_problem(session, pool.scenario_id).problem
    pinned = next(one for one in problem.candidates if one.id == "H_NHATRANG.DA2")
    assert (pinned.state, pinned.pinned_level_id) == (CandidateState.PINNED, "rut-gon")
    assert problem.limits[0].id == "gioi-han-1-tran-cho-huyen"
    assert problem.limits[0].scope.agencies == ("H_KHANHVINH",)
    assert problem.links == (Requires("H_NHATRANG.DA2", "H_NHATRANG.DA1"),)


def test_a_lock_on_what_cannot_be_chosen_blocks_and_says_why(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with transaction(session_factory) as session:
        study = project_id_of(session, "DA3")
        lock = NewLock(study, LockKind.COMMITTED, "Đã hứa")
        set_lock(session, pool.province.planner, pool.scenario_id, lock=lock, seen_edit=1)
        findings = build_problem(session, pool.scenario_id).findings
    blocking = [finding for finding in findings if finding.is_blocking]
    assert [finding.code for finding in blocking] == ["lock-outside-pool"]
    assert "Nghiên cứu mô hình dịch vụ công" in blocking[0].message_vi


def test_a_result_without_weight_makes_its_projects_unmeasured(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with transaction(session_factory) as session:
        outputs = {row.code: row.id for row in load_round_facts(session, pool.province.round_id).outputs}
        weights = {outputs[code]: 0 for code in ("BOI_DUONG", "TRUNG_TAM", "QUY_CHE")}
        weights[outputs["MOT_CUA_XA"]] = 100_000
        set_weights(session, pool.province.planner, pool.scenario_id, weights=weights, seen_edit=1)
        built = build_problem(session, pool.scenario_id)
    assert {project.project_key for project in built.unmeasured} == {"DA1", "DA3"}


@pytest.mark.parametrize(
    ("unit", "stated", "operator", "count"),
    [
        ("%", 30_000, Operator.GTE, 3),
        ("%", 30_000, Operator.GT, 4),
        ("%", 31_000, Operator.GTE, 4),
        ("%", 100_000, Operator.GT, 10),
        ("xã", 7_000, Operator.GTE, 7),
    ],
)
def test_a_share_of_the_units_becomes_a_count(unit: str, stated: int, operator: Operator, count: int) -> None:
    units = [OutputUnitRow(n, f"X{n}", f"Xã {n}", n == 11, ()) for n in range(1, 12)]
    row = OutputRow(
        1,
        "C",
        1,
        "Xã đạt",
        OutputKind.COVERAGE,
        unit,
        "",
        "",
        0,
        0,
        stated,
        2013,
        None,
        (),
        (),
        None,
        "",
        True,
    )
    assert coverage_target(row, units, operator) == Fraction(count)


@pytest.mark.parametrize("number", [1, 3, 7, 12, 47])
def test_equal_weights_sum_to_exactly_one_hundred(number: int) -> None:
    weights = equal_weights(list(range(number)))
    assert sum(weights.values()) == 100_000
    assert max(weights.values()) - min(weights.values()) <= 1


def test_money_of_another_nature_is_another_source(session_factory: SessionFactory, pool: Pool) -> None:
    with reading(session_factory) as session:
        facts = load_round_facts(session, pool.province.round_id)
    unsplit = replace(facts.envelopes[0], nature=Nature.BOTH)
    with reading(session_factory) as session:
        settings = load_scenario_facts(session, pool.scenario_id)
        projects = pool_projects(session, pool.province.round_id)
    built = assemble_problem(replace(facts, envelopes=(unsplit,)), settings, projects)
    assert "envelope-not-split" in {finding.code for finding in built.findings if finding.is_blocking}
    assert {
        dict(source.ceiling_vnd)[2012] for source in built.problem.sources if 2012 in source.ceiling_vnd
    } == {0}
