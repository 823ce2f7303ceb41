"""Which rule decides about a candidate when the score does not, with its legal reference where it has one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from optimizer.answers.question import Question
from optimizer.contradictions import MUST_STATES, find_contradictions
from optimizer.errors import Conflict
from optimizer.problem import AllocationProblem, Candidate, CandidateState, GroupRule, Requires
from optimizer.proofs.bound_rows import group_row, requires_row, row_name
from optimizer.rule_book import Rule, link_rule_id, rules_of
from optimizer.spending import group_ceiling_vnd, source_groups
from optimizer.wording import amount_words, list_words

STATE_WORDS = {
    CandidateState.BARRED: "Dự án đã bị loại trước khi phân bổ.",
    CandidateState.COMMITTED: "Dự án đã được cam kết nên bắt buộc phải cấp.",
    CandidateState.PINNED: "Dự án đã được ghim theo quyết định của người lập phương án.",
}
UNNAMED = "Các quy tắc cứng cùng với mức sàn đã đạt không cho phép quyết định ngược lại."
SOFT_WORDS = "yêu cầu không làm tăng tổng mức thiếu so với các giới hạn không bắt buộc"
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class RuleReason:
    """The rules that decide, as ids and Vietnamese sentences."""

    rule_ids: tuple[str, ...]
    words: tuple[str, ...]


def state_reason(candidate: Candidate) -> RuleReason | None:
    """Return the decision taken about a candidate before the allocation; None = it is open."""
    if candidate.state is CandidateState.OPEN:
        return None
    return RuleReason((f"state:{candidate.id}",), (STATE_WORDS[candidate.state],))


def impossible_reason(question: Question, candidate: Candidate, row_ids: Iterable[str]) -> RuleReason:
    """Return the rules that do not allow the opposite decision, once it is proven that they do not.

    Args:
        question: the plan under question.
        candidate: the candidate.
        row_ids: rows of the proof; what plain arithmetic says is told instead where it says something.
    """
    is_funded = candidate.id in question.level_ids
    reason = _arithmetic_reason(question.without_soft_limits(), candidate, is_funded=is_funded)
    reason = reason or _priced_reason(question, tuple(row_ids), is_funded=is_funded)
    return _with_references(question.problem, reason)


def _with_references(problem: AllocationProblem, reason: RuleReason) -> RuleReason:
    """Add the legal references of the limits that are named, where the words do not tell them already."""
    named = {
        rule_id.partition(":")[2] for rule_id in reason.rule_ids if rule_id.startswith(("cap:", "floor:"))
    }
    told = " ".join(reason.words)
    references = dict.fromkeys(
        limit.legal_reference
        for limit in problem.limits
        if limit.id in named and limit.legal_reference and limit.legal_reference not in told
    )
    if not references:
        return reason
    return RuleReason(reason.rule_ids, (*reason.words, f"Căn cứ: {list_words(list(references))}."))


def _arithmetic_reason(
    problem: AllocationProblem, candidate: Candidate, *, is_funded: bool
) -> RuleReason | None:
    """Return the contradictions that appear when the opposite is made law; None = arithmetic shows none."""
    opposite = CandidateState.BARRED if is_funded else CandidateState.COMMITTED
    turned = replace(
        problem,
        candidates=tuple(
            replace(item, state=opposite) if item.id == candidate.id else item for item in problem.candidates
        ),
    )
    conflicts = find_contradictions(turned)
    if not conflicts:
        return None
    # The decision that is only supposed is no rule of the problem.
    told = [key for conflict in conflicts for key in conflict.rule_ids if key != f"state:{candidate.id}"]
    words = dict.fromkeys(_supposed(problem, conflict, is_funded=is_funded) for conflict in conflicts)
    return RuleReason(tuple(dict.fromkeys(told)), tuple(words))


def _supposed(problem: AllocationProblem, conflict: Conflict, *, is_funded: bool) -> str:
    """The contradiction with the supposition it arises under; none where the words stand by themselves."""
    if is_funded:
        return f"Nếu không cấp cho dự án này: {conflict.words}"
    is_alone = not any(item.state in MUST_STATES for item in problem.candidates)
    # A ceiling that this candidate alone exceeds: the words name it and are true as they stand.
    if is_alone and not conflict.repairs and any(key.startswith("ceiling:") for key in conflict.rule_ids):
        return conflict.words
    return f"Nếu cấp cho dự án này: {conflict.words}"


def _priced_reason(question: Question, row_ids: tuple[str, ...], *, is_funded: bool) -> RuleReason:
    """Name the rules behind the rows of a proof that nothing fits."""
    known = rules_by_row(question.without_soft_limits())
    named = dict.fromkeys(known[row_id] for row_id in row_ids if row_id in known)
    if not named:
        return RuleReason((), (UNNAMED,))
    words = [rule.words for rule in list(named)[:MOST_NAMED]]
    if len(named) > len(words):
        words.append(f"{len(named) - len(words)} quy tắc khác")
    decision = "không cấp" if is_funded else "cấp"
    verb = "thì không giữ được" if len(named) == 1 else "thì không thể cùng giữ"
    sentence = f"Nếu {decision} cho dự án này {verb} {list_words(words)}."
    return RuleReason(tuple(rule.id for rule in named), (sentence,))


def rules_by_row(problem: AllocationProblem) -> dict[str, Rule]:
    """Return the rule that every row of a proof stands for; rows that only count results stand for none.

    Args:
        problem: the question; limits that are not hard are named only where it makes them hard.
    """
    rules = rules_of(problem)
    known = {"soft": Rule("soft", SOFT_WORDS)}
    for limit in problem.limits:
        for family in ("cap", "floor"):
            known[row_name(family, limit.id)] = rules.get(
                f"{family}:{limit.id}", Rule(f"{family}:{limit.id}", f"“{limit.words}”")
            )
    for output in problem.outputs:
        if output.at_least is not None:
            known[row_name("minimum", output.id)] = rules[f"minimum:{output.id}"]
    for link in problem.links:
        rule = rules[link_rule_id(link)]
        if isinstance(link, Requires):
            known[requires_row(link)] = rule
            continue
        if link.rule is not GroupRule.AT_LEAST:
            known[group_row("most", link)] = rule
        if link.rule is not GroupRule.AT_MOST_ONE:
            known[group_row("least", link)] = rule
    return {**known, **_ceiling_rules(problem)}


def _ceiling_rules(problem: AllocationProblem) -> dict[str, Rule]:
    names = {source.id: source.name for source in problem.sources}
    known = {}
    for group in source_groups(problem.sources):
        for year in problem.years:
            ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
            if ceiling_vnd is None:
                continue
            who = list_words([f"“{names[key]}”" for key in group])
            words = f"trần nguồn {who} năm {year} ({amount_words(ceiling_vnd)})"
            known[row_name("ceiling", group, year)] = Rule(f"ceiling:{'+'.join(group)}:{year}", words)
    return known
