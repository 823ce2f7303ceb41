"""Vietnamese words for changes between two problems: what it was, what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from optimizer.problem import (
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    Output,
    Requires,
    StageName,
)
from optimizer.spending import level_cost_vnd
from optimizer.wording import amount_words, list_words, number_words

STATE_WORDS = {
    CandidateState.OPEN: "để ngỏ",
    CandidateState.COMMITTED: "đã cam kết",
    CandidateState.BARRED: "bị loại",
    CandidateState.PINNED: "được ghim",
}


def ceiling_words(source: FundingSource, year: int, before_vnd: int, after_vnd: int) -> str:
    """Return words for a ceiling that moves."""
    return f"Trần nguồn “{source.name}” năm {year}: {amount_words(before_vnd)} → {amount_words(after_vnd)}"


def source_words(before: FundingSource, after: FundingSource) -> str:
    """Return words for a source whose terms change."""
    parts = []
    if before.is_uncapped != after.is_uncapped:
        parts.append("không còn trần" if after.is_uncapped else "bắt đầu có trần")
    if before.nature != after.nature:
        parts.append("đổi loại chi")
    if before.eligible_candidate_ids != after.eligible_candidate_ids:
        parts.append("đổi danh sách dự án được dùng")
    if before.transfers_to_ids != after.transfers_to_ids:
        parts.append("đổi nơi được điều chuyển đến")
    return f"Nguồn “{after.name}”: {list_words(parts)}"


def costs_words(before: Candidate, after: Candidate) -> str:
    """Return words for a candidate whose levels cost otherwise."""
    return f"Chi phí của “{after.name}”: {_level_costs(before.levels)} → {_level_costs(after.levels)}"


def _level_costs(levels: tuple[FundingLevel, ...]) -> str:
    costs = [level_cost_vnd(level) for level in levels]
    if len(costs) == 1:
        return amount_words(costs[0])
    return f"{len(costs)} mức từ {amount_words(min(costs))} đến {amount_words(max(costs))}"


def results_words(after: Candidate) -> str:
    """Return words for a candidate that promises other results."""
    return f"Kết quả cam kết của “{after.name}” thay đổi"


def levels_words(before: Candidate, after: Candidate) -> str:
    """Return words for a candidate that has other levels."""
    return f"Các mức của “{after.name}”: {_level_costs(before.levels)} → {_level_costs(after.levels)}"


def presence_words(candidate: Candidate, *, is_new: bool) -> str:
    """Return words for a candidate that comes or goes."""
    return f"Dự án mới “{candidate.name}”" if is_new else f"Rút dự án “{candidate.name}”"


def weights_words(before: Mapping[str, Output], after: Mapping[str, Output]) -> str:
    """Return words for the weights that change."""
    moved = [
        f"“{after[key].name}” {number_words(before[key].weight)} → {number_words(after[key].weight)}"
        for key in sorted(after)
        if before[key].weight != after[key].weight
    ]
    return f"Trọng số: {'; '.join(moved)}"


def output_words(before: Output, after: Output) -> str:
    """Return words for an output whose terms change."""
    numbers = (
        ("chỉ tiêu", before.target, after.target),
        ("hiện trạng", before.baseline, after.baseline),
        ("đầu kỳ", before.start, after.start),
        ("mức tối thiểu", before.at_least, after.at_least),
    )
    parts = [f"{word} {_count(old)} → {_count(new)}" for word, old, new in numbers if old != new]
    if before.year != after.year:
        parts.append(f"năm đích {before.year or 'không'} → {after.year or 'không'}")
    if before.curve != after.curve or before.is_linear_beyond_target != after.is_linear_beyond_target:
        parts.append("cách chấm điểm đổi")
    if before.follows_id != after.follows_id:
        parts.append("chuỗi chỉ tiêu đổi")
    return f"Đầu ra “{after.name}”: {'; '.join(parts) or 'phạm vi hoặc thành phần đổi'}"


def _count(value: Fraction | None) -> str:
    return "không nêu" if value is None else number_words(value)


def limit_words(before: Limit | None, after: Limit | None) -> str:
    """Return words for a limit that comes, goes or moves."""
    if after is None:
        return f"Bỏ giới hạn “{before.words if before else ''}”"
    if before is None:
        return f"Giới hạn mới “{after.words}”{_limit_amounts(after)}"
    return f"Giới hạn “{after.words}”:{_limit_amounts(before)} →{_limit_amounts(after)}"


def _limit_amounts(limit: Limit) -> str:
    parts = []
    if limit.at_least_vnd is not None:
        parts.append(f"sàn {amount_words(limit.at_least_vnd)}")
    if limit.at_most_vnd is not None:
        parts.append(f"trần {amount_words(limit.at_most_vnd)}")
    return f" ({', '.join(parts)}{'' if limit.is_hard else ', không cứng'})"


def stages_words(after: tuple[StageName, ...]) -> str:
    """Return words for the stage of legal minimums that comes or goes."""
    is_asked = StageName.LEGAL_MINIMUMS in after
    return "Mức tối thiểu theo luật " + (
        "được xét trước điểm" if is_asked else "không còn được xét trước điểm"
    )


def link_words(
    before: Requires | GroupLink | None, after: Requires | GroupLink | None, names: Mapping[str, str]
) -> str:
    """Return words for a link that comes, goes or changes its level."""
    if before is None and after is not None:
        return f"Liên kết mới: {_one_link(after, names)}"
    if after is None and before is not None:
        return f"Bỏ liên kết: {_one_link(before, names)}"
    told = [_one_link(link, names) for link in (before, after) if link is not None]
    return f"Sửa liên kết: {' → '.join(told)}"


def _one_link(link: Requires | GroupLink, names: Mapping[str, str]) -> str:
    if isinstance(link, Requires):
        level = f" từ mức {link.min_level_id}" if link.min_level_id else ""
        return f"“{names[link.candidate_id]}” cần “{names[link.needs_id]}”{level}"
    who = list_words([f"“{names[key]}”" for key in sorted(link.candidate_ids)])
    rule = {
        GroupRule.AT_MOST_ONE: "cấp nhiều nhất một",
        GroupRule.EXACTLY_ONE: "cấp đúng một",
        GroupRule.AT_LEAST: f"cấp ít nhất {link.count}",
    }[link.rule]
    return f"{rule} trong {who}"


def state_words(before: Candidate, after: Candidate) -> str:
    """Return words for a candidate whose state changes."""
    return f"“{after.name}”: {_state(before)} → {_state(after)}"


def _state(candidate: Candidate) -> str:
    level = candidate.min_level_id or candidate.pinned_level_id
    return STATE_WORDS[candidate.state] + (f" ({level})" if level else "")


def marks_words(before: Candidate, after: Candidate) -> str:
    """Return words for a candidate that moves to another agency, area or place."""
    facts = (
        ("cơ quan", before.agency, after.agency),
        ("lĩnh vực", before.area, after.area),
        ("địa bàn", before.place, after.place),
    )
    parts = [f"{word} “{old}” → “{new}”" for word, old, new in facts if old != new]
    return f"“{after.name}”: {list_words(parts)}"
