"""The procedure's table as a page to read: `python -m finance.estimates.procedure_text > docs/procedure.md`.

A test compares the page with the table, so that the diagram cannot grow old.
"""

from __future__ import annotations

import sys

from finance.actors import Capacity, Function
from finance.estimates.workflow import STEPS, EstimateStatus, Step
from finance.permissions import PERMISSIONS


def procedure_page() -> str:
    """The page in Markdown: a state diagram, then every row of the table with who may do it."""
    return "\n".join(
        [
            "# Quy trình dự toán",
            "",
            "Trang này được sinh ra từ bảng quy trình (`finance/estimates/workflow.py`) và bảng quyền",
            "(`finance/permissions.py`); không sửa bằng tay.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *[f"    {status.value}: {status.label_vi}" for status in EstimateStatus],
            "    [*] --> DRAFT",
            *[_arrow(step) for step in STEPS],
            "    APPRAISED --> [*]",
            "```",
            "",
            "| Đang ở | Việc | Ai làm | Chuyển sang | Lý do |",
            "| --- | --- | --- | --- | --- |",
            *[_table_row(step) for step in STEPS],
            "",
            "Kinh phí được quyết định cho từng dự án và từng mức, không phải cho cả bản dự toán.",
            "Cơ quan đặt bước lãnh đạo phòng thì thủ trưởng ký sau khi phòng đã duyệt; cơ quan không đặt thì",
            "thủ trưởng ký ngay bản đã trình. Người đã soạn hoặc trình không duyệt, không ký bản đó khi cơ",
            "quan còn người khác; người được ủy quyền ký “thay mặt” thủ trưởng trong thời hạn của văn bản ủy",
            "quyền.",
            "Người đã lập, trình hoặc ký một bản dự toán không được tiếp nhận, thẩm định hay phê duyệt nó.",
            "",
        ]
    )


def _arrow(step: Step) -> str:
    return f"    {step.status.value} --> {step.next_status.value}: {step.action.label_vi}"


def _table_row(step: Step) -> str:
    reason = "bắt buộc" if step.needs_reason else ""
    cells = (
        step.status.label_vi,
        step.action.label_vi,
        _who(step),
        step.next_status.label_vi,
        reason,
    )
    return "| " + " | ".join(cells) + " |"


def _who(step: Step) -> str:
    capacities = {grant.capacity for grant in PERMISSIONS[step.action] if grant.function is step.function}
    office = "cơ quan lập" if step.function is Function.PREPARE else f"cơ quan {step.function.label_vi}"
    if capacities == {Capacity.SECTION_HEAD}:
        return f"lãnh đạo phòng {office}"
    if capacities == {Capacity.HEAD}:
        return f"thủ trưởng {office}"
    if capacities == {Capacity.OFFICER}:
        return f"chuyên viên {office}"
    return office


if __name__ == "__main__":
    sys.stdout.write(procedure_page())
