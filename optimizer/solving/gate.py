"""The gate: re-add an engine's answer exactly, and cut off what only floating point let through.

An over-full row gets the cover cut of its chosen levels; an under-filled floor gets the demand that some
candidate takes a dearer level. Both are true for every plan that keeps the đồng, so no ceiling is
tightened, a proven bound stays true and nothing that fits is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimizer.formulation.draft import Draft, ExactRow

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """lower <= sum of terms (levels by key) <= upper; None = no bound on that side."""

    terms: Mapping[Key, float]
    lower: float | None
    upper: float | None


def exact_cuts(draft: Draft, chosen: Mapping[int, int], further: Sequence[ExactRow] = ()) -> list[Cut]:
    """Return the cuts that remove a choice which breaks a row in exact numbers.

    Args:
        draft: the model with its exact rows.
        chosen: level position by candidate position.
        further: rows that hold besides, such as the money an earlier stage left.
    Returns:
        One cut per broken row; empty when every exact row is kept.
    """
    cuts = []
    for row in (*draft.exact_rows, *further):
        used = {key[0]: amount for key, amount in row.amounts.items() if chosen.get(key[0]) == key[1]}
        total = sum(used.values())
        if row.is_floor and total < row.edge:
            cuts.append(_dearer_levels(row, used))
        elif not row.is_floor and total > row.edge:
            cuts.append(_cover(row, used))
    return cuts


def no_good_cut(draft: Draft, chosen: Mapping[int, int]) -> Cut:
    """Return the cut that removes exactly this choice and no other.

    At least one chosen level must go or one candidate that is not funded must come.
    """
    terms: dict[Key, float] = {}
    for key in draft.fund:
        if chosen.get(key[0]) == key[1]:
            terms[key] = -1.0
        elif key[0] not in chosen:
            terms[key] = 1.0
    return Cut(terms, 1.0 - len(chosen), None)


def _cover(row: ExactRow, used: Mapping[int, int | Fraction]) -> Cut:
    """Minimal cover of an over-full row, extended by every level at least as dear.

    The members of the cover cost more than the edge together. Any choice of as many levels, each at least
    as dear as the member it stands for, costs no less, so at most one fewer may be chosen.
    """
    members = sorted(((amount, place) for place, amount in used.items() if amount > 0), reverse=True)
    total = sum(amount for amount, _ in members)
    for amount, place in sorted(members):
        if total - amount > row.edge:
            members.remove((amount, place))
            total -= amount
    least_of = {place: amount for amount, place in members}
    dearest = members[0][0]
    terms = {key: 1.0 for key, amount in row.amounts.items() if amount >= least_of.get(key[0], dearest)}
    return Cut(terms, None, float(len(members) - 1))


def _dearer_levels(row: ExactRow, used: Mapping[int, int | Fraction]) -> Cut:
    """Some candidate must give the floor more than it does now."""
    terms = {key: 1.0 for key, amount in row.amounts.items() if amount > used.get(key[0], 0)}
    return Cut(terms, 1.0, None)
