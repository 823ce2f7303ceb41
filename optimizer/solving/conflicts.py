"""Why nothing fits: the cheapest way to bend the hard rules, and the rules it bends, in words.

Every rule row gets a slack with a price; the engine finds the choice that bends least, and the exact audit
of that choice on the original problem names the rules and amounts. So each repair is a verified fact: with
these rules moved by these amounts, that choice keeps everything.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from optimizer.engines.interface import Engine, EngineSettings, LinearModel
from optimizer.errors import Conflict
from optimizer.formulation.assemble import formulate
from optimizer.problem import AllocationProblem
from optimizer.solving.compile import compile_model
from optimizer.verify import BrokenRule, audit_levels
from optimizer.wording import amount_words, number_words

MONEY_FAMILIES = ("ceiling_", "cap_", "floor_")
LINK_PRICE = 10.0
"""Bending a link costs as much as bending a sum of money by ten times its size."""


def find_conflicts(
    problem: AllocationProblem, engine: Engine, settings: EngineSettings
) -> tuple[Conflict, ...] | None:
    """Return the rules that the least bent choice breaks; empty when some choice breaks none.

    Args:
        problem: a problem free of mistakes.
        engine: the engine to search with.
        settings: limits of the search.
    Returns:
        One conflict per rule to be moved; None when the search found nothing in its time.
    """
    draft = formulate(problem)
    model = _elastic(compile_model(draft.model))
    answer = engine.load(model).solve(settings)
    if answer.values is None:
        return None
    columns = {name: place for place, name in enumerate(model.column_names)}
    candidates = draft.problem.candidates
    level_ids = {
        candidates[key[0]].id: candidates[key[0]].levels[key[1]].id
        for key, variable in draft.fund.items()
        if answer.values[columns[variable.name]] > 0.5
    }
    report = audit_levels(problem, level_ids)
    return tuple(_conflict(rule) for rule in report.broken)


def _elastic(model: LinearModel) -> LinearModel:
    """Give every rule row a slack; the objective is to use as little of it as possible."""
    entries, ends, prices, names = [], [], [], list(model.column_names)
    for row, name in enumerate(model.row_names):
        first, last = int(model.starts[row]), int(model.starts[row + 1])
        entries += list(
            zip(model.indices[first:last].tolist(), model.values[first:last].tolist(), strict=True)
        )
        price = _bending_price(name, model, row)
        if price is not None:
            entries.append((len(names), 1.0 if math.isinf(model.row_upper[row]) else -1.0))
            prices.append(-price)
            names.append(f"bend_{row}")
        ends.append(len(entries))
    added = len(prices)
    return replace(
        model,
        column_names=names,
        costs=np.concatenate([np.zeros(len(model.costs)), np.array(prices, float)]),
        lower=np.concatenate([model.lower, np.zeros(added)]),
        upper=np.concatenate([model.upper, np.full(added, math.inf)]),
        is_integer=np.concatenate([model.is_integer, np.zeros(added, bool)]),
        starts=np.array([0, *ends], np.int32),
        indices=np.array([place for place, _ in entries], np.int32),
        values=np.array([amount for _, amount in entries], float),
    )


def _bending_price(name: str, model: LinearModel, row: int) -> float | None:
    edge = float(model.row_lower[row] if math.isinf(model.row_upper[row]) else model.row_upper[row])
    if name.startswith((*MONEY_FAMILIES, "minimum_")):
        return 1.0 / max(1.0, abs(edge))
    if name.startswith(("requires_", "most_", "least_")):
        return LINK_PRICE
    return None


def _conflict(rule: BrokenRule) -> Conflict:
    """Say what to move, and by how much, so that this rule no longer stands in the way."""
    family = rule.rule_id.split(":", 1)[0]
    repair = None
    if rule.amount is not None and family in ("ceiling", "cap"):
        repair = f"Nâng trần thêm ít nhất {amount_words(int(rule.amount))}."
    elif rule.amount is not None and family == "floor":
        repair = f"Hạ mức sàn ít nhất {amount_words(int(rule.amount))}."
    elif rule.amount is not None and family == "minimum":
        repair = f"Hạ mức tối thiểu ít nhất {number_words(rule.amount)}."
    elif family in ("requires", "group"):
        repair = "Bỏ hoặc sửa ràng buộc giữa các dự án này."
    words = f"Không thể giữ cùng lúc mọi quy tắc cứng; phương án ít vi phạm nhất vẫn còn: {rule.words}"
    return Conflict((rule.rule_id,), words, repair)
