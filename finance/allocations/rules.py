"""States of an allocation decision, which act leads where, and the exact arithmetic of its money. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from finance.actions import Action
from finance.errors import EnvelopeExceeded, NotInThisStatus
from finance.labels import LabelledEnum
from finance.programme.classification import Nature
from finance.scenarios.rules import MoneyPart


class DecisionStatus(LabelledEnum):
    """Where an allocation decision stands."""

    DRAFT = "DRAFT", "đang hoàn chỉnh"
    SUBMITTED = "SUBMITTED", "đã trình phê duyệt"
    APPROVED = "APPROVED", "đã phê duyệt"


DECISION_STEPS: dict[tuple[DecisionStatus, Action], DecisionStatus] = {
    (DecisionStatus.DRAFT, Action.ADOPT_SCENARIO): DecisionStatus.DRAFT,
    (DecisionStatus.DRAFT, Action.ADJUST_AWARD): DecisionStatus.DRAFT,
    (DecisionStatus.DRAFT, Action.SUBMIT_ALLOCATION): DecisionStatus.SUBMITTED,
    (DecisionStatus.SUBMITTED, Action.RETURN_ALLOCATION): DecisionStatus.DRAFT,
    (DecisionStatus.SUBMITTED, Action.APPROVE_ALLOCATION): DecisionStatus.APPROVED,
}


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """What there is from one source, nature and year: the pool, and the line decided by hand, in đồng."""

    source_id: int
    source_name: str
    nature: Nature
    year: int
    pool_vnd: int
    unmeasured_vnd: int

    @property
    def words_vi(self) -> str:
        """The line as a person names it."""
        return f"{self.source_name}, năm {self.year}"


@dataclass(frozen=True, slots=True)
class MoneyUse:
    """A money line with what the awards draw from it, in đồng."""

    line: MoneyLine
    measured_vnd: int
    by_hand_vnd: int

    @property
    def pool_left_vnd(self) -> int:
        """What is left of the pool; below zero when too much was given."""
        return self.line.pool_vnd - self.measured_vnd

    @property
    def by_hand_left_vnd(self) -> int:
        """What is left of the line decided by hand; below zero when too much was given."""
        return self.line.unmeasured_vnd - self.by_hand_vnd


def decision_step(status: DecisionStatus, action: Action) -> DecisionStatus:
    """The status an act leads to.

    Raises:
        NotInThisStatus: the procedure has no such step here.
    """
    following = DECISION_STEPS.get((status, action))
    if following is None:
        raise NotInThisStatus(status.label_vi, action.label_vi)
    return following


def money_uses(
    lines: Sequence[MoneyLine], measured: Iterable[MoneyPart], by_hand: Iterable[MoneyPart]
) -> tuple[MoneyUse, ...]:
    """Add awards up against the money there is, for every source, nature and year.

    Args:
        lines: the money there is.
        measured: parts of awards chosen by results: they draw on the pool.
        by_hand: parts of awards to projects that cannot yet be measured: they draw on the reserved line.

    Returns:
        One row per line; money drawn where no line exists gets a line of 0 đồng of its own.
    """
    from_pool, from_reserve = _sums(measured), _sums(by_hand)
    known = {(line.source_id, line.nature, line.year): line for line in lines}
    for source_id, nature, year in sorted({*from_pool, *from_reserve} - set(known), key=str):
        known[source_id, nature, year] = MoneyLine(source_id, f"nguồn số {source_id}", nature, year, 0, 0)
    return tuple(
        MoneyUse(line, from_pool.get(key, 0), from_reserve.get(key, 0)) for key, line in known.items()
    )


def require_within_money(uses: Iterable[MoneyUse]) -> None:
    """Refuse when any source, nature and year gives more than it has, to the đồng.

    Args:
        uses: from `money_uses`.

    Raises:
        EnvelopeExceeded: names the line and the excess.
    """
    for use in uses:
        if use.pool_left_vnd < 0:
            raise EnvelopeExceeded(use.line.words_vi, use.line.pool_vnd, use.measured_vnd)
        if use.by_hand_left_vnd < 0:
            where = f"{use.line.words_vi}, phần để riêng cho dự án chưa đo được"
            raise EnvelopeExceeded(where, use.line.unmeasured_vnd, use.by_hand_vnd)


def _sums(parts: Iterable[MoneyPart]) -> dict[tuple[int, Nature, int], int]:
    sums: dict[tuple[int, Nature, int], int] = {}
    for part in parts:
        key = (part.source_id, part.nature, part.year)
        sums[key] = sums.get(key, 0) + part.amount_vnd
    return sums
