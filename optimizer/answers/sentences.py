"""Vietnamese sentences made from the facts of an answer; nothing is said that is not in the facts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from optimizer.answer import CandidateAnswer, Displacement, ExtraMoney, ProofKind, Verdict
from optimizer.answer_prices import BoundOrigin, WorthHint
from optimizer.answers.tie_break import tie_break_words
from optimizer.problem import AllocationProblem
from optimizer.wording import amount_words, list_words, number_words, points_words

MOST_RIVALS = 6
SMALLEST_TOLD = Fraction(1, 20_000)
"""A loss proven to be at least this is told in points; of a smaller one only that it is there."""
BILLION_VND = 1_000_000_000


def answer_sentences(problem: AllocationProblem, answer: CandidateAnswer) -> tuple[str, ...]:
    """Return the sentences for one candidate: the decision, what the opposite costs, money and points.

    Args:
        problem: the question, for names.
        answer: the facts; its own sentences are not read.
    """
    names = {item.id: item.name for item in problem.candidates}
    sentences = [_decision(problem, answer, names)]
    if answer.verdict is Verdict.BY_RULE:
        sentences += answer.rule_words
    else:
        sentences.append(_opposite(answer, names))
    sentences.append(_money(answer))
    if answer.extra_money is not None:
        sentences.append(_extra(problem, answer.extra_money))
    return tuple(sentence for sentence in sentences if sentence)


def _decision(problem: AllocationProblem, answer: CandidateAnswer, names: Mapping[str, str]) -> str:
    name = names[answer.candidate_id]
    decided = f"được cấp ở mức “{answer.level_id}”" if answer.level_id else "chưa được cấp"
    what = f"“{name}” {decided}"
    if answer.verdict is Verdict.BY_RULE:
        return f"{what}: theo quy tắc, không do so điểm."
    if answer.verdict is Verdict.EVIDENCE:
        return f"{what}: có chứng cứ ({_proof_words(answer)})."
    return f"{what}: {_error_words(answer)} {tie_break_words(problem, answer.tie_break)}"


def _proof_words(answer: CandidateAnswer) -> str:
    if answer.proof is ProofKind.ENGINE:
        return "bộ giải chứng minh khi buộc quyết định ngược lại"
    if answer.is_by_plan_tree:
        return "chứng minh chung cho cả phương án, cộng lại được bằng phân số"
    if answer.tree is not None:
        return f"chứng minh gồm {len(answer.tree.steps)} bước, cộng lại được bằng phân số"
    return "một bảng giá, cộng lại được bằng phân số"


def _error_words(answer: CandidateAnswer) -> str:
    """How far the opposite decision may still gain, and by whose bound."""
    if answer.error_points is None or answer.error_origin is None:
        return "trong sai số chưa xác định; thuộc quyền lựa chọn của cơ quan lập phương án."
    origin = answer.error_origin.label_vi
    if answer.error_points <= 0 and answer.loss_points == 0:
        return f"trong sai số 0 điểm ({origin}), quyết định ngược lại cho điểm bằng nhau."
    if answer.error_points < SMALLEST_TOLD:
        return (
            f"trong sai số {points_words(answer.error_points)} ({origin}): quyết định ngược lại không thể "
            "hơn điểm, nhưng thời gian đã đặt chưa đủ để có chứng cứ rằng nó kém; thuộc quyền lựa chọn của "
            "cơ quan lập phương án."
        )
    told = ""
    if answer.engine_loss_points is not None:
        told = (
            f"; bộ giải cho biết quyết định ngược lại kém ít nhất {points_words(answer.engine_loss_points)}, "
            "nhưng điều đó chưa cộng lại được nên không phải là chứng cứ"
        )
    return (
        f"trong sai số {points_words(answer.error_points)} ({origin}){told}; thuộc quyền lựa chọn của cơ "
        "quan lập phương án."
    )


def _opposite(answer: CandidateAnswer, names: Mapping[str, str]) -> str:
    what = "Nếu không cấp" if answer.level_id else "Nếu buộc phải cấp"
    changes = [_change(item, names) for item in answer.displaced[:MOST_RIVALS]]
    rest = len(answer.displaced) - len(changes)
    if rest > 0:
        changes.append(f"{rest} thay đổi khác")
    moved = f"; khi đó phải {list_words(changes)}" if changes else ""
    return f"{what}, {_lost(answer)}{moved}."


def _lost(answer: CandidateAnswer) -> str:
    """What the opposite decision loses: what is proven, and what was found."""
    least, found = answer.loss_at_least_points, answer.loss_points
    if least is not None and least == found and least >= SMALLEST_TOLD:
        return f"điểm toàn phương án giảm đúng {points_words(least)}"
    parts = []
    if least is not None and least >= SMALLEST_TOLD:
        parts.append(f"điểm toàn phương án giảm ít nhất {points_words(least)}")
    elif least is not None and least > 0:
        parts.append("điểm toàn phương án chắc chắn giảm")
    if found is None:
        parts.append("chưa tìm được phương án nào như vậy")
    elif found > 0:
        parts.append(f"phương án tốt nhất tìm được kém {points_words(found)}")
    elif found < 0:
        parts.append(f"đã tìm được phương án hơn {points_words(-found)}")
    else:
        parts.append("có phương án cùng điểm")
    return ", ".join(parts)


def _change(item: Displacement, names: Mapping[str, str]) -> str:
    name = names[item.candidate_id]
    if item.level_after is None:
        return f"bỏ “{name}”"
    if item.level_before is None:
        return f"cấp “{name}” ở mức “{item.level_after}”"
    return f"chuyển “{name}” từ “{item.level_before}” sang “{item.level_after}”"


def _money(answer: CandidateAnswer) -> str:
    cost = amount_words(answer.cost_vnd)
    points = points_words(answer.own_points)
    per_billion = ""
    if answer.cost_vnd and answer.own_points:
        each = answer.own_points * BILLION_VND / answer.cost_vnd
        per_billion = f", tức {number_words(each, 4)} điểm trên một tỷ đồng"
    if answer.level_id:
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
    gained = f"tăng {points_words(extra.gained_points)}" if extra.gained_points else "không đổi"
    return (
        f"Để cấp thêm ở mức “{extra.level_id}” mà không giảm dự án nào, cần thêm {list_words(where)} (hoặc "
        f"giảm dự toán ở mức này từng ấy); khi đó điểm {gained}."
    )


def hint_sentence(hint: WorthHint) -> str:
    """Return the worth at the prices of the relaxation, told as the hint it is."""
    ratio = hint.value_to_money
    share = "" if not ratio else f", bằng {number_words(ratio, 2)} lần giá trị của tiền"
    rules = f", các quy tắc {points_words(hint.rule_points)}" if hint.rule_points else ""
    return (
        f"Gợi ý (theo giá của bài toán nới lỏng, không phải lý do): ở mức “{hint.level_id}”, kết quả đáng "
        f"{points_words(hint.value_points)}{share}; tiền chiếm {points_words(hint.money_points)}{rules}, "
        f"còn lại {points_words(hint.margin_points)}."
    )


def origin_words(origin: BoundOrigin) -> str:
    """Return where a bound comes from, in brackets."""
    return f"({origin.label_vi})"
