"""Family "quantity": outputs that are counted, worth a concave curve entered at today's count.

    free[j] + sum_i u[j,i] <= sum_{p,k} o[p,k,j] x[p,k]         what is paid for must be yielded
    baseline_j + sum_{p,k} o[p,k,j] x[p,k] >= at_least_j        hard minimum, where a resolution sets one
    sum_i u[j,i] <= length_j * open[j],  free[j] >= gap_j * open[j]      later target of a chain only
    score += sum_i slope[j,i] u[j,i]

Sets: j quantity outputs not yet reached; i the segments of the curve that are left from today's count on.
0 <= u[j,i] <= length of the segment; slopes fall, so the engine fills them in order. In a chain the later
target pays only above the earlier one: free[j] counts the gap up to it and open[j] in {0,1} says that the
gap is closed. Units: counts of the output; slopes in points per count. Reason: what was reached before
pays nothing, so stating a higher baseline gains nothing.
"""

from __future__ import annotations

from fractions import Fraction

from optimizer.attainment import baseline_count, counted_yield, paying_segments
from optimizer.formulation.draft import Draft, ExactRow, Key, Term
from optimizer.problem import Output, OutputKind
from optimizer.proofs.certificate import row_name


def add_quantities(draft: Draft) -> None:
    """Add segments, yields and hard minimums of every quantity output."""
    for number, output, earlier in draft.outputs_with_earlier():
        if output.kind is not OutputKind.QUANTITY:
            continue
        yields = _counted_yields(draft, output)
        feeding: list[Term] = [(draft.fund[key], amount) for key, amount in yields.items()]
        if output.at_least is not None:
            missing = output.at_least - baseline_count(output)
            draft.add_row(f"minimum_{number}", feeding, ">=", missing)
            draft.mean(f"minimum_{number}", row_name("minimum", output.id))
            draft.exact_rows.append(ExactRow(f"minimum_{number}", yields, missing, is_floor=True))
        best: dict[int, int | Fraction] = {}
        for (place, _), amount in yields.items():
            best[place] = max(best.get(place, 0), amount)
        add_paid_segments(draft, number, (output, earlier), (feeding, Fraction(sum(best.values()))))


def _counted_yields(draft: Draft, output: Output) -> dict[Key, int | Fraction]:
    """Return how much each level yields in the years that count, zero amounts left out."""
    yields: dict[Key, int | Fraction] = {}
    for place, position in draft.promises().yields.get(output.id, ()):
        amount = counted_yield(output, draft.problem.candidates[place].levels[position])
        if amount:
            yields[place, position] = amount
    return yields


def add_paid_segments(
    draft: Draft, number: int, chain: tuple[Output, Output | None], fed: tuple[list[Term], Fraction]
) -> None:
    """Add the segments of a counted output (quantity or coverage) and pay points for them.

    Args:
        number: position of the output.
        chain: the output and the one it follows.
        fed: the terms that feed the count, and the most they can give.
    """
    output, earlier = chain
    feeding, most = fed
    free, segments = paying_segments(output, earlier)
    if not segments:
        return
    paid: list[Term] = []
    length_sum = Fraction(0)
    for position, (length, slope) in enumerate(segments):
        largest = most if length is None else min(length, most)
        variable = draft.add_variable(f"paid_{number}_{position}", largest)
        paid.append((variable, 1))
        draft.points.append((variable, slope))
        length_sum += largest
    used = list(paid)
    if free:
        skipped = draft.add_variable(f"free_{number}", free)
        opened = draft.add_variable(f"open_{number}", 1, is_binary=True)
        draft.add_row(f"gate_{number}", [*paid, (opened, -min(most, length_sum))], "<=", 0)
        draft.mean(f"gate_{number}", row_name("gate", output.id))
        draft.add_row(f"open_{number}", [(opened, free), (skipped, -1)], "<=", 0)
        draft.mean(f"open_{number}", row_name("open", output.id))
        used.append((skipped, 1))
    draft.add_row(
        f"output_{number}", [*used, *((variable, -amount) for variable, amount in feeding)], "<=", 0
    )
    draft.mean(f"output_{number}", row_name("output", output.id))
