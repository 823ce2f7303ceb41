"""What a rule costs as Vietnamese sentences made from its facts."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.answers.plan_change import changes_sentence
from optimizer.answers.rule_switch_answer import SwitchedRule, SwitchKind, SwitchOutcome
from optimizer.problem import AllocationProblem, CandidateState
from optimizer.wording import amount_words, points_words


def switch_sentences(problem: AllocationProblem, rule: SwitchedRule, step_vnd: int) -> tuple[str, ...]:
    """Return the sentences of one rule: what it costs, how sure that is, and who changes.

    Args:
        problem: the question, for names.
        rule: the facts.
        step_vnd: đồng by which a ceiling is raised.
    """
    return tuple(_sentences(problem, rule, step_vnd))


def _sentences(problem: AllocationProblem, rule: SwitchedRule, step_vnd: int) -> Iterator[str]:
    yield f"{_deed(problem, rule, step_vnd)}: {_gain(rule)}."
    if rule.hint_per_billion:
        yield f"Giá bóng của bài toán nới lỏng: {points_words(rule.hint_per_billion)} mỗi tỷ đồng (gợi ý)."
    missing_vnd = rule.shortfall_change_vnd or 0
    if missing_vnd:
        how = "tăng" if missing_vnd > 0 else "giảm"
        yield f"Tổng mức còn thiếu so với các giới hạn mềm {how} {amount_words(abs(missing_vnd))}."
    if rule.keeps_rule:
        yield "Phương án tìm được vẫn giữ quy tắc này: phần tăng là do phương án đang xét còn cải thiện được."
    if rule.levels:
        yield changes_sentence(problem, rule.levels)


def _deed(problem: AllocationProblem, rule: SwitchedRule, step_vnd: int) -> str:
    if rule.kind is SwitchKind.MORE:
        return f"Thêm {amount_words(step_vnd)} vào {rule.words}"
    barred = {f"state:{i.id}": i.name for i in problem.candidates if i.state is CandidateState.BARRED}
    if rule.rule_id in barred:
        return f"Đưa “{barred[rule.rule_id]}”, đã bị loại, trở lại xem xét"
    return f"Bỏ {rule.words}"


def _gain(rule: SwitchedRule) -> str:
    gained, most = rule.gained_points, rule.gained_at_most_points
    at_most = "" if most is None else f"không phương án nào tăng quá {points_words(most)}"
    if gained is None:
        return "không tăng được điểm nào (đã chứng minh)" if most == 0 else _hinted(rule, at_most)
    if rule.outcome is SwitchOutcome.PROVEN:
        return f"điểm {_change(rule)} (đã chứng minh)"
    return f"điểm {_change(rule)} (phương án tốt nhất tìm được{'; ' + at_most if at_most else ''})"


def _hinted(rule: SwitchedRule, at_most: str) -> str:
    """What the relaxation alone can say."""
    if rule.relaxed_gain_points is None:
        return "chưa giải lại"
    hint = f"thêm {points_words(rule.relaxed_gain_points)}" if rule.relaxed_gain_points else "không thêm điểm"
    return f"chưa giải lại; bài toán nới lỏng {hint} (gợi ý); so với phương án đang xét {at_most}"


def _change(rule: SwitchedRule) -> str:
    gained = rule.gained_points
    if not gained:
        return "không đổi"
    return f"{'tăng' if gained > 0 else 'giảm'} {points_words(abs(gained))}"
