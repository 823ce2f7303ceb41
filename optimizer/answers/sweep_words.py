"""The money frontier as Vietnamese sentences made from its facts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.answers.sweep_answer import CurvePoint, Knot, KnotOutcome, MoneyFrontier
from optimizer.problem import AllocationProblem
from optimizer.wording import amount_words, number_words, points_words


def frontier_sentences(problem: AllocationProblem, frontier: MoneyFrontier) -> tuple[str, ...]:
    """Return the sentences: today, the next billion, where the benefit falls off, less and more money."""
    return (
        _scope_sentence(problem, frontier),
        *_today_sentences(frontier),
        *_falling_sentences(frontier),
        *_knot_sentences(frontier),
        *_floor_sentences(frontier),
    )


def share_words(share: Fraction) -> str:
    """Return a share as a percentage, for instance 110 %."""
    return f"{number_words(share * 100, 1)} %"


def _scope_sentence(problem: AllocationProblem, frontier: MoneyFrontier) -> str:
    asked = frontier.asked
    names = {source.id: source.name for source in problem.sources}
    what = "mọi trần" if asked.source_id is None else f"trần nguồn “{names[asked.source_id]}”"
    when = "" if asked.year is None else f" năm {asked.year}"
    ends = f"từ {share_words(asked.from_share)} đến {share_words(asked.to_share)}"
    return f"Quét {what}{when} {ends} mức hiện nay."


def _today_sentences(frontier: MoneyFrontier) -> Iterator[str]:
    today = frontier.today()
    if today is None or today.bound_points is None:
        return
    score = "" if frontier.today_points is None else f"phương án được {points_words(frontier.today_points)}, "
    bound = points_words(today.bound_points)
    yield f"Ở mức hiện nay ({amount_words(today.total_vnd)}): {score}không phương án nào quá {bound}."
    if today.points_per_billion is not None:
        gain = points_words(today.points_per_billion)
        yield f"Thêm 1 tỷ đồng ở mức hiện nay: theo bài toán nới lỏng được khoảng {gain}."


def _falling_sentences(frontier: MoneyFrontier) -> Iterator[str]:
    half, flat = frontier.half_from, frontier.flat_from
    if half is not None:
        yield f"Lợi ích của mỗi tỷ đồng thêm chỉ còn một nửa hoặc ít hơn kể từ {_where(half)}."
    if flat is not None:
        yield f"Kể từ {_where(flat)}, thêm tiền không làm tăng điểm nữa."


def _where(point: CurvePoint) -> str:
    return f"mức {amount_words(point.total_vnd)} ({share_words(point.share)})"


def _knot_sentences(frontier: MoneyFrontier) -> Iterator[str]:
    """Say what the neighbours of today's ceilings are worth."""
    planned = [knot for knot in frontier.knots if knot.score_points is not None]
    below = [knot for knot in planned if knot.share < 1]
    above = [knot for knot in planned if knot.share > 1]
    today = next((knot for knot in planned if knot.share == 1), None)
    if today is None:
        return
    for knot in (*below[-1:], *above[:1]):
        yield _neighbour_sentence(today, knot)


def _neighbour_sentence(today: Knot, knot: Knot) -> str:
    change = (knot.score_points or Fraction(0)) - (today.score_points or Fraction(0))
    how = "tăng" if change > 0 else "giảm"
    points = f"{how} {points_words(abs(change))}" if change else "không đổi"
    return f"Với {share_words(knot.share)} mức hiện nay: điểm {points}, {knot.changed} dự án thay đổi."


def _floor_sentences(frontier: MoneyFrontier) -> Iterator[str]:
    empty = [knot.share for knot in frontier.knots if knot.outcome is KnotOutcome.INFEASIBLE]
    empty += [point.share for point in frontier.curve if point.bound_points is None]
    if empty:
        where = share_words(max(empty))
        yield f"Từ {where} mức hiện nay trở xuống không có phương án nào giữ được mọi quy tắc cứng."
    for conflict in frontier.conflicts:
        yield conflict.words
