"""One run of the bench: which sizes and seeds, how often, and the problems that every goal shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from optimizer.bench.neutral_rows import NeutralModel, neutral_model
from optimizer.generators.province import generate_province
from optimizer.problem import AllocationProblem

PROVINCE, LARGE, LARGEST = 500, 5_000, 20_000
ALL_SIZES = (60, PROVINCE, LARGE, LARGEST)
QUICK_SIZES = (60, PROVINCE)
REPEATS, REPEATS_OF_SMALL = 3, 5
PEER_STEPS = 10
"""Steps of a sweep that a slow peer is given; what counts is the cost of one."""


@dataclass(slots=True)
class Occasion:
    """Sizes, seeds and patience of one run.

    Attributes:
        sizes: numbers of candidates, ascending.
        seeds: which provinces of each size; goals about one province take the first.
        is_quick: leave out what takes minutes; the record says what was left out.
        told: told in one line what is being measured.
    """

    sizes: tuple[int, ...] = ALL_SIZES
    seeds: tuple[int, ...] = (1,)
    is_quick: bool = False
    told: Callable[[str], None] = lambda words: None
    _problems: dict[tuple[int, int], AllocationProblem] = field(default_factory=dict)
    _models: dict[tuple[int, int], NeutralModel] = field(default_factory=dict)

    def sizes_from(self, least: int, most: int = LARGEST) -> tuple[int, ...]:
        """Return the sizes of this run in a range."""
        return tuple(size for size in self.sizes if least <= size <= most)

    def repeats(self, projects: int) -> int:
        """Return how often everything is measured at a size."""
        return REPEATS_OF_SMALL if projects <= PROVINCE else REPEATS

    def problem(self, projects: int, seed: int | None = None) -> AllocationProblem:
        """Return the province of a size and seed."""
        key = (projects, self.seeds[0] if seed is None else seed)
        if key not in self._problems:
            # Not for secrets: a stated seed makes the same province again.
            self._problems[key] = generate_province(Random(key[1]), projects)  # noqa: S311
        return self._problems[key]

    def model(self, projects: int, seed: int | None = None) -> NeutralModel:
        """Return the rows of that province."""
        key = (projects, self.seeds[0] if seed is None else seed)
        if key not in self._models:
            self._models[key] = neutral_model(self.problem(*key))
        return self._models[key]

    def forget(self) -> None:
        """Give the memory of the provinces back."""
        self._problems.clear()
        self._models.clear()
