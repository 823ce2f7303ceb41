"""Between two problems: both ends are the problems themselves, changes are named once and in order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import AllocationProblem, audit_levels
from optimizer.answers.attribution import keys_of
from optimizer.answers.problem_changes import CauseGroup, CauseKind
from optimizer.answers.problem_mixture import ProblemMixture
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained, training_output
from tests.optimizer.changed_problems import changed
from tests.optimizer.enumeration import Enumeration
from tests.optimizer.mixed_problems import mixed_problem
from tests.optimizer.small_problems import random_problem


def best_by_enumeration(problem: AllocationProblem | None) -> Fraction | None:
    if problem is None:
        return None
    best = Enumeration(problem).best()
    return None if best is None else best.score


def lawful_plan(problem: AllocationProblem, draw: Random) -> dict[str, str] | None:
    choices = Enumeration(problem)
    rows = choices.lawful().nonzero()[0]
    return None if not rows.size else choices.plan(int(draw.choice(rows)))


def pairs(count: int, draw_problem: object = random_problem) -> list[tuple]:
    """Return (first problem, plan, second problem, plan) with any lawful plans, a few changes apart."""
    found: list[tuple] = []
    seed = 0
    while len(found) < count:
        draw = Random(seed)
        first = draw_problem(draw)  # type: ignore[operator]
        second = changed(first, draw, draw.randint(1, 4))
        plans = [lawful_plan(problem, draw) for problem in (first, second)]
        if None not in plans:
            found.append((first, plans[0], second, plans[1]))
        seed += 1
    return found


@pytest.mark.parametrize("draw_problem", [random_problem, mixed_problem], ids=["small", "mixed"])
def test_both_ends_of_a_mixture_are_the_problems_themselves(draw_problem: object) -> None:
    for first, one, second, other in pairs(16, draw_problem):
        mixture = ProblemMixture(first, second)
        everything = keys_of(mixture.changes)
        for problem, plan, made in ((first, one, frozenset()), (second, other, everything)):
            end = mixture.problem_with(made)
            assert best_by_enumeration(end) == best_by_enumeration(problem)
            assert end is not None
            reports = [audit_levels(each, plan) for each in (problem, end)]
            assert [report.is_kept for report in reports] == [True, True]
            assert reports[0].score_points == reports[1].score_points
            assert reports[0].shortfall_vnd == reports[1].shortfall_vnd


def test_even_problems_with_nothing_in_common_meet_at_both_ends() -> None:
    met = 0
    for seed in range(0, 24, 2):
        first, second = mixed_problem(Random(seed)), random_problem(Random(seed + 1))
        mixture = ProblemMixture(first, second)
        for problem, made in ((first, frozenset()), (second, keys_of(mixture.changes))):
            best = best_by_enumeration(problem)
            if best is not None:
                met += 1
                assert best_by_enumeration(mixture.problem_with(made)) == best
    assert met > 14


def test_nothing_differs_in_a_shuffled_or_renamed_problem() -> None:
    problem = mixed_problem(Random(3))
    other = replace(
        problem,
        title="khác",
        candidates=tuple(replace(item, name="khác", rank=None) for item in problem.candidates[::-1]),
        outputs=problem.outputs[::-1],
        limits=problem.limits[::-1],
        links=problem.links[::-1],
        sources=problem.sources[::-1],
        reference_plan=None,
    )
    assert ProblemMixture(problem, other).changes == ()


def test_changes_come_in_the_published_order_and_all_kinds_occur() -> None:
    kinds: set[CauseKind] = set()
    for first, _, second, _ in pairs(80):
        changes = ProblemMixture(first, second).changes
        assert [change.place for change in changes] == sorted(change.place for change in changes)
        groups = [list(CauseGroup).index(change.group) for change in changes]
        assert groups == sorted(groups)
        assert len({(change.kind, change.subject) for change in changes}) == len(changes)
        kinds |= {change.kind for change in changes}
    # No drawn change touches the stages; they have a test of their own.
    assert kinds == set(CauseKind) - {CauseKind.STAGES}


def test_one_change_is_named_and_nothing_else() -> None:
    problem = a_problem(
        a_candidate("a", a_level(10 * MILLION, yields=trained(40))),
        a_candidate("b", a_level(10 * MILLION, yields=trained(30))),
        ceiling_vnd=10 * MILLION,
    )
    richer = replace(problem, sources=(replace(problem.sources[0], ceiling_vnd={2012: 20 * MILLION}),))
    assert [change.words for change in ProblemMixture(problem, richer).changes] == [
        "Trần nguồn “Nguồn tinh” năm 2012: 10.000.000 đồng → 20.000.000 đồng"
    ]
    further = replace(problem, outputs=(training_output(200, weight=Fraction(50)),))
    assert [change.words for change in ProblemMixture(problem, further).changes] == [
        "Trọng số: “Người được đào tạo” 100 → 50",
        "Đầu ra “Người được đào tạo”: chỉ tiêu 100 → 200",
    ]
    gone = replace(problem, candidates=problem.candidates[:1])
    assert [change.words for change in ProblemMixture(problem, gone).changes] == ["Rút dự án “Dự án b”"]
    assert [change.words for change in ProblemMixture(gone, problem).changes] == ["Dự án mới “Dự án b”"]


def test_what_links_lose_with_a_withdrawn_candidate_is_no_change_of_its_own() -> None:
    seen = 0
    for seed in range(60):
        draw = Random(seed)
        first = random_problem(draw)
        second = changed(first, Random(seed), 2)
        changes = ProblemMixture(first, second).changes
        gone = {item.id for item in first.candidates} ^ {item.id for item in second.candidates}
        for change in changes:
            if change.kind is CauseKind.LINK:
                assert not any(key in gone for key in change.subject.replace("+", ":").split(":"))
        seen += bool(gone)
    assert seen > 5
