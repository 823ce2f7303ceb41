"""Links, witness plan, floors and caps of a synthetic province.

The witness is a plan inside ceilings and links; it proves that the problem is feasible, because every floor
and cap made here is eased until the witness keeps it. It is not a good plan and is not meant to be.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optimizer.generators.province_words import AREA_NAMES
from optimizer.problem import (
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Requires,
)
from optimizer.spending import MoneyPlace, cost_items, level_cost_vnd

if TYPE_CHECKING:
    from random import Random

STEP_VND = 100_000
"""Every amount of a synthetic province is a multiple of this."""
AGENCY_PERCENTS, AREA_PERCENTS = (50, 135), (85, 115)
"""Floor and cap in per cent of the fair share, before they are eased."""

FAVOUR = 0.5
"""How much earlier the witness plan takes who serves a guarded target; 1 = no favour."""

Links = tuple[Requires | GroupLink, ...]


def rounded_part(count: int, percent: int) -> int:
    """Return a percentage of a count, rounded half up, at least one."""
    return max(1, (count * percent + 50) // 100)


def whole_steps(amount_vnd: float) -> int:
    """Return an amount rounded down to 100.000 đồng."""
    return int(amount_vnd) // STEP_VND * STEP_VND


def province_links(draw: Random, candidates: tuple[Candidate, ...]) -> Links:
    """One prerequisite per twenty projects, one exclusion per fifty; nobody in two links of a kind.

    A project waits only for one with a smaller id, so no ring arises; what is committed waits for nobody
    and excludes nobody, so commitments alone are never a contradiction.
    """
    open_places = [place for place, item in enumerate(candidates) if item.state is CandidateState.OPEN]
    needy = draw.sample([place for place in open_places if place], rounded_part(len(candidates), 5))
    needs = [(place, draw.randrange(place)) for place in sorted(needy)]
    apart = {place for pair in needs for place in pair}
    rivals = [place for place in open_places if place not in apart] or open_places
    draw.shuffle(rivals)
    groups = [rivals[2 * place : 2 * place + 2] for place in range(rounded_part(len(candidates), 2))]
    return (
        *(Requires(candidates[one].id, candidates[other].id) for one, other in needs),
        *(
            GroupLink(GroupRule.AT_MOST_ONE, tuple(candidates[place].id for place in sorted(group)))
            for group in groups
            if len(group) == 2
        ),
    )


class _Purse:
    """What a growing plan has chosen and what the ceilings still leave."""

    def __init__(self, sources: Iterable[FundingSource]) -> None:
        self.chosen: dict[str, FundingLevel] = {}
        self._room_vnd: dict[MoneyPlace, int] = {
            (source.id, year): vnd for source in sources for year, vnd in source.ceiling_vnd.items()
        }

    def takes(self, candidate_id: str, level: FundingLevel) -> bool:
        """Fund a candidate at a level, instead of the one it has, where every ceiling allows it."""
        before = self.chosen.get(candidate_id)
        change_vnd = dict(cost_items(level))
        for place, vnd in cost_items(before) if before is not None else ():
            change_vnd[place] = change_vnd.get(place, 0) - vnd
        if any(vnd > self._room_vnd[place] for place, vnd in change_vnd.items()):
            return False
        for place, vnd in change_vnd.items():
            self._room_vnd[place] -= vnd
        self.chosen[candidate_id] = level
        return True


def witness_levels(
    draw: Random,
    candidates: tuple[Candidate, ...],
    links: Links,
    sources: tuple[FundingSource, ...],
    favoured_output_ids: Container[str],
) -> dict[str, FundingLevel]:
    """Return a plan inside ceilings and links: whoever comes first, cheapest way first, then enlarged.

    Args:
        favoured_output_ids: who serves one of these tends to come earlier, so that the hard minimums set
            from this plan ask for more than the score alone would bring.
    """
    purse = _Purse(sources)
    needs = {link.candidate_id: link.needs_id for link in links if isinstance(link, Requires)}
    groups = [link.candidate_ids for link in links if isinstance(link, GroupLink)]
    rivals = {one: set(group) - {one} for group in groups for one in group}
    for item in candidates:
        if item.state is CandidateState.COMMITTED and not purse.takes(item.id, item.levels[0]):
            raise ValueError(f"the ceilings do not hold the commitment {item.id}")

    def serves(item: Candidate) -> bool:
        return any(key in favoured_output_ids for key in item.levels[0].yields)

    order = [item for item in candidates if item.id not in purse.chosen]
    haste = {item.id: draw.random() * (FAVOUR if serves(item) else 1) for item in order}
    order.sort(key=lambda item: haste[item.id])
    for item in order:
        is_waiting = item.id in needs and needs[item.id] not in purse.chosen
        if not is_waiting and not rivals.get(item.id, set()) & purse.chosen.keys():
            purse.takes(item.id, item.levels[0])
    for item in order:
        if item.id in purse.chosen:
            any(purse.takes(item.id, level) for level in reversed(item.levels))
    return purse.chosen


@dataclass(frozen=True, slots=True)
class _Share:
    """Money of one agency or area: asked for at most, least ways together, in the witness plan."""

    asked_vnd: int
    least_vnd: int
    witness_vnd: int


def owner_limits(
    candidates: tuple[Candidate, ...], chosen: dict[str, FundingLevel], tightness: float
) -> tuple[Limit, ...]:
    """Floors and caps around the fair share, eased until the witness keeps them; areas have less room."""
    limits = []
    for agency, share in _shares(candidates, chosen, lambda item: item.agency):
        limit = Limit(f"cq-{agency}", f"Kinh phí của {agency}", LimitScope(agencies=(agency,)))
        limits.append(_eased(limit, share, tightness, AGENCY_PERCENTS))
    for area, share in _shares(candidates, chosen, lambda item: item.area):
        words = f"Kinh phí lĩnh vực {AREA_NAMES[int(area) - 1]}"
        limit = Limit(f"lv-{area}", words, LimitScope(areas=(area,)))
        limits.append(_eased(limit, share, tightness, AREA_PERCENTS))
    return tuple(limits)


def _shares(
    candidates: Iterable[Candidate], chosen: dict[str, FundingLevel], owner: Callable[[Candidate], str]
) -> list[tuple[str, _Share]]:
    shares: dict[str, _Share] = {}
    for item in candidates:
        known = shares.get(owner(item), _Share(0, 0, 0))
        shares[owner(item)] = _Share(
            known.asked_vnd + level_cost_vnd(item.levels[-1]),
            known.least_vnd + level_cost_vnd(item.levels[0]),
            known.witness_vnd + (level_cost_vnd(chosen[item.id]) if item.id in chosen else 0),
        )
    return sorted(shares.items())


def _eased(limit: Limit, share: _Share, tightness: float, percents: tuple[int, int]) -> Limit:
    """Return the limit with floor and cap in per cent of the fair share: tightness x what is asked."""
    floor_vnd, cap_vnd = (whole_steps(share.asked_vnd * tightness * percent / 100) for percent in percents)
    floor_vnd = min(floor_vnd, share.least_vnd, share.witness_vnd)
    return replace(limit, at_least_vnd=floor_vnd or None, at_most_vnd=max(cap_vnd, share.witness_vnd))
