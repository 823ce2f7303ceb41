"""Rows of the outputs: what is paid never exceeds what the chosen levels give. Standard library only.

    output     segments (+ free part) - what is given             <= 0                            [counts]
    gate       segments - their length x gate                     <= 0                            [counts]
    open       length of the free part x gate - free part         <= 0                            [counts]
    unit       unit covered - levels that give the component      <= 0                            [units]
    part       thing done - levels that deliver the component     <= 0                            [things]
    minimum    - what is given                                    <= - what the minimum lacks     [counts]

What is given: yields of the chosen levels (quantity) or units covered (coverage). The gate is the case
"the part below an earlier target of the chain is complete"; only then does the later target pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from optimizer.attainment import (
    ONE_TIME_KINDS,
    baseline_count,
    counted_yield,
    earlier_outputs,
    open_units,
    paying_segments,
)
from optimizer.problem import AllocationProblem, Output, OutputKind
from optimizer.proofs.bound_rows import Row, RowBook, choices_row, counts_row, row_name

Givers = dict[tuple[str, str], list[int]]
"""Choice numbers by (unit, component)."""


@dataclass(slots=True)
class _Promises:
    """What all choices promise for one output: yields by choice, units and parts with their givers."""

    yields: dict[int, Fraction] = field(default_factory=dict)
    units: Givers = field(default_factory=dict)
    parts: dict[str, list[int]] = field(default_factory=dict)


def add_output_rows(book: RowBook, problem: AllocationProblem) -> None:
    """Add the rows and counting variables of every output that earns points or has a minimum."""
    earlier = earlier_outputs(problem)
    promises = _promises(book, problem)
    for output in problem.outputs:
        promised = promises[output.id]
        if output.kind in ONE_TIME_KINDS:
            _add_one_time(book, output, promised.parts)
        elif output.kind is OutputKind.QUANTITY:
            given = choices_row(Fraction(0), {number: -amount for number, amount in promised.yields.items()})
            _add_counted(book, output, earlier[output.id], given)
        elif output.kind is OutputKind.COVERAGE:
            _add_counted(book, output, earlier[output.id], _unit_rows(book, output, promised.units))


def _promises(book: RowBook, problem: AllocationProblem) -> dict[str, _Promises]:
    """Collect what the choices promise, by output id; every level is looked at once."""
    outputs = {output.id: output for output in problem.outputs}
    promises = {output_id: _Promises() for output_id in outputs}
    for number, level in enumerate(book.levels):
        for output_id in level.yields:
            promises[output_id].yields[number] = counted_yield(outputs[output_id], level)
        for output_id, by_part in level.covers.items():
            for part, units in by_part.items():
                for unit in set(units):
                    promises[output_id].units.setdefault((unit, part), []).append(number)
        for output_id, parts in level.delivers.items():
            for part in set(parts):
                promises[output_id].parts.setdefault(part, []).append(number)
    return promises


def _add_counted(book: RowBook, output: Output, earlier: Output | None, given: Row) -> None:
    """Add segments and minimum of a counted output; ``given`` holds what feeds it, with minus signs."""
    if output.at_least is not None:
        missing = output.at_least - baseline_count(output)
        book.rows[row_name("minimum", output.id)] = Row(
            -missing, dict(given.choices), dict(given.counts), given.scale
        )
    free, segments = paying_segments(output, earlier)
    if not segments:
        return
    most = _most_given(book, given)
    paid = []
    for position, (length, slope) in enumerate(segments):
        paid.append(f"segment:{output.id}:{position}")
        book.add_count(paid[-1], most if length is None else min(length, most), slope)
        given.counts[paid[-1]] = given.scale
    book.rows[row_name("output", output.id)] = given
    if free:
        _add_gate(book, output, (given, free), (paid, most))


def _most_given(book: RowBook, given: Row) -> Fraction:
    """Return the most that can be given: the best choice of every candidate, and every unit."""
    best: dict[str, int] = {}
    for number, amount in given.choices.items():
        owner = book.owners[number]
        best[owner] = max(best.get(owner, 0), -amount)
    units = -sum(given.counts.values())
    return Fraction(sum(best.values()) + units, given.scale)


def _add_gate(
    book: RowBook, output: Output, feeding: tuple[Row, Fraction], paying: tuple[list[str], Fraction]
) -> None:
    """A later target of a chain pays only after the part below it is complete."""
    (given, free), (paid, most) = feeding, paying
    free_id, gate_id = f"free:{output.id}", f"gate:{output.id}"
    book.add_count(free_id, free)
    book.add_count(gate_id, Fraction(1))
    given.counts[free_id] = given.scale
    length = min(most, sum((book.largest[key] for key in paid), Fraction(0)))
    gate: dict[str, Fraction | int] = {**dict.fromkeys(paid, 1), gate_id: -length}
    book.rows[row_name("gate", output.id)] = counts_row(Fraction(0), gate)
    book.rows[row_name("open", output.id)] = counts_row(Fraction(0), {gate_id: free, free_id: -1})


def _unit_rows(book: RowBook, output: Output, givers: Mapping[tuple[str, str], list[int]]) -> Row:
    """Add the units that somebody can complete; return the row of what they give."""
    given = Row(Fraction(0))
    for unit in open_units(output):
        there = output.reached_components.get(unit, ())
        missing = [part for part in output.components if part not in there]
        if any((unit, part) not in givers for part in missing):
            continue
        key = row_name("unit", output.id, unit)
        book.add_count(key, Fraction(1))
        given.counts[key] = -1
        for part in missing:
            choices = dict.fromkeys(givers[unit, part], -1)
            row_id = row_name("unit", output.id, unit, part)
            book.rows[row_id] = Row(Fraction(0), choices, {key: 1})
    return given


def _add_one_time(book: RowBook, output: Output, givers: Mapping[str, list[int]]) -> None:
    """A milestone or deliverable is done when every component is delivered."""
    if baseline_count(output) >= 1:
        return
    key = f"done:{output.id}"
    book.add_count(key, Fraction(1), output.weight)
    for part in output.components:
        choices = dict.fromkeys(givers.get(part, ()), -1)
        book.rows[row_name("part", output.id, part)] = Row(Fraction(0), choices, {key: 1})
    if output.at_least is not None:
        book.rows[row_name("minimum", output.id)] = Row(-output.at_least, {}, {key: -1})
