"""The lines that rest on a norm as text for the terminal: for whoever runs the program, drafts included."""

from __future__ import annotations

from collections.abc import Sequence

from finance.money import format_vnd
from finance.norms.queries import AffectedLine
from finance.programme.queries import NormRow
from finance.vietnamese.dates import format_date


def norm_lines_text(norm: NormRow, lines: Sequence[AffectedLine]) -> str:
    """The norm in one sentence, then one line for each cost line of the running rounds, and the sum."""
    until = f", hết hiệu lực sau ngày {format_date(norm.valid_to)}" if norm.valid_to else ""
    by = f" ({norm.ended_by})" if norm.ended_by else ""
    rows = [
        f"  {line.agency_short}; {line.round_name}; {line.status.label_vi}; dự án {line.project_key},"
        f" dòng {line.position}: {line.item_vi}; đơn giá {format_vnd(line.unit_price_vnd)};"
        f" đề nghị {format_vnd(line.asked_vnd)} đồng"
        for line in lines
    ]
    offices = len({line.agency_id for line in lines})
    total = format_vnd(sum(line.asked_vnd for line in lines))
    head = f"{norm.code} – {norm.item_vi}: {format_vnd(norm.max_vnd)} đồng/{norm.unit_name}{until}{by}."
    foot = f"{len(lines)} dòng chi của {offices} cơ quan, cộng {total} đồng."
    return "\n".join([head, *rows, foot])
