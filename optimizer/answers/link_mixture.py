"""Links between two problems: which hold when some changes are made and others not yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from optimizer.problem import AllocationProblem, GroupLink, GroupRule, Requires

Link = Requires | GroupLink
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LinkSlot:
    """One link of one or both problems.

    Attributes:
        subject: names the slot.
        first: the link while its change is not made; None = none.
        second: the link once its change is made; None = none.
        needs: candidates that only one problem has; the link holds only while all of them are there.
    """

    subject: str
    first: Link | None
    second: Link | None
    needs: frozenset[str] = NOBODY

    @property
    def is_change(self) -> bool:
        """True when the two problems differ here in more than who is there."""
        return self.first != self.second


class LinkMixture:
    """The links of two problems, slot by slot, sorted."""

    def __init__(self, first: AllocationProblem, second: AllocationProblem) -> None:
        ids = [{item.id for item in problem.candidates} for problem in (first, second)]
        self._common = frozenset(ids[0] & ids[1])
        slots = [*self._requirements(first, second), *self._groups(first, second)]
        self.slots = tuple(sorted(slots, key=lambda slot: slot.subject))

    def links(self, made: Collection[str], there: Collection[str]) -> tuple[Link, ...]:
        """Return the links that hold.

        Args:
            made: subjects of the link changes already made.
            there: ids of the candidates that take part now.
        """
        held = (slot.second if slot.subject in made else slot.first for slot in self._alive(there))
        return tuple(link for link in held if link is not None)

    def _alive(self, there: Collection[str]) -> Iterator[LinkSlot]:
        return (slot for slot in self.slots if all(key in there for key in slot.needs))

    def _requirements(self, first: AllocationProblem, second: AllocationProblem) -> Iterator[LinkSlot]:
        """A requirement of somebody who is not there asks for nothing; one for somebody lost is lost."""
        before, after = (
            {_subject(link): link for link in problem.links if isinstance(link, Requires)}
            for problem in (first, second)
        )
        for subject in sorted({*before, *after}):
            one, other = before.get(subject), after.get(subject)
            link = one or other
            if link is None or (link.candidate_id in self._common and link.needs_id in self._common):
                yield LinkSlot(subject, one, other)
            else:
                needs = NOBODY if link.needs_id in self._common else frozenset({link.needs_id})
                yield LinkSlot(subject, link, link, needs)

    def _groups(self, first: AllocationProblem, second: AllocationProblem) -> Iterator[LinkSlot]:
        before, after = (
            {_subject(link): _sorted(link) for link in problem.links if isinstance(link, GroupLink)}
            for problem in (first, second)
        )
        left = [before[key] for key in sorted(before) if key not in after]
        right = [after[key] for key in sorted(after) if key not in before]
        yield from (LinkSlot(key, link, link) for key, link in sorted(before.items()) if key in after)
        for link in left:
            twin = next((other for other in right if self._is_twin(link, other)), None)
            if twin is not None:
                right.remove(twin)
                members = tuple(sorted({*link.candidate_ids, *twin.candidate_ids}))
                joined = replace(link, candidate_ids=members)
                yield LinkSlot(_subject(joined), joined, joined)
            else:
                yield self._alone(link, is_first=True)
        yield from (self._alone(link, is_first=False) for link in right)

    def _is_twin(self, link: GroupLink, other: GroupLink) -> bool:
        """Two groups that differ only in candidates that just one problem has."""
        shared = [set(each.candidate_ids) & self._common for each in (link, other)]
        return (
            bool(shared[0])
            and shared[0] == shared[1]
            and (link.rule, link.count) == (other.rule, other.count)
        )

    def _alone(self, link: GroupLink, *, is_first: bool) -> LinkSlot:
        strangers = frozenset(link.candidate_ids) - self._common
        if strangers:
            return LinkSlot(_subject(link), link, link, strangers)
        return LinkSlot(_subject(link), link if is_first else None, None if is_first else link)


def _sorted(link: GroupLink) -> GroupLink:
    count = link.count if link.rule is GroupRule.AT_LEAST else 1
    return replace(link, candidate_ids=tuple(sorted(link.candidate_ids)), count=count)


def _subject(link: Link) -> str:
    if isinstance(link, Requires):
        return f"requires:{link.candidate_id}:{link.needs_id}"
    return f"{link.rule.value}:{_sorted(link).count}:{_joined(link.candidate_ids)}"


def _joined(ids: Iterable[str]) -> str:
    return "+".join(sorted(ids))
