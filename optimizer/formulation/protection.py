"""Family "protection": ceilings that still hold when some of the candidates overrun their costs.

    sum_{p,k} c[p,k,L] x[p,k] + Gamma z[L] + sum_p u[p,L] <= B[L]     for every ceiling L
    z[L] + u[p,L] >= sum_k r[p,k,L] x[p,k]                            for every candidate p that spends there

Sets: L the ceilings of groups of sources by year, and the ceilings of hard limits; p candidates; k their
levels. r is the largest overrun, a share of c; z, u >= 0. Gamma counts the candidates that overrun to the
full at the same time: then the ceiling holds whichever they are. One u per candidate, because its levels
exclude each other. Units: quanta of quantum_vnd đồng, Gamma in candidates. Reason: a plan that spends its
ceiling to the last đồng breaks it with the first dearer contract. Source: Bertsimas, Sim, "The price of
robustness", Operations Research 52 (2004).

The rows ask for more than the law does: they are no part of the audit, and what they are worth is measured
by counting draws.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from optimizer.formulation.draft import Draft, ExactRow, Key, Term

Amounts = Mapping[Key, int | Fraction]


def add_protection(draft: Draft, gamma: int, share: Fraction, years: Collection[int] = ()) -> None:
    """Add the protected ceilings beside the plain ones, which must be there.

    Args:
        draft: the model with its ceilings and limits.
        gamma: candidates that may overrun at once, at least 0.
        share: largest overrun as a share of the cost.
        years: fiscal years whose costs may overrun; empty = all.
    """
    q = draft.quantum_vnd
    for row, growing in list(_ceilings(draft, frozenset(years))):
        overruns = {key: Fraction(amount) * share / q for key, amount in growing.items()}
        spent: list[Term] = [(draft.fund[key], Fraction(amount, q)) for key, amount in row.amounts.items()]
        reserve = _reserve(draft, row.name, overruns, gamma)
        draft.add_row(f"protected_{row.name}", [*spent, *reserve], "<=", Fraction(row.edge, q))


def _ceilings(draft: Draft, years: frozenset[int]) -> Iterator[tuple[ExactRow, Amounts]]:
    """Yield every ceiling with the amounts under it that may grow."""
    for row in draft.exact_rows:
        kind, _, rest = row.name.partition("_")
        if kind == "ceiling":
            year = int(rest.rpartition("_")[2])
            if not years or year in years:
                yield row, row.amounts
        elif kind == "cap":
            scope = draft.problem.limits[int(rest)].scope
            grown = years & set(scope.years) if years and scope.years else years or set(scope.years)
            if grown or not (years or scope.years):
                yield row, draft.scoped_costs(replace(scope, years=tuple(sorted(grown))))


def _reserve(draft: Draft, name: str, overruns: Mapping[Key, Fraction], gamma: int) -> list[Term]:
    """Add z and every u of one ceiling and return what they take from it."""
    common = draft.add_variable(f"reserve_{name}")
    reserve: list[Term] = [(common, gamma)]
    by_place: dict[int, list[Key]] = {}
    for key in overruns:
        by_place.setdefault(key[0], []).append(key)
    for place, keys in sorted(by_place.items()):
        own = draft.add_variable(f"overrun_{name}_{place}")
        reserve.append((own, 1))
        covered: list[Term] = [(draft.fund[key], -overruns[key]) for key in keys]
        draft.add_row(f"overrun_{name}_{place}", [(common, 1), (own, 1), *covered], ">=", 0)
    return reserve
