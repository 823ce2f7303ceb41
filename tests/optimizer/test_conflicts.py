"""What cannot all be kept is named, and what is proposed instead works to the đồng."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import prod
from pathlib import Path
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    Conflict,
    FundingLevel,
    Limit,
    LimitScope,
    NoFeasiblePlan,
    Output,
    OutputKind,
    Requires,
    find_contradictions,
    solve,
    verify_plan,
    write_problem,
)
from optimizer.__main__ import main
from optimizer.conflict_audit import is_shown_conflict, is_working_repair
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineSettings
from optimizer.errors import ConflictProof
from optimizer.generators.mixed import generate_problem
from optimizer.repair import MONEY_CHANGES, ChangeKind, Repair, RuleChange, apply_changes, apply_repair
from optimizer.repair_price import repair_price
from optimizer.rule_book import RuleClass, rules_of, without_rules
from optimizer.solving.conflict_case import ConflictWishes
from optimizer.solving.conflicts import find_conflicts
from tests.optimizer.builders import (
    MILLION,
    a_candidate,
    a_level,
    a_problem,
    a_source,
    trained,
    training_output,
)
from tests.optimizer.cramped_problems import cramped_problem, has_plan, least_price
from tests.optimizer.planted_conflicts import (
    COMMITTED,
    CONTRADICTIONS,
    PLANTED,
    a_minimum,
    area_floor,
    project,
)


def conflicts_of(problem: AllocationProblem, wishes: ConflictWishes | None = None) -> tuple[Conflict, ...]:
    found = find_conflicts(problem, HighsEngine(), EngineSettings(20.0), wishes)
    assert found is not None
    return found


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_conflict_is_named_and_repaired(name: str) -> None:
    make, rule_ids, change = PLANTED[name]
    problem = make()
    (conflict,) = conflicts_of(problem)
    assert set(conflict.rule_ids) == rule_ids
    assert conflict.is_minimal
    assert is_shown_conflict(problem, conflict)
    assert conflict.repairs[0].changes == (change,)
    assert conflict.repairs[0].is_cheapest
    for repair in conflict.repairs:
        assert is_working_repair(problem, [conflict], repair)
        repaired = apply_repair(problem, repair)
        assert verify_plan(repaired, solve(repaired)).is_kept
        assert not conflicts_of(repaired)
        assert_nothing_less_will_do(problem, repair)


def assert_nothing_less_will_do(problem: AllocationProblem, repair: Repair) -> None:
    """One đồng less, or one whole count, and nothing fits again."""
    (change,) = repair.changes
    if change.amount is None or change.kind is ChangeKind.CHANGE_LEVEL:
        assert repair.is_least is None
        return
    assert repair.is_least
    less = replace(change, amount=change.amount - 1)
    assert conflicts_of(apply_changes(problem, [less])), change
    assert "ít nhất" in repair.words or "bỏ" in repair.words.lower() or change.kind is ChangeKind.LOWER_COUNT


def test_three_independent_conflicts_are_named_at_once() -> None:
    problem = a_problem(
        project("A", 60, **COMMITTED),
        project("B", 70, **COMMITTED),
        a_candidate("C", FundingLevel("l", {"khac": {2012: 9 * MILLION}}, yields=trained(1)), area="2"),
        a_candidate("D", FundingLevel("l", {"khac": {2012: 8 * MILLION}}, yields=trained(1)), area="3"),
        project("E", 1, state=CandidateState.PINNED),
        project("F", 1, state=CandidateState.BARRED),
        sources=(a_source(100 * MILLION), a_source(15 * MILLION, "khac")),
        limits=(area_floor("2", 9), area_floor("3", 8)),
        links=(Requires("E", "F"),),
    )
    conflicts = conflicts_of(problem)
    assert {frozenset(item.rule_ids) for item in conflicts} == {
        frozenset({"ceiling:tinh:2012", "state:A", "state:B"}),
        frozenset({"ceiling:khac:2012", "floor:san-2", "floor:san-3"}),
        frozenset({"requires:E:F", "state:E", "state:F"}),
    }
    assert all(item.is_minimal and is_shown_conflict(problem, item) for item in conflicts)
    repaired = apply_changes(problem, _first_changes(conflicts))
    assert len(solve(repaired).level_ids) == 5
    for item in conflicts:
        assert all(is_working_repair(problem, conflicts, repair) for repair in item.repairs)
        left_alone = [other for other in conflicts if other is not item]
        assert len(conflicts_of(apply_changes(problem, _first_changes(left_alone)))) == 1


def _first_changes(conflicts: Iterable[Conflict]) -> list[RuleChange]:
    return [change for item in conflicts for change in item.repairs[0].changes]


def test_what_a_legal_text_sets_moves_only_where_nothing_else_helps() -> None:
    def with_cap(legal_reference: str) -> AllocationProblem:
        cap = Limit("tran", "Trần", LimitScope(), legal_reference, at_most_vnd=99 * MILLION)
        return a_problem(
            project("A", 60),
            project("B", 60),
            outputs=a_minimum(10),
            limits=(cap,),
            ceiling_vnd=200 * MILLION,
        )

    (free,) = conflicts_of(with_cap(""))
    assert [change.rule_id for change in free.repairs[0].changes] == ["cap:tran"]
    (bound,) = conflicts_of(with_cap("NQ 05/2011"))
    assert [change.rule_id for change in bound.repairs[0].changes] == ["minimum:hoc-vien"]
    (lawful,) = (repair for repair in bound.repairs if repair.changes[0].rule_id == "cap:tran")
    assert "NQ 05/2011" in lawful.words
    assert rules_of(with_cap("NQ 05/2011"))["cap:tran"].rule_class is RuleClass.LEGAL


def test_commitments_and_pins_move_last_and_by_their_own_name() -> None:
    small, large = a_level(30 * MILLION, "nho", yields=trained(2)), a_level(60 * MILLION, yields=trained(5))
    problem = a_problem(
        a_candidate("A", small, large, state=CandidateState.COMMITTED, min_level_id="day-du"),
        a_candidate("B", small, large, state=CandidateState.PINNED, pinned_level_id="day-du"),
    )
    (conflict,) = conflicts_of(problem)
    assert [repair.changes[0].rule_id for repair in conflict.repairs] == [
        "ceiling:tinh:2012",
        "state:B",
        "state:A",
    ]
    (kept,) = conflicts_of(problem, ConflictWishes(kept=frozenset({"ceiling:tinh:2012"})))
    assert set(kept.rule_ids) == {"ceiling:tinh:2012", "state:A", "state:B"}
    assert kept.repairs[0].changes == (RuleChange("state:B", ChangeKind.CHANGE_LEVEL, Fraction(1), "nho"),)
    assert kept.repairs[0].words == "Đổi mức ghim của “Dự án B” sang “nho”."
    assert "xét lại cam kết" in kept.repairs[1].words.lower()
    tight = replace(problem, sources=(a_source(40 * MILLION),))
    (released,) = conflicts_of(tight, ConflictWishes(kept=frozenset({"ceiling:tinh:2012", "state:A"})))
    assert released.repairs == ()
    assert released.repair_words
    (unpinned,) = conflicts_of(
        replace(tight, sources=(a_source(60 * MILLION),)),
        ConflictWishes(kept=frozenset({"ceiling:tinh:2012", "state:A"})),
    )
    assert unpinned.repairs[0].changes == (RuleChange("state:B", ChangeKind.RELEASE),)
    assert unpinned.repairs[0].words == "Bỏ ghim “Dự án B”."


def test_one_dong_short_is_one_dong_and_a_plan_that_fits_is_no_conflict() -> None:
    costs = (31_234_567_891, 28_765_432_110, 59_999_999_999)
    problem = a_problem(
        *(
            a_candidate(f"P{place}", a_level(cost, yields=trained(1)), **COMMITTED)
            for place, cost in enumerate(costs)
        ),
        ceiling_vnd=sum(costs) - 1,
    )
    (conflict,) = conflicts_of(problem)
    (change,) = conflict.repairs[0].changes
    assert (change.amount, conflict.repairs[0].is_least) == (Fraction(1), True)
    assert not conflicts_of(apply_repair(problem, conflict.repairs[0]))


def test_a_minimum_of_an_outcome_cannot_be_bought() -> None:
    outcome = Output(
        "hai-long", "Mức hài lòng", OutputKind.OUTCOME, "%", baseline=Fraction(60), at_least=Fraction(70)
    )
    problem = a_problem(project("A", 1), outputs=(training_output(), outcome))
    (conflict,) = conflicts_of(problem)
    assert conflict.rule_ids == ("minimum:hai-long",)
    assert conflict.repairs[0].changes[0].amount == 10
    assert not conflicts_of(apply_repair(problem, conflict.repairs[0]))


def test_random_conflicts_are_minimal_shown_and_repaired_at_the_least_price() -> None:
    """Against enumeration: rule sets by trying every choice, prices by adding up what every choice needs."""
    checked = 0
    for seed in range(200):
        problem = cramped_problem(Random(1000 + seed))
        if checked == 60:
            break
        if prod(len(item.levels) + 1 for item in problem.candidates) > 300:
            continue
        price = least_price(problem)
        conflicts = conflicts_of(problem)
        assert bool(conflicts) == any(price)
        if not conflicts:
            continue
        checked += 1
        assert repair_price(problem, _first_changes(conflicts)) == price, seed
        assert has_plan(apply_changes(problem, _first_changes(conflicts)))
        barred = {f"state:{item.id}" for item in problem.candidates if item.state is CandidateState.BARRED}
        for conflict in conflicts:
            _assert_irreducible(problem, conflict)
            assert is_shown_conflict(problem, conflict)
            for repair in conflict.repairs:
                assert is_working_repair(problem, conflicts, repair)
                assert not barred & {change.rule_id for change in repair.changes}
                _assert_least_by_enumeration(problem, conflicts, repair)
    assert checked == 60


def _assert_irreducible(problem: AllocationProblem, conflict: Conflict) -> None:
    rules, own = rules_of(problem).keys(), set(conflict.rule_ids)
    assert conflict.is_minimal
    assert not has_plan(without_rules(problem, rules - own))
    for rule_id in own:
        assert has_plan(without_rules(problem, rules - own | {rule_id}))


def _assert_least_by_enumeration(
    problem: AllocationProblem, conflicts: tuple[Conflict, ...], repair: Repair
) -> None:
    if not repair.is_least:
        return
    (change,) = repair.changes
    others = [item for item in conflicts if repair not in item.repairs]
    step = 1 if change.kind in (*MONEY_CHANGES, ChangeKind.LOWER_COUNT) else Fraction(1, 2)
    if change.amount is not None and change.amount > step:
        less = replace(change, amount=change.amount - step)
        assert not has_plan(apply_changes(problem, [*_first_changes(others), less]))


def test_what_arithmetic_calls_impossible_is_so_with_the_named_rules_alone() -> None:
    named = 0
    for seed in range(150):
        problem = cramped_problem(Random(5000 + seed))
        for conflict in find_contradictions(problem):
            named += 1
            assert conflict.proof is ConflictProof.ARITHMETIC
            alone = without_rules(problem, rules_of(problem).keys() - set(conflict.rule_ids))
            assert not has_plan(alone), (seed, conflict)
    assert named > 150


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_arithmetic_sees_it_before_any_solving(name: str) -> None:
    make, rule_ids = CONTRADICTIONS[name]
    (conflict,) = find_contradictions(make())
    assert set(conflict.rule_ids) == rule_ids
    assert conflict.repair_words


def test_the_order_of_the_lists_changes_nothing() -> None:
    for seed in (1003, 1010, 1027):
        problem = cramped_problem(Random(seed))
        turned = replace(
            problem,
            candidates=problem.candidates[::-1],
            limits=problem.limits[::-1],
            links=problem.links[::-1],
            outputs=problem.outputs[::-1],
        )
        assert conflicts_of(problem) == conflicts_of(turned)


def test_a_proof_for_other_rules_and_a_plan_that_breaks_one_are_refused() -> None:
    problem = PLANTED["minimum against ceiling"][0]()
    (conflict,) = conflicts_of(problem)
    assert conflict.proof is ConflictProof.FRACTIONS
    for rule_id in conflict.rule_ids:
        assert not is_shown_conflict(problem, replace(conflict, rule_ids=(rule_id,)))
    assert not is_shown_conflict(problem, replace(conflict, proof_tree=None))
    repair = conflict.repairs[0]
    less = replace(repair, changes=(replace(repair.changes[0], amount=repair.changes[0].amount - 1),))
    assert not is_working_repair(problem, [replace(conflict, repairs=(less,))], less)
    with pytest.raises(ValueError, match="khong-co"):
        apply_changes(problem, [RuleChange("cap:khong-co", ChangeKind.RAISE_CAP, Fraction(1))])


def test_a_supposed_decision_is_neither_moved_nor_named() -> None:
    problem = a_problem(project("A", 60, **COMMITTED), project("B", 70, **COMMITTED))
    wishes = ConflictWishes(supposed=frozenset({"state:B"}), is_brief=True)
    (conflict,) = conflicts_of(problem, wishes)
    assert set(conflict.rule_ids) == {"ceiling:tinh:2012", "state:A"}
    assert len(conflict.repairs) == 1


def test_solving_tells_repairs_also_where_adding_up_suffices() -> None:
    for name in ("ceiling against commitments", "minimum against ceiling"):
        make, rule_ids, change = PLANTED[name]
        with pytest.raises(NoFeasiblePlan) as caught:
            solve(make())
        (conflict,) = caught.value.conflicts
        assert set(conflict.rule_ids) == rule_ids
        assert conflict.repairs[0].changes == (change,)
        assert conflict.repair_words.startswith(conflict.repairs[0].words)


def test_the_command_names_conflicts_and_writes_the_repaired_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, repaired, plan = (str(tmp_path / name) for name in ("problem.json", "repaired.json", "plan.json"))
    Path(asked).write_text(write_problem(PLANTED["minimum against ceiling"][0]()), encoding="utf-8")
    assert main(["conflicts", asked, "--repaired", repaired, "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    (conflict,) = told["conflicts"]
    assert set(conflict["rules"]) == {"ceiling:tinh:2012", "minimum:hoc-vien"}
    assert conflict["minimal"] is True
    assert conflict["proof"] == "fractions"
    assert conflict["proof_tree"]
    change = {"rule": "ceiling:tinh:2012", "kind": "raise_ceiling", "amount_vnd": 20 * MILLION}
    assert conflict["repairs"][0]["changes"] == [change]
    assert conflict["repairs"][1]["changes"][0]["amount"] == "5"
    assert main(["solve", repaired, "--out", plan]) == 0
    assert main(["verify", repaired, plan]) == 0
    capsys.readouterr()
    assert main(["conflicts", repaired, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"exit_code": 0, "outcome": "none", "conflicts": []}
    assert main(["conflicts", asked, "--keep", "ceiling:tinh:2012", "--json"]) == 3
    kept = json.loads(capsys.readouterr().out)["conflicts"]
    assert [one["changes"][0]["rule"] for one in kept[0]["repairs"]] == ["minimum:hoc-vien"]
    assert main(["conflicts", asked, "--keep", "ceiling:khac:2012", "--json"]) == 2


@pytest.mark.deep
@pytest.mark.parametrize(("projects", "seed"), [(60, 3), (200, 4)])
def test_a_province_with_floors_beyond_its_money_gets_repairs_that_work(projects: int, seed: int) -> None:
    problem = generate_problem(Random(seed), projects)
    money = sum(sum(source.ceiling_vnd.values()) for source in problem.sources)
    areas = sorted({item.area for item in problem.candidates})
    floors = tuple(
        Limit(f"san-{area}", f"Lĩnh vực {area}", LimitScope(areas=(area,)), at_least_vnd=money // 3)
        for area in areas
    )
    cramped = replace(problem, limits=floors)
    conflicts = find_conflicts(cramped, HighsEngine(), EngineSettings(40.0))
    assert conflicts
    for conflict in conflicts:
        assert conflict.is_minimal
        assert is_shown_conflict(cramped, conflict)
        assert all(is_working_repair(cramped, conflicts, repair) for repair in conflict.repairs)
