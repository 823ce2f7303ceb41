"""Spending norms (định mức chi) are the most one unit may cost: what a price above one means. Pure.

A confirmed norm stops an unexplained price above it, a firm one any price above it; an unconfirmed
one only warns, because the program does not know whether it is in force here. A line keeps the version
of the norm it names: when that version ends, the line says so instead of moving to the next one.

Source: ministries set the maximum, the provincial Council sets local figures at or below it
(Circular 167/2012/TT-BTC, Art. 4); prices above a norm need a ground.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from finance.estimates.checking.check_context import KnownNorm
from finance.estimates.checking.places import Place, blocking, hint, warning
from finance.estimates.draft import LineDraft
from finance.findings import Finding
from finance.money import format_vnd
from finance.vietnamese.dates import format_date
from finance.vietnamese.fold import fold


def excess_over_norm_vnd(unit_price_vnd: int, norm: KnownNorm) -> int:
    """By how much one unit is dearer than the norm allows; 0 when it is not.

    Units:
        đồng for one unit.
    """
    return max(0, unit_price_vnd - norm.max_vnd)


def is_same_unit(unit_name: str, norm: KnownNorm) -> bool:
    """True when line and norm are counted in the same unit, however it is spelt."""
    return fold(unit_name) == fold(norm.unit_name)


def is_ended(valid_to: date | None, ended_by: str, fiscal_year: int, on: date | None) -> bool:
    """True when no line of a round for the year may rest on the norm any more.

    A norm that runs out in or after the year still served to estimate it. A norm repealed or replaced
    by a document no longer does from the day after its last one.

    Args:
        valid_to: last day of the norm, None while nobody has set one.
        ended_by: the document that ended it; empty when it merely runs out.
        fiscal_year: of the round.
        on: the business date; None judges by the year alone.
    """
    if valid_to is None:
        return False
    return valid_to < date(fiscal_year, 1, 1) or bool(ended_by and on is not None and valid_to < on)


def check_norm(
    line: LineDraft, norm: KnownNorm, place: Place, *, agency_level_code: str = ""
) -> Iterator[Finding]:
    """What a line's price means under the norm it names."""
    if norm.is_ended:
        yield _ended_finding(norm, place)
        return
    if norm.ended_by and norm.ended_on is not None:
        yield warning(
            "NORM_ENDING",
            place.at("norm_code", "Định mức"),
            f"Định mức {norm.code} chỉ áp dụng đến hết ngày {format_date(norm.ended_on)} ({norm.ended_by}).",
            _way_out(norm),
        )
    if norm.level_code and agency_level_code and norm.level_code != agency_level_code:
        yield warning(
            "NORM_OTHER_LEVEL",
            place.at("norm_code", "Định mức"),
            f"Định mức {norm.code} dành cho {norm.level_name.lower()}, không phải cấp của cơ quan.",
            "Chọn định mức của cấp mình.",
        )
    if line.unit_name and not is_same_unit(line.unit_name, norm):
        yield warning(
            "NORM_OTHER_UNIT",
            place.at("unit_name", "Đơn vị tính"),
            f"Đơn vị tính “{line.unit_name}” khác đơn vị của định mức {norm.code} (“{norm.unit_name}”).",
            "Kiểm tra lại đơn vị tính hoặc chọn định mức khác.",
        )
    excess = excess_over_norm_vnd(line.unit_price_vnd, norm)
    if excess:
        yield _excess_finding(line, norm, place, excess)
    elif not norm.is_confirmed:
        yield hint(
            "NORM_UNCONFIRMED",
            place.at("norm_code", "Định mức"),
            f"Định mức {norm.code} chưa được xác nhận còn hiệu lực ({norm.legal_reference}).",
            "Cơ quan tài chính xác nhận danh mục định mức.",
        )


def _ended_finding(norm: KnownNorm, place: Place) -> Finding:
    until = f" từ sau ngày {format_date(norm.ended_on)}" if norm.ended_on else ""
    by = f" ({norm.ended_by})" if norm.ended_by else ""
    return blocking(
        "NORM_ENDED",
        place.at("norm_code", "Định mức"),
        f"Định mức {norm.code} đã hết hiệu lực{until}{by}.",
        _way_out(norm),
    )


def _way_out(norm: KnownNorm) -> str:
    if norm.replaced_by:
        return f"Chọn định mức thay thế {norm.replaced_by} và xem lại đơn giá."
    return "Chọn định mức khác, hoặc bỏ mã định mức và nêu căn cứ đơn giá ở ghi chú."


def _excess_finding(line: LineDraft, norm: KnownNorm, place: Place, excess_vnd: int) -> Finding:
    where = place.at("unit_price_vnd", "Đơn giá")
    said = (
        f"Đơn giá {format_vnd(line.unit_price_vnd)} đồng vượt định mức {norm.code} "
        f"({format_vnd(norm.max_vnd)} đồng/{norm.unit_name}) {format_vnd(excess_vnd)} đồng"
    )
    if not norm.is_confirmed:
        return warning("NORM_EXCEEDED_UNCONFIRMED", where, f"{said}; định mức này chưa được xác nhận.")
    if norm.is_firm:
        return blocking(
            "NORM_EXCEEDED_FIRM",
            where,
            f"{said}; định mức này không cho phép vượt.",
            "Hạ đơn giá xuống mức của định mức.",
        )
    if line.over_norm_reason:
        return warning(
            "NORM_EXCEEDED_WITH_REASON", where, f"{said}; đơn vị nêu lý do: “{line.over_norm_reason}”."
        )
    return blocking(
        "NORM_EXCEEDED",
        where,
        f"{said}.",
        "Hạ đơn giá xuống mức của định mức, hoặc ghi “Lý do vượt định mức”.",
    )
