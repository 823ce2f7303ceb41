"""The model while it is being written: PuLP problem, choice variables, and what each row stands for.

The money unit of the rows is a quantum of q đồng. When the greatest common divisor of all amounts keeps
every coefficient below 2^30, q is that divisor and the rows are exact; otherwise costs are rounded down
and ceilings up (floors the other way round), so the model never loses a plan, and the exact audit decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd

import pulp

from optimizer.problem import AllocationProblem, Candidate, FundingLevel, LimitScope, Output
from optimizer.spending import MoneyPlace, ScopeIndex, cost_items, cost_within_vnd, scope_source_ids

LARGEST_COEFFICIENT = 2**30
"""FRAGILE: measured together with the tolerance of the engine (optimizer.engines.highs): from 2^36 on a đồng
in a row this large is so near to the tolerance that HiGHS has called worse points proven."""
Key = tuple[int, int]
"""Position of a candidate and of one of its levels."""
Term = tuple["pulp.LpVariable", int | Fraction]


@dataclass(frozen=True, slots=True)
class RowMeaning:
    """Which row of the certificate a row of the model stands for.

    Attributes:
        row_id: row of optimizer.proofs.certificate.
        factor: multiplier of that row per unit of the model row's dual.
    """

    row_id: str
    factor: Fraction


@dataclass(slots=True)
class ExactRow:
    """A row that must hold in whole đồng or exact counts, kept beside its image in the model.

    Attributes:
        name: name of the model row.
        amounts: exact amount by (candidate position, level position).
        edge: exact right side.
        is_floor: True for "at least", False for "at most".
    """

    name: str
    amounts: Mapping[Key, int | Fraction]
    edge: int | Fraction
    is_floor: bool


@dataclass(slots=True)
class Draft:
    """A model being written.

    Attributes:
        problem: the question, every list sorted by id.
        model: the PuLP problem (maximisation).
        quantum_vnd: đồng per unit of money in the rows.
        fund: choice variable by (candidate position, level position); absent = level not allowed.
        meanings: certificate rows by row name.
        exact_rows: rows the gate re-adds exactly.
        points: terms of the score.
        shortfalls: terms of the shortfall against limits that are not hard, in quanta.
    """

    problem: AllocationProblem
    model: pulp.LpProblem
    quantum_vnd: int
    fund: dict[tuple[int, int], pulp.LpVariable] = field(default_factory=dict)
    meanings: dict[str, tuple[RowMeaning, ...]] = field(default_factory=dict)
    exact_rows: list[ExactRow] = field(default_factory=list)
    points: list[Term] = field(default_factory=list)
    shortfalls: list[Term] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    _steps: dict[int, list[Key]] = field(default_factory=dict)
    _promises: _Promises | None = None
    _scopes: ScopeIndex | None = None

    def add_choice(self, key: Key) -> None:
        """Add the variable that funds a candidate at a level."""
        self.fund[key] = self.add_variable(f"fund_{key[0]}_{key[1]}", 1, is_binary=True)
        self._steps.setdefault(key[0], []).append(key)

    def promises(self) -> _Promises:
        """Return what the choices spend and give, gathered in one walk once all of them are there."""
        if self._promises is None:
            self._promises = _Promises(self.levels())
        return self._promises

    def add_row(self, name: str, terms: Iterable[Term], sense: str, right_side: Fraction | int) -> None:
        """Add one row; sense is "<=", ">=" or "="."""
        relation = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}[sense]
        self.model.addConstraint(
            pulp.LpConstraint(linear_expression(terms), relation, name, float(right_side))
        )

    def mean(self, name: str, row_id: str, factor: Fraction | int = 1) -> None:
        """Say which certificate row a model row stands for."""
        self.meanings[name] = (*self.meanings.get(name, ()), RowMeaning(row_id, Fraction(factor)))

    def add_variable(
        self, name: str, largest: Fraction | int | None = None, *, is_binary: bool = False
    ) -> pulp.LpVariable:
        """Add a variable between 0 and its largest value."""
        upper = None if largest is None else float(largest)
        return self.model.add_variable(name, 0, upper, pulp.LpInteger if is_binary else pulp.LpContinuous)

    def levels(self) -> Iterable[tuple[tuple[int, int], Candidate, FundingLevel]]:
        """Yield (key, candidate, level) for every level that may be chosen."""
        for key in self.fund:
            candidate = self.problem.candidates[key[0]]
            yield key, candidate, candidate.levels[key[1]]

    def funding_terms(self, candidate_id: str, from_level: int = 0) -> list[Term]:
        """Return the terms that add up to 1 when a candidate is funded at a level or above."""
        steps = self._steps.get(self.positions[candidate_id], ())
        return [(self.fund[key], 1) for key in steps if key[1] >= from_level]

    def scoped_costs(self, scope: LimitScope) -> dict[Key, int]:
        """Return the đồng each level spends inside a scope, zero amounts left out."""
        source_ids = scope_source_ids(self.problem.sources, scope)
        costs: dict[Key, int] = {}
        for candidate in self.scopes().within(scope):
            for key in self._steps.get(self.positions[candidate.id], ()):
                amount_vnd = cost_within_vnd(source_ids, scope.years, candidate.levels[key[1]])
                if amount_vnd:
                    costs[key] = amount_vnd
        return dict(sorted(costs.items()))

    def scopes(self) -> ScopeIndex:
        """Return the candidates by agency, area and place."""
        if self._scopes is None:
            self._scopes = ScopeIndex(self.problem.candidates)
        return self._scopes

    def outputs_with_earlier(self) -> list[tuple[int, Output, Output | None]]:
        """Return (position, output, the output it follows)."""
        by_id = {output.id: output for output in self.problem.outputs}
        return [
            (position, output, by_id[output.follows_id] if output.follows_id else None)
            for position, output in enumerate(self.problem.outputs)
        ]


class _Promises:
    """What the choices spend and give, by the row that will ask for it.

    Without it every family would walk over every level again for each of its rows.
    """

    def __init__(self, levels: Iterable[tuple[Key, Candidate, FundingLevel]]) -> None:
        self.costs: dict[MoneyPlace, dict[Key, int]] = {}
        self.yields: dict[str, list[Key]] = {}
        self.covers: dict[str, list[Key]] = {}
        self.delivers: dict[tuple[str, str], list[Key]] = {}
        for key, _, level in levels:
            for place, amount_vnd in cost_items(level):
                self.costs.setdefault(place, {})[key] = amount_vnd
            for output_id in level.yields:
                self.yields.setdefault(output_id, []).append(key)
            for output_id in level.covers:
                self.covers.setdefault(output_id, []).append(key)
            for output_id, parts in level.delivers.items():
                for part in parts:
                    self.delivers.setdefault((output_id, part), []).append(key)


def linear_expression(terms: Iterable[Term]) -> pulp.LpAffineExpression:
    """Return the PuLP expression of some terms; terms on one variable are added up exactly first."""
    pairs = list(terms)
    # By identity: PuLP's variables are hashed by a function in Python, which half a million entries notice.
    if len({id(variable) for variable, _ in pairs}) < len(pairs):
        pairs = _added_up(pairs)
    return pulp.LpAffineExpression(
        [(variable, amount.numerator / amount.denominator) for variable, amount in pairs if amount]
    )


def _added_up(terms: Iterable[Term]) -> list[Term]:
    """Return one term per variable, amounts added exactly."""
    total: dict[pulp.LpVariable, int | Fraction] = {}
    for variable, amount in terms:
        known = total.get(variable)
        total[variable] = amount if known is None else known + amount
    return list(total.items())


def in_order(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with every list sorted by id, so that its order decides nothing."""
    return replace(
        problem,
        years=tuple(sorted(problem.years)),
        sources=tuple(sorted(problem.sources, key=lambda item: item.id)),
        outputs=tuple(sorted(problem.outputs, key=lambda item: item.id)),
        candidates=tuple(sorted(problem.candidates, key=lambda item: item.id)),
        limits=tuple(sorted(problem.limits, key=lambda item: item.id)),
        links=tuple(sorted(problem.links, key=repr)),
    )


