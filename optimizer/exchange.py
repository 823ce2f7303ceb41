"""Problems and plans as files: phanbo-problem/1 and phanbo-plan/1, both ways, nothing lost.

Reading reports all mistakes at once; writing is canonical, so equal facts give equal texts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimizer.canonical import problem_to_json
from optimizer.errors import InvalidPlan, InvalidProblem, Mistake
from optimizer.plan import AllocationPlan, AuditNote, Certificate, EngineNote, Outcome, StageRecord
from optimizer.precheck import check_problem
from optimizer.problem import (
    ALL_STAGES,
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Nature,
    Output,
    OutputKind,
    Requires,
    StageName,
)
from optimizer.schema_check import UnreadableText, read_json, schema_mistakes

PROBLEM_FILE = "phanbo-problem-1.schema.json"
PLAN_FILE = "phanbo-plan-1.schema.json"
PLAN_SCHEMA = "phanbo-plan/1"
Data = Mapping[str, Any]


def read_problem(text: str) -> AllocationProblem:
    """Return the problem of a phanbo-problem/1 text.

    Raises:
        InvalidProblem: with every mistake of form and of content, each with its JSON path.
    """
    try:
        data = read_json(text)
    except UnreadableText as error:
        raise InvalidProblem((Mistake("$", str(error)),)) from error
    mistakes = list(schema_mistakes(data, PROBLEM_FILE))
    told = {mistake.path for mistake in mistakes}
    try:
        problem = problem_from_json(data)
        mistakes += [mistake for mistake in check_problem(problem) if mistake.path not in told]
    except (AttributeError, KeyError, TypeError, ValueError):
        # Values of a wrong kind can keep the content from being read; their own mistakes are told first.
        if not mistakes:
            raise
    if mistakes:
        raise InvalidProblem(tuple(mistakes))
    return problem


def write_problem(problem: AllocationProblem) -> str:
    """Return the canonical phanbo-problem/1 text of a problem."""
    return json.dumps(problem_to_json(problem), ensure_ascii=False, indent=1) + "\n"


def problem_from_json(data: Data) -> AllocationProblem:
    """Return the problem that checked data describes; list positions are kept.

    Raises:
        KeyError, TypeError, ValueError: the data did not pass the schema.
    """
    return AllocationProblem(
        title=data.get("title", ""),
        years=tuple(data["years"]),
        sources=tuple(_source(item) for item in data["sources"]),
        outputs=tuple(_output(item) for item in data["outputs"]),
        candidates=tuple(_candidate(item) for item in data["candidates"]),
        limits=tuple(_limit(item) for item in data.get("limits", [])),
        links=tuple(_link(item) for item in data.get("links", [])),
        stages=tuple(StageName(item) for item in data["stages"]) if "stages" in data else ALL_STAGES,
        reference_plan=data.get("reference_plan"),
    )


def read_plan(text: str) -> AllocationPlan:
    """Return the plan of a phanbo-plan/1 text.

    Raises:
        InvalidPlan: with every mistake, each with its JSON path.
    """
    try:
        data = read_json(text)
    except UnreadableText as error:
        raise InvalidPlan((Mistake("$", str(error)),)) from error
    mistakes = schema_mistakes(data, PLAN_FILE)
    if mistakes:
        raise InvalidPlan(mistakes)
    return plan_from_json(data)


def write_plan(plan: AllocationPlan) -> str:
    """Return the phanbo-plan/1 text of a plan."""
    return json.dumps(plan_to_json(plan), ensure_ascii=False, indent=1) + "\n"


def plan_to_json(plan: AllocationPlan) -> dict[str, Any]:
    """Return a plan as the data of a phanbo-plan/1 file; points and gaps become decimals."""
    engine, certificate = plan.engine, plan.certificate
    return {
        "schema": PLAN_SCHEMA,
        "problem_sha256": plan.problem_sha256,
        "engine": {
            "name": engine.name,
            "version": engine.version,
            "seed": engine.seed,
            "threads": engine.threads,
        },
        "outcome": plan.outcome.value,
        "score": _rounded(plan.score_points),
        "bound": None if plan.bound_points is None else _rounded(plan.bound_points),
        "gap": None if plan.gap_share is None else _rounded(plan.gap_share),
        "seconds": round(plan.seconds, 6),
        "cpu_seconds": round(plan.cpu_seconds, 6),
        "levels": dict(sorted(plan.level_ids.items())),
        "money_vnd": {
            source: {str(year): amount for year, amount in sorted(by_year.items())}
            for source, by_year in sorted(plan.money_vnd.items())
        },
        "outputs": {key: _rounded(count) for key, count in sorted(plan.outputs.items())},
        "certificate": None
        if certificate is None
        else {
            "multipliers": {key: str(price) for key, price in sorted(certificate.multipliers.items())},
            "bound": str(certificate.bound),
        },
        "audit": {"exact": plan.audit.is_exact, "broken": list(plan.audit.broken)},
        "stages": [
            {
                "name": stage.name.value,
                "outcome": stage.outcome.value,
                "value": _rounded(stage.value),
                "bound": None if stage.bound is None else _rounded(stage.bound),
                "seconds": round(stage.seconds, 6),
            }
            for stage in plan.stages
        ],
    }


def plan_from_json(data: Data) -> AllocationPlan:
    """Return the plan that checked data describes."""
    engine, certificate, audit = data.get("engine", {}), data.get("certificate"), data.get("audit")
    return AllocationPlan(
        problem_sha256=data["problem_sha256"],
        engine=EngineNote(
            engine.get("name", ""), engine.get("version", ""), engine.get("seed", 0), engine.get("threads", 0)
        ),
        outcome=Outcome(data.get("outcome", "stopped")),
        score_points=_exact(data["score"]),
        bound_points=_exact_or_none(data.get("bound")),
        gap_share=_exact_or_none(data.get("gap")),
        seconds=float(data.get("seconds", 0)),
        cpu_seconds=float(data.get("cpu_seconds", 0)),
        level_ids=dict(data["levels"]),
        money_vnd={source: _years(by_year) for source, by_year in data["money_vnd"].items()},
        outputs={key: _exact(count) for key, count in data["outputs"].items()},
        certificate=None
        if certificate is None
        else Certificate(
            {key: Fraction(price) for key, price in certificate["multipliers"].items()},
            Fraction(certificate["bound"]),
        ),
        audit=AuditNote() if audit is None else AuditNote(audit["exact"], tuple(audit["broken"])),
        stages=tuple(
            StageRecord(
                StageName(stage["name"]),
                Outcome(stage.get("outcome", "stopped")),
                _exact(stage["value"]),
                _exact_or_none(stage.get("bound")),
                float(stage.get("seconds", 0)),
            )
            for stage in data.get("stages", [])
        ),
    )


def _rounded(value: Fraction) -> int | float:
    """Return a JSON number; whole numbers stay whole, others become the nearest decimal."""
    return value.numerator if value.denominator == 1 else float(value)


def _exact(value: float | Decimal) -> Fraction:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _exact_or_none(value: float | Decimal | None) -> Fraction | None:
    return None if value is None else _exact(value)


def _years(by_year: Mapping[str, int]) -> dict[int, int]:
    return {int(year): amount for year, amount in by_year.items()}


def _source(data: Data) -> FundingSource:
    eligible = data.get("eligible")
    return FundingSource(
        id=data["id"],
        name=data.get("name", data["id"]),
        nature=Nature(data.get("nature", "recurrent")),
        ceiling_vnd=_years(data.get("ceiling_vnd", {})),
        is_uncapped=data.get("uncapped", False),
        eligible_candidate_ids=None if eligible is None else tuple(eligible),
        transfers_to_ids=tuple(data.get("transfers_to", [])),
    )


def _output(data: Data) -> Output:
    curve = tuple((_exact(way), _exact(worth)) for way, worth in data.get("curve") or [])
    return Output(
        id=data["id"],
        name=data.get("name", data["id"]),
        kind=OutputKind(data["kind"]),
        unit=data.get("unit", ""),
        weight=_exact(data.get("weight", 0)),
        start=_exact(data.get("start", 0)),
        baseline=_exact_or_none(data.get("baseline")),
        target=_exact_or_none(data.get("target")),
        year=data.get("year"),
        follows_id=data.get("follows"),
        curve=curve[1:] if curve and curve[0] == (Fraction(0), Fraction(0)) else curve,
        is_linear_beyond_target=data.get("beyond_target", "none") == "linear",
        scope_unit_ids=tuple(data.get("scope_units", [])),
        exempt_unit_ids=tuple(data.get("exempt_units", [])),
        reached_components={unit: tuple(parts) for unit, parts in data.get("reached", {}).items()},
        components=tuple(data.get("components", [])),
        at_least=_exact_or_none(data.get("at_least")),
    )


def _candidate(data: Data) -> Candidate:
    return Candidate(
        id=data["id"],
        name=data.get("name", data["id"]),
        agency=data.get("agency", ""),
        area=data.get("area", ""),
        place=data.get("place", ""),
        rank=data.get("rank"),
        state=CandidateState(data.get("state", "open")),
        min_level_id=data.get("min_level"),
        pinned_level_id=data.get("pinned_level"),
        levels=tuple(_level(item) for item in data["levels"]),
    )


def _level(data: Data) -> FundingLevel:
    return FundingLevel(
        id=data["id"],
        cost_vnd={source: _years(by_year) for source, by_year in data["cost_vnd"].items()},
        yields={
            output: {int(year): _exact(amount) for year, amount in by_year.items()}
            for output, by_year in data.get("yields", {}).items()
        },
        covers={
            output: {part: tuple(units) for part, units in by_part.items()}
            for output, by_part in data.get("covers", {}).items()
        },
        delivers={output: tuple(parts) for output, parts in data.get("delivers", {}).items()},
    )


def _limit(data: Data) -> Limit:
    where = data.get("where", {})
    return Limit(
        id=data["id"],
        words=data.get("words", data["id"]),
        scope=LimitScope(
            agencies=tuple(where.get("agency", [])),
            areas=tuple(where.get("area", [])),
            places=tuple(where.get("place", [])),
            source_ids=tuple(where.get("source", [])),
            natures=tuple(Nature(item) for item in where.get("nature", [])),
            years=tuple(where.get("year", [])),
        ),
        legal_reference=data.get("legal_reference", ""),
        at_least_vnd=data.get("at_least_vnd"),
        at_most_vnd=data.get("at_most_vnd"),
        is_hard=data.get("hard", True),
    )


def _link(data: Data) -> Requires | GroupLink:
    if data["kind"] == "requires":
        return Requires(data["candidate"], data["needs"], data.get("min_level"))
    return GroupLink(GroupRule(data["kind"]), tuple(data["candidates"]), data.get("count", 1))
