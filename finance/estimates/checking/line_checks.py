"""What may be wrong with one cost line. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from finance.estimates.checking.check_context import CheckContext, KnownSource
from finance.estimates.checking.cost_norms import check_norm
from finance.estimates.checking.places import Place, blocking, hint, warning
from finance.estimates.draft import LineDraft, ProjectDraft
from finance.findings import Finding
from finance.programme.classification import Nature
from finance.vietnamese.fold import fold
from finance.vietnamese.normal import looks_legacy_encoded


def check_lines(project: ProjectDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    """Every line of a project, one by one, then lines that look like one another."""
    for index, line in enumerate(project.lines):
        at = place.line(index)
        yield from _check_words(line, at)
        yield from _check_figures(line, at)
        yield from _check_money(line, at, context)
        if line.norm_code in context.norms:
            norm = context.norms[line.norm_code]
            yield from check_norm(line, norm, at, agency_level_code=context.agency_level_code)
    yield from _check_repeated_lines(project, place)


def _check_words(line: LineDraft, place: Place) -> Iterator[Finding]:
    if not line.item_vi:
        yield blocking(
            "ITEM_MISSING",
            place.at("item_vi", "Nội dung chi"),
            "Chưa ghi nội dung chi.",
            "Ghi rõ chi cho việc gì.",
        )
    if not line.unit_name:
        yield blocking(
            "UNIT_MISSING",
            place.at("unit_name", "Đơn vị tính"),
            "Chưa ghi đơn vị tính.",
            "Ghi đơn vị của số lượng, ví dụ: buổi, người, bộ.",
        )
    texts = {
        "item_vi": line.item_vi,
        "unit_name": line.unit_name,
        "over_norm_reason": line.over_norm_reason,
        "note": line.note,
    }
    yield from check_encoding(texts, place)


def check_encoding(texts: dict[str, str], place: Place) -> Iterator[Finding]:
    """Texts typed with an old font's private encoding: field name -> text."""
    for field, text in texts.items():
        if looks_legacy_encoded(text):
            yield blocking(
                "TEXT_LEGACY",
                place.at(field),
                f"Chữ “{text[:40]}” có vẻ gõ bằng phông cũ (TCVN3, VNI), không phải Unicode.",
                "Gõ lại bằng bảng mã Unicode.",
            )


def _check_figures(line: LineDraft, place: Place) -> Iterator[Finding]:
    if line.unit_price_vnd == 0:
        yield blocking(
            "PRICE_ZERO",
            place.at("unit_price_vnd", "Đơn giá"),
            "Đơn giá bằng 0.",
            "Nhập đơn giá hoặc xóa dòng chi.",
        )
    if not any(line.quantities):
        # A project of one level never meets the word.
        is_simple = len(line.quantities) == 1
        yield blocking(
            "QUANTITY_ZERO",
            place.at("quantities-0", "Số lượng"),
            "Số lượng bằng 0." if is_simple else "Số lượng bằng 0 ở mọi mức.",
            "Nhập số lượng hoặc xóa dòng chi."
            if is_simple
            else "Nhập số lượng ở ít nhất một mức, hoặc xóa dòng chi.",
        )


def _check_money(line: LineDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    source = context.sources.get(line.source_code)
    if line.nature is Nature.BOTH:
        yield blocking(
            "NATURE_BOTH",
            place.at("nature", "Tính chất"),
            "Một dòng chi chỉ là chi thường xuyên hoặc chi đầu tư.",
            "Tách thành hai dòng nếu có cả hai.",
        )
    elif source is not None and source.nature not in {Nature.BOTH, line.nature}:
        yield blocking(
            "SOURCE_NATURE",
            place.at("nature", "Tính chất"),
            f"Nguồn “{source.name_vi}” chỉ dùng cho {source.nature.label_vi}, "
            f"dòng này ghi {line.nature.label_vi}.",
            "Đổi nguồn hoặc đổi tính chất chi.",
        )
    if source is not None:
        yield from _check_source(source, place, context)
    if not line.budget_code:
        yield warning(
            "BUDGET_CODE_MISSING",
            place.at("budget_code", "Tiểu mục"),
            "Chưa phân loại theo mục lục ngân sách.",
            "Chọn tiểu mục; cơ quan thẩm định có thể yêu cầu bổ sung.",
        )


def _check_source(source: KnownSource, place: Place, context: CheckContext) -> Iterator[Finding]:
    where = place.at("source_code", "Nguồn")
    rank, own_rank = source.level_rank, context.agency_level_rank
    if rank is not None and own_rank is not None and rank > own_rank:
        yield warning(
            "SOURCE_LEVEL",
            where,
            f"“{source.name_vi}” là tiền của cấp dưới cấp của cơ quan lập dự toán.",
            "Chọn nguồn của cấp mình hoặc cấp trên.",
        )
    if not source.is_certain:
        yield hint(
            "SOURCE_UNCERTAIN",
            where,
            f"“{source.name_vi}” chưa chắc chắn có; dự án vẫn tính nhưng không làm tăng giới hạn nào.",
        )


def _check_repeated_lines(project: ProjectDraft, place: Place) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    for index, line in enumerate(project.lines):
        same = (
            fold(line.item_vi),
            line.source_code,
            line.nature,
            line.year,
            line.unit_name,
            line.unit_price_vnd,
        )
        if line.item_vi and first.setdefault(same, index) != index:
            yield warning(
                "LINE_DOUBLE",
                place.line(index).at("item_vi", "Nội dung chi"),
                f"Trùng nội dung, nguồn, năm và đơn giá với dòng chi {first[same] + 1}.",
                "Gộp hai dòng hoặc ghi rõ chỗ khác nhau.",
            )
