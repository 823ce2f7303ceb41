"""Kinds of locks, links and outcomes, the arithmetic of weights, and a scenario's rules read aloud. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finance.errors import RuleBroken
from finance.labels import LabelledEnum
from finance.money import apportion, format_quantity, format_vnd
from finance.programme.classification import Nature

WEIGHT_TOTAL_THOUSANDTHS = 100_000  # 100 points: every scored result reached


class LockKind(LabelledEnum):
    """A person's word about a project before the run; each needs a reason."""

    COMMITTED = "COMMITTED", "đã cam kết, bắt buộc bố trí"
    PINNED = "PINNED", "chọn đúng mức"
    BARRED = "BARRED", "không đưa vào"


class LinkKind(LabelledEnum):
    """A rule between projects."""

    REQUIRES = "REQUIRES", "cần có dự án kia"
    AT_MOST_ONE = "AT_MOST_ONE", "nhiều nhất một dự án"
    EXACTLY_ONE = "EXACTLY_ONE", "đúng một dự án"


class RunOutcome(LabelledEnum):
    """How a run ended, in honest words."""

    PROVEN = "PROVEN", "đã chứng minh là tốt nhất"
    WITHIN_GAP = "WITHIN_GAP", "trong sai số cho phép"
    STOPPED = "STOPPED", "dừng sớm, giữ phương án tốt nhất đã tìm được"
    INFEASIBLE = "INFEASIBLE", "không có phương án thỏa mọi quy tắc"
    INVALID = "INVALID", "đề bài có mâu thuẫn"
    FAILED = "FAILED", "không tìm được phương án"


@dataclass(frozen=True, slots=True)
class MoneyPart:
    """An amount from one source, nature and year, in đồng."""

    source_id: int
    nature: Nature
    year: int
    amount_vnd: int


SEARCH_STAGES_VI = {
    "legal_minimums": "thỏa các mức tối thiểu",
    "score": "tìm điểm cao nhất",
    "stability": "giữ ổn định so với phương án đối chiếu",
    "cost": "cùng điểm thì chọn ít tiền hơn",
    "rank": "theo thứ tự ưu tiên của đơn vị",
    "explaining": "tìm chứng cứ cho từng dự án",
}

OUTCOMES_WITH_PLAN = frozenset({RunOutcome.PROVEN, RunOutcome.WITHIN_GAP, RunOutcome.STOPPED})


def outcome_sentence(outcome: RunOutcome, score_thousandths: int | None, gap_thousandths: int | None) -> str:
    """Say in one sentence how a run ended, with points and gap; never surer than the proof.

    Args:
        outcome: how the run ended.
        score_thousandths: points of the plan, in thousandths; None without a plan.
        gap_thousandths: no plan scores more than this above it, rounded up; None when unknown.
    """
    if score_thousandths is None:
        return outcome.label_vi[:1].upper() + outcome.label_vi[1:] + "."
    score = f"{format_quantity(score_thousandths)} điểm"
    if outcome is RunOutcome.PROVEN:
        return f"Đã chứng minh là tốt nhất: {score} trên thang 100, không phương án nào đạt cao hơn."
    said = "Trong sai số cho phép" if outcome is RunOutcome.WITHIN_GAP else "Dừng sớm, chưa chứng minh"
    if gap_thousandths is None:
        return f"{said}: {score} trên thang 100; chưa biết còn có thể cao hơn bao nhiêu."
    bound, gap = format_quantity(score_thousandths + gap_thousandths), format_quantity(gap_thousandths)
    return (
        f"{said}: {score} trên thang 100; mọi phương án không quá {bound} điểm, "
        f"còn cách nhiều nhất {gap} điểm."
    )


def equal_weights(output_ids: Sequence[int]) -> dict[int, int]:
    """Give every scored result the same points; the thousandths sum to exactly 100 points.

    Args:
        output_ids: results that earn points, in the order of the catalogue.

    Returns:
        Thousandths of a point by output id; empty when nothing earns points.
    """
    if not output_ids:
        return {}
    parts = apportion(WEIGHT_TOTAL_THOUSANDTHS, [1] * len(output_ids))
    return dict(zip(output_ids, parts, strict=True))