def open_draft(problem: AllocationProblem) -> Draft:
    """Return an empty draft for a problem, its lists sorted and its money quantum chosen."""
    ordered = in_order(problem)
    positions = {candidate.id: position for position, candidate in enumerate(ordered.candidates)}
    model = pulp.LpProblem("allocation", pulp.LpMaximize)
    return Draft(ordered, model, money_quantum_vnd(ordered), positions=positions)


def money_quantum_vnd(problem: AllocationProblem) -> int:
    """Return the đồng that one unit of money in the rows stands for."""
    amounts = _amounts_vnd(problem)
    return max(gcd(*amounts) or 1, -(-max(amounts, default=1) // LARGEST_COEFFICIENT))


def common_divisor_vnd(problem: AllocationProblem) -> int:
    """Return the đồng of which every amount of a problem is a whole multiple."""
    return gcd(*_amounts_vnd(problem)) or 1


def _amounts_vnd(problem: AllocationProblem) -> list[int]:
    amounts = [
        amount for item in problem.sources if not item.is_uncapped for amount in item.ceiling_vnd.values()
    ]
    for limit in problem.limits:
        amounts += [amount for amount in (limit.at_least_vnd, limit.at_most_vnd) if amount is not None]
    for candidate in problem.candidates:
        for level in candidate.levels:
            amounts += [amount for by_year in level.cost_vnd.values() for amount in by_year.values()]
    return amounts


def add_money_row(draft: Draft, row: ExactRow, slack: pulp.LpVariable | None, row_id: str) -> None:
    """Add a row of money in quanta, rounded so that no plan that keeps the đồng is lost.

    Args:
        row: the exact row in đồng; a hard row is also kept for the gate.
        slack: shortfall (floor) or excess (ceiling) in quanta when the row is not hard.
        row_id: the row of the certificate.
    Units:
        both sides in quanta of quantum_vnd đồng.
    """
    q = draft.quantum_vnd
    if row.is_floor:
        terms: list[Term] = [(draft.fund[key], -(-int(amount) // q)) for key, amount in row.amounts.items()]
        terms += [(slack, 1)] if slack is not None else []
        draft.add_row(row.name, terms, ">=", int(row.edge) // q)
    else:
        terms = [(draft.fund[key], int(amount) // q) for key, amount in row.amounts.items()]
        terms += [(slack, -1)] if slack is not None else []
        draft.add_row(row.name, terms, "<=", -(-int(row.edge) // q))
    draft.mean(row.name, row_id, Fraction(1, q))
    if slack is None:
        draft.exact_rows.append(row)
