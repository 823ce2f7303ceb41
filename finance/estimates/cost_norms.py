"""Spending norms (định mức chi) are the most one unit may cost: what a price above one means. Pure.

A confirmed norm stops an unexplained price above it; an unconfirmed one only warns, because the
program does not know whether it is in force here.

Source: ministries set the maximum, the provincial Council sets local figures at or below it
(Circular 167/2012/TT-BTC, Art. 4); prices above a norm need a ground.
"""

from __future__ import annotations

from collections.abc import Iterator

from finance.estimates.check_context import KnownNorm
from finance.estimates.draft import LineDraft
from finance.estimates.places import Place, blocking, hint, warning
from finance.findings import Finding
from finance.money import format_vnd
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


def check_norm(line: LineDraft, norm: KnownNorm, place: Place) -> Iterator[Finding]:
    """What a line's price means under the norm it names."""
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


def _excess_finding(line: LineDraft, norm: KnownNorm, place: Place, excess_vnd: int) -> Finding:
    where = place.at("unit_price_vnd", "Đơn giá")
    said = (
        f"Đơn giá {format_vnd(line.unit_price_vnd)} đồng vượt định mức {norm.code} "
        f"({format_vnd(norm.max_vnd)} đồng/{norm.unit_name}) {format_vnd(excess_vnd)} đồng"
    )
    if not norm.is_confirmed:
        return warning("NORM_EXCEEDED_UNCONFIRMED", where, f"{said}; định mức này chưa được xác nhận.")
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
