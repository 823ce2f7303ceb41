"""Problems without a plan, each made so by rules that are known, and the cheapest change that mends it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from optimizer import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Output,
    OutputKind,
    Requires,
)
from optimizer.repair import ChangeKind, RuleChange
from tests.optimizer.builders import (
    MILLION,
    a_candidate,
    a_level,
    a_problem,
    a_source,
    trained,
    training_output,
)

COMMITTED = {"state": CandidateState.COMMITTED}


def project(candidate_id: str, millions: int, people: int = 5, **others: object) -> Candidate:
    return a_candidate(candidate_id, a_level(millions * MILLION, yields=trained(people)), **others)


def a_minimum(people: int) -> tuple[Output, ...]:
    return (training_output(at_least=Fraction(people)),)


def covering(candidate_id: str, millions: int, *units: str) -> Candidate:
    return a_candidate(candidate_id, a_level(millions * MILLION, covers={"mot-cua": {"phong": units}}))


def one_stop(at_least: int) -> Output:
    units = ("xa-1", "xa-2", "xa-3")
    return Output(
        "mot-cua", "Xã có một cửa", OutputKind.COVERAGE, "xã", Fraction(100), scope_unit_ids=units,
        components=("phong",), at_least=Fraction(at_least),
    )  # fmt: skip


def area_floor(area: str, millions: int) -> Limit:
    return Limit(
        f"san-{area}", f"Lĩnh vực {area}", LimitScope(areas=(area,)), at_least_vnd=millions * MILLION
    )


def _transfers() -> AllocationProblem:
    level = FundingLevel("day-du", {"nhan": {2012: 50 * MILLION}}, yields=trained(5))
    sources = (a_source(20 * MILLION, "cho", transfers_to_ids=("nhan",)), a_source(25 * MILLION, "nhan"))
    return a_problem(a_candidate("A", level, **COMMITTED), sources=sources)


def _two_years() -> AllocationProblem:
    def in_2013(millions: int) -> FundingLevel:
        return FundingLevel("day-du", {"tinh": {2012: MILLION, 2013: millions * MILLION}}, yields=trained(5))

    source = replace(a_source(50 * MILLION), ceiling_vnd={2012: 50 * MILLION, 2013: 30 * MILLION})
    problem = a_problem(
        a_candidate("A", in_2013(20), **COMMITTED),
        a_candidate("B", in_2013(15), **COMMITTED),
        sources=(source,),
    )
    return replace(problem, years=(2012, 2013))


PLANTED = {
    "ceiling against commitments": (
        lambda: a_problem(project("A", 60, **COMMITTED), project("B", 70, **COMMITTED)),
        {"ceiling:tinh:2012", "state:A", "state:B"},
        RuleChange("ceiling:tinh:2012", ChangeKind.RAISE_CEILING, Fraction(30 * MILLION)),
    ),
    "floor against ceiling": (
        lambda: a_problem(
            project("A", 30, area="2"),
            project("B", 30, area="2"),
            ceiling_vnd=50 * MILLION,
            limits=(area_floor("2", 60),),
        ),
        {"ceiling:tinh:2012", "floor:san-2"},
        RuleChange("ceiling:tinh:2012", ChangeKind.RAISE_CEILING, Fraction(10 * MILLION)),
    ),
    "minimum against ceiling": (
        lambda: a_problem(project("A", 60), project("B", 60), outputs=a_minimum(10)),
        {"ceiling:tinh:2012", "minimum:hoc-vien"},
        RuleChange("ceiling:tinh:2012", ChangeKind.RAISE_CEILING, Fraction(20 * MILLION)),
    ),
    "minimum against exclusion": (
        lambda: a_problem(
            project("A", 1),
            project("B", 1),
            outputs=a_minimum(10),
            links=(GroupLink(GroupRule.AT_MOST_ONE, ("A", "B")),),
        ),
        {"minimum:hoc-vien", "group:at_most_one:A+B"},
        RuleChange("minimum:hoc-vien", ChangeKind.LOWER_MINIMUM, Fraction(5)),
    ),
    "requirement against bar": (
        lambda: a_problem(
            project("A", 1, **COMMITTED),
            project("B", 1, state=CandidateState.BARRED),
            links=(Requires("A", "B"),),
        ),
        {"state:A", "state:B", "requires:A:B"},
        RuleChange("requires:A:B", ChangeKind.DROP_REQUIREMENT),
    ),
    "exactly one against money": (
        lambda: a_problem(
            project("A", 120),
            project("B", 130),
            links=(GroupLink(GroupRule.EXACTLY_ONE, ("A", "B")),),
        ),
        {"ceiling:tinh:2012", "group:exactly_one:A+B"},
        RuleChange("ceiling:tinh:2012", ChangeKind.RAISE_CEILING, Fraction(20 * MILLION)),
    ),
    "two area floors against one source": (
        lambda: a_problem(
            project("A", 60, area="1"),
            project("B", 60, area="2"),
            limits=(area_floor("1", 60), area_floor("2", 60)),
        ),
        {"ceiling:tinh:2012", "floor:san-1", "floor:san-2"},
        RuleChange("ceiling:tinh:2012", ChangeKind.RAISE_CEILING, Fraction(20 * MILLION)),
    ),
    "coverage minimum against money": (
        lambda: a_problem(
            covering("A", 60, "xa-1", "xa-2"), covering("B", 70, "xa-2", "xa-3"), outputs=(one_stop(3),)
        ),
        {"ceiling:tinh:2012", "minimum:mot-cua"},
        RuleChange("ceiling:tinh:2012", ChangeKind.RAISE_CEILING, Fraction(30 * MILLION)),
    ),
    "transfers do not suffice": (
        _transfers,
        {"ceiling:cho:2012", "ceiling:nhan:2012", "state:A"},
        RuleChange("ceiling:nhan:2012", ChangeKind.RAISE_CEILING, Fraction(5 * MILLION)),
    ),
    "the ceiling of one year": (
        _two_years,
        {"ceiling:tinh:2013", "state:A", "state:B"},
        RuleChange("ceiling:tinh:2013", ChangeKind.RAISE_CEILING, Fraction(5 * MILLION)),
    ),
    "pin against exclusion": (
        lambda: a_problem(
            project("A", 1, state=CandidateState.PINNED),
            project("B", 1, **COMMITTED),
            links=(GroupLink(GroupRule.AT_MOST_ONE, ("A", "B")),),
        ),
        {"group:at_most_one:A+B", "state:A", "state:B"},
        RuleChange("group:at_most_one:A+B", ChangeKind.ALLOW_SEVERAL),
    ),
    "at least two against a cap": (
        lambda: a_problem(
            project("A", 30),
            project("B", 40),
            project("C", 50),
            links=(GroupLink(GroupRule.AT_LEAST, ("A", "B", "C"), 2),),
            limits=(Limit("tran", "Trần cơ quan", LimitScope(agencies=("CQ",)), at_most_vnd=60 * MILLION),),
        ),
        {"cap:tran", "group:at_least:A+B+C"},
        RuleChange("cap:tran", ChangeKind.RAISE_CAP, Fraction(10 * MILLION)),
    ),
}

CONTRADICTIONS = {
    "a pinned level below what another needs": (
        lambda: a_problem(
            project("A", 1, **COMMITTED),
            a_candidate(
                "B",
                a_level(MILLION, "nho", yields=trained(1)),
                a_level(2 * MILLION, yields=trained(2)),
                state=CandidateState.PINNED,
                pinned_level_id="nho",
            ),
            links=(Requires("A", "B", "day-du"),),
        ),
        {"requires:A:B", "state:A", "state:B"},
    ),
    "floors and commitments together": (
        lambda: a_problem(
            project("A", 60, area="1", **COMMITTED),
            project("B", 50, area="2"),
            limits=(area_floor("2", 50),),
        ),
        {"ceiling:tinh:2012", "floor:san-2", "state:A"},
    ),
    "the cheapest of a group": (
        lambda: a_problem(
            project("A", 60),
            project("B", 50),
            project("C", 70),
            links=(GroupLink(GroupRule.AT_LEAST, ("A", "B", "C"), 2),),
        ),
        {"ceiling:tinh:2012", "group:at_least:A+B+C"},
    ),
    "a chain of needs that ends at a bar": (
        lambda: a_problem(
            project("A", 1, 9),
            project("B", 1, 1),
            project("C", 1, 1, state=CandidateState.BARRED),
            outputs=a_minimum(9),
            links=(Requires("A", "B"), Requires("B", "C")),
        ),
        {"minimum:hoc-vien", "requires:A:B", "requires:B:C", "state:C"},
    ),
    "a minimum that exclusions halve": (
        lambda: a_problem(
            project("A", 1),
            project("B", 1),
            outputs=a_minimum(10),
            links=(GroupLink(GroupRule.AT_MOST_ONE, ("A", "B")),),
        ),
        {"group:at_most_one:A+B", "minimum:hoc-vien"},
    ),
    "what the needed one costs": (
        lambda: a_problem(project("A", 60, **COMMITTED), project("B", 50), links=(Requires("A", "B"),)),
        {"ceiling:tinh:2012", "requires:A:B", "state:A"},
    ),
}
