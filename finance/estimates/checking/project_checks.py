"""What may be wrong with a project as a whole: its head, its levels, its results together. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.line_checks import check_encoding
from finance.estimates.checking.places import Place, blocking, hint, warning
from finance.estimates.draft import ProjectDraft
from finance.estimates.totals import draft_level_total
from finance.findings import Finding
from finance.money import format_vnd
from finance.programme.classification import OutputKind, ProjectKind

# Only these may ask for the province's pool (QĐ 3377/QĐ-UBND, VI.2 and VII.6.b).
POOL_KINDS = frozenset({ProjectKind.SCHEME, ProjectKind.PROJECT})


def check_head(project: ProjectDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    """Name, reasons, task and targets."""
    if not project.name_vi:
        yield blocking("PROJECT_NAME_MISSING", place.at("name_vi", "Tên"), "Chưa ghi tên.", "Ghi tên dự án.")
    if not project.justification:
        yield hint(
            "JUSTIFICATION_MISSING",
            place.at("justification", "Thuyết minh"),
            "Chưa có thuyết minh sự cần thiết.",
            "Ghi vài câu: vì sao cần làm, căn cứ nào.",
        )
    texts = {"name_vi": project.name_vi, "place": project.place, "justification": project.justification}
    yield from check_encoding(texts, place)
    task = context.tasks.get(project.task_code)
    if task is None:
        return
    if not task.is_of_agency:
        yield warning(
            "TASK_NOT_OF_AGENCY",
            place.at("task_code", "Nhiệm vụ"),
            f"Nhiệm vụ {task.code} không giao cho cơ quan này chủ trì, phối hợp hay thực hiện.",
            "Kiểm tra lại nhiệm vụ đã chọn.",
        )
    known = [code for code in project.target_codes if code in context.target_names]
    strangers = [code for code in known if code not in task.target_codes]
    if strangers:
        yield warning(
            "TARGET_NOT_OF_TASK",
            place.at("target_codes", "Mục tiêu"),
            f"Mục tiêu {', '.join(strangers)} không thuộc nhiệm vụ {task.code}.",
            "Kiểm tra lại nhiệm vụ hoặc mục tiêu.",
        )


def check_levels_complete(project: ProjectDraft, place: Place, _context: CheckContext) -> Iterator[Finding]:
    """Each level is complete in itself: it holds at least one line."""
    if not project.lines:
        yield blocking(
            "PROJECT_WITHOUT_LINES",
            place.at("lines", "Dòng chi"),
            "Chưa có dòng chi nào.",
            "Nhập ít nhất một dòng chi.",
        )
        return
    if len(project.levels) == 1:
        # A project of one level never meets the word.
        if not any(line.quantities[0] for line in project.lines):
            yield blocking(
                "LEVEL_EMPTY",
                place.at("lines", "Dòng chi"),
                "Chưa có dòng chi nào có số lượng.",
                "Nhập số lượng của các dòng chi.",
            )
        return
    for position, code in enumerate(project.levels):
        if not any(line.quantities[position] for line in project.lines):
            yield blocking(
                "LEVEL_EMPTY",
                place.at(f"levels-{position}", f"mức {code.label_vi.lower()}"),
                f"Mức “{code.label_vi}” chưa có dòng chi nào có số lượng.",
                "Mỗi mức phải tự nó đủ để thực hiện: nhập số lượng cho mức này hoặc bỏ mức.",
            )


def check_levels_rise(project: ProjectDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    """From least to most: a higher level costs more and promises no less."""
    totals = [draft_level_total(project, ordinal) for ordinal in range(1, len(project.levels) + 1)]
    for position in range(1, len(project.levels)):
        lower, higher = project.levels[position - 1], project.levels[position]
        where = place.at(f"levels-{position}", f"mức {higher.label_vi.lower()}")
        if 0 < totals[position] <= totals[position - 1]:
            yield warning(
                "LEVEL_COSTS_NOT_RISING",
                where,
                f"Mức “{higher.label_vi}” ({format_vnd(totals[position])} đồng) không cao hơn mức "
                f"“{lower.label_vi}” ({format_vnd(totals[position - 1])} đồng).",
                "Xếp các mức từ thấp đến cao.",
            )
        for output_code in _outputs_promised_less(project, position):
            yield warning(
                "LEVEL_RESULTS_NOT_RISING",
                where,
                f"Mức “{higher.label_vi}” cam kết “{context.outputs[output_code].name_vi}” ít hơn mức "
                f"“{lower.label_vi}”.",
                "Mức cao hơn phải làm được ít nhất bằng mức thấp.",
            )


def check_is_measurable(project: ProjectDraft, place: Place, context: CheckContext) -> Iterator[Finding]:
    """A project asking for the pool promises something that counts; else it is decided by hand."""
    asks_pool = project.kind in POOL_KINDS and any(
        line.source_code in context.sources and context.sources[line.source_code].enters_pool
        for line in project.lines
    )
    if not asks_pool:
        return
    kinds = {p.level: True for p in project.promises if _is_scored(p.output_code, context)}
    where = place.at("promises", "Kết quả cam kết")
    if not kinds:
        yield warning(
            "NO_PROMISE",
            where,
            "Chưa có kết quả cam kết: dự án thuộc nhóm “chưa đo được”, xét riêng, không chấm theo kết quả.",
            "Chọn kết quả trong danh mục nếu dự án trực tiếp làm ra.",
        )
        return
    for ordinal, code in enumerate(project.levels, start=1):
        if ordinal not in kinds:
            yield warning(
                "NO_PROMISE_AT_LEVEL",
                where,
                f"Mức “{code.label_vi}” chưa có kết quả cam kết nên không thể được chọn theo kết quả.",
                "Ghi kết quả mà riêng mức này làm được.",
            )


def _is_scored(output_code: str, context: CheckContext) -> bool:
    output = context.outputs.get(output_code)
    return output is not None and output.kind is not OutputKind.OUTCOME


def _outputs_promised_less(project: ProjectDraft, position: int) -> list[str]:
    """Codes of results of which the level at this position promises less than the level below it."""
    lower, higher = _promised(project, position), _promised(project, position + 1)
    return sorted(
        code
        for code, (quantity, parts) in lower.items()
        if higher.get(code, (0, frozenset()))[0] < quantity
        or not parts <= higher.get(code, (0, frozenset()))[1]
    )


def _promised(project: ProjectDraft, ordinal: int) -> dict[str, tuple[int, frozenset[tuple[str, str]]]]:
    """Per result: the quantity promised over the years, and the (component, unit) pairs."""
    found: dict[str, tuple[int, frozenset[tuple[str, str]]]] = {}
    for promise in project.promises:
        if promise.level == ordinal:
            quantity, parts = found.get(promise.output_code, (0, frozenset()))
            named = frozenset((promise.component, unit) for unit in promise.unit_codes or ("",))
            found[promise.output_code] = (quantity + promise.quantity_thousandths, parts | named)
    return found
