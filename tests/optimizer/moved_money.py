"""Whether money that may be moved between sources can pay what is needed, by sending it along paths."""

from __future__ import annotations

from collections.abc import Iterable

from optimizer import FundingSource


def money_can_be_moved(sources: Iterable[FundingSource], year: int, needs: dict[str, int]) -> bool:
    """Tell whether a year's ceilings can pay the needs when a source may also pay for its receivers."""
    wanted = sum(needs.values())
    room: dict[tuple[str, str], int] = {}
    for source in sources:
        room["all", f"of {source.id}"] = wanted if source.is_uncapped else source.ceiling_vnd.get(year, 0)
        for needy in {source.id, *source.transfers_to_ids} & set(needs):
            room[f"of {source.id}", f"for {needy}"] = wanted
    for needy, amount in needs.items():
        room[f"for {needy}", "paid"] = amount
    return _largest_flow(room) == wanted


def _largest_flow(room: dict[tuple[str, str], int]) -> int:
    """Return how much can flow from "all" to "paid", sending along one more path while there is one."""
    flow = 0
    while True:
        came_from = {"all": ""}
        waiting = ["all"]
        while waiting and "paid" not in came_from:
            here = waiting.pop()
            for (one, other), free in room.items():
                if one == here and free and other not in came_from:
                    came_from[other] = here
                    waiting.append(other)
        if "paid" not in came_from:
            return flow
        steps, here = [], "paid"
        while here != "all":
            steps.append((came_from[here], here))
            here = came_from[here]
        sent = min(room[step] for step in steps)
        for one, other in steps:
            room[one, other] -= sent
            room[other, one] = room.get((other, one), 0) + sent
        flow += sent
