"""What was typed into the activity form, as text, and what it means; nothing unclear is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from finance.money import NumberUnclear, format_quantity, parse_quantity
from finance.plans.checks import PlanContext, PlanGoal
from finance.plans.draft import ActivityDraft, TargetValue
from finance.vietnamese.dates import format_date
from webapp.form_fields import parse_day, tidy_words

TEXT_PARTS = ("name_vi", "task_code", "product_vi", "due_on", "responsible_vi", "partners_vi", "note")
TARGET_PREFIX = "target-"


@dataclass(frozen=True, slots=True)
class TypedActivity:
    """The form's texts: `values` by part, `targets` by the target's code."""

    activity_key: str
    values: Mapping[str, str]
    targets: Mapping[str, str] = field(default_factory=dict)


def typed_from_form(form: MultiDict[str, str]) -> TypedActivity:
    """The texts as they were sent."""
    targets = {
        name.removeprefix(TARGET_PREFIX): tidy_words(text)
        for name, text in form.items()
        if name.startswith(TARGET_PREFIX) and text.strip()
    }
    values = {part: tidy_words(form.get(part)) for part in TEXT_PARTS}
    return TypedActivity(tidy_words(form.get("activity_key")), values, targets)


def typed_from_draft(activity: ActivityDraft) -> TypedActivity:
    """A stored activity as a person would type it."""
    values = {
        "name_vi": activity.name_vi,
        "task_code": activity.task_code,
        "product_vi": activity.product_vi,
        "due_on": format_date(activity.due_on) if activity.due_on else "",
        "responsible_vi": activity.responsible_vi,
        "partners_vi": activity.partners_vi,
        "note": activity.note,
    }
    targets = {
        one.target_code: one.words_vi
        if one.value_thousandths is None
        else format_quantity(one.value_thousandths)
        for one in activity.targets
    }
    return TypedActivity(activity.activity_key, values, targets)


def read_activity(typed: TypedActivity, context: PlanContext) -> tuple[ActivityDraft, dict[str, list[str]]]:
    """The activity, and what could not be read, by the box it stands in."""
    wrong: dict[str, list[str]] = {}
    due_on: date | None = None
    if typed.values["due_on"]:
        try:
            due_on = parse_day(typed.values["due_on"])
        except ValueError as unclear:
            wrong["due_on"] = [str(unclear)]
    targets = []
    for code, text in typed.targets.items():
        try:
            targets.append(_target_value(code, text, context.goals.get(code)))
        except NumberUnclear as unclear:
            wrong[f"{TARGET_PREFIX}{code}"] = [str(unclear)]
    said = typed.values
    draft = ActivityDraft(
        activity_key=typed.activity_key,
        name_vi=said["name_vi"],
        task_code=said["task_code"],
        product_vi=said["product_vi"],
        due_on=due_on,
        responsible_vi=said["responsible_vi"],
        partners_vi=said["partners_vi"],
        note=said["note"],
        targets=tuple(targets),
    )
    return draft, wrong


def target_hint(goal: PlanGoal) -> str:
    """What to write into a target's box."""
    if goal.is_counted:
        return _("số, tính bằng %(unit)s", unit=goal.unit_name)
    return _("ghi bằng lời, ví dụ “hoàn thành”")


def _target_value(code: str, text: str, goal: PlanGoal | None) -> TargetValue:
    if goal is None or not goal.is_counted:
        return TargetValue(code, None, text)
    # "45%" is what people write where the unit itself begins with the sign.
    figure = text.removesuffix("%").strip() if goal.unit_name.startswith("%") else text
    return TargetValue(code, parse_quantity(figure))
