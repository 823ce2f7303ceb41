"""A model in an engine and the same model in arrays, kept alike through every edit.

The arrays are what smaller models are cut from; the session is what keeps its basis. A mark remembers both,
so that everything edited since can be put back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimizer.engines.interface import Engine, EngineSession, LinearModel, Numbers
from optimizer.formulation.choices import choice_row_name
from optimizer.formulation.draft import Draft, RowMeaning
from optimizer.solving.compile import compile_model

LEAST_PRICE = 1e-12


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A cut or a held value: lower <= sum of terms (by column) <= upper."""

    terms: Mapping[int, float]
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Mark:
    """How a loaded model stood at a moment."""

    column_lower: Numbers
    column_upper: Numbers
    row_lower: Numbers
    row_upper: Numbers
    added: int


class LoadedModel:
    """The model of a draft, loaded into an engine."""

    def __init__(self, draft: Draft, engine: Engine) -> None:
        self.draft = draft
        self.engine = engine
        self.model: LinearModel = compile_model(draft.model)
        self.session: EngineSession = engine.load(self.model)
        self._added: list[AddedRow] = []
        self._columns = {name: place for place, name in enumerate(self.model.column_names)}
        self._rows = {name: place for place, name in enumerate(self.model.row_names)}
        self._meanings: dict[int, tuple[RowMeaning, ...]] = {
            self._rows[name]: meanings for name, meanings in draft.meanings.items()
        }
        self._is_floor = np.isinf(self.model.row_upper).tolist()

    def column(self, key: tuple[int, int]) -> int:
        """Return the column of a choice variable."""
        return self._columns[self.draft.fund[key].name]

    def column_named(self, name: str) -> int:
        """Return the column of a variable."""
        return self._columns[name]

    def row_named(self, name: str) -> int | None:
        """Return the row with a name; None when the model has no such row."""
        return self._rows.get(name)

    def choice_row(self, place: int) -> int | None:
        """Return the row that allows one level of a candidate; None when it has no level to choose."""
        return self._rows.get(choice_row_name(place))

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the right sides of a row of the draft."""
        if (self.model.row_lower[row], self.model.row_upper[row]) == (lower, upper):
            return
        self.model.row_lower[row], self.model.row_upper[row] = lower, upper
        self.session.set_row_bounds(row, lower, upper)

    def set_column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        if (self.model.lower[column], self.model.upper[column]) == (lower, upper):
            return
        self.model.lower[column], self.model.upper[column] = lower, upper
        self.session.set_column_bounds(column, lower, upper)

    def add_row(self, terms: Mapping[int, float], lower: float, upper: float) -> int:
        """Add a cut or a held value and return its row."""
        self._added.append(AddedRow(terms, lower, upper))
        self._is_floor.append(math.isinf(upper))
        return self.session.add_row(terms, lower, upper)

    def mark(self) -> Mark:
        """Remember how the model stands."""
        model = self.model
        return Mark(
            model.lower.copy(),
            model.upper.copy(),
            model.row_lower.copy(),
            model.row_upper.copy(),
            len(self._added),
        )

    def put_back(self, mark: Mark) -> None:
        """Undo every edit since a mark; rows added since are taken out."""
        model = self.model
        for column in np.flatnonzero(
            (model.lower != mark.column_lower) | (model.upper != mark.column_upper)
        ).tolist():
            self.set_column_bounds(column, float(mark.column_lower[column]), float(mark.column_upper[column]))
        for row in np.flatnonzero(
            (model.row_lower != mark.row_lower) | (model.row_upper != mark.row_upper)
        ).tolist():
            self.set_row_bounds(row, float(mark.row_lower[row]), float(mark.row_upper[row]))
        if len(self._added) > mark.added:
            kept = len(model.row_names) + mark.added
            self.session.drop_rows(kept)
            del self._added[mark.added :]
            del self._is_floor[kept:]
            self._meanings = {row: meaning for row, meaning in self._meanings.items() if row < kept}

    def model_with(self, costs: Sequence[float] | Numbers) -> LinearModel:
        """Return the model as it stands with an objective, every cut and hold added since included."""
        model = replace(self.model, costs=np.array(costs, float))
        if not self._added:
            return model
        lengths = [len(row.terms) for row in self._added]
        columns = [column for row in self._added for column in row.terms]
        return replace(
            model,
            row_names=[*model.row_names, *(f"added_{number}" for number in range(len(self._added)))],
            row_lower=np.append(model.row_lower, [row.lower for row in self._added]),
            row_upper=np.append(model.row_upper, [row.upper for row in self._added]),
            starts=np.append(model.starts, model.starts[-1] + np.cumsum(lengths)).astype(np.int32),
            indices=np.append(model.indices, columns).astype(np.int32),
            values=np.append(model.values, [value for row in self._added for value in row.terms.values()]),
        )

    def means(self, row: int, row_id: str, factor: Fraction) -> None:
        """Say which row of the certificate an added row stands for."""
        self._meanings[row] = (RowMeaning(row_id, factor),)

    def multipliers(self, duals: Sequence[float] | Numbers) -> dict[str, Fraction]:
        """Return the prices of the certificate's rows from the duals of a relaxation, as short rationals."""
        prices: dict[str, Fraction] = {}
        for row, meanings in self._meanings.items():
            dual = -duals[row] if self._is_floor[row] else duals[row]
            if dual > LEAST_PRICE:
                price = _short_rational(dual)
                for meaning in meanings:
                    worth = price * meaning.factor
                    known = prices.get(meaning.row_id)
                    prices[meaning.row_id] = worth if known is None else known + worth
        return prices


def _short_rational(number: float) -> Fraction:
    """Return a positive number rounded to ten digits; the same as Fraction(f"{number:.9e}"), sooner."""
    digits, _, power = f"{number:.9e}".partition("e")
    whole, places = int(digits.replace(".", "")), int(power) - 9
    return Fraction(whole * 10**places) if places >= 0 else Fraction(whole, 10**-places)
