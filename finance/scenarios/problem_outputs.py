"""The measured results of a round as outputs of the question: counts, curves, components, chains."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from finance.findings import Finding, Location, Severity
from finance.money import format_quantity
from finance.programme.classification import Operator
from finance.programme.classification import OutputKind as ResultKind
from finance.rounds.queries import OutputRow, OutputUnitRow
from finance.scenarios.problem_facts import RoundFacts, ScenarioFacts
from optimizer.problem import Output, OutputKind

WHOLE = "tron-ven"
"""The component of a result that has no named parts."""

PERCENT = "%"

_KINDS = {
    ResultKind.QUANTITY: OutputKind.QUANTITY,
    ResultKind.COVERAGE: OutputKind.COVERAGE,
    ResultKind.MILESTONE: OutputKind.MILESTONE,
    ResultKind.DELIVERABLE: OutputKind.DELIVERABLE,
    ResultKind.OUTCOME: OutputKind.OUTCOME,
}
_ONE_TIME = (ResultKind.MILESTONE, ResultKind.DELIVERABLE)


def is_scored(row: OutputRow, weight_thousandths: int) -> bool:
    """True when promises of this result earn points: it has weight and is no social outcome."""
    return row.kind is not ResultKind.OUTCOME and weight_thousandths > 0


def build_outputs(facts: RoundFacts, settings: ScenarioFacts) -> tuple[tuple[Output, ...], list[Finding]]:
    """Turn the round's catalogue into outputs with the scenario's weights.

    Args:
        facts: catalogue, scope units and operators of the round.
        settings: the scenario; a result without a weight earns nothing and is only shown.

    Returns:
        One output per catalogue row, and what is wrong with the catalogue.
    """
    findings: list[Finding] = []
    codes = {row.code for row in facts.outputs}
    outputs = []
    for row in facts.outputs:
        units = facts.units.get(row.id, ())
        findings += _findings_of(row, units, codes)
        outputs.append(_output(row, units, facts, settings.weights.get(row.id, 0)))
    return tuple(outputs), findings


def coverage_target(row: OutputRow, units: Sequence[OutputUnitRow], operator: Operator | None) -> Fraction:
    """Return how many units must be complete.

    A share becomes a count: at least 30 % of the units in scope (the exempt left out) is rounded up,
    "more than 30 %" is the next whole unit above.

    Args:
        row: a coverage result; its unit is "%" or the name of what is counted.
        units: every unit in scope, the exempt included.
        operator: how the target's figure is meant; None reads as "at least".
    """
    stated = Fraction(row.target_thousandths, 1000)
    if row.unit_name.strip() != PERCENT:
        return stated
    in_scope = sum(1 for unit in units if not unit.is_exempt)
    exact = stated / 100 * in_scope
    if operator is Operator.GT:
        return min(Fraction(exact.__floor__() + 1), Fraction(in_scope))
    return Fraction(exact.__ceil__())


def component_codes(row: OutputRow) -> tuple[str, ...]:
    """Return what must come together for one unit or milestone to count; one whole when nothing is named."""
    return tuple(part.code for part in row.components) or (WHOLE,)


def reached_count(row: OutputRow, units: Sequence[OutputUnitRow]) -> int:
    """Return how many units of a coverage result already hold every component."""
    needed = set(component_codes(row))
    return sum(1 for unit in units if not unit.is_exempt and needed <= _reached_parts(row, unit))


def _output(row: OutputRow, units: Sequence[OutputUnitRow], facts: RoundFacts, weight: int) -> Output:
    coverage = row.kind is ResultKind.COVERAGE
    return Output(
        id=row.code,
        name=row.name_vi,
        kind=_KINDS[row.kind],
        unit=units_word(row, units),
        weight=Fraction(weight if is_scored(row, weight) else 0, 1000),
        start=Fraction(0) if coverage or row.kind in _ONE_TIME else Fraction(row.start_thousandths, 1000),
        baseline=_baseline(row),
        target=_target(row, units, facts.operators.get(row.target_code)),
        year=row.year,
        follows_id=row.follows_code,
        curve=tuple((Fraction(way, 1000), Fraction(worth, 1000)) for way, worth in row.curve),
        scope_unit_ids=tuple(unit.unit_code for unit in units) if coverage else (),
        exempt_unit_ids=tuple(unit.unit_code for unit in units if unit.is_exempt) if coverage else (),
        reached_components=_reached(row, units) if coverage else {},
        components=component_codes(row) if coverage or row.kind in _ONE_TIME else (),
    )


def units_word(row: OutputRow, units: Sequence[OutputUnitRow]) -> str:
    """Return the word after a count: a coverage stated in per cent is counted in units (đơn vị)."""
    if row.kind is ResultKind.COVERAGE and row.unit_name.strip() == PERCENT:
        return "đơn vị" if units else PERCENT
    return row.unit_name


def _baseline(row: OutputRow) -> Fraction | None:
    if row.kind is ResultKind.COVERAGE:
        return None  # counted from the named units: a stated figure could count a unit twice
    if row.kind in _ONE_TIME:
        return Fraction(1 if row.baseline_thousandths >= max(row.target_thousandths, 1) else 0)
    return Fraction(row.baseline_thousandths, 1000)


def _target(row: OutputRow, units: Sequence[OutputUnitRow], operator: Operator | None) -> Fraction | None:
    if row.kind is ResultKind.COVERAGE:
        return coverage_target(row, units, operator)
    if row.kind in _ONE_TIME:
        return None
    return Fraction(row.target_thousandths, 1000)


def _reached(row: OutputRow, units: Sequence[OutputUnitRow]) -> dict[str, tuple[str, ...]]:
    return {
        unit.unit_code: tuple(sorted(_reached_parts(row, unit))) for unit in units if unit.reached_components
    }


def _reached_parts(row: OutputRow, unit: OutputUnitRow) -> set[str]:
    """A result without named parts is reached as a whole, whatever word the monitoring office wrote."""
    if not row.components and unit.reached_components:
        return {WHOLE}
    return set(unit.reached_components) & set(component_codes(row))


def _findings_of(row: OutputRow, units: Sequence[OutputUnitRow], codes: set[str]) -> list[Finding]:
    place = Location(words=f"Kết quả {row.code}")
    found = []
    if row.follows_code and row.follows_code not in codes:
        words = f"Nối tiếp kết quả “{row.follows_code}” không có trong danh mục của đợt."
        found.append(Finding("output-follows-unknown", Severity.BLOCKS, words, place))
    if row.kind is not ResultKind.COVERAGE:
        return found
    if not units:
        words = "Kết quả theo độ phủ nhưng chưa có danh sách đơn vị trong phạm vi."
        found.append(Finding("output-without-units", Severity.BLOCKS, words, place))
    counted = reached_count(row, units)
    if row.unit_name.strip() != PERCENT and row.baseline_thousandths != counted * 1000:
        words = (
            f"Hiện trạng ghi {format_quantity(row.baseline_thousandths)} nhưng danh sách có {counted} đơn vị "
            "đã đủ; phương án tính theo danh sách."
        )
        found.append(Finding("output-baseline-differs", Severity.WARNS, words, place))
    return found
