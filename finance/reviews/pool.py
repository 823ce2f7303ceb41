"""What the allocation by results may choose among: schemes and projects asking the pool's money. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from finance.actors import Function
from finance.estimates.levels import LevelCode
from finance.estimates.totals import Part, parts_of_row, sum_of
from finance.programme.classification import Nature, OutputKind, ProjectKind
from finance.reviews.figures import AppraisedProject, OpinionRow, appraised_parts
from finance.reviews.rules import SCORED_KINDS


@dataclass(frozen=True, slots=True)
class PoolMoney:
    """A part of a level's appraised cost, from one source of the pool, nature and year."""

    source_id: int
    source_code: str
    nature: Nature
    year: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class PoolPromise:
    """A promised result as accepted; `unit_ids` are the accepted units of a coverage."""

    promise_id: int
    output_id: int
    output_code: str
    output_kind: OutputKind
    year: int
    component: str
    quantity_thousandths: int
    unit_ids: tuple[int, ...]
    unit_codes: tuple[str, ...]

    @property
    def is_scored(self) -> bool:
        """True when the promise may earn points."""
        return self.output_kind in SCORED_KINDS


@dataclass(frozen=True, slots=True)
class PoolLevel:
    """One level of a pool project: only money of sources that enter the pool."""

    id: int
    ordinal: int
    code: LevelCode
    asked_vnd: int
    appraised_vnd: int
    money: tuple[PoolMoney, ...]
    promises: tuple[PoolPromise, ...]


@dataclass(frozen=True, slots=True)
class PoolProject:
    """A scheme or project the allocation by results may choose, with its levels from least to most."""

    project_id: int
    project_key: str
    estimate_id: int
    version_id: int
    agency_id: int
    agency_code: str
    agency_short: str
    name_vi: str
    kind: ProjectKind
    task_id: int
    task_code: str
    area_code: str
    place: str
    priority: int
    target_codes: tuple[str, ...]
    requested_level_id: int
    pool_opinion: OpinionRow | None
    levels: tuple[PoolLevel, ...]

    @property
    def is_measured(self) -> bool:
        """False when no accepted promise of any level can score: then it is "chưa đo được"."""
        return any(promise.is_scored for level in self.levels for promise in level.promises)


@dataclass(frozen=True, slots=True)
class PoolFile:
    """Which office's estimate and version a pool project comes from."""

    estimate_id: int
    version_id: int
    agency_id: int
    agency_code: str
    agency_short: str


def pool_project(one: AppraisedProject, file: PoolFile, pool_sources: Mapping[str, int]) -> PoolProject:
    """The project as the allocation by results sees it.

    Args:
        pool_sources: code -> id of the sources that enter the pool; other money is left out.
    """
    project = one.project
    return PoolProject(
        project_id=project.id,
        project_key=project.project_key,
        estimate_id=file.estimate_id,
        version_id=file.version_id,
        agency_id=file.agency_id,
        agency_code=file.agency_code,
        agency_short=file.agency_short,
        name_vi=project.name_vi,
        kind=project.kind,
        task_id=project.task_id,
        task_code=project.task_code,
        area_code=project.area_code,
        place=project.place,
        priority=project.priority,
        target_codes=project.target_codes,
        requested_level_id=one.requested_level.id,
        pool_opinion=one.opinion_of(Function.ALLOCATION_CONSOLIDATION),
        levels=tuple(_pool_level(one, level.ordinal, pool_sources) for level in one.levels),
    )


def _pool_level(one: AppraisedProject, ordinal: int, pool_sources: Mapping[str, int]) -> PoolLevel:
    level = one.levels[ordinal - 1]
    asked = [part for part in parts_of_row(one.project, ordinal) if part.source_code in pool_sources]
    kept = [part for part in appraised_parts(one, ordinal) if part.source_code in pool_sources]
    return PoolLevel(
        id=level.id,
        ordinal=ordinal,
        code=level.code,
        asked_vnd=sum_of(asked),
        appraised_vnd=sum_of(kept),
        money=tuple(_pool_money(kept, pool_sources)),
        promises=tuple(_pool_promises(one, level.id)),
    )


def _pool_money(parts: Sequence[Part], pool_sources: Mapping[str, int]) -> Iterator[PoolMoney]:
    def key(part: Part) -> tuple[str, str, int]:
        return part.source_code, part.nature.value, part.year

    for (source_code, nature, year), group in groupby(sorted(parts, key=key), key=key):
        amount = sum_of(group)
        if amount:
            yield PoolMoney(pool_sources[source_code], source_code, Nature.of(nature), year, amount)


def _pool_promises(one: AppraisedProject, level_id: int) -> Iterator[PoolPromise]:
    for judged in one.promises:
        promise = judged.promise
        if promise.level_id != level_id or not judged.is_accepted:
            continue
        codes = dict(zip(promise.unit_ids, promise.unit_codes, strict=True))
        yield PoolPromise(
            promise_id=promise.id,
            output_id=promise.output_id,
            output_code=promise.output_code,
            output_kind=promise.output_kind,
            year=promise.year,
            component=promise.component,
            quantity_thousandths=judged.quantity_thousandths,
            unit_ids=judged.accepted_unit_ids,
            unit_codes=tuple(codes[unit] for unit in judged.accepted_unit_ids),
        )
