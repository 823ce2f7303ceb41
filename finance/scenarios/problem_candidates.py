"""Appraised projects as candidates of the question: levels with cost by source and year, and results.

Only what the appraisal accepted speaks here. A project none of whose levels promises an accepted, scored
result in time cannot be measured: it is handed back to be decided by hand, never refused silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from finance.estimates.levels import LevelCode
from finance.findings import Finding, Location, Severity
from finance.programme.classification import Nature
from finance.programme.classification import OutputKind as ResultKind
from finance.programme.queries import SourceRow
from finance.reviews.pool import PoolLevel, PoolProject, PoolPromise
from finance.rounds.queries import OutputRow
from finance.scenarios.problem_facts import LockFact
from finance.scenarios.problem_outputs import component_codes
from finance.scenarios.rules import LockKind
from optimizer.problem import Candidate, CandidateState, FundingLevel

LEVEL_IDS = {
    LevelCode.MINIMUM: "toi-thieu",
    LevelCode.REDUCED: "rut-gon",
    LevelCode.FULL: "day-du",
    LevelCode.EXTENDED: "mo-rong",
}

NATURE_MARKS = {Nature.RECURRENT: "tx", Nature.CAPITAL: "dt"}

_STATES = {
    LockKind.COMMITTED: CandidateState.COMMITTED,
    LockKind.PINNED: CandidateState.PINNED,
    LockKind.BARRED: CandidateState.BARRED,
}


@dataclass(frozen=True, slots=True)
class CandidateGround:
    """What every candidate is built on.

    Attributes:
        outputs: catalogue rows by id.
        unit_codes: codes of the units in scope, by output id.
    """

    outputs: Mapping[int, OutputRow]
    unit_codes: Mapping[int, frozenset[str]]


def source_pair_id(source_code: str, nature: Nature) -> str:
    """Return the readable id of one source and nature of money."""
    return f"{source_code}-{NATURE_MARKS[nature]}"


def source_words(source: SourceRow, nature: Nature) -> str:
    """Return the source's name; where one source serves both natures of money, the nature is named too."""
    return f"{source.name_vi}, {nature.label_vi}" if source.nature is Nature.BOTH else source.name_vi


def candidate_ids(projects: Sequence[PoolProject]) -> dict[int, str]:
    """Return a readable id for every project: office and the project's own key.

    One office may use a key in two estimates; the second and later then carry the estimate's number.
    """
    ids: dict[int, str] = {}
    for project in sorted(projects, key=lambda item: (item.agency_code, item.project_key, item.project_id)):
        plain = f"{project.agency_code}.{project.project_key}"
        ids[project.project_id] = f"{plain}.{project.estimate_id}" if plain in ids.values() else plain
    return ids


def brings_something(level: FundingLevel) -> bool:
    """True when the level brings any result at all; one that brings none cannot be weighed."""
    return bool(level.yields or level.covers or level.delivers)


def is_measured(candidate: Candidate, scored_codes: frozenset[str]) -> bool:
    """True when some level brings a result that earns points, in time.

    Args:
        candidate: as built here, from accepted promises only.
        scored_codes: codes of the results that earn points in this scenario.
    """
    brought = {
        code
        for level in candidate.levels
        for part in (level.yields, level.covers, level.delivers)
        for code in part
    }
    return bool(brought & scored_codes)


def is_in_time(promise: PoolPromise, ground: CandidateGround) -> bool:
    """True when the result comes no later than the year the target names."""
    return promise.year <= ground.outputs[promise.output_id].year