def require_full_weights(weights: Mapping[int, int], scored_output_ids: Sequence[int]) -> None:
    """Refuse weights that are negative, that name another result, or that do not sum to 100 points.

    Args:
        weights: thousandths of a point by output id.
        scored_output_ids: the results that may earn points.

    Raises:
        RuleBroken: says by how much the sum is off.
    """
    if set(weights) != set(scored_output_ids):
        raise RuleBroken("Trọng số phải ghi cho đúng các kết quả được chấm điểm, không thiếu, không thừa.")
    if any(weight < 0 for weight in weights.values()):
        raise RuleBroken("Trọng số không được âm.")
    total = sum(weights.values())
    if total != WEIGHT_TOTAL_THOUSANDTHS:
        off = abs(total - WEIGHT_TOTAL_THOUSANDTHS)
        direction = "thừa" if total > WEIGHT_TOTAL_THOUSANDTHS else "thiếu"
        raise RuleBroken(
            f"Tổng trọng số là {format_quantity(total)} điểm, {direction} {format_quantity(off)} điểm "
            "so với 100 điểm; mời chỉnh lại rồi lưu."
        )


def require_limit_sound(at_least_vnd: int | None, at_most_vnd: int | None) -> None:
    """Refuse a limit that says nothing or contradicts itself.

    Raises:
        RuleBroken: no amount, a negative amount, or a floor above the ceiling.
    """
    amounts = [amount for amount in (at_least_vnd, at_most_vnd) if amount is not None]
    if not amounts:
        raise RuleBroken("Giới hạn phải có mức sàn hoặc mức trần.")
    if min(amounts) < 0:
        raise RuleBroken("Mức sàn, mức trần không được âm.")
    if at_least_vnd is not None and at_most_vnd is not None and at_least_vnd > at_most_vnd:
        raise RuleBroken(
            f"Mức sàn {format_vnd(at_least_vnd)} đồng lớn hơn mức trần {format_vnd(at_most_vnd)} đồng."
        )


def limit_sentence(
    scope_vi: str, at_least_vnd: int | None, at_most_vnd: int | None, *, is_hard: bool, legal_reference: str
) -> str:
    """Read a limit aloud: whose money, at least, at most, and by which rule.

    Args:
        scope_vi: whose money, in words ("Lĩnh vực 5, nguồn ngân sách tỉnh").
        at_least_vnd: floor in đồng, or None.
        at_most_vnd: ceiling in đồng, or None.
        is_hard: whether every plan must keep it.
        legal_reference: the rule it rests on; may be empty.
    """
    bounds = []
    if at_least_vnd is not None:
        bounds.append(f"ít nhất {format_vnd(at_least_vnd)} đồng")
    if at_most_vnd is not None:
        bounds.append(f"nhiều nhất {format_vnd(at_most_vnd)} đồng")
    strength = "bắt buộc" if is_hard else "phấn đấu, được thiếu khi không thể khác"
    basis = f", theo {legal_reference}" if legal_reference else ""
    return f"{scope_vi}: {' và '.join(bounds)} ({strength}{basis})."


def lock_sentence(kind: LockKind, project_vi: str, level_vi: str, reason_vi: str) -> str:
    """Read a lock aloud: what is decided about the project beforehand, and why."""
    said = {
        LockKind.COMMITTED: f"“{project_vi}” phải được bố trí"
        + (f" từ mức {level_vi} trở lên" if level_vi else ""),
        LockKind.PINNED: f"“{project_vi}” được bố trí đúng mức {level_vi}",
        LockKind.BARRED: f"“{project_vi}” không đưa vào phương án",
    }[kind]
    return f"{said}, vì: {reason_vi}"


def link_sentence(kind: LinkKind, projects_vi: Sequence[str]) -> str:
    """Read a rule between projects aloud."""
    names = [f"“{name}”" for name in projects_vi]
    if kind is LinkKind.REQUIRES:
        return f"{names[0]} chỉ được bố trí khi {names[1]} cũng được bố trí."
    joined = f"{', '.join(names[:-1])} và {names[-1]}"
    how_many = "nhiều nhất một" if kind is LinkKind.AT_MOST_ONE else "đúng một"
    return f"Trong các dự án {joined}: {how_many} dự án được bố trí."


def require_link_sound(kind: LinkKind, project_ids: Sequence[int]) -> None:
    """Refuse a link that does not name at least two different projects (exactly two for REQUIRES).

    Raises:
        RuleBroken: too few, too many, or one project twice.
    """
    if len(set(project_ids)) != len(project_ids):
        raise RuleBroken("Một dự án không được ghi hai lần trong cùng một ràng buộc.")
    if kind is LinkKind.REQUIRES and len(project_ids) != 2:
        raise RuleBroken("Ràng buộc “cần có dự án kia” gồm đúng hai dự án: dự án cần, rồi dự án được cần.")
    if len(project_ids) < 2:
        raise RuleBroken("Ràng buộc giữa các dự án phải có ít nhất hai dự án.")
