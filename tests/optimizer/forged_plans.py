"""Every single forgery of a plan file: each figure, level, price and bound, one change at a time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Data = dict[str, Any]
Forged = tuple[str, Data]


def forged_plans(data: Data) -> Iterator[Forged]:
    """Yield (what was forged, the data of the forged plan)."""
    for key in ("score", "bound", "gap"):
        for off in (0.001, -0.001, 10):
            yield f"{key} {off}", {**data, key: data[key] + off}
    yield "another problem", {**data, "problem_sha256": "0" * 64}
    yield "a broken rule noted", {**data, "audit": {"exact": True, "broken": ["x"]}}
    for source, by_year in data["money_vnd"].items():
        for year, amount in by_year.items():
            for off in (1, -1):
                money = {**data["money_vnd"], source: {**by_year, year: amount + off}}
                yield f"money {source} {year}", {**data, "money_vnd": money}
    yield "money of nobody", {**data, "money_vnd": {**data["money_vnd"], "ma": {"2012": 1}}}
    for output, count in data["outputs"].items():
        yield f"output {output}", {**data, "outputs": {**data["outputs"], output: count + 1}}
        others = {key: value for key, value in data["outputs"].items() if key != output}
        yield f"output {output} dropped", {**data, "outputs": others}
    for candidate, level in data["levels"].items():
        others = {key: value for key, value in data["levels"].items() if key != candidate}
        yield f"level {candidate} dropped", {**data, "levels": others}
        yield f"level {candidate} renamed", {**data, "levels": {**others, candidate: f"{level}-khac"}}
    yield "level of nobody", {**data, "levels": {**data["levels"], "ma": "day-du"}}
    yield from _forged_certificates(data)
    yield from _forged_stages(data)


def _forged_certificates(data: Data) -> Iterator[Forged]:
    certificate = data["certificate"]
    for off in ("1/1000000000000", "-1/1000000000000", "-1"):
        bound = str(Fraction(certificate["bound"]) + Fraction(off))
        yield f"certificate {off}", {**data, "certificate": {**certificate, "bound": bound}}
    prices = certificate["multipliers"]
    for row, price in prices.items():
        others = {key: value for key, value in prices.items() if key != row}
        for name, table in (
            ("raised", {**prices, row: str(Fraction(price) * 3 / 2)}),
            ("lowered", {**prices, row: str(Fraction(price) / 2)}),
            ("dropped", others),
            ("of another row", {**others, f"{row}x": price}),
        ):
            changed = {**certificate, "multipliers": table}
            yield f"price {row} {name}", {**data, "certificate": changed}


def _forged_stages(data: Data) -> Iterator[Forged]:
    for place, stage in enumerate(data["stages"]):
        for key in ("value", "bound"):
            off = max(1, abs(stage[key])) / 100
            for changed in (stage[key] + off, stage[key] - off):
                stages = [*data["stages"]]
                stages[place] = {**stage, key: changed}
                yield f"{key} of {stage['name']} {changed - stage[key]:+}", {**data, "stages": stages}
