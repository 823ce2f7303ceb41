"""Money that must be spent where it may not be: commitments, links and floors against ceilings.

Lower bound of what a scope spends: every candidate that must be funded at its cheapest level left, and of
every group that asks for more the cheapest others. Floors inside the scope that do not overlap add up, with
what must be spent beside them. Where that exceeds a ceiling, the rules it rests on contradict each other.
Standard library only, whole đồng.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from optimizer.errors import Conflict
from optimizer.necessity import NO_RULES, Necessity, RuleIds, wanted_count
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    FundingLevel,
    FundingSource,
    GroupLink,
    Limit,
    LimitScope,
)
from optimizer.rule_book import ceiling_rule_id, link_rule_id
from optimizer.spending import (
    ScopeIndex,
    effective_floor_vnd,
    group_ceiling_vnd,
    scoped_cost_vnd,
    source_groups,
)
from optimizer.wording import amount_words, list_words


@dataclass(frozen=True, slots=True)
class _Container:
    """Money that has an upper bound: some sources in some years, or the scope of a limit."""

    scope: LimitScope
    most_vnd: int
    rule_ids: RuleIds
    words: str


@dataclass(frozen=True, slots=True)
class _Floor:
    """A hard floor with what it really demands."""

    limit: Limit
    amount_vnd: int


def money_conflicts(problem: AllocationProblem, drawn: Necessity) -> Iterator[Conflict]:
    """Yield the contradictions between what must be spent and what may be.

    Args:
        problem: a problem free of mistakes.
        drawn: what states and links leave no choice about.
    """
    adder = _Adder(problem, drawn)
    for container in (*_ceilings(problem), *_caps(problem)):
        yield from adder.without_floors(container)
    scopes = ScopeIndex(problem.candidates)
    floors = [
        _Floor(limit, effective_floor_vnd(problem, limit, scopes))
        for limit in sorted(problem.limits, key=lambda item: item.id)
        if limit.is_hard and limit.at_least_vnd
    ]
    for container in _unique((*_ceilings_under(problem, floors), *_caps(problem))):
        yield from adder.with_floors(container, floors)


def _ceilings(problem: AllocationProblem) -> Iterator[_Container]:
    for group in source_groups(problem.sources):
        for year in sorted(problem.years):
            yield from _ceiling(problem, group, (year,))


def _ceilings_under(problem: AllocationProblem, floors: Iterable[_Floor]) -> Iterator[_Container]:
    """The sources and years of every floor, and all of them together."""
    yield from _ceiling(problem, tuple(item.id for item in problem.sources), problem.years)
    for floor in floors:
        scope = floor.limit.scope
        yield from _ceiling(problem, tuple(sorted(_sources_of(problem, scope))), scope.years or problem.years)


def _ceiling(
    problem: AllocationProblem, group: tuple[str, ...], years: Iterable[int]
) -> Iterator[_Container]:
    """What some sources may spend in some years together; nothing where a source has no ceiling."""
    names = {source.id: source.name for source in problem.sources}
    chosen = tuple(sorted(set(years)))
    ceilings = [group_ceiling_vnd(problem.sources, group, year) for year in chosen]
    payers = [item for item in problem.sources if _pays_into(item, group)]
    if any(item.is_uncapped for item in payers) or not group:
        return
    ids = frozenset(
        ceiling_rule_id(item.id, year) for item in payers for year in chosen if year in item.ceiling_vnd
    )
    who = list_words([f"“{names[key]}”" for key in group])
    when = list_words([str(year) for year in chosen])
    most_vnd = sum(amount for amount in ceilings if amount is not None)
    yield _Container(LimitScope(source_ids=group, years=chosen), most_vnd, ids, f"nguồn {who} năm {when}")


def _pays_into(source: FundingSource, group: tuple[str, ...]) -> bool:
    return source.id in group or bool(set(source.transfers_to_ids) & set(group))


def _caps(problem: AllocationProblem) -> Iterator[_Container]:
    for limit in sorted(problem.limits, key=lambda item: item.id):
        if limit.is_hard and limit.at_most_vnd is not None:
            ids = frozenset((f"cap:{limit.id}",))
            yield _Container(limit.scope, limit.at_most_vnd, ids, f"“{limit.words}”")


def _unique(containers: Iterable[_Container]) -> Iterator[_Container]:
    seen: set[tuple[RuleIds, LimitScope]] = set()
    for container in containers:
        if (container.rule_ids, container.scope) not in seen:
            seen.add((container.rule_ids, container.scope))
            yield container


def _sources_of(problem: AllocationProblem, scope: LimitScope) -> frozenset[str]:
    return frozenset(
        item.id
        for item in problem.sources
        if (not scope.source_ids or item.id in scope.source_ids)
        and (not scope.natures or item.nature in scope.natures)
    )


class _Adder:
    """Adds up what must be spent inside a scope."""

    def __init__(self, problem: AllocationProblem, drawn: Necessity) -> None:
        self._problem = problem
        self._drawn = drawn
        self._sources = {source.id: source for source in problem.sources}
        self._items = {item.id: item for item in problem.candidates}
        self._must = [
            item for item in problem.candidates if item.id in drawn.must and not drawn.is_torn(item.id)
        ]
        self._groups = [
            link
            for link in sorted(problem.links, key=repr)
            if isinstance(link, GroupLink) and self._asks_for_more(link)
        ]

    def _asks_for_more(self, link: GroupLink) -> bool:
        funded = sum(1 for key in link.candidate_ids if key in self._drawn.must)
        return funded < wanted_count(link)

    def without_floors(self, container: _Container) -> Iterator[Conflict]:
        """What must be funded costs more than the container holds."""
        needs_vnd, because = self._least(container.scope, ())
        if needs_vnd > container.most_vnd:
            over = amount_words(needs_vnd - container.most_vnd)
            words = f"{self._who(because)} cần ít nhất {amount_words(needs_vnd)} từ {container.words}, trong "
            words += f"khi trần là {amount_words(container.most_vnd)}: phần bắt buộc phải cấp vượt {over}."
            ids = (*sorted(container.rule_ids), *sorted(because))
            yield Conflict(ids, words, f"Nâng trần thêm ít nhất {over}.")

    def with_floors(self, container: _Container, floors: list[_Floor]) -> Iterator[Conflict]:
        """Floors inside the container, and what must be spent beside them, are more than it holds."""
        inside = [
            floor
            for floor in sorted(floors, key=lambda item: (-item.amount_vnd, item.limit.id))
            if self._is_within(floor.limit.scope, container.scope)
            and floor.amount_vnd > self._least(floor.limit.scope, ())[0]
        ]
        parts: list[_Floor] = []
        for floor in inside:
            if all(self._are_apart(floor.limit.scope, part.limit.scope) for part in parts):
                parts.append(floor)
        if not parts:
            return
        floors_vnd = sum(part.amount_vnd for part in parts)
        beside_vnd, because = self._least(container.scope, tuple(part.limit.scope for part in parts))
        over_vnd = floors_vnd + beside_vnd - container.most_vnd
        if over_vnd <= 0:
            return
        named = list_words([f"“{part.limit.words}”" for part in parts])
        words = f"Các mức sàn {named} cần {amount_words(floors_vnd)}"
        words += f", cùng phần bắt buộc phải cấp khác {amount_words(beside_vnd)}" if beside_vnd else ""
        words += f" trong {container.words}, trong khi trần là {amount_words(container.most_vnd)}: vượt "
        ids = (*sorted(container.rule_ids), *sorted(f"floor:{part.limit.id}" for part in parts))
        advice = f"Nâng trần hoặc hạ các mức sàn, tổng cộng ít nhất {amount_words(over_vnd)}."
        yield Conflict((*ids, *sorted(because - set(ids))), f"{words}{amount_words(over_vnd)}.", advice)

    def _least(self, scope: LimitScope, apart: tuple[LimitScope, ...]) -> tuple[int, RuleIds]:
        """Return the least that must be spent in a scope outside some parts of it, and why."""
        total_vnd, because = 0, NO_RULES
        for item in self._must:
            least_vnd = self._cheapest(item, scope, apart)
            if least_vnd > 0:
                total_vnd += least_vnd
                because |= self._drawn.must[item.id] | self._drawn.narrowed.get(item.id, NO_RULES)
        counted: set[str] = set()
        for link in self._groups:
            if counted & set(link.candidate_ids):
                continue
            extra_vnd, why = self._cheapest_others(link, scope, apart)
            if extra_vnd:
                total_vnd += extra_vnd
                because |= why
                counted |= set(link.candidate_ids)
        return total_vnd, because

    def _cheapest(self, item: Candidate, scope: LimitScope, apart: tuple[LimitScope, ...]) -> int:
        levels = self._drawn.fundable(item.id)
        return min((self._spent(item, level, scope, apart) for level in levels), default=0)

    def _spent(
        self, item: Candidate, level: FundingLevel, scope: LimitScope, apart: tuple[LimitScope, ...]
    ) -> int:
        inside = scoped_cost_vnd(self._sources, scope, item, level)
        return (
            inside - sum(scoped_cost_vnd(self._sources, part, item, level) for part in apart) if inside else 0
        )

    def _cheapest_others(
        self, link: GroupLink, scope: LimitScope, apart: tuple[LimitScope, ...]
    ) -> tuple[int, RuleIds]:
        """The cheapest members that a group still asks for beyond those that must be funded anyway."""
        drawn = self._drawn
        funded = [key for key in link.candidate_ids if key in drawn.must]
        costs = sorted(
            self._cheapest(self._items[key], scope, apart)
            for key in link.candidate_ids
            if key not in drawn.must and key not in drawn.never
        )
        extra_vnd = sum(costs[: wanted_count(link) - len(funded)])
        because = frozenset((link_rule_id(link),)).union(
            *(drawn.limiting(key) for key in link.candidate_ids),
            *(drawn.must[key] | drawn.narrowed.get(key, NO_RULES) for key in funded),
        )
        return extra_vnd, because

    def _who(self, because: RuleIds) -> str:
        """Who needs the money: the one candidate by name, or all that must be funded."""
        if len(self._must) == 1 and not any(rule_id.startswith("group:") for rule_id in because):
            return f"Riêng “{self._must[0].name}”, dù ở mức thấp nhất,"
        return "Các dự án bắt buộc phải cấp"

    def _is_within(self, part: LimitScope, whole: LimitScope) -> bool:
        """Every đồng of the part is a đồng of the whole."""
        marks = (
            (part.agencies, whole.agencies),
            (part.areas, whole.areas),
            (part.places, whole.places),
        )
        if any(outer and not (inner and set(inner) <= set(outer)) for inner, outer in marks):
            return False
        years = set(self._problem.years)
        return _sources_of(self._problem, part) <= _sources_of(self._problem, whole) and set(
            part.years or years
        ) <= set(whole.years or years)

    def _are_apart(self, one: LimitScope, other: LimitScope) -> bool:
        """No đồng belongs to both."""
        marks = (
            (one.agencies, other.agencies),
            (one.areas, other.areas),
            (one.places, other.places),
            (one.years, other.years),
        )
        if any(here and there and not set(here) & set(there) for here, there in marks):
            return True
        return not _sources_of(self._problem, one) & _sources_of(self._problem, other)
