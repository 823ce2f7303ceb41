"""The nested ladder as Vietnamese sentences made from its facts."""

from __future__ import annotations

from optimizer.answers.ladder_answer import Ladder, LadderStep
from optimizer.wording import amount_words, list_words, number_words, points_words


def ladder_sentences(ladder: Ladder) -> tuple[str, ...]:
    """Return one sentence about the whole and one per rung."""
    return (_whole_sentence(ladder), *(_step_sentence(step) for step in ladder.steps))


def _whole_sentence(ladder: Ladder) -> str:
    weights = list_words([number_words(step.rung.weight) for step in ladder.steps])
    if ladder.is_proven:
        sure = "đã chứng minh là tốt nhất"
    elif ladder.bound_points is None:
        sure = "chưa có cận"
    else:
        sure = f"không thang lồng nhau nào quá {points_words(ladder.bound_points)}"
    return (
        f"Thang {len(ladder.steps)} bậc, thêm tiền thì không dự án nào mất mức đã được cấp; trọng số các bậc "
        f"{weights}: tổng theo trọng số {points_words(ladder.weighted_points)}, {sure}."
    )


def _step_sentence(step: LadderStep) -> str:
    where = f"Bậc {step.number} ({step.rung.title}, {amount_words(step.total_vnd)})"
    coming = sum(1 for item in step.changes if item.level_before is None)
    rising = len(step.changes) - coming
    if step.number == 1:
        grown = f"cấp {coming} dự án"
    else:
        news = [f"cấp thêm {coming} dự án"] * bool(coming) + [f"nâng mức {rising} dự án"] * bool(rising)
        grown = f"{list_words(news) or 'không thay đổi gì'} so với bậc dưới"
    return f"{where}: {points_words(step.score_points)}; {grown}; {_price(step)}."


def _price(step: LadderStep) -> str:
    free = points_words(step.free_points)
    if step.free_shortfall_vnd != step.shortfall_vnd:
        more = amount_words(abs(step.shortfall_vnd - step.free_shortfall_vnd))
        how = "còn thiếu nhiều hơn" if step.shortfall_vnd > step.free_shortfall_vnd else "còn thiếu ít hơn"
        return f"so với phương án tự do ({free}) {how} {more} theo các giới hạn mềm"
    price = (
        f"việc lồng nhau tốn {points_words(step.price_points)}"
        if step.price_points
        else "lồng nhau không tốn điểm"
    )
    if step.is_free_proven:
        return f"{price} so với phương án tự do tốt nhất ({free})"
    most = step.price_at_most_points
    at_most = "" if most is None else f", nhiều nhất {points_words(most)}"
    return f"{price} so với phương án tự do tìm được ({free}){at_most}"
