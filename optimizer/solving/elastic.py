"""The rules of a problem as a model in which every one of them can bend, at a price.

    min  sum of price x bend + charge x used       bend <= most x used, used in {0,1}
    sum c[p,k,S,t] x[p,k] - sum of raise[s,t]  <= B[S,t]      s: the sources that pay for the group S
    sum c[p,k,L] x[p,k] - raise[L] <= at_most[L],   sum c[p,k,L] x[p,k] + lowered[L] >= floor[L]
    yields or units + lowered[j] >= at_least[j]
    requires, at most one, exactly one, at least n: one whole bend per side
    sum_k x[p,k] + released[p] >= 1      committed and pinned
    sum_{k not agreed} steps[k] x[p,k] - moved[p] - most steps x released[p] <= 0
    sum_k x[p,k] - back[p] <= 0          barred; no repair ever uses it

A question says which rules are rigid, which may bend at their price, and which are left out. Every question
goes to a session of its own, loaded afresh: after edits in place HiGHS was seen to call feasible models
infeasible, and "nothing fits" is never told on such an answer. The engine's choice counts only as the exact
needs of that choice (optimizer.solving.needs) say.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimizer.engines.interface import Engine, EngineStatus, LinearModel, Numbers
from optimizer.formulation.assemble import formulate
from optimizer.formulation.draft import Draft
from optimizer.problem import AllocationProblem
from optimizer.repair import RuleChange
from optimizer.repair_price import price_of_change, unit_prices
from optimizer.rule_book import RuleClass, released_candidate, rules_of
from optimizer.solving.bends import Bend, bends_of
from optimizer.solving.compile import compile_model
from optimizer.solving.elastic_arrays import with_bends, with_row
from optimizer.solving.elastic_question import ElasticAnswer, Question, SearchClock
from optimizer.solving.gate import Cut, exact_cuts, no_good_cut
from optimizer.solving.needs import ExactNeeds, Needs, fixed_floors

SMALLEST_COST = 1e-3
"""Costs are scaled so that none is smaller: the engine's tolerance would take it for nothing."""


