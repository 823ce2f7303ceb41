"""Transitions as files: phanbo-transition/1 in, phanbo-transition-answer/1 out.

Reading reports all mistakes at once. In the answer money that was given is whole đồng; shares and amounts
before rounding are exact texts such as "3/20", so that anyone can add them up again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimizer.errors import InvalidProblem, Mistake
from optimizer.schema_check import UnreadableText, read_json, schema_mistakes
from optimizer.transition.checks import transition_mistakes
from optimizer.transition.facts import (
    AgencyBlock,
    AgencyFigures,
    Corridor,
    ResultLine,
    Transition,
    TransitionAgency,
    TransitionYear,
    YearBlocks,
)

TRANSITION_FILE = "phanbo-transition-1.schema.json"
TRANSITION_SCHEMA = "phanbo-transition/1"
ANSWER_FILE = "phanbo-transition-answer-1.schema.json"
ANSWER_SCHEMA = "phanbo-transition-answer/1"
Data = Mapping[str, Any]


def read_transition(text: str) -> Transition:
    """Return the transition of a phanbo-transition/1 text.

    Raises:
        InvalidProblem: with every mistake of form and of content, each with its JSON path.
    """
    try:
        data = read_json(text)
    except UnreadableText as error:
        raise InvalidProblem((Mistake("$", str(error)),)) from error
    mistakes = schema_mistakes(data, TRANSITION_FILE)
    if mistakes:
        raise InvalidProblem((*mistakes, *_further_mistakes(data, {item.path for item in mistakes})))
    transition = transition_from_json(data)
    mistakes = transition_mistakes(transition)
    if mistakes:
        raise InvalidProblem(mistakes)
    return transition


def _further_mistakes(data: Any, told: set[str]) -> list[Mistake]:
    """Return mistakes of content in data that has mistakes of form, as far as it can be understood."""
    try:
        found = transition_mistakes(transition_from_json(data))
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return []
    return [item for item in found if item.path not in told]


def transition_from_json(data: Data) -> Transition:
    """Return the transition that checked data describes; list positions are kept.

    Raises:
        KeyError, TypeError, ValueError: the data did not pass the schema.
    """
    return Transition(
        title=data.get("title", ""),
        calendar={int(year): _exact(theta) for year, theta in data["calendar"].items()},
        agencies=tuple(
            TransitionAgency(item["code"], item.get("name", item["code"]), item.get("last_year_vnd"))
            for item in data["agencies"]
        ),
        years=tuple(_year(item, data["corridor"]) for item in data["years"]),
    )


def _year(data: Data, usual_corridor: Data) -> TransitionYear:
    corridor = data.get("corridor", usual_corridor)
    return TransitionYear(
        year=data["year"],
        norm_vnd=data["norm_vnd"],
        total_vnd=data["total_vnd"],
        corridor=Corridor(_exact(corridor["down"]), _exact(corridor["up"])),
        agencies=tuple(
            AgencyFigures(
                item["code"], item["headcount"], tuple(_result(line) for line in item.get("results", []))
            )
            for item in data["agencies"]
        ),
    )


def _result(data: Data) -> ResultLine:
    return ResultLine(
        name=data.get("name", ""),
        price_vnd=data["price_vnd"],
        quality=_exact(data.get("quality", 1)),
        place_factor=_exact(data.get("place_factor", 1)),
        verified=_exact_or_none(data.get("verified")),
        planned=_exact_or_none(data.get("planned")),
        planned_at_most=_exact_or_none(data.get("planned_at_most")),
    )


def _exact(value: int | Decimal) -> Fraction:
    return Fraction(value)


def _exact_or_none(value: int | Decimal | None) -> Fraction | None:
    return None if value is None else _exact(value)


def blocks_to_json(title: str, years: Sequence[YearBlocks]) -> dict[str, Any]:
    """Return the shared-out years as the data of a phanbo-transition-answer/1 file; nothing is rounded."""
    return {
        "schema": ANSWER_SCHEMA,
        "title": title,
        "years": [
            {
                "year": year.year,
                "theta": str(year.theta),
                "total_vnd": year.total_vnd,
                "headcount_block_vnd": year.headcount_block_vnd,
                "result_block_vnd": year.result_block_vnd,
                "multiplier": None if year.multiplier is None else str(year.multiplier),
                "sentences": list(year.sentences),
                "agencies": [_block_to_json(block) for block in year.agencies],
            }
            for year in years
        ],
    }


def _block_to_json(block: AgencyBlock) -> dict[str, Any]:
    return {
        "code": block.code,
        "name": block.name,
        "headcount": block.headcount,
        "headcount_vnd": block.headcount_vnd,
        "results_vnd": str(block.results_vnd),
        "headcount_share": str(block.headcount_share),
        "result_share": str(block.result_share),
        "raw_vnd": str(block.raw_vnd),
        "floor_vnd": block.floor_vnd,
        "cap_vnd": block.cap_vnd,
        "exact_vnd": str(block.exact_vnd),
        "amount_vnd": block.amount_vnd,
        "rule": block.rule.value,
        "unverified": block.unverified_count,
        "sentences": list(block.sentences),
    }
