"""Vietnamese sentences about two plans and why their scores differ, made from the facts alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from optimizer.answers.comparison_facts import Attribution, BestOfProblem, PlanDifferences
from optimizer.answers.problem_changes import CauseGroup, Change
from optimizer.wording import list_words, points_words


def signed_points_words(points: Fraction) -> str:
    """Return points with their sign, for instance +0,25 điểm or −1 điểm."""
    size = points_words(abs(points))
    if not points:
        return size
    if size.startswith("dưới"):
        return f"{'tăng' if points > 0 else 'giảm'} {size}"
    return f"{'+' if points > 0 else '−'}{size}"


def cause_sentence(changes: Sequence[Change], effect: tuple[Fraction, Fraction, Fraction]) -> str:
    """Return one sentence about a cause.

    Args:
        changes: what it consists of.
        effect: what is proven of it, at least, at most.
    """
    proven, low, high = effect
    words = "; ".join(change.words for change in changes)
    if len(changes) > 1 and len({change.group for change in changes}) == 1:
        words = f"Nhóm {changes[0].group.label_vi} ({words})"
    elif len(changes) > 1:
        words = f"Cùng nhau ({words})"
    if low == high:
        return f"{words}: {signed_points_words(proven)}."
    low_words, high_words = signed_points_words(low), signed_points_words(high)
    return f"{words}: chưa chứng minh xong, tác động từ {low_words} đến {high_words}."


def summary_sentences(
    scores: tuple[Fraction, Fraction],
    bests: tuple[BestOfProblem, BestOfProblem],
    differences: PlanDifferences,
    attributions: tuple[Attribution, Attribution | None],
) -> tuple[str, ...]:
    """Return the summary: how the scores differ, how the difference adds up, what moved."""
    attribution, averaged = attributions
    total = scores[1] - scores[0]
    moved = f"{points_words(scores[0])} → {points_words(scores[1])}"
    sentences = [
        f"Điểm của phương án sau so với phương án trước: {signed_points_words(total)} ({moved}).",
        *_distance_words(bests),
        *(cause.sentence for cause in attribution.causes),
    ]
    if attribution.unproven_points:
        sentences.append(f"Phần chưa chứng minh: {signed_points_words(attribution.unproven_points)}.")
    sentences.append(f"Cộng lại đúng bằng chênh lệch: {signed_points_words(total)}.")
    if len(attribution.causes) > 1:
        sentences.append(_groups_words(attribution))
    if averaged is not None:
        sentences += _averaged_words(averaged)
    sentences += [move.sentence for move in differences.levels]
    sentences += [move.sentence for move in differences.outputs]
    sentences += differences.money_sentences
    return tuple(sentences)


def _distance_words(bests: tuple[BestOfProblem, BestOfProblem]) -> Iterator[str]:
    for name, best, sign in (("trước", bests[0], 1), ("sau", bests[1], -1)):
        far = points_words(abs(best.distance_points))
        part = f"{signed_points_words(sign * best.distance_points)} trong chênh lệch"
        if best.distance_points > 0:
            yield f"Phương án {name} kém phương án tốt nhất tìm được cho bài toán của nó {far}: {part}."
        elif best.distance_points < 0:
            why = "vì thiếu hụt so với các giới hạn không cứng nhiều hơn mức nhỏ nhất"
            yield f"Phương án {name} hơn phương án tốt nhất theo thứ tự xét {far}, {why}: {part}."


def _groups_words(attribution: Attribution) -> str:
    sums: dict[str, Fraction] = {}
    for cause in attribution.causes:
        groups = [group for group in CauseGroup if any(change.group is group for change in cause.changes)]
        name = list_words([group.label_vi for group in groups])
        sums[name] = sums.get(name, Fraction(0)) + cause.points
    told = [f"{name} {signed_points_words(points)}" for name, points in sums.items()]
    return f"Theo nhóm, theo thứ tự xét: {'; '.join(told)}."


def _averaged_words(averaged: Attribution) -> Iterator[str]:
    orders = f"{averaged.orders_used} trên {averaged.orders}"
    yield f"Bình quân trên mọi thứ tự xét mà bước nào cũng còn phương án ({orders} thứ tự):"
    yield from (cause.sentence for cause in averaged.causes)
    if averaged.unproven_points:
        yield f"Phần chưa chứng minh: {signed_points_words(averaged.unproven_points)}."
