"""Vietnamese sentences about what it would take to decide otherwise; each number is told with who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from optimizer.answer import CandidateAnswer
from optimizer.answer_prices import (
    BoundOrigin,
    CandidatePrices,
    ConfirmedPrice,
    CostCut,
    LeastMoney,
    LevelLoss,
    Money,
    ReplacementCost,
    RulePrice,
    YearShift,
)
from optimizer.problem import AllocationProblem
from optimizer.wording import amount_words, list_words, number_words, points_words

UNKNOWN_SHARE = 50
"""Between the cost that is funded and the one that is not, a fiftieth of the cost is told as unknown."""


def price_sentences(
    problem: AllocationProblem, answer: CandidateAnswer, prices: CandidatePrices
) -> tuple[str, ...]:
    """Return a sentence for everything that was asked and found.

    Args:
        problem: the question, for names.
        answer: the candidate's answer, for its level.
        prices: what was found.
    """
    return tuple(_sentences(problem, answer, prices))


def _sentences(problem: AllocationProblem, answer: CandidateAnswer, prices: CandidatePrices) -> Iterator[str]:
    for level in prices.levels:
        yield _level(level)
    for cut in prices.cuts:
        yield _cut(cut)
    for shift in prices.shifts:
        yield _shift(shift, is_funded=answer.level_id is not None)
    if prices.least_extra is not None:
        yield _least_extra(problem, prices.least_extra)
    if prices.replacement is not None:
        yield _replacement(problem, answer, prices.replacement)


def _level(item: LevelLoss) -> str:
    what = f"Nếu cấp ở mức “{item.level_id}”"
    if not item.is_possible:
        return f"{what}: bộ giải cho biết không có phương án nào như vậy."
    if item.loss_points is not None and item.loss_points < 0:
        return f"{what}: đã tìm được phương án hơn {points_words(-item.loss_points)}."
    if item.loss_points == 0:
        return f"{what}: có phương án cùng điểm."
    parts = []
    if item.loss_at_least_points is not None and item.loss_at_least_points > 0:
        origin = item.least_origin.label_vi
        parts.append(f"điểm giảm ít nhất {points_words(item.loss_at_least_points)} ({origin})")
    if item.loss_points is not None:
        parts.append(f"phương án tốt nhất tìm được kém {points_words(item.loss_points)}")
    return f"{what}: {', '.join(parts) or 'chưa biết trong thời gian đã đặt'}."


def _cut(item: CostCut) -> str:
    what = f"Mức “{item.level_id}” (thẩm định {amount_words(item.appraised_vnd)})"
    if item.largest_vnd is None:
        none_fits = item.below_vnd == 0
        return f"{what}: " + (
            "dù không tốn tiền cũng không có phương án nào không kém điểm."
            if none_fits
            else "chưa tìm được chi phí nào để được cấp trong thời gian đã đặt."
        )
    if item.largest_vnd >= item.appraised_vnd:
        return f"{what}: ở đúng chi phí này đã có phương án không kém điểm."
    share = number_words(Fraction(item.largest_vnd * 100, item.appraised_vnd), 2)
    words = f"{what}: được cấp trong cùng số tiền nếu chi phí không quá {amount_words(item.largest_vnd)}"
    words = f"{words} ({share} % dự toán, đã kiểm toán phương án)"
    if item.below_vnd is not None:
        words += f"; từ {amount_words(item.below_vnd)} thì không ({item.below_origin.label_vi})"
        if (item.below_vnd - item.largest_vnd) * UNKNOWN_SHARE > item.appraised_vnd:
            words += "; khoảng ở giữa chưa biết"
    return f"{words}."


def _shift(item: YearShift, *, is_funded: bool) -> str:
    when = f"chậm {item.years} năm" if item.years > 0 else f"sớm {-item.years} năm"
    what = f"Nếu bắt đầu {when}"
    if not item.is_possible:
        return f"{what}: bộ giải cho biết không thể cấp dự án."
    if item.gained_points is not None and item.gained_points > 0:
        return f"{what}: cấp dự án làm điểm phương án tăng {points_words(item.gained_points)}."
    if item.gained_points == 0:
        return f"{what}: cấp dự án thì điểm phương án không đổi."
    parts = []
    if item.most_points is not None and item.most_points < 0:
        parts.append(f"điểm giảm ít nhất {points_words(-item.most_points)} ({item.most_origin.label_vi})")
    if item.gained_points is not None:
        parts.append(f"phương án tốt nhất tìm được kém {points_words(-item.gained_points)}")
    verb = "cấp dự án thì" if is_funded else "vẫn chưa được cấp;"
    return f"{what}: {verb} {', '.join(parts) or 'chưa biết điểm thay đổi bao nhiêu'}."


def _least_extra(problem: AllocationProblem, item: LeastMoney) -> str:
    if item.total_vnd == 0:
        return "Không cần thêm tiền: đã có phương án cấp dự án này mà không kém điểm."
    return (
        f"Nếu được sắp xếp lại các dự án khác, {_needed(problem, item)} là cấp được dự án này mà điểm không "
        f"giảm {_least_words(item)}."
    )


def _replacement(problem: AllocationProblem, answer: CandidateAnswer, item: ReplacementCost) -> str:
    if not item.is_possible:
        return (
            "Không dự án nào khác thay được kết quả của dự án này, dù thêm bao nhiêu tiền "
            f"({BoundOrigin.CERTIFICATE.label_vi})."
        )
    if item.extra is None or item.others_vnd is None:
        return "Chưa tìm được các dự án khác có thể thay kết quả của dự án này."
    spent = f"các dự án khác phải chi thêm {amount_words(item.others_vnd)}"
    if item.others_vnd < 0:
        spent = f"các dự án khác chi ít hơn {amount_words(-item.others_vnd)}"
    saved = f"so với {amount_words(answer.cost_vnd)} của dự án này"
    if item.extra.total_vnd == 0:
        return f"Mua kết quả này từ các dự án khác: không cần thêm tiền, {spent} ({saved})."
    return (
        f"Mua kết quả này từ các dự án khác: {spent} ({saved}), {_needed(problem, item.extra)} "
        f"{_least_words(item.extra)}."
    )


def _needed(problem: AllocationProblem, item: LeastMoney) -> str:
    return f"cần thêm {money_words(problem, item.extra_vnd)}"


def _least_words(item: LeastMoney) -> str:
    """How sure it is that less does not suffice."""
    if not item.at_least_vnd:
        return "(chưa biết ít hơn có đủ không)"
    if item.at_least_vnd >= item.total_vnd:
        return f"(ít hơn thì không đủ: {item.least_origin.label_vi})"
    return f"(dưới {amount_words(item.at_least_vnd)} thì không đủ: {item.least_origin.label_vi})"


def money_words(problem: AllocationProblem, money: Money) -> str:
    """Return amounts with their sources and years."""
    names: Mapping[str, str] = {source.id: source.name for source in problem.sources}
    return list_words(
        [
            f"{amount_words(amount)} từ “{names[source_id]}” năm {year}"
            for source_id, by_year in money.items()
            for year, amount in by_year.items()
        ]
    )


def rule_price_sentence(price: RulePrice, words: str) -> str:
    """Return a price of money: the hint, and what a step really brings where that was asked.

    Args:
        price: the price.
        words: Vietnamese noun phrase of its row.
    """
    each = points_words(price.points_per_billion)
    hint = f"{words}: giá của bài toán nới lỏng {each} trên một tỷ đồng (gợi ý)"
    step = price.confirmed
    if step is None:
        return f"{hint}."
    return f"{hint}; giải lại khi thêm {amount_words(step.step_vnd)}: {_gained(step)}."


def _gained(step: ConfirmedPrice) -> str:
    """What a step brings: what was found, and the bound above which nothing is."""
    found, most, origin = step.gained_points, step.most_points, step.most_origin.label_vi
    if most == found:
        return f"điểm tăng đúng {points_words(found)} ({origin})" if found else f"điểm không tăng ({origin})"
    told = f"có phương án tăng {points_words(found)}" if found > 0 else "chưa tìm được phương án hơn điểm"
    return told if most is None else f"{told}, không phương án nào tăng quá {points_words(most)} ({origin})"