def build_candidate(
    project: PoolProject, candidate_id: str, lock: LockFact | None, ground: CandidateGround
) -> Candidate:
    """Turn an appraised project into a candidate.

    Args:
        project: with at least one level that costs something.
        candidate_id: from `candidate_ids`.
        lock: what was decided about it beforehand, or None.
        ground: sources and results of the round.
    """
    level_ids = {level.id: LEVEL_IDS[level.code] for level in project.levels}
    locked_level = level_ids.get(lock.level_id) if lock and lock.level_id is not None else None
    return Candidate(
        id=candidate_id,
        name=project.name_vi,
        agency=project.agency_code,
        area=project.area_code,
        place=project.place,
        rank=project.priority,
        state=_STATES[lock.kind] if lock else CandidateState.OPEN,
        min_level_id=locked_level if lock and lock.kind is LockKind.COMMITTED else None,
        pinned_level_id=locked_level if lock and lock.kind is LockKind.PINNED else None,
        levels=tuple(
            built
            for level in project.levels
            if level.appraised_vnd > 0 and brings_something(built := _level(level, ground))
        ),
    )


def candidate_findings(project: PoolProject, ground: CandidateGround) -> list[Finding]:
    """Say what of a project's promises cannot count, and why."""
    place = Location(words=f"{project.agency_short}: {project.name_vi}")
    found = []
    late = {
        ground.outputs[promise.output_id].code
        for level in project.levels
        for promise in level.promises
        if not is_in_time(promise, ground)
    }
    for code in sorted(late):
        words = f"Kết quả cam kết “{code}” đến sau năm đích nên không được tính điểm."
        found.append(Finding("promise-too-late", Severity.HINTS, words, place))
    for level in project.levels:
        name = level.code.label_vi
        if level.appraised_vnd == 0:
            words = f"Mức “{name}” không còn kinh phí phân bổ sau thẩm định nên không đưa vào lựa chọn."
            found.append(Finding("level-without-cost", Severity.HINTS, words, place))
        elif not brings_something(_level(level, ground)):
            words = f"Mức “{name}” không có kết quả nào được chấp nhận nên không đưa vào lựa chọn."
            found.append(Finding("level-without-result", Severity.HINTS, words, place))
    return found


def _level(level: PoolLevel, ground: CandidateGround) -> FundingLevel:
    cost: dict[str, dict[int, int]] = {}
    for part in level.money:
        if part.amount_vnd:
            years = cost.setdefault(source_pair_id(part.source_code, part.nature), {})
            years[part.year] = years.get(part.year, 0) + part.amount_vnd
    in_time = [promise for promise in level.promises if is_in_time(promise, ground)]
    return FundingLevel(
        id=LEVEL_IDS[level.code],
        cost_vnd=cost,
        yields=_yields(in_time, ground),
        covers=_covers(in_time, ground),
        delivers=_delivers(in_time, ground),
    )


def _yields(promises: Sequence[PoolPromise], ground: CandidateGround) -> dict[str, dict[int, Fraction]]:
    found: dict[str, dict[int, Fraction]] = {}
    for promise in promises:
        row = ground.outputs[promise.output_id]
        if row.kind is ResultKind.QUANTITY and promise.quantity_thousandths > 0:
            years = found.setdefault(row.code, {})
            quantity = Fraction(promise.quantity_thousandths, 1000)
            years[promise.year] = years.get(promise.year, Fraction(0)) + quantity
    return found


def _covers(
    promises: Sequence[PoolPromise], ground: CandidateGround
) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for promise in promises:
        row = ground.outputs[promise.output_id]
        if row.kind is ResultKind.COVERAGE:
            units = ground.unit_codes[row.id] & set(promise.unit_codes)
            for part in _parts_of(promise, row):
                found.setdefault(row.code, {}).setdefault(part, set()).update(units)
    return {
        code: {part: tuple(sorted(units)) for part, units in parts.items() if units}
        for code, parts in found.items()
        if any(parts.values())
    }


def _delivers(promises: Sequence[PoolPromise], ground: CandidateGround) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for promise in promises:
        row = ground.outputs[promise.output_id]
        if row.kind in (ResultKind.MILESTONE, ResultKind.DELIVERABLE):
            found.setdefault(row.code, set()).update(_parts_of(promise, row))
    return {code: tuple(sorted(parts)) for code, parts in found.items()}


def _parts_of(promise: PoolPromise, row: OutputRow) -> tuple[str, ...]:
    """The components a promise brings: the one it names, or all of them when it names none."""
    known = component_codes(row)
    if promise.component:
        return (promise.component,) if promise.component in known else ()
    return known
