"""Vietnamese sentences about robustness, made from the facts alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from optimizer.answers.robustness_facts import (
    CandidateRobustness,
    DrawWay,
    PlanRisk,
    ProtectedPlan,
    Robustness,
    RobustnessSettings,
    RowRisk,
    SampleCount,
    SampleKind,
    SeenShare,
    VerdictBounds,
)
from optimizer.problem import AllocationProblem, Candidate, CandidateState
from optimizer.wording import amount_words, list_words, number_words, points_words


def percent_words(share: Fraction) -> str:
    """Return a share as per cent with at most one decimal, for instance 97,5 %."""
    return f"{number_words(share * 100, 1)} %"


def candidate_sentence(
    candidate: Candidate,
    shares: Mapping[SampleKind, SeenShare],
    verdict: Robustness,
    *,
    is_funded: bool | None,
) -> str:
    """Return one sentence about a candidate.

    Args:
        candidate: the candidate.
        shares: how often it is funded, by kind of sample.
        verdict: where it stands.
        is_funded: whether the plan under question funds it; None = no plan is under question.
    """
    by_rule = {
        CandidateState.COMMITTED: "đã cam kết nên luôn được cấp",
        CandidateState.PINNED: "đã ghim nên luôn được cấp",
        CandidateState.BARRED: "đã loại nên không được cấp",
    }.get(candidate.state)
    if by_rule is not None:
        return f"“{candidate.name}” {by_rule} (theo quy tắc)."
    if not shares:
        return f"“{candidate.name}”: không lượt thử nào có phương án, nên chưa nói được gì."
    told = [f"{_seen_words(seen)} khi {kind.label_vi} thay đổi" for kind, seen in shares.items()]
    words = f"“{candidate.name}” được cấp trong {list_words(told)}: {verdict.label_vi}"
    if is_funded and verdict is Robustness.OUTSIDE:
        words += ", dù phương án đang xét có cấp"
    if is_funded is False and verdict is Robustness.CORE:
        words += ", dù phương án đang xét không cấp"
    return f"{words}."


def _seen_words(seen: SeenShare) -> str:
    share, low, high = (percent_words(part) for part in (seen.share, seen.low, seen.high))
    return f"{share} số lượt thử (khoảng tin cậy 95 %: từ {low} đến {high})"


def summary_sentences(
    problem: AllocationProblem,
    asked: tuple[RobustnessSettings, DrawWay],
    samples: Sequence[SampleCount],
    found: tuple[Sequence[CandidateRobustness], PlanRisk | None, Sequence[ProtectedPlan]],
) -> tuple[str, ...]:
    """Return the summary: how it was drawn, how many stand where, what the kept plan risks."""
    settings, way = asked
    candidates, risk, protected = found
    sentences = [
        *(_sample_words(sample, settings) for sample in samples),
        _way_words(way, settings),
        _verdict_words(candidates, settings.bounds),
    ]
    if any(sample.kind is SampleKind.WEIGHTS for sample in samples):
        words = "Tỷ lệ được cấp khi trọng số thay đổi là chỉ số lõi theo mẫu: "
        sentences.append(f"{words}lấy trên các trọng số đã thử, không phải trên mọi trọng số có thể.")
    if risk is not None:
        sentences += _risk_words(problem, risk)
    sentences += _protection_words(protected, settings)
    return tuple(sentences)


def _verdict_words(candidates: Sequence[CandidateRobustness], bounds: VerdictBounds) -> str:
    counts = [
        f"{sum(1 for item in candidates if item.verdict is verdict)} dự án {verdict.label_vi}"
        for verdict in Robustness
    ]
    core, outside = percent_words(bounds.core_from), percent_words(bounds.outside_to)
    told = f"chắc chắn: cận dưới của tỷ lệ được cấp từ {core}; chưa tới lượt: cận trên không quá {outside}"
    return f"{', '.join(counts)} ({told})."


def _sample_words(sample: SampleCount, settings: RobustnessSettings) -> str:
    ranges = settings.ranges
    moved = []
    if sample.kind is not SampleKind.COSTS:
        moved.append(f"mỗi trọng số tăng giảm tối đa {percent_words(ranges.weights_share)}")
    if sample.kind is not SampleKind.WEIGHTS:
        years = f" (năm {list_words([str(year) for year in ranges.years])})" if ranges.years else ""
        moved.append(f"chi phí mỗi dự án tăng tối đa {percent_words(ranges.costs_share)}{years}")
    words = f"{sample.asked} lượt thử {sample.kind.label_vi}: {list_words(moved)}"
    if sample.without_plan:
        words += f"; {sample.without_plan} lượt không có phương án nào giữ được mọi quy tắc cứng"
    if sample.unsettled:
        words += f"; {sample.unsettled} lượt chưa có kết quả khi hết thời gian"
    if sample.stopped:
        words += f"; {sample.stopped} lượt dừng sớm, giữ phương án tốt nhất đã tìm được"
    return f"{words}."


def _way_words(way: DrawWay, settings: RobustnessSettings) -> str:
    if way is DrawWay.WHOLE:
        gap = percent_words(settings.gap_share)
        return f"Mỗi lượt tìm một phương án trọn mức, cách tốt nhất không quá {gap}."
    return (
        "Mỗi lượt giải bài toán nới lỏng (cho phép cấp một phần mức), nên các tỷ lệ chỉ để gợi ý, không "
        "phải là phương án."
    )


def _risk_words(problem: AllocationProblem, risk: PlanRisk) -> Iterator[str]:
    yield (
        f"Nếu giữ nguyên phương án mà chi phí tăng như đã thử, {_seen_words(risk.broken)} có ít nhất một "
        "mức trần bị vượt."
    )
    for row in sorted(risk.rows, key=lambda item: (-item.broken.seen, item.rule_id)):
        yield (
            f"{row_words(problem, row)} bị vượt trong {percent_words(row.broken.share)} số lượt, nhiều nhất "
            f"{amount_words(row.worst_over_vnd)}; dự phòng {amount_words(row.reserve_vnd)} thì đủ cho 95 % "
            "số lượt."
        )


def _protection_words(protected: Sequence[ProtectedPlan], settings: RobustnessSettings) -> Iterator[str]:
    plain = next((item.score_points for item in protected if not item.gamma), None)
    most = percent_words(settings.ranges.costs_share)
    for item in protected:
        if item.score_points is None or item.broken is None:
            yield f"Không có phương án nào chịu được {item.gamma} dự án cùng đội giá {most}."
            continue
        share = f"{percent_words(item.broken.share)} số lượt thử có mức trần bị vượt"
        if not item.gamma:
            yield f"Giá của an toàn, không dự phòng: {points_words(item.score_points)}; {share}."
            continue
        lost = "" if plain is None else f" (kém {points_words(plain - item.score_points)})"
        yield (
            f"Chịu được {item.gamma} dự án bất kỳ cùng đội giá {most}: {points_words(item.score_points)}"
            f"{lost}; {share}."
        )


def row_words(problem: AllocationProblem, row: RowRisk) -> str:
    """Return a ceiling in words."""
    kind, _, rest = row.rule_id.partition(":")
    if kind == "cap":
        return f"Mức trần “{next(item.words for item in problem.limits if item.id == rest)}”"
    group, _, year = rest.rpartition(":")
    names = {source.id: source.name for source in problem.sources}
    # A source id may itself contain a plus sign; then the group is told by its id.
    who = [names.get(source_id) for source_id in group.split("+")]
    named = [f"“{name}”" for name in who if name is not None]
    return f"Trần nguồn {list_words(named) if len(named) == len(who) else group} năm {year}"
