"""The transition's numbers as Vietnamese sentences for the agency and for those who decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from optimizer.transition.facts import AgencyBlock, DecidingRule, TransitionAgency, YearBlocks
from optimizer.wording import amount_words, number_words


def with_sentences(shared: YearBlocks, agencies: Mapping[str, TransitionAgency]) -> YearBlocks:
    """Return a year with the sentences of the year and of every agency.

    Args:
        shared: the year's blocks.
        agencies: the amounts of the year before, by code.
    """
    told = tuple(
        replace(block, sentences=_agency_sentences(block, shared, agencies[block.code].last_year_vnd))
        for block in shared.agencies
    )
    return replace(shared, agencies=told, sentences=_year_sentences(shared))


def percent_words(share: Fraction) -> str:
    """Return a share as per cent with at most two decimals, for instance 12,35%."""
    return f"{number_words(share * 100, 2)}%"


def _exact_words(vnd: Fraction) -> str:
    """Return an exact amount; what is no whole đồng is rounded and says so."""
    words = amount_words(round(vnd))
    return words if vnd.denominator == 1 else f"khoảng {words}"


def _year_sentences(shared: YearBlocks) -> tuple[str, ...]:
    at = {rule: sum(block.rule is rule for block in shared.agencies) for rule in DecidingRule}
    total = (
        f"Năm {shared.year} có {amount_words(shared.total_vnd)}: {percent_words(1 - shared.theta)} "
        f"({amount_words(shared.headcount_block_vnd)}) theo biên chế, {percent_words(shared.theta)} "
        f"({amount_words(shared.result_block_vnd)}) theo kết quả."
    )
    rules = (
        f"{at[DecidingRule.SHARE]} cơ quan nhận theo công thức, {at[DecidingRule.FLOOR]} được giữ ở sàn và "
        f"{at[DecidingRule.CAP]} ở trần của hành lang quanh mức năm trước."
    )
    if shared.multiplier is None or shared.multiplier == 1:
        return (total, rules)
    factor = (
        "Để tổng vừa đúng kinh phí, mức theo công thức được nhân với hệ số chung "
        f"{number_words(shared.multiplier, 4)}."
    )
    return (total, rules, factor)


def _agency_sentences(block: AgencyBlock, shared: YearBlocks, last_year_vnd: int | None) -> tuple[str, ...]:
    by_heads = (1 - shared.theta) * block.headcount_share * shared.total_vnd
    by_results = shared.theta * block.result_share * shared.total_vnd
    shares = (
        f"“{block.name}” có {block.headcount} biên chế, bằng {percent_words(block.headcount_share)} tổng số; "
        f"kết quả quy ra tiền {_exact_words(block.results_vnd)}, bằng "
        f"{percent_words(block.result_share)} tổng kết quả."
    )
    raw = (
        f"Mức trước hành lang là {_exact_words(block.raw_vnd)}: {_exact_words(by_heads)} theo biên chế và "
        f"{_exact_words(by_results)} theo kết quả."
    )
    sentences = [shares, raw]
    if last_year_vnd is None or block.cap_vnd is None:
        sentences.append("Năm trước không có số liệu nên không áp dụng hành lang.")
    else:
        sentences.append(
            f"Năm {shared.year - 1} là {amount_words(last_year_vnd)} nên năm {shared.year} phải từ "
            f"{amount_words(block.floor_vnd)} đến {amount_words(block.cap_vnd)}."
        )
    if block.unverified_count:
        sentences.append(
            f"{block.unverified_count} kết quả chưa được xác nhận, tạm tính theo kế hoạch đã thẩm định và "
            "không quá mức tối đa cho phép."
        )
    return (*sentences, _deciding_words(block, shared))


def _deciding_words(block: AgencyBlock, shared: YearBlocks) -> str:
    given = f"Được giao {amount_words(block.amount_vnd)}"
    if block.rule is DecidingRule.REMAINDER:
        return (
            f"{given}: không có biên chế và kết quả để tính; các cơ quan khác đã ở mức trần nên nhận phần "
            "còn lại theo độ rộng hành lang."
        )
    if shared.multiplier is None:
        at_end = "giữ ở mức trần" if block.rule is DecidingRule.CAP else "giữ ở mức sàn"
        return f"{given}: {at_end} của hành lang."
    asked = _exact_words(shared.multiplier * block.raw_vnd)
    if block.rule is DecidingRule.SHARE:
        times = "" if shared.multiplier == 1 else f", nhân hệ số chung {number_words(shared.multiplier, 4)}"
        inside = "" if block.cap_vnd is None else ", không chạm hành lang"
        return f"{given}: đúng theo công thức{times}{inside}."
    if block.rule is DecidingRule.FLOOR:
        return f"{given}: giữ ở sàn hành lang, vì theo công thức chỉ được {asked}."
    return f"{given}: giữ ở trần hành lang, vì theo công thức lên tới {asked}."
