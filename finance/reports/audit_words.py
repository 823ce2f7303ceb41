"""Vietnamese words for what the audit stores in English codes: kinds of subjects, names of figures. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from finance.actors import Function
from finance.estimates.levels import LevelCode
from finance.labels import LabelledEnum
from finance.money import format_quantity, format_vnd
from finance.programme.classification import Nature
from finance.reviews.rules import CutReason, Verdict
from finance.rounds.rules import RoundStage
from finance.vietnamese.dates import format_date, format_moment

SUBJECT_KINDS: Mapping[str, str] = {
    "agency": "cơ quan",
    "person": "người dùng",
    "programme": "chương trình",
    "budget_round": "đợt lập dự toán",
    "reform_plan": "kế hoạch năm",
    "estimate": "dự toán",
    "estimate_project": "dự án",
    "project_part": "phần phối hợp",
    "required_paper": "giấy tờ phải có",
    "public_holiday": "ngày nghỉ lễ, ngày làm bù",
    "cost_line": "dòng chi",
    "spending_norm": "định mức chi",
    "check_rule": "quy tắc kiểm tra",
    "overlap": "cặp dự án giống nhau",
    "scenario": "phương án",
    "scenario_run": "lượt chạy",
    "allocation": "quyết định phân bổ",
    "award": "mức phân bổ",
}

DETAIL_WORDS: Mapping[str, str] = {
    "activity": "hoạt động",
    "added": "đã thêm",
    "address": "địa chỉ máy",
    "affected_lines": "dòng chi bị ảnh hưởng",
    "after": "sau",
    "agency": "cơ quan",
    "amount_vnd": "số tiền",
    "appraised_vnd": "thẩm định",
    "area": "nội dung",
    "asked_vnd": "đề nghị",
    "award": "mức phân bổ số",
    "before": "trước",
    "changes": "thay đổi",
    "codes": "mã",
    "comment": "góp ý",
    "content_hash": "mã băm nội dung",
    "copied_from": "chép từ phương án",
    "copied_from_project": "chép từ dự án",
    "price_rule": "cách cập nhật giá",
    "on_behalf_of": "thay mặt",
    "delegation_document": "văn bản ủy quyền",
    "delegation": "ủy quyền số",
    "acts": "các việc",
    "one_person_office": "cơ quan chỉ có một người",
    "whole_office_wrote": "mọi người của cơ quan đều đã tham gia lập",
    "wiped": "số dòng đã xóa",
    "model": "theo mẫu của đợt",
    "project_key": "dự án",
    "count": "số hoạt động",
    "document": "văn bản",
    "document_number": "số văn bản",
    "document_on": "ngày văn bản",
    "file": "tệp",
    "file_name": "tệp",
    "from": "từ ngày",
    "function": "chức năng",
    "kind": "loại ý kiến",
    "last_day": "ngày cuối",
    "level": "mức",
    "number": "số",
    "output": "kết quả",
    "problem_hash": "mã băm đề bài",
    "quantity_thousandths": "số lượng",
    "reason": "lý do",
    "recipients": "nơi nhận",
    "run": "lượt chạy",
    "sha256": "mã băm tệp",
    "signed_on": "ngày ký",
    "source": "nguồn",
    "stage": "giai đoạn",
    "unit_price_vnd": "đơn giá",
    "verdict": "ý kiến",
    "version": "lần",
    "weights": "điểm",
    "year": "năm",
    "years": "các năm",
}


# Marks one program part leaves for another (mostly ids); the sentence says the same in words.
SILENT_DETAILS = frozenset(
    {
        "amounts",
        "copy",
        "edit",
        "lead_estimate",
        "line",
        "lines",
        "plan",
        "project",
        "projects",
        "promise",
        "promises",
        "rows",
        "to",
    }
)

# Figures that are codes of one of our own lists; the person reads its label.
DETAIL_CODES: Mapping[str, type[LabelledEnum]] = {
    "function": Function,
    "level": LevelCode,
    "nature": Nature,
    "reason": CutReason,
    "stage": RoundStage,
    "verdict": Verdict,
}


def subject_kind_vi(kind: str) -> str:
    """What people call this kind of subject; an unknown code is shown as it is, never hidden."""
    practice = re.fullmatch(r"practice_(\w+)_(\d+)", kind)
    if practice:
        return f"{subject_kind_vi(practice[1])} tập huấn (đợt số {practice[2]})"
    return SUBJECT_KINDS.get(kind, kind)


def details_in_words(details: Mapping[str, Any]) -> tuple[str, ...]:
    """The figures of an act as "tên: giá trị" lines, in the stored order of names."""
    return tuple(
        f"{DETAIL_WORDS.get(name, name)}: {_value_in_words(name, value)}"
        for name, value in details.items()
        if name not in SILENT_DETAILS and value not in (None, "", [], {})
    )


def _value_in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int):
        return _number_in_words(name, value)
    if isinstance(value, str):
        return _code_in_words(name, value) or _text_in_words(value)
    if isinstance(value, list):
        return ", ".join(_value_in_words(name, part) for part in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{DETAIL_WORDS.get(key, key)} {_value_in_words(key, part)}" for key, part in value.items()
        )
    return str(value)


def _number_in_words(name: str, value: int) -> str:
    if name.endswith("_thousandths"):
        return format_quantity(value)
    # A year is written without a dot; so is every number that has no thousands.
    return str(value) if name in {"year", "years"} else format_vnd(value)


def _code_in_words(name: str, value: str) -> str:
    kind = DETAIL_CODES.get(name)
    known = {member.value: member.label_vi for member in kind} if kind else {}
    return known.get(value, "")


def _text_in_words(value: str) -> str:
    """A stored date or moment as Vietnamese papers print it; other text untouched."""
    try:
        if len(value) == 10:
            return format_date(date.fromisoformat(value))
        if len(value) >= 19 and value[4:5] == "-":
            return format_moment(datetime.fromisoformat(value))
    except ValueError:
        return value
    return value
