"""What stands between a drafted plan and its sending, and what is worth a second look. Pure.

A field is named as the page names it: the activity's key, a dash, the part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from finance.findings import Finding, Location, Severity
from finance.money import format_quantity
from finance.plans.draft import ActivityDraft, PlanDraft
from finance.vietnamese.dates import format_date

LONGEST_NAME = 500
LONGEST_PART = 300


@dataclass(frozen=True, slots=True)
class PlanTask:
    """An annex task; `is_led` when this office leads it."""

    code: str
    name_vi: str
    target_codes: frozenset[str]
    is_led: bool
    start_year: int | None
    end_year: int | None

    def runs_in(self, year: int) -> bool:
        """True when the annex gives the task no other years."""
        return (self.start_year or year) <= year <= (self.end_year or year)


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """A target of the programme with the figure the decision gives; `is_counted` when it is a figure."""

    code: str
    name_vi: str
    unit_name: str
    is_counted: bool
    value_thousandths: int | None
    year: int


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What a plan is held against.

    Attributes:
        waiting_below: short names of the offices under this one whose plan is not taken in yet.
        unanswered: requests of the appraisers without an answer, by the activity's key.
    """

    year: int
    agency_name: str
    tasks: Mapping[str, PlanTask] = field(default_factory=dict)
    goals: Mapping[str, PlanGoal] = field(default_factory=dict)
    waiting_below: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


def check_plan(draft: PlanDraft, context: PlanContext) -> list[Finding]:
    """Everything to mend before sending, then what to look at again, in the order of the plan."""
    if not draft.activities:
        return [
            _blocks("PLAN_EMPTY", "Kế hoạch chưa có hoạt động nào.", Location(), "Thêm hoạt động đầu tiên.")
        ]
    found = [
        finding
        for place, activity in enumerate(draft.activities, start=1)
        for finding in _check_activity(place, activity, context)
    ]
    return [*found, *_contradictions(draft, context), *_whole(draft, context)]


def check_storable_activity(activity: ActivityDraft, context: PlanContext) -> list[Finding]:
    """What must be right before an activity can be kept at all; the rest may be mended later."""
    found = []
    if not activity.name_vi:
        found.append(_blocks("ACTIVITY_NAME", "Chưa ghi tên hoạt động.", _at("name_vi", "Hoạt động")))
    if activity.task_code not in context.tasks:
        found.append(
            _blocks(
                "ACTIVITY_TASK",
                "Chưa chọn nhiệm vụ của Phụ lục.",
                _at("task_code", "Nhiệm vụ"),
                "Mỗi hoạt động thực hiện một nhiệm vụ của Chương trình.",
            )
        )
    found += _too_long(activity)
    for value in activity.targets:
        if value.target_code not in context.goals:
            words = f"Chương trình không có mục tiêu “{value.target_code}”."
            found.append(_blocks("ACTIVITY_TARGET", words, _at("targets", "Mục tiêu")))
    return found


def _too_long(activity: ActivityDraft) -> Iterator[Finding]:
    limits = (
        ("name_vi", "Hoạt động", activity.name_vi, LONGEST_NAME),
        ("responsible_vi", "Đơn vị chủ trì", activity.responsible_vi, LONGEST_PART),
        ("partners_vi", "Đơn vị phối hợp", activity.partners_vi, LONGEST_NAME),
    )
    for part, words, text, longest in limits:
        if len(text) > longest:
            said = f"Dài {len(text)} ký tự, nhiều nhất {longest}."
            yield _blocks("ACTIVITY_LONG", said, _at(part, words), "Rút gọn, phần còn lại ghi ở ô Ghi chú.")
    for value in activity.targets:
        if len(value.words_vi) > LONGEST_PART:
            yield _blocks(
                "ACTIVITY_LONG", f"Nhiều nhất {LONGEST_PART} ký tự.", _at("targets", value.target_code)
            )


