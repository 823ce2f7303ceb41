"""Prices, price-to-fund and ranking as JSON data, both ways; exact fractions are texts such as "3/1000"."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimizer.answer_prices import (
    BoundOrigin,
    CandidatePrices,
    ConfirmedPrice,
    CostCut,
    LeastMoney,
    LevelLoss,
    Money,
    ReplacementCost,
    RulePrice,
    YearShift,
)
from optimizer.answer_ranking import RankedCandidate

Data = Mapping[str, Any]


def rule_price_to_json(price: RulePrice) -> dict[str, Any]:
    """Return a price of money."""
    step = price.confirmed
    data: dict[str, Any] = {"points_per_billion": str(price.points_per_billion)}
    if step is not None:
        data |= {
            "step_vnd": step.step_vnd,
            "confirmed_points": str(step.gained_points),
            "most_points": text_or_none(step.most_points),
            "most_origin": step.most_origin.value,
            "levels": dict(step.level_ids),
        }
    return data


def rule_price_from_json(row_id: str, data: Data | str) -> RulePrice:
    """Return the price; older files have the fraction alone."""
    if isinstance(data, str):
        return RulePrice(row_id, Fraction(data))
    confirmed = None
    if "step_vnd" in data:
        confirmed = ConfirmedPrice(
            data["step_vnd"],
            Fraction(data["confirmed_points"]),
            fraction_or_none(data["most_points"]),
            BoundOrigin(data["most_origin"]),
            dict(data["levels"]),
        )
    return RulePrice(row_id, Fraction(data["points_per_billion"]), confirmed)


def ranked_to_json(item: RankedCandidate) -> dict[str, Any]:
    """Return one line of the plain ranking."""
    return {
        "candidate": item.candidate_id,
        "place": item.place,
        "level": item.level_id,
        "points": str(item.points),
        "cost_vnd": item.cost_vnd,
        "points_per_billion": text_or_none(item.points_per_billion),
        "list_level": item.list_level_id,
        "plan_level": item.plan_level_id,
        "words": item.words,
    }


def ranked_from_json(data: Data) -> RankedCandidate:
    """Return the line that ranked_to_json wrote."""
    return RankedCandidate(
        data["candidate"],
        data["level"],
        Fraction(data["points"]),
        data["cost_vnd"],
        data["place"],
        data["list_level"],
        data["plan_level"],
        data["words"],
    )


def candidate_prices_to_json(prices: CandidatePrices) -> dict[str, Any]:
    """Return what it would take to decide otherwise; what was not asked is absent."""
    data: dict[str, Any] = {}
    if prices.levels:
        data["levels"] = [_level_to_json(item) for item in prices.levels]
    if prices.cuts:
        data["cuts"] = [_cut_to_json(item) for item in prices.cuts]
    if prices.shifts:
        data["shifts"] = [_shift_to_json(item) for item in prices.shifts]
    if prices.least_extra is not None:
        data["least_extra"] = _money_to_json(prices.least_extra)
    if prices.replacement is not None:
        extra = prices.replacement.extra
        data["replacement"] = {
            "possible": prices.replacement.is_possible,
            "extra": None if extra is None else _money_to_json(extra),
            "others_vnd": prices.replacement.others_vnd,
        }
    return data


def candidate_prices_from_json(data: Data) -> CandidatePrices:
    """Return what candidate_prices_to_json wrote."""
    extra, replacement = data.get("least_extra"), data.get("replacement")
    return CandidatePrices(
        levels=tuple(_level_from_json(item) for item in data.get("levels", ())),
        cuts=tuple(_cut_from_json(item) for item in data.get("cuts", ())),
        shifts=tuple(_shift_from_json(item) for item in data.get("shifts", ())),
        least_extra=None if extra is None else _money_from_json(extra),
        replacement=None
        if replacement is None
        else ReplacementCost(
            replacement["possible"],
            None if replacement["extra"] is None else _money_from_json(replacement["extra"]),
            replacement["others_vnd"],
        ),
    )


def _level_to_json(item: LevelLoss) -> dict[str, Any]:
    return {
        "level": item.level_id,
        "possible": item.is_possible,
        "loss_at_least": text_or_none(item.loss_at_least_points),
        "origin": item.least_origin.value,
        "loss": text_or_none(item.loss_points),
        "levels": dict(item.level_ids),
    }


def _level_from_json(data: Data) -> LevelLoss:
    return LevelLoss(
        data["level"],
        data["possible"],
        fraction_or_none(data["loss_at_least"]),
        BoundOrigin(data["origin"]),
        fraction_or_none(data["loss"]),
        dict(data["levels"]),
    )


def _cut_to_json(item: CostCut) -> dict[str, Any]:
    return {
        "level": item.level_id,
        "appraised_vnd": item.appraised_vnd,
        "largest_vnd": item.largest_vnd,
        "cost_vnd": money_to_json(item.cost_vnd),
        "below_vnd": item.below_vnd,
        "origin": item.below_origin.value,
        "levels": dict(item.level_ids),
    }


def _cut_from_json(data: Data) -> CostCut:
    return CostCut(
        data["level"],
        data["appraised_vnd"],
        data["largest_vnd"],
        money_from_json(data["cost_vnd"]),
        data["below_vnd"],
        BoundOrigin(data["origin"]),
        dict(data["levels"]),
    )


def _shift_to_json(item: YearShift) -> dict[str, Any]:
    return {
        "years": item.years,
        "possible": item.is_possible,
        "gained_points": text_or_none(item.gained_points),
        "most_points": text_or_none(item.most_points),
        "origin": item.most_origin.value,
        "levels": dict(item.level_ids),
    }


def _shift_from_json(data: Data) -> YearShift:
    return YearShift(
        data["years"],
        data["possible"],
        fraction_or_none(data["gained_points"]),
        fraction_or_none(data["most_points"]),
        BoundOrigin(data["origin"]),
        dict(data["levels"]),
    )


def _money_to_json(item: LeastMoney) -> dict[str, Any]:
    return {
        "extra_vnd": money_to_json(item.extra_vnd),
        "total_vnd": item.total_vnd,
        "at_least_vnd": item.at_least_vnd,
        "origin": item.least_origin.value,
        "levels": dict(item.level_ids),
    }


def _money_from_json(data: Data) -> LeastMoney:
    return LeastMoney(
        money_from_json(data["extra_vnd"]),
        data["total_vnd"],
        data["at_least_vnd"],
        BoundOrigin(data["origin"]),
        dict(data["levels"]),
    )


def money_to_json(money: Money) -> dict[str, dict[str, int]]:
    """Return đồng by source and year; years become texts."""
    return {
        source_id: {str(year): amount for year, amount in by_year.items()}
        for source_id, by_year in money.items()
    }


def money_from_json(data: Mapping[str, Mapping[str, int]]) -> dict[str, dict[int, int]]:
    """Return đồng by source and year."""
    return {
        source_id: {int(year): amount for year, amount in by_year.items()}
        for source_id, by_year in data.items()
    }


def text_or_none(value: Fraction | None) -> str | None:
    """Return a fraction as text; None stays None."""
    return None if value is None else str(value)


def fraction_or_none(text: str | None) -> Fraction | None:
    """Return the fraction of a text; None stays None."""
    return None if text is None else Fraction(text)