class ElasticModel:
    """The bendable model of one problem."""

    def __init__(self, problem: AllocationProblem, engine: Engine, clock: SearchClock) -> None:
        self.problem = fixed_floors(problem)
        self.rules = rules_of(self.problem)
        self.prices = unit_prices(self.problem)
        self.clock = clock
        self._engine = engine
        self.draft = formulate(_loosened(self.problem))
        self._base = compile_model(self.draft.model)
        self._columns = {name: place for place, name in enumerate(self._base.column_names)}
        self.needs = ExactNeeds(self.problem, self.draft, self.prices)
        self._bends, self._new_rows = bends_of(self.problem, self.draft, self._base)
        self._model = with_bends(self._base, self._bends, self._new_rows)
        self._known: list[tuple[Mapping[int, int], Needs]] = []

    @property
    def quantum_vnd(self) -> int:
        """Đồng per unit of money in the rows."""
        return self.draft.quantum_vnd

    @property
    def is_exact(self) -> bool:
        """True when every amount of money is a whole number of quanta, so the rows lose nothing."""
        money = [row for row in self.draft.exact_rows if not row.name.startswith("minimum_")]
        edges = [row.edge % self.quantum_vnd for row in money]
        return not any(edges) and not any(
            amount % self.quantum_vnd for row in money for amount in row.amounts.values()
        )

    def is_movable(self, rule_id: str) -> bool:
        """Tell whether a repair may move a rule."""
        rule = self.rules.get(rule_id)
        return rule is not None and rule.rule_class is not RuleClass.UNTOUCHABLE

    def level_ids(self, chosen: Mapping[int, int]) -> dict[str, str]:
        """Return a choice as level ids by candidate id."""
        items = self.draft.problem.candidates
        return {items[place].id: items[place].levels[level].id for place, level in sorted(chosen.items())}

    def fits(self, left_out: Collection[str]) -> bool | None:
        """Tell whether some choice keeps every rule but those left out; None = not known in time."""
        gone = frozenset(left_out)
        if any(not self.needs.changes(needs, left_out=gone) for _, needs in self._known):
            return True
        answer = self.ask(Question(left_out=gone))
        return {EngineStatus.PROVEN: True, EngineStatus.STOPPED: True, EngineStatus.INFEASIBLE: False}.get(
            answer.status
        )

    def ask(self, question: Question) -> ElasticAnswer:
        """Put one question; the answer keeps every rigid rule to the đồng.

        The engine's choice is re-added exactly; what breaks a rigid rule is cut off and asked again, in a
        fresh session.
        """
        model = self._posed(question)
        rigid_rows = self._rigid_rows(question)
        while not self.clock.is_over():
            answer = self._engine.load(model).solve(self.clock.settings(question))
            if answer.values is None:
                is_proof = answer.status is EngineStatus.INFEASIBLE
                return ElasticAnswer(EngineStatus.INFEASIBLE if is_proof else EngineStatus.UNKNOWN)
            chosen = self._read(answer.values)
            needs = self.needs.of(chosen)
            self._known.append((chosen, needs))
            order = (self._used(answer.values) & question.weights.keys(), question.weights.keys())
            changes = self.needs.changes(needs, question.left_out, order)
            if self._is_lawful(question, changes):
                is_best = answer.status is EngineStatus.PROVEN
                return ElasticAnswer(
                    EngineStatus.PROVEN if is_best else EngineStatus.STOPPED, chosen, changes
                )
            cuts = exact_cuts(rigid_rows, chosen) or [no_good_cut(self.draft, chosen)]
            model = self._with_cuts(model, cuts)
        return ElasticAnswer(EngineStatus.UNKNOWN)

    def _is_lawful(self, question: Question, changes: Mapping[str, RuleChange | None]) -> bool:
        """Only what may bend is bent, and by no more than the question allows."""
        for rule_id, change in changes.items():
            if rule_id not in question.weights:
                return False
            amount = change.amount if change is not None else None
            if amount is not None and amount > question.most.get(rule_id, amount):
                return False
        return all(self.price_of(changes, held) <= most for held, most in question.holds)

    def price_of(self, changes: Mapping[str, RuleChange | None], rule_ids: Collection[str]) -> Fraction:
        """Return the exact price of the changes of some rules."""
        total = Fraction(0)
        for rule_id in rule_ids:
            change = changes.get(rule_id)
            if change is not None:
                total += price_of_change(self.prices, change)
        return total

    def _read(self, values: Numbers) -> dict[int, int]:
        fund = self.draft.fund
        return {key[0]: key[1] for key, item in fund.items() if values[self._columns[item.name]] > 0.5}

    def _used(self, values: Numbers) -> set[str]:
        """The rules that the engine bends."""
        first = len(self._base.column_names)
        return {bend.rule_id for place, bend in enumerate(self._bends, start=first) if values[place] > 1e-6}

    def _posed(self, question: Question) -> LinearModel:
        """The model with the bends of the question opened, priced and held."""
        first = len(self._base.column_names)
        upper, costs = self._model.upper.copy(), np.zeros(len(self._model.column_names))
        for place, bend in enumerate(self._bends, start=first):
            weight = question.weights.get(bend.rule_id, 0.0 if bend.rule_id in question.left_out else None)
            upper[place] = 0.0 if weight is None else bend.upper
            if weight is not None and bend.rule_id in question.most:
                upper[place] = min(
                    upper[place], _columns_for(question.most[bend.rule_id], bend, self.quantum_vnd)
                )
            costs[place] = -float(bend.price) * (weight or 0.0)  # the engine maximises
        for place, bend in self._used_columns():
            if question.is_charged:
                costs[place] = -float(bend.charge) * question.weights.get(bend.rule_id, 0.0)
        smallest = min((-cost for cost in costs if cost), default=1.0)
        costs *= max(1.0, SMALLEST_COST / smallest)
        model = replace(self._model, upper=upper, costs=costs)
        for rule_ids, most in question.holds:
            model = self._held(model, rule_ids, most)
        return model

    def _used_columns(self) -> list[tuple[int, Bend]]:
        """The columns that say whether a rule is moved at all, with their bends."""
        first = len(self._base.column_names) + len(self._bends)
        return list(enumerate((bend for bend in self._bends if bend.charge), start=first))

    def _held(self, model: LinearModel, rule_ids: frozenset[str], most: Fraction) -> LinearModel:
        """The price of some rules limited; the exact comparison of the answer decides, this is its image."""
        first = len(self._base.column_names)
        bends = [*enumerate(self._bends, start=first)]
        terms = {place: float(bend.price) for place, bend in bends if bend.rule_id in rule_ids}
        terms |= {
            place: float(bend.charge) for place, bend in self._used_columns() if bend.rule_id in rule_ids
        }
        scale = max(1.0, SMALLEST_COST / min(terms.values(), default=1.0))
        edge = float(most) * scale
        slack = 1e-7 * max(1.0, edge)
        return with_row(
            model, {place: price * scale for place, price in terms.items()}, -math.inf, edge + slack
        )

    def _rigid_rows(self, question: Question) -> Draft:
        """The draft with the exact rows that nothing in the question bends."""
        moved = question.left_out | question.weights.keys()
        rows = {row for bend in self._bends if bend.rule_id in moved for row, _ in bend.entries}
        names = {self._model.row_names[row] for row in rows}
        return replace(self.draft, exact_rows=[row for row in self.draft.exact_rows if row.name not in names])

    def _with_cuts(self, model: LinearModel, cuts: Sequence[Cut]) -> LinearModel:
        for cut in cuts:
            terms = {self._columns[self.draft.fund[key].name]: amount for key, amount in cut.terms.items()}
            lower = -math.inf if cut.lower is None else cut.lower
            model = with_row(model, terms, lower, math.inf if cut.upper is None else cut.upper)
        return model


def _columns_for(amount: Fraction, bend: Bend, quantum_vnd: int) -> float:
    """Return an amount in units of the bend's column; money is rounded up, so nothing lawful is lost."""
    return float(-(-amount // quantum_vnd)) if bend.is_money else float(amount)


def _loosened(problem: AllocationProblem) -> AllocationProblem:
    """The problem with hard rules only, its candidates all open and nothing to be scored."""
    return replace(
        problem,
        candidates=tuple(released_candidate(item) for item in problem.candidates),
        limits=tuple(limit for limit in problem.limits if limit.is_hard),
        outputs=tuple(
            replace(item, weight=Fraction(0), follows_id=None, curve=())
            for item in problem.outputs
            if item.at_least is not None
        ),
        reference_plan=None,
    )
