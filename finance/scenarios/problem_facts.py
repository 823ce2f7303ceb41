"""What the builder works from beside the appraised pool: facts of round and scenario as frozen data.

Knows no database and no optimizer, so that the whole way from appraised figures to the question can be
tried with facts written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from finance.programme.classification import Nature, Operator
from finance.programme.queries import SourceRow
from finance.rounds.queries import EnvelopeRow, OutputRow, OutputUnitRow
from finance.scenarios.rules import LinkKind, LockKind


@dataclass(frozen=True, slots=True)
class LimitFact:
    """A floor or ceiling in đồng; an empty tuple means no restriction on that mark."""

    words_vi: str
    legal_reference: str = ""
    agency_codes: tuple[str, ...] = ()
    area_codes: tuple[str, ...] = ()
    source_codes: tuple[str, ...] = ()
    natures: tuple[Nature, ...] = ()
    years: tuple[int, ...] = ()
    at_least_vnd: int | None = None
    at_most_vnd: int | None = None
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class LockFact:
    """A person's word about one project."""

    project_id: int
    kind: LockKind
    level_id: int | None = None
    reason_vi: str = ""


@dataclass(frozen=True, slots=True)
class LinkFact:
    """A rule between projects, by their ids."""

    kind: LinkKind
    project_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """Money and measured results of the round.

    Attributes:
        units: the units of each coverage output's scope, by output id.
        operators: how a target's figure is meant, by target code.
        sources: every funding source, also those without an envelope.
    """

    years: tuple[int, ...]
    envelopes: tuple[EnvelopeRow, ...]
    outputs: tuple[OutputRow, ...]
    units: Mapping[int, tuple[OutputUnitRow, ...]] = field(default_factory=dict)
    operators: Mapping[str, Operator] = field(default_factory=dict)
    sources: tuple[SourceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """The settings of one scenario; weights in thousandths of a point by output id."""

    title: str
    weights: Mapping[int, int]
    limits: tuple[LimitFact, ...] = ()
    locks: tuple[LockFact, ...] = ()
    links: tuple[LinkFact, ...] = ()
