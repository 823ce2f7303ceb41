"""What may be wrong with promised results. Pure.

Source: outcomes are measured, not promised, so they may not carry money (QĐ 3377/QĐ-UBND, III.5.b:
allocation by results needs results an office can deliver).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from finance.estimates.checking.check_context import CheckContext, KnownOutput
from finance.estimates.checking.places import Place, blocking, warning
from finance.estimates.draft import ProjectDraft, PromiseDraft
from finance.findings import Finding
from finance.programme.classification import OutputKind


def check_promises(project: ProjectDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    """Every promise of a project that names a known result."""
    for index, promise in enumerate(project.promises):
        output = context.outputs.get(promise.output_code)
        if output is None:
            continue
        at = place.promise(index)
        if output.kind is OutputKind.OUTCOME:
            yield blocking(
                "OUTCOME_PROMISED",
                at.at("output_code", "Kết quả"),
                f"“{output.name_vi}” là kết quả xã hội, chỉ đo được chứ không cam kết được.",
                "Chọn sản phẩm hoặc số lượng mà dự án trực tiếp làm ra.",
            )
            continue
        yield from _check_quantity(promise, output, at)
        yield from _check_component(promise, output, at)
        yield from _check_units(promise, output, at, context)
        if promise.year > output.year:
            yield warning(
                "PROMISE_LATE",
                at.at("year", "Năm"),
                f"Năm {promise.year} sau hạn {output.year} của “{output.name_vi}”: không được tính điểm.",
                "Đưa kết quả về trước hạn nếu làm được.",
            )


def _check_quantity(promise: PromiseDraft, output: KnownOutput, place: Place) -> Iterator[Finding]:
    where = place.at("quantity_thousandths", "Số lượng")
    if output.kind is OutputKind.QUANTITY:
        if promise.quantity_thousandths == 0:
            yield blocking(
                "PROMISE_QUANTITY_MISSING",
                where,
                f"Chưa ghi làm được bao nhiêu {output.unit_name} cho “{output.name_vi}”.",
                "Ghi số lượng lớn hơn 0.",
            )
    elif promise.quantity_thousandths:
        yield blocking(
            "PROMISE_QUANTITY_UNUSED",
            where,
            f"“{output.name_vi}” không tính bằng số lượng ({output.kind.label_vi}).",
            "Bỏ số lượng; nêu đơn vị hoặc cấu phần.",
        )


def _check_component(promise: PromiseDraft, output: KnownOutput, place: Place) -> Iterator[Finding]:
    where = place.at("component", "Cấu phần")
    known = ", ".join(f"{code} ({name})" for code, name in output.components.items())
    if promise.component and promise.component not in output.components:
        yield blocking(
            "COMPONENT_UNKNOWN",
            where,
            f"“{output.name_vi}” không có cấu phần “{promise.component}”.",
            f"Chọn một trong: {known}." if known else "Để trống ô cấu phần.",
        )
    elif output.components and not promise.component:
        yield blocking(
            "COMPONENT_MISSING",
            where,
            f"Chưa ghi dự án làm cấu phần nào của “{output.name_vi}”.",
            f"Chọn một trong: {known}; mỗi cấu phần một dòng.",
        )


def _check_units(
    promise: PromiseDraft, output: KnownOutput, place: Place, context: CheckContext
) -> Iterator[Finding]:
    where = place.at("unit_codes", "Đơn vị trong phạm vi")
    if output.kind is not OutputKind.COVERAGE:
        if promise.unit_codes:
            yield blocking(
                "UNITS_UNUSED",
                where,
                f"“{output.name_vi}” không tính theo đơn vị ({output.kind.label_vi}).",
                "Để trống ô đơn vị.",
            )
        return
    if not promise.unit_codes:
        yield blocking(
            "COVERAGE_WITHOUT_UNITS",
            where,
            f"“{output.name_vi}” tính theo từng đơn vị nhưng chưa nêu đơn vị nào.",
            "Chọn các đơn vị sẽ hoàn thành.",
        )
    known = tuple(code for code in promise.unit_codes if code in context.unit_names)
    yield from _check_each_unit(replace(promise, unit_codes=known), output, place)


def _check_each_unit(promise: PromiseDraft, output: KnownOutput, place: Place) -> Iterator[Finding]:
    where = place.at("unit_codes", "Đơn vị trong phạm vi")
    outside = [code for code in promise.unit_codes if code not in output.units]
    known = [output.units[code] for code in promise.unit_codes if code in output.units]
    exempt = [unit.code for unit in known if unit.is_exempt]
    reached = [
        unit.code for unit in known if not unit.is_exempt and promise.component in unit.reached_components
    ]
    if outside:
        yield blocking(
            "UNIT_OUTSIDE_SCOPE",
            where,
            f"Không thuộc phạm vi của “{output.name_vi}”: {', '.join(outside)}.",
            "Bỏ các đơn vị này.",
        )
    if exempt:
        yield blocking(
            "UNIT_EXEMPT",
            where,
            f"Được miễn, không tính vào “{output.name_vi}”: {', '.join(exempt)}.",
            "Bỏ các đơn vị này.",
        )
    if reached:
        yield warning(
            "UNIT_REACHED",
            where,
            f"Đã có cấu phần này theo số liệu theo dõi, không được tính thêm: {', '.join(reached)}.",
            "Kiểm tra lại; bỏ nếu không cần làm lại.",
        )
