"""Vietnamese sentences made from the facts of an answer; nothing is said that is not in the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.answer import Displacement, ExtraMoney, ProofKind, Verdict
from optimizer.problem import AllocationProblem, Candidate
from optimizer.wording import amount_words, list_words, number_words, points_words

MOST_RIVALS = 6
BILLION_VND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about one candidate before it is put into words.

    Attributes:
        error_points: how much the opposite decision might still gain, when not proven.
        rule_words: Vietnamese sentences of the rules that decide.
    """

    candidate: Candidate
    level_id: str | None
    verdict: Verdict
    proof: ProofKind
    loss_at_least_points: Fraction | None
    loss_points: Fraction | None
    error_points: Fraction
    displaced: tuple[Displacement, ...]
    own_points: Fraction
    cost_vnd: int
    extra_money: ExtraMoney | None
    rule_words: tuple[str, ...]
    tie_break_words: str = ""


def answer_sentences(problem: AllocationProblem, finding: Finding) -> tuple[str, ...]:
    """Return the sentences for one candidate: the decision, what the opposite costs, money and points.

    Args:
        problem: the question, for names.
        finding: the facts.
    """
    names = {item.id: item.name for item in problem.candidates}
    sentences = [_decision(finding)]
    if finding.verdict is Verdict.BY_RULE:
        sentences += finding.rule_words
    else:
        sentences.append(_opposite(finding, names))
    sentences.append(_money(finding))
    if finding.extra_money is not None:
        sentences.append(_extra(problem, finding.extra_money))
    return tuple(sentence for sentence in sentences if sentence)


def _decision(finding: Finding) -> str:
    name = finding.candidate.name
    what = f"“{name}” được cấp ở mức “{finding.level_id}”" if finding.level_id else f"“{name}” chưa được cấp"
    if finding.verdict is Verdict.BY_RULE:
        return f"{what}: theo quy tắc, không do so điểm."
    if finding.verdict is Verdict.EVIDENCE:
        proof = {
            ProofKind.CERTIFICATE: "chứng thư cộng lại được bằng phân số, không cần bộ giải",
            ProofKind.ENGINE: "bộ giải đã chứng minh bằng cách buộc quyết định ngược lại",
        }[finding.proof]
        return f"{what}: có chứng cứ ({proof})."
    if finding.error_points <= 0 and finding.loss_points == 0:
        return (
            f"{what}: trong sai số 0 điểm, quyết định ngược lại cho điểm bằng nhau. {finding.tie_break_words}"
        )
    return (
        f"{what}: trong sai số {points_words(finding.error_points)}; thuộc quyền lựa chọn của cơ quan lập "
        f"phương án. {finding.tie_break_words}"
    )


def _opposite(finding: Finding, names: Mapping[str, str]) -> str:
    what = "Nếu không cấp" if finding.level_id else "Nếu buộc phải cấp"
    parts = []
    if finding.loss_at_least_points is not None and finding.loss_at_least_points > 0:
        parts.append(f"điểm toàn phương án giảm ít nhất {points_words(finding.loss_at_least_points)}")
    if finding.loss_points is None:
        parts.append("trong thời gian đã đặt chưa tìm được phương án nào như vậy")
    elif finding.loss_points > 0:
        parts.append(f"phương án tốt nhất tìm được kém {points_words(finding.loss_points)}")
    elif finding.loss_points < 0:
        parts.append(f"đã tìm được phương án hơn {points_words(-finding.loss_points)}")
    else:
        parts.append("có phương án cùng điểm")
    changes = [_change(item, names) for item in finding.displaced[:MOST_RIVALS]]
    rest = len(finding.displaced) - len(changes)
    if rest > 0:
        changes.append(f"{rest} thay đổi khác")
    moved = f"; khi đó phải {list_words(changes)}" if changes else ""
    return f"{what}, {', '.join(parts)}{moved}."


def _change(item: Displacement, names: Mapping[str, str]) -> str:
    name = names[item.candidate_id]
    if item.level_after is None:
        return f"bỏ “{name}”"
    if item.level_before is None:
        return f"cấp “{name}” ở mức “{item.level_after}”"
    return f"chuyển “{name}” từ “{item.level_before}” sang “{item.level_after}”"


def _money(finding: Finding) -> str:
    cost = amount_words(finding.cost_vnd)
    points = points_words(finding.own_points)
    per_billion = ""
    if finding.cost_vnd and finding.own_points:
        each = finding.own_points * BILLION_VND / finding.cost_vnd
        per_billion = f", tức {number_words(each, 4)} điểm trên một tỷ đồng"
    if finding.level_id:
        return f"Riêng dự án này đóng góp {points} trong phương án với chi phí {cost}{per_billion}."
    return f"Thêm riêng dự án này ở mức thấp nhất thì được {points} với chi phí {cost}{per_billion}."


def _extra(problem: AllocationProblem, extra: ExtraMoney) -> str:
    if extra.total_vnd == 0:
        return (
            "Tiền còn đủ để cấp thêm ở mức thấp nhất, nhưng điểm không tăng hoặc quy tắc khác không cho phép."
        )
    names = {source.id: source.name for source in problem.sources}
    where = [
        f"{amount_words(amount)} từ “{names[source]}” năm {year}"
        for source, by_year in extra.missing_vnd.items()
        for year, amount in by_year.items()
    ]
    return (
        f"Để cấp thêm ở mức “{extra.level_id}” mà không giảm dự án nào, cần thêm {list_words(where)} (hoặc "
        f"giảm dự toán ở mức này từng ấy); khi đó điểm tăng {points_words(extra.gained_points)}."
    )