def _check_activity(place: int, activity: ActivityDraft, context: PlanContext) -> Iterator[Finding]:
    def at(part: str, words: str) -> Location:
        return Location(field=f"{activity.activity_key}-{part}", words=f"Hoạt động {place}, {words}")

    if not activity.product_vi:
        message = "Chưa ghi sản phẩm, kết quả dự kiến."
        yield _blocks("ACTIVITY_PRODUCT", message, at("product_vi", "sản phẩm"), "Ghi điều sẽ cầm được.")
    if not activity.responsible_vi:
        yield _blocks("ACTIVITY_UNIT", "Chưa ghi đơn vị chủ trì.", at("responsible_vi", "đơn vị chủ trì"))
    yield from _check_deadline(activity.due_on, context.year, at("due_on", "thời hạn"))
    task = context.tasks.get(activity.task_code)
    if task is not None and not task.runs_in(context.year):
        message = f"Phụ lục không xếp nhiệm vụ {task.code} vào năm {context.year}."
        yield _warns("ACTIVITY_TASK_YEAR", message, at("task_code", "nhiệm vụ"))
    if task is not None and task.target_codes and not activity.targets:
        message = f"Nhiệm vụ {task.code} có mục tiêu của Chương trình nhưng hoạt động chưa ghi giá trị năm."
        yield _warns("ACTIVITY_NO_TARGET", message, at("targets", "mục tiêu"))


def _check_deadline(due_on: date | None, year: int, at: Location) -> Iterator[Finding]:
    if due_on is None:
        yield _blocks("ACTIVITY_DUE", "Chưa ghi thời hạn.", at, f"Ghi ngày, ví dụ 30/06/{year}.")
    elif due_on.year != year:
        message = f"Thời hạn {format_date(due_on)} không thuộc năm {year}."
        yield _blocks(
            "ACTIVITY_DUE_YEAR",
            message,
            at,
            f"Ghi phần việc phải xong trong năm {year}; phần sau vào năm sau.",
        )


def _contradictions(draft: PlanDraft, context: PlanContext) -> Iterator[Finding]:
    """One target cannot reach two values in one year; what communes set for themselves is theirs."""
    said: dict[str, tuple[int, str, ActivityDraft]] = {}
    for place, activity in enumerate(draft.activities, start=1):
        for value in activity.targets if activity.is_own else ():
            words = _value_words(value.value_thousandths, value.words_vi)
            first = said.setdefault(value.target_code, (place, words, activity))
            if first[1] != words:
                message = (
                    f"Mục tiêu {value.target_code} ghi “{words}” nhưng hoạt động {first[0]} ghi “{first[1]}”."
                )
                at = Location(field=f"{activity.activity_key}-targets", words=f"Hoạt động {place}, mục tiêu")
                yield _blocks("TARGET_TWO_VALUES", message, at, "Một mục tiêu có một giá trị trong năm.")


def _whole(draft: PlanDraft, context: PlanContext) -> Iterator[Finding]:
    if context.unanswered:
        message = f"Còn {len(context.unanswered)} yêu cầu sửa chưa được trả lời."
        yield _blocks(
            "REQUEST_UNANSWERED", message, Location(field="comments", words="Góp ý"), "Trả lời ở mục Góp ý."
        )
    present = {activity.task_code for activity in draft.activities}
    for task in context.tasks.values():
        if task.is_led and task.runs_in(context.year) and task.code not in present:
            message = f"Nhiệm vụ {task.code} do {context.agency_name} chủ trì chưa có hoạt động nào."
            yield _warns("LED_TASK_MISSING", message, Location(words="Toàn bộ kế hoạch"))
    if context.waiting_below:
        names = ", ".join(context.waiting_below)
        message = f"Chưa tổng hợp kế hoạch của {len(context.waiting_below)} đơn vị trực thuộc: {names}."
        yield _warns("BELOW_MISSING", message, Location(words="Toàn bộ kế hoạch"))


def _value_words(value_thousandths: int | None, words_vi: str) -> str:
    return words_vi if value_thousandths is None else format_quantity(value_thousandths)


def _at(part: str, words: str) -> Location:
    return Location(field=part, words=words)


def _blocks(code: str, message: str, at: Location, remedy: str = "") -> Finding:
    return Finding(code, Severity.BLOCKS, message, at, remedy)


def _warns(code: str, message: str, at: Location, remedy: str = "") -> Finding:
    return Finding(code, Severity.WARNS, message, at, remedy)
