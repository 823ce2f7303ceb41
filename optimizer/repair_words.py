"""Conflicts and repairs as Vietnamese sentences. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from optimizer.problem import AllocationProblem, CandidateState, GroupLink
from optimizer.repair import ChangeKind, Repair, RuleChange, largest_count
from optimizer.rule_book import Rule, RuleClass, ceiling_rule_id, group_words, link_rule_id, rules_of
from optimizer.spending import effective_floor_vnd
from optimizer.wording import amount_words, list_words, number_words

MOST_OTHERS = 3
"""Other repairs that are put into words; all of them travel with the conflict."""


def conflict_words(rules: Sequence[Rule], *, is_minimal: bool) -> str:
    """Return the sentence that names the rules which cannot all be kept.

    Args:
        rules: the rules of the set.
        is_minimal: True when each of them was shown to be needed for the conflict.
    """
    names = [rule.words for rule in rules]
    if not names:
        return "Không có phương án nào, dù có bỏ mọi quy tắc được sửa."
    if len(names) == 1:
        return f"Không thể giữ {names[0]}, dù có bỏ mọi quy tắc khác."
    rest = "" if is_minimal else " (chưa kịp rút gọn nhóm quy tắc này trong thời gian cho phép)"
    return f"Không thể đồng thời giữ: {'; '.join(names[:-1])} và {names[-1]}{rest}."


def repair_sentence(problem: AllocationProblem, changes: Iterable[RuleChange], *, is_least: bool) -> str:
    """Return the sentence that says what to change, with exact amounts.

    Args:
        problem: the problem before the changes.
        changes: the changes.
        is_least: True when it was proven that a smaller amount does not do.
    """
    speaker = _Speaker(problem, is_least=is_least)
    words = [speaker.change(change) for change in changes]
    text = list_words(words)
    return f"{text[:1].upper()}{text[1:]}."


def advice_words(repairs: Sequence[Repair]) -> str | None:
    """Return the cheapest repair and what may be done instead, as one text; None without repairs."""
    if not repairs:
        return None
    others = [repair.words for repair in repairs[1 : MOST_OTHERS + 1]]
    more = len(repairs) - 1 - len(others)
    others += [f"Ngoài ra còn {more} cách sửa khác."] if more else []
    return " Cách khác: ".join([repairs[0].words, *([" ".join(others)] if others else [])])


class _Speaker:
    """Names what a change turns into; looks the subjects up once."""

    def __init__(self, problem: AllocationProblem, *, is_least: bool) -> None:
        self._problem = problem
        self._rules = rules_of(problem)
        self._least = "ít nhất " if is_least else ""

    def change(self, change: RuleChange) -> str:
        """One change, without capital letter or full stop."""
        rule = self._rules[change.rule_id]
        words = {
            ChangeKind.RAISE_CEILING: self._raised_ceiling,
            ChangeKind.RAISE_CAP: self._raised_cap,
            ChangeKind.LOWER_FLOOR: self._lowered_floor,
            ChangeKind.LOWER_MINIMUM: self._lowered_minimum,
            ChangeKind.CHANGE_LEVEL: self._other_level,
            ChangeKind.RELEASE: self._released,
        }.get(change.kind, self._link)(change)
        if rule.rule_class is RuleClass.LEGAL:
            words += f" (phải được cơ quan ban hành {rule.legal_reference} cho phép)"
        return words

    def _raised_ceiling(self, change: RuleChange) -> str:
        for source in self._problem.sources:
            for year, ceiling_vnd in source.ceiling_vnd.items():
                if ceiling_rule_id(source.id, year) == change.rule_id:
                    return f"nâng trần nguồn “{source.name}” năm {year} {self._more(change, ceiling_vnd)}"
        raise KeyError(change.rule_id)

    def _raised_cap(self, change: RuleChange) -> str:
        limit = next(item for item in self._problem.limits if f"cap:{item.id}" == change.rule_id)
        return f"nâng trần “{limit.words}” {self._more(change, limit.at_most_vnd or 0)}"

    def _lowered_floor(self, change: RuleChange) -> str:
        limit = next(item for item in self._problem.limits if f"floor:{item.id}" == change.rule_id)
        amount_vnd = int(change.amount or 0)
        left_vnd = effective_floor_vnd(self._problem, limit) - amount_vnd
        if left_vnd <= 0:
            return f"bỏ sàn “{limit.words}”"
        left = amount_words(left_vnd)
        return f"hạ sàn “{limit.words}” {self._least}{amount_words(amount_vnd)} (xuống {left})"

    def _lowered_minimum(self, change: RuleChange) -> str:
        output = next(item for item in self._problem.outputs if f"minimum:{item.id}" == change.rule_id)
        amount = change.amount or Fraction(0)
        left = (output.at_least or Fraction(0)) - amount
        if left <= 0:
            return f"bỏ mức tối thiểu của “{output.name}”"
        unit = f" {output.unit}" if output.unit else ""
        less = f"{number_words(amount, 6)}{unit}"
        return (
            f"hạ mức tối thiểu của “{output.name}” {self._least}{less} (xuống {number_words(left, 6)}{unit})"
        )

    def _more(self, change: RuleChange, before_vnd: int) -> str:
        amount_vnd = int(change.amount or 0)
        return f"thêm {self._least}{amount_words(amount_vnd)} (lên {amount_words(before_vnd + amount_vnd)})"

    def _other_level(self, change: RuleChange) -> str:
        name = self._candidate_name(change)
        if self._is_pin(change):
            return f"đổi mức ghim của “{name}” sang “{change.level_id}”"
        return f"xét lại cam kết với “{name}”: hạ mức đã cam kết xuống “{change.level_id}”"

    def _released(self, change: RuleChange) -> str:
        name = self._candidate_name(change)
        return f"bỏ ghim “{name}”" if self._is_pin(change) else f"xét lại cam kết cấp cho “{name}”"

    def _candidate_name(self, change: RuleChange) -> str:
        return next(item.name for item in self._problem.candidates if f"state:{item.id}" == change.rule_id)

    def _is_pin(self, change: RuleChange) -> bool:
        pinned = [item for item in self._problem.candidates if item.state is CandidateState.PINNED]
        return any(f"state:{item.id}" == change.rule_id for item in pinned)

    def _link(self, change: RuleChange) -> str:
        link = next(item for item in self._problem.links if link_rule_id(item) == change.rule_id)
        if not isinstance(link, GroupLink):
            return f"bỏ {self._rules[change.rule_id].words}"
        group = group_words(link, {item.id: item.name for item in self._problem.candidates})
        if change.kind is ChangeKind.ALLOW_NONE:
            return f"cho phép không cấp dự án nào trong nhóm {group}"
        if change.kind is ChangeKind.ALLOW_SEVERAL:
            return f"cho phép cấp nhiều hơn một dự án trong nhóm {group}"
        left = largest_count(self._problem.links, change.rule_id) - int(change.amount or 0)
        return f"hạ số dự án tối thiểu của nhóm {group} xuống {left}"
