"""What must be right before a draft can be kept at all: known codes, levels in order, numbers that fit. Pure.

Every other mistake may be saved and mended later; these name something the program does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.places import Place, blocking, project_place
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft, promise_key
from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.totals import draft_line_amount
from finance.findings import Finding
from finance.money import LARGEST_STORED

LONGEST_PROJECT_KEY = 40
LONGEST_NAME = 300
LONGEST_PLACE = 120
LONGEST_UNIT = 60
LONGEST_COMPONENT = 40
LONGEST_WORDS = 10_000  # of a reason or explanation; a spreadsheet cell holds three times as much
LARGEST_PRIORITY = 9999
# A total is a sum of amounts: kept so far below the column's limit that no sum can leave it.
LARGEST_AMOUNT_VND = LARGEST_STORED // 1_000_000
LARGEST_QUANTITY_THOUSANDTHS = LARGEST_STORED // 1_000_000


def check_keys(draft: EstimateDraft) -> Iterator[Finding]:
    """Every project has a key of its own."""
    first: dict[str, int] = {}
    for index, project in enumerate(draft.projects):
        where = project_place(project, index).at("project_key", "Mã dự án")
        if not project.project_key:
            yield blocking("PROJECT_KEY_MISSING", where, "Chưa có mã dự án.", "Ghi một mã ngắn, ví dụ DA01.")
        elif first.setdefault(project.project_key, index) != index:
            yield blocking(
                "PROJECT_KEY_DOUBLE",
                where,
                f"Mã “{project.project_key}” đã dùng cho một dự án khác.",
                "Mỗi dự án một mã riêng.",
            )


def check_project_is_storable(
    project: ProjectDraft, place: Place, context: CheckContext
) -> Iterator[Finding]:
    """Head, levels, lines and promises of one project can be kept."""
    yield from _check_head(project, place, context)
    yield from _check_levels(project, place)
    for index, line in enumerate(project.lines):
        yield from _check_line_codes(line, place.line(index), context)
        yield from _check_line_numbers(line, place.line(index), len(project.levels))
    first: dict[tuple[int, str, int, str], int] = {}
    for index, promise in enumerate(project.promises):
        yield from _check_promise(promise, place.promise(index), context, len(project.levels))
        if first.setdefault(promise_key(promise), index) != index:
            yield blocking(
                "PROMISE_DOUBLE",
                place.promise(index).at("output_code", "Kết quả"),
                f"Kết quả {promise.output_code} năm {promise.year} được cam kết hai lần ở cùng một mức.",
                "Gộp thành một dòng.",
            )


def _check_head(project: ProjectDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    yield from _check_length(project.project_key, LONGEST_PROJECT_KEY, place, "project_key", "Mã dự án")
    yield from _check_length(project.name_vi, LONGEST_NAME, place, "name_vi", "Tên")
    yield from _check_length(project.place, LONGEST_PLACE, place, "place", "Địa bàn")
    yield from _check_length(project.justification, LONGEST_WORDS, place, "justification", "Thuyết minh")
    if not 1 <= project.priority <= LARGEST_PRIORITY:
        yield blocking(
            "PRIORITY_WRONG",
            place.at("priority", "Thứ tự ưu tiên"),
            f"Thứ tự ưu tiên {project.priority} không hợp lệ.",
            f"Ghi số nguyên từ 1 (ưu tiên nhất) đến {LARGEST_PRIORITY}.",
        )
    where = place.at("task_code", "Nhiệm vụ")
    if not project.task_code:
        yield blocking(
            "TASK_MISSING", where, "Chưa chọn nhiệm vụ của phụ lục.", "Chọn một nhiệm vụ, ví dụ 4b."
        )
    elif project.task_code not in context.tasks:
        yield blocking(
            "TASK_UNKNOWN",
            where,
            f"Không có nhiệm vụ “{project.task_code}”.",
            "Chọn trong danh mục nhiệm vụ.",
        )
    for code, times in Counter(project.target_codes).items():
        where = place.at("target_codes", "Mục tiêu")
        if code not in context.target_names:
            yield blocking(
                "TARGET_UNKNOWN", where, f"Không có mục tiêu “{code}”.", "Chọn trong danh mục mục tiêu."
            )
        elif times > 1:
            yield blocking(
                "TARGET_DOUBLE", where, f"Mục tiêu “{code}” được ghi {times} lần.", "Chỉ ghi một lần."
            )


def _check_levels(project: ProjectDraft, place: Place) -> Iterator[Finding]:
    ranks = [LEVEL_ORDER.index(code) for code in project.levels]
    if not ranks or len(set(ranks)) != len(ranks) or ranks != sorted(ranks):
        yield blocking(
            "LEVELS_WRONG",
            place.at("levels", "Các mức kinh phí"),
            "Mỗi dự án có từ 1 đến 4 mức, không trùng nhau, xếp từ thấp đến cao.",
            "Chọn lại các mức: tối thiểu, rút gọn, đầy đủ, mở rộng.",
        )


def _check_line_codes(line: LineDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    yield from _check_length(line.item_vi, LONGEST_NAME, place, "item_vi", "Nội dung chi")
    yield from _check_length(line.unit_name, LONGEST_UNIT, place, "unit_name", "Đơn vị tính")
    yield from _check_length(line.over_norm_reason, LONGEST_WORDS, place, "over_norm_reason", "Lý do vượt")
    yield from _check_length(line.note, LONGEST_WORDS, place, "note", "Ghi chú")
    where = place.at("source_code", "Nguồn")
    if not line.source_code:
        yield blocking("SOURCE_MISSING", where, "Chưa chọn nguồn kinh phí.", "Chọn nguồn trong danh mục.")
    elif line.source_code not in context.sources:
        yield blocking(
            "SOURCE_UNKNOWN", where, f"Không có nguồn “{line.source_code}”.", "Chọn nguồn trong danh mục."
        )
    if line.budget_code and line.budget_code not in context.budget_codes:
        yield blocking(
            "BUDGET_CODE_UNKNOWN",
            place.at("budget_code", "Tiểu mục"),
            f"Không có tiểu mục “{line.budget_code}”.",
            "Chọn trong mục lục ngân sách, hoặc để trống.",
        )
    if line.norm_code and line.norm_code not in context.norms:
        yield blocking(
            "NORM_UNKNOWN",
            place.at("norm_code", "Định mức"),
            f"Không có định mức “{line.norm_code}” đang áp dụng.",
            "Chọn trong danh mục định mức, hoặc để trống.",
        )
    yield from _check_year(line.year, place, context)


def _check_line_numbers(line: LineDraft, place: Place, level_count: int) -> Iterator[Finding]:
    if len(line.quantities) != level_count:
        yield blocking(
            "QUANTITIES_MISMATCH",
            place.at("quantities", "Số lượng"),
            f"Dòng chi có {len(line.quantities)} số lượng nhưng dự án có {level_count} mức.",
            "Ghi một số lượng cho mỗi mức; mức không có dòng này thì ghi 0.",
        )
        return
    if line.unit_price_vnd < 0:
        yield blocking("NUMBER_NEGATIVE", place.at("unit_price_vnd", "Đơn giá"), "Đơn giá không được âm.")
    if not 0 < line.frequency_thousandths <= LARGEST_QUANTITY_THOUSANDTHS:
        yield blocking(
            "FREQUENCY_WRONG",
            place.at("frequency_thousandths", "Số lần"),
            "Số lần phải lớn hơn 0.",
            "Ghi 1 nếu chi một lần.",
        )
        return
    for position, quantity in enumerate(line.quantities):
        where = place.at(f"quantities-{position}", "Số lượng")
        if quantity < 0:
            yield blocking("NUMBER_NEGATIVE", where, "Số lượng không được âm.")
        elif quantity > LARGEST_QUANTITY_THOUSANDTHS or _is_too_large(line, position + 1):
            yield blocking(
                "AMOUNT_TOO_LARGE",
                where,
                "Thành tiền của dòng chi quá lớn.",
                "Kiểm tra lại đơn giá, số lượng.",
            )


def _check_promise(
    promise: PromiseDraft, place: Place, context: CheckContext, level_count: int
) -> Iterator[Finding]:
    if promise.output_code not in context.outputs:
        yield blocking(
            "OUTPUT_UNKNOWN",
            place.at("output_code", "Kết quả"),
            f"Không có kết quả “{promise.output_code}” trong danh mục của đợt.",
            "Chọn trong danh mục kết quả.",
        )
    if not 1 <= promise.level <= level_count:
        yield blocking(
            "LEVEL_UNKNOWN",
            place.at("level", "Mức"),
            "Kết quả gắn với mức không có trong dự án.",
            "Chọn lại mức.",
        )
    if not 0 <= promise.quantity_thousandths <= LARGEST_QUANTITY_THOUSANDTHS:
        yield blocking(
            "NUMBER_NEGATIVE", place.at("quantity_thousandths", "Số lượng"), "Số lượng không hợp lệ."
        )
    yield from _check_length(promise.component, LONGEST_COMPONENT, place, "component", "Cấu phần")
    yield from _check_year(promise.year, place, context)
    for code, times in Counter(promise.unit_codes).items():
        where = place.at("unit_codes", "Đơn vị trong phạm vi")
        if code not in context.unit_names:
            yield blocking(
                "UNIT_UNKNOWN",
                where,
                f"Không có đơn vị “{code}” trong phạm vi của đợt.",
                "Chọn trong danh mục đơn vị.",
            )
        elif times > 1:
            yield blocking("UNIT_DOUBLE", where, f"Đơn vị “{code}” được ghi {times} lần.", "Chỉ ghi một lần.")


def _check_year(year: int, place: Place, context: CheckContext) -> Iterator[Finding]:
    if year not in context.years:
        span = f"{context.years[0]}-{context.years[-1]}"
        yield blocking(
            "YEAR_OUTSIDE_ROUND",
            place.at("year", "Năm"),
            f"Năm {year} không thuộc đợt này ({span}).",
            "Chọn năm của đợt.",
        )


def _check_length(text: str, longest: int, place: Place, field: str, words: str) -> Iterator[Finding]:
    if len(text) > longest:
        yield blocking(
            "TEXT_TOO_LONG",
            place.at(field, words),
            f"{words} dài {len(text)} ký tự, nhiều hơn {longest}.",
            "Viết gọn lại; phần giải thích ghi vào thuyết minh.",
        )


def _is_too_large(line: LineDraft, ordinal: int) -> bool:
    if not 0 <= line.unit_price_vnd <= LARGEST_AMOUNT_VND:
        return line.unit_price_vnd > 0
    try:
        return draft_line_amount(line, ordinal) > LARGEST_AMOUNT_VND
    except OverflowError:
        return True
