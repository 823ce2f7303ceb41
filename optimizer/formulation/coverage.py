"""Family "coverage": named units (communes, posts, procedures) that need every component.

    z[j,g] <= sum_{p,k gives component e to the units of g} x[p,k]      for every component e not yet there
    free[j] + sum_i u[j,i] <= sum_g n[g] z[j,g]                         (segments as in quantity)
    baseline_j + sum_g n[g] z[j,g] >= at_least_j

Sets: j coverage outputs; g groups of open units that the same levels serve with the same components (n[g]
units each), so that 140 communes need no 140 rows; 0 <= z <= 1 is whole by itself once x is whole.
Units: both sides of the first row are shares of a group, of the others numbers of units. Reason: two
projects that name the same commune cover it once; half-equipped units count nothing; units already
reached or exempt are left out.
"""

from __future__ import annotations

from fractions import Fraction

from optimizer.attainment import baseline_count, open_units
from optimizer.formulation.draft import Draft, Term
from optimizer.formulation.quantity import add_paid_segments
from optimizer.problem import Output, OutputKind
from optimizer.proofs.certificate import row_name

Pattern = tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
"""For every component still missing: the (candidate, level) positions that give it."""


def add_coverage(draft: Draft) -> None:
    """Add the units, segments and hard minimums of every coverage output."""
    for number, output, earlier in draft.outputs_with_earlier():
        if output.kind is not OutputKind.COVERAGE:
            continue
        covered: list[Term] = []
        most = Fraction(0)
        for position, (pattern, units) in enumerate(sorted(_unit_groups(draft, output).items())):
            if any(not givers for _, givers in pattern):
                continue
            _add_group(draft, (number, position), output, (pattern, units), covered)
            most += len(units)
        if output.at_least is not None:
            draft.add_row(f"minimum_{number}", covered, ">=", output.at_least - baseline_count(output))
            draft.mean(f"minimum_{number}", row_name("minimum", output.id))
        add_paid_segments(draft, number, (output, earlier), (covered, most))


def _unit_groups(draft: Draft, output: Output) -> dict[Pattern, list[str]]:
    """Group the open units by what is missing and who can give it."""
    givers: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for key in draft.promises().covers.get(output.id, ()):
        level = draft.problem.candidates[key[0]].levels[key[1]]
        for part, units in level.covers.get(output.id, {}).items():
            for unit in sorted(set(units)):
                givers.setdefault((unit, part), []).append(key)
    groups: dict[Pattern, list[str]] = {}
    for unit in open_units(output):
        there = output.reached_components.get(unit, ())
        missing = [part for part in sorted(output.components) if part not in there]
        pattern = tuple((part, tuple(sorted(givers.get((unit, part), [])))) for part in missing)
        groups.setdefault(pattern, []).append(unit)
    return groups


def _add_group(
    draft: Draft,
    place: tuple[int, int],
    output: Output,
    group: tuple[Pattern, list[str]],
    covered: list[Term],
) -> None:
    """Add one group of units: a share that every missing component limits."""
    number, position = place
    pattern, units = group
    share = draft.add_variable(f"unit_{number}_{position}", 1)
    covered.append((share, len(units)))
    for part_number, (part, givers) in enumerate(pattern):
        name = f"unit_{number}_{position}_{part_number}"
        terms: list[Term] = [(share, 1), *((draft.fund[key], -1) for key in givers)]
        draft.add_row(name, terms, "<=", 0)
        for unit in units:
            draft.mean(name, row_name("unit", output.id, unit, part), Fraction(1, len(units)))
