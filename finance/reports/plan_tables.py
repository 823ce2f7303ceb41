"""Plans as tables that leave the program: one plan, and all plans of a year for who consolidates them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.agencies.hierarchy import consolidating_parents
from finance.plans.plan_lookup import SeenPlan, get_seen_plan
from finance.plans.project_links import PlanMoney, plan_money
from finance.plans.queries import list_plans, plan_activities, plan_row, plan_version
from finance.plans.rows import ActivityRow, PlanRow
from finance.reports.export_tables import Cell, Column, ColumnKind, ExportTable
from finance.vietnamese.dates import format_date

_COLUMNS = (
    Column("STT", ColumnKind.WHOLE),
    Column("Hoạt động"),
    Column("Nhiệm vụ"),
    Column("Mục tiêu trong năm"),
    Column("Sản phẩm, kết quả"),
    Column("Thời hạn"),
    Column("Đơn vị chủ trì"),
    Column("Đơn vị phối hợp"),
    Column("Đơn vị lập (nếu tổng hợp)"),
    Column("Dự án"),
    Column("Kinh phí đề nghị trong năm (đồng)", ColumnKind.AMOUNT),
    Column("Kinh phí đề nghị cả dự án (đồng)", ColumnKind.AMOUNT),
    Column("Tiến độ"),
    Column("Ghi chú"),
)


def reform_plan_table(session: Session, actor: Actor, plan_id: int, number: int | None) -> ExportTable:
    """One version of a plan (the present one unless told), with what its projects ask.

    Raises:
        NotFound: no such plan or version, or none the person may read.
    """
    seen = get_seen_plan(session, actor, plan_id)
    version = plan_version(session, seen, number)
    row = plan_row(session, actor, plan_id)
    activities = plan_activities(session, seen, version)
    money = plan_money(session, actor, seen)
    notes = [f"Lần {version.number} · {row.status.label_vi}"]
    if version.document_number and version.document_on:
        notes.append(f"Văn bản số {version.document_number} ngày {format_date(version.document_on)}")
    notes.append("Đơn vị tính: đồng")
    return ExportTable(
        title=row.label_vi,
        columns=_COLUMNS,
        rows=tuple(_cells(activity, money) for activity in activities),
        notes=tuple(notes),
        total=_total(money, len(_COLUMNS)),
    )


def reform_plans_table(session: Session, actor: Actor, year: int) -> ExportTable:
    """Every plan of the year the person may read, office by office.

    A plan that goes through an upper office stands in that office's plan, not twice.
    """
    upper = consolidating_parents(session, actor.moment.business_on)
    plans = [row for row in list_plans(session, actor, year) if row.agency_id not in upper]
    rows: list[tuple[Cell, ...]] = []
    for row in plans:
        seen = get_seen_plan(session, actor, row.id)
        rows += [(row.agency_name, _state(row, seen), *cells) for cells in _rows_of(session, actor, seen)]
    return ExportTable(
        title=f"Tổng hợp kế hoạch cải cách hành chính năm {year}",
        columns=(Column("Cơ quan"), Column("Trạng thái"), *_COLUMNS),
        rows=tuple(rows),
        notes=(f"{len(plans)} cơ quan, {len(rows)} hoạt động", "Đơn vị tính: đồng"),
    )


def _state(row: PlanRow, seen: SeenPlan) -> str:
    """Where the plan stands; a version that is being changed is told apart from the one shown."""
    if row.shown_number != row.version_number:
        return f"lần {row.shown_number}; lần {row.version_number} {row.status.label_vi}"
    document = seen.version.document_number
    return f"{row.status.label_vi} (số {document})" if document else row.status.label_vi


def _rows_of(session: Session, actor: Actor, seen: SeenPlan) -> list[tuple[Cell, ...]]:
    money = plan_money(session, actor, seen)
    return [_cells(activity, money) for activity in plan_activities(session, seen, seen.version)]


def _cells(activity: ActivityRow, money: PlanMoney) -> tuple[Cell, ...]:
    projects = money.by_activity.get(activity.key, ())
    targets = "; ".join(f"{one.code}: {one.value_vi}" for one in activity.targets)
    carried = f"Chuyển từ năm {activity.carried_from}" if activity.carried_from else ""
    progress = activity.progress.label_vi if activity.progress else ""
    return (
        activity.position,
        activity.name_vi,
        f"{activity.task_code} {activity.task_name}",
        targets,
        activity.product_vi,
        format_date(activity.due_on) if activity.due_on else "",
        activity.responsible_vi,
        activity.partners_vi,
        activity.origin_short,
        "; ".join(f"{one.project_key} {one.name_vi}" for one in projects),
        sum(one.asked_in_year_vnd for one in projects) if projects else None,
        sum(one.asked_vnd for one in projects) if projects else None,
        ": ".join(part for part in (progress, activity.progress_words) if part),
        "; ".join(part for part in (carried, activity.note) if part),
    )


def _total(money: PlanMoney, width: int) -> tuple[Cell, ...]:
    linked = [one for group in money.by_activity.values() for one in group]
    if not linked:
        return ()
    cells: list[Cell] = [None] * width
    cells[1] = "Tổng cộng"
    cells[10] = sum(one.asked_in_year_vnd for one in linked)
    cells[11] = sum(one.asked_vnd for one in linked)
    return tuple(cells)
