"""A problem as plain JSON data in one fixed order, and the fingerprint of that text.

Standard library only, so that a plan can be tied to its problem without any other tool. Lists are sorted
by id (levels keep their order), so shuffled input has the same fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimizer.problem import (
    ALL_STAGES,
    AllocationProblem,
    Candidate,
    FundingLevel,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Output,
    Requires,
)

PROBLEM_SCHEMA = "phanbo-problem/1"


def decimal_number(value: Fraction) -> int | float:
    """Return the JSON number that reads back as exactly this fraction.

    Args:
        value: a fraction with a finite decimal of at most 15 significant digits.
    Returns:
        int for whole numbers, else the float whose shortest text is the decimal.
    Raises:
        ValueError: the fraction is not such a decimal (1/3, or too many digits).
    """
    if value.denominator == 1:
        return value.numerator
    number = float(value)
    if Decimal(repr(number)).as_integer_ratio() != (value.numerator, value.denominator):
        raise ValueError(f"{value} is not a decimal of at most 15 digits")
    return number


def problem_to_json(problem: AllocationProblem) -> dict[str, Any]:
    """Return the problem as the data of a phanbo-problem/1 file, in canonical order.

    Args:
        problem: any problem whose decimals are finite.
    Returns:
        Plain dictionaries, lists, texts and numbers.
    Raises:
        ValueError: a weight, yield or count is not a finite decimal.
    """
    data: dict[str, Any] = {
        "schema": PROBLEM_SCHEMA,
        "title": problem.title,
        "years": sorted(problem.years),
        "sources": [_source(source) for source in sorted(problem.sources, key=lambda item: item.id)],
        "outputs": [_output(output) for output in sorted(problem.outputs, key=lambda item: item.id)],
        "candidates": [_candidate(item) for item in sorted(problem.candidates, key=lambda item: item.id)],
        "limits": [_limit(limit) for limit in sorted(problem.limits, key=lambda item: item.id)],
        "links": sorted(
            (_link(link) for link in problem.links), key=lambda item: json.dumps(item, sort_keys=True)
        ),
        "stages": [stage.value for stage in ALL_STAGES if stage in problem.stages],
    }
    if problem.reference_plan is not None:
        data["reference_plan"] = dict(sorted(problem.reference_plan.items()))
    return data


def fingerprint_of(problem: AllocationProblem) -> str:
    """Return the SHA-256 of the canonical text of the problem, as 64 hexadecimal digits."""
    text = json.dumps(problem_to_json(problem), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _by_year(amounts: Mapping[int, int]) -> dict[str, int]:
    return {str(year): amounts[year] for year in sorted(amounts)}


def _sorted_list(values: Iterable[str]) -> list[str]:
    return sorted(values)


def _source(source: FundingSource) -> dict[str, Any]:
    eligible = source.eligible_candidate_ids
    return {
        "id": source.id,
        "name": source.name,
        "nature": source.nature.value,
        "ceiling_vnd": _by_year(source.ceiling_vnd),
        "uncapped": source.is_uncapped,
        "eligible": None if eligible is None else _sorted_list(eligible),
        "transfers_to": _sorted_list(source.transfers_to_ids),
    }


def _output(output: Output) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": output.id,
        "name": output.name,
        "kind": output.kind.value,
        "unit": output.unit,
        "weight": decimal_number(output.weight),
        "start": decimal_number(output.start),
        "baseline": None if output.baseline is None else decimal_number(output.baseline),
        "target": None if output.target is None else decimal_number(output.target),
        "year": output.year,
        "follows": output.follows_id,
        "beyond_target": "linear" if output.is_linear_beyond_target else "none",
        "scope_units": _sorted_list(output.scope_unit_ids),
        "exempt_units": _sorted_list(output.exempt_unit_ids),
        "reached": {unit: _sorted_list(parts) for unit, parts in sorted(output.reached_components.items())},
        "components": _sorted_list(output.components),
        "at_least": None if output.at_least is None else decimal_number(output.at_least),
    }
    if output.curve:
        data["curve"] = [[decimal_number(way), decimal_number(worth)] for way, worth in output.curve]
    return data


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "name": candidate.name,
        "agency": candidate.agency,
        "area": candidate.area,
        "place": candidate.place,
        "rank": candidate.rank,
        "state": candidate.state.value,
        "min_level": candidate.min_level_id,
        "pinned_level": candidate.pinned_level_id,
        "levels": [_level(level) for level in candidate.levels],
    }


def _level(level: FundingLevel) -> dict[str, Any]:
    return {
        "id": level.id,
        "cost_vnd": {source: _by_year(level.cost_vnd[source]) for source in sorted(level.cost_vnd)},
        "yields": {
            output: {
                str(year): decimal_number(level.yields[output][year]) for year in sorted(level.yields[output])
            }
            for output in sorted(level.yields)
        },
        "covers": {
            output: {part: _sorted_list(units) for part, units in sorted(level.covers[output].items())}
            for output in sorted(level.covers)
        },
        "delivers": {output: _sorted_list(parts) for output, parts in sorted(level.delivers.items())},
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "id": limit.id,
        "words": limit.words,
        "legal_reference": limit.legal_reference,
        "where": _scope(limit.scope),
        "at_least_vnd": limit.at_least_vnd,
        "at_most_vnd": limit.at_most_vnd,
        "hard": limit.is_hard,
    }


def _scope(scope: LimitScope) -> dict[str, Any]:
    marks: dict[str, list[Any]] = {
        "agency": sorted(scope.agencies),
        "area": sorted(scope.areas),
        "place": sorted(scope.places),
        "source": sorted(scope.source_ids),
        "nature": sorted(nature.value for nature in scope.natures),
        "year": sorted(scope.years),
    }
    return {mark: values for mark, values in marks.items() if values}


def _link(link: Requires | GroupLink) -> dict[str, Any]:
    if isinstance(link, Requires):
        return {
            "kind": "requires",
            "candidate": link.candidate_id,
            "needs": link.needs_id,
            "min_level": link.min_level_id,
        }
    data: dict[str, Any] = {"kind": link.rule.value, "candidates": _sorted_list(link.candidate_ids)}
    if link.rule is GroupRule.AT_LEAST:
        data["count"] = link.count
    return data
