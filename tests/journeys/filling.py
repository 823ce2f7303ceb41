"""A project put where it belongs: into the form's boxes, or into the cells of the office's workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import load_workbook

from finance.estimates.levels import LevelCode
from finance.estimates.workbook.columns import (
    FIRST_ROW,
    LINE_SHEET,
    MARK,
    PROJECT_SHEET,
    PROMISE_SHEET,
    SheetShape,
    cell_address,
    level_key,
    quantity_key,
)
from tests.journeys.desk import Desk, Typed
from tests.journeys.story import LEVEL_WORDS, NATURE, NATURE_WORDS, YEAR, Line, Project

SAVE = "Lưu dự án"
LEVELS = "Đổi cột theo các mức đã chọn"
RENEW = "Cập nhật ô theo kết quả đã chọn"
SPARE_ROWS = 3  # how many empty rows a new project offers


def type_project(desk: Desk, project: Project) -> None:
    """Type a new project into the empty form and save it."""
    desk.choose(SAVE, {"task_code": project.task})
    desk.fill(SAVE, _head_of(project))
    if project.levels != ("FULL",):
        desk.send(LEVELS, {"levels": project.levels})
    for _row in range(len(project.lines) - SPARE_ROWS):
        desk.press("Thêm dòng")
    lines = (_boxes_of(number, line) for number, line in enumerate(project.lines))
    desk.fill(SAVE, {name: text for boxes in lines for name, text in boxes.items()})
    for number, promise in enumerate(project.promises):
        desk.send("Thêm kết quả")
        desk.choose(SAVE, {f"promises-{number}-output_code": promise.output}, RENEW)
        boxes = {f"promises-{number}-level": promise.level} if len(project.levels) > 1 else {}
        if promise.quantity:
            boxes[f"promises-{number}-quantity_thousandths"] = promise.quantity
        desk.fill(SAVE, boxes)
    desk.show(f"du-an-{project.key.lower()}-dang-nhap")
    desk.send(SAVE)


def filled_workbook(template: bytes, projects: Sequence[Project]) -> bytes:
    """The office's workbook with these projects, saved by another program than the one that made it."""
    book = load_workbook(io.BytesIO(template))
    rows = {shape.title: FIRST_ROW for shape in (PROJECT_SHEET, LINE_SHEET, PROMISE_SHEET)}

    def write(shape: SheetShape, cells: Mapping[str, object]) -> None:
        for key, value in cells.items():
            book[shape.title][cell_address(shape, key, rows[shape.title])] = value
        rows[shape.title] += 1

    for project in projects:
        write(PROJECT_SHEET, _project_cells(project))
        for line in project.lines:
            write(LINE_SHEET, _line_cells(project, line))
        for promise in project.promises:
            quantity = int(promise.quantity) if promise.quantity else None
            cells = {
                "project_key": project.key,
                "level": LEVEL_WORDS[promise.level],
                "output_code": promise.output,
                "year": int(YEAR),
                "quantity_thousandths": quantity,
                "component": promise.component or None,
                "unit_codes": "; ".join(promise.units) or None,
            }
            write(PROMISE_SHEET, cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head_of(project: Project) -> dict[str, Typed]:
    return {
        "name_vi": project.name,
        "kind": project.kind,
        "project_key": project.key,
        "priority": project.priority,
        "place": project.place,
        "target_codes": project.targets,
        "justification": project.justification,
    }


def _boxes_of(number: int, line: Line) -> dict[str, Typed]:
    parts = {
        "item_vi": line.item,
        "unit_name": line.unit,
        "unit_price_vnd": line.price,
        "frequency_thousandths": line.times,
        "source_code": line.source,
        "nature": NATURE,
        "year": YEAR,
        "budget_code": line.budget_code,
        "norm_code": line.norm,
        **{f"quantities-{place}": quantity for place, quantity in enumerate(line.quantities)},
    }
    return {f"lines-{number}-{part}": text for part, text in parts.items()}


def _project_cells(project: Project) -> dict[str, object]:
    return {
        "project_key": project.key,
        "priority": int(project.priority),
        "name_vi": project.name,
        "kind": project.kind_words,
        "task_code": project.task,
        "target_codes": "; ".join(project.targets),
        "place": project.place,
        "justification": project.justification,
        **{level_key(LevelCode(level)): MARK for level in project.levels},
    }


def _line_cells(project: Project, line: Line) -> dict[str, object]:
    quantities = zip(project.levels, line.quantities, strict=True)
    return {
        "project_key": project.key,
        "item_vi": line.item,
        "budget_code": line.budget_code,
        "norm_code": line.norm or None,
        "source_code": line.source,
        "nature": NATURE_WORDS,
        "year": int(YEAR),
        "unit_name": line.unit,
        "unit_price_vnd": int(line.price),
        "frequency_thousandths": int(line.times),
        **{quantity_key(LevelCode(level)): int(quantity) for level, quantity in quantities},
    }
