"""What may bend, what came of it, and the time left for asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from time import perf_counter

from optimizer.engines.interface import EngineSettings, EngineStatus
from optimizer.repair import RuleChange


@dataclass(frozen=True, slots=True)
class Question:
    """What may bend.

    Attributes:
        weights: factor on the price of every rule that may bend; rules that are neither here nor left out
            are rigid.
        left_out: rules that do not count.
        most: largest amount by which a rule may bend, where it is limited.
        holds: (rules, price): the rules may not bend by more than this price together.
        is_charged: True = moving a rule at all has its price too.
        gap_share: how far from the cheapest the answer may stay.
        most_nodes: nodes of the search after which the best answer so far is taken; None = no limit. The
            same on every machine, unlike the clock.
        time_share: share of the time left that this question may use.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    most: Mapping[str, Fraction] = field(default_factory=dict)
    holds: tuple[tuple[frozenset[str], Fraction], ...] = ()
    is_charged: bool = False
    gap_share: float = 0.0
    most_nodes: int | None = None
    time_share: float = 1.0


@dataclass(frozen=True, slots=True)
class ElasticAnswer:
    """How a question ended.

    Attributes:
        status: PROVEN (cheapest), STOPPED (some answer), INFEASIBLE, or UNKNOWN (out of time).
        chosen: level position by candidate position; None without an answer.
        changes: every rule the choice breaks and that is not left out, with the exact change that allows
            it; None = no change may.
    """

    status: EngineStatus
    chosen: Mapping[int, int] | None = None
    changes: Mapping[str, RuleChange | None] = field(default_factory=dict)


class SearchClock:
    """The time left for everything that is still to be asked."""

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._end = perf_counter() + settings.time_limit_seconds

    def is_over(self) -> bool:
        """Tell whether the time is used up."""
        return perf_counter() >= self._end

    def settings(self, question: Question | None = None) -> EngineSettings:
        """Return the settings of the next run; without a question all the time that is left."""
        question = question or Question()
        left = max(0.05, (self._end - perf_counter()) * question.time_share)
        return replace(
            self._settings,
            time_limit_seconds=left,
            relative_gap_share=question.gap_share,
            most_nodes=question.most_nodes,
            is_enough=None,
            is_second_look=True,
        )
