"""How near each candidate is to being decided otherwise, by the prices of the relaxation.

    worth[p,k]  = reduced cost of x[p,k] + dual of p's row "one level"       (not funded is worth 0)
    margin[p]   = best worth - second best worth                             [points]

Sets: p candidates, k their levels. Reason: a candidate whose margin is larger than what the best plan may
still gain is decided; those near 0 are where plans differ. A hint for where to search, never a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.interface import EngineAnswer, Numbers, Positions
from optimizer.solving.search import Search


@dataclass(frozen=True, slots=True)
class Margins:
    """Candidates that have a choice, with their columns and margins.

    Attributes:
        places: position of each candidate that has levels to choose.
        margins: points, same order; 0 where the relaxation splits a candidate.
        columns: columns of the choice variables.
        owners: for each of these columns, the index into places.
        worth: of each of these columns, in points.
        best: worth of each candidate's best choice, 0 where that is not to be funded.
    """

    places: NDArray[np.int64]
    margins: Numbers
    columns: Positions
    owners: NDArray[np.int64]
    worth: Numbers
    best: Numbers

    def regrets(self, values: Numbers) -> Numbers:
        """Return by how many points each candidate's choice in a point of the model is below its best."""
        chosen = np.zeros(len(self.places))
        np.add.at(chosen, self.owners, self.worth * np.round(values[self.columns]))
        return np.maximum(self.best - chosen, 0.0)


def margins_of(search: Search, relaxed: EngineAnswer) -> Margins:
    """Return the margins of all candidates from a relaxation with its prices.

    Raises:
        ValueError: the relaxation carries no prices.
    """
    if relaxed.row_duals is None or relaxed.reduced_costs is None or relaxed.values is None:
        raise ValueError("the relaxation carries no prices")
    keys = sorted(search.draft.fund)
    columns = np.array([search.column(key) for key in keys], np.int32)
    places, owners = np.unique(np.array([key[0] for key in keys]), return_inverse=True)
    rows = [search.choice_row(int(place)) for place in places]
    duals = np.array([0.0 if row is None else relaxed.row_duals[row] for row in rows])
    worth = relaxed.reduced_costs[columns] + duals[owners]
    best, second = np.zeros(len(places)), np.full(len(places), -np.inf)
    for owner, value in zip(owners.tolist(), worth.tolist(), strict=True):
        if value > best[owner]:
            best[owner], second[owner] = value, best[owner]
        elif value > second[owner]:
            second[owner] = value
    values = relaxed.values[columns]
    is_split = np.zeros(len(places), bool)
    is_split[owners[(values > 1e-6) & (values < 1 - 1e-6)]] = True
    return Margins(places, np.where(is_split, 0.0, best - second), columns, owners, worth, best)
