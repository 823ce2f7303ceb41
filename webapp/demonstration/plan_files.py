"""What the demonstration's offices plan for 2012, and the communes that plan under a district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from finance.money import NumberUnclear, parse_quantity
from finance.plans.draft import ActivityDraft, TargetValue
from finance.plans.workflow import CommentKind, PlanStatus
from finance.programme.reference_cells import Cells
from webapp.demonstration.files import read_demonstration_table


@dataclass(frozen=True, slots=True)
class CommuneEntry:
    """A commune under its district."""

    code: str
    name_vi: str
    short_vi: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Who prepares and issues an office's plan, and how far it has come when the loading ends."""

    agency_code: str
    preparer: str
    head: str
    stops_at: PlanStatus
    document_number: str


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An activity and the project of the office's estimate that carries it out, empty for none."""

    activity: ActivityDraft
    project_key: str


@dataclass(frozen=True, slots=True)
class CommentEntry:
    """What the appraising office says about an activity, counted from 1."""

    agency_code: str
    place: int
    kind: CommentKind
    words: str


def read_communes() -> list[CommuneEntry]:
    """The communes (communes.csv)."""

    def build(cells: Cells) -> CommuneEntry:
        texts = (cells.text(name) for name in ("code", "name_vi", "short_vi", "parent"))
        return CommuneEntry(*texts)

    return read_demonstration_table("communes", "code name_vi short_vi parent", build, "code")


def read_plan_files() -> list[PlanFile]:
    """The offices that plan, those under another one first (plans.csv)."""

    def build(cells: Cells) -> PlanFile:
        return PlanFile(
            agency_code=cells.text("agency"),
            preparer=cells.text("preparer"),
            head=cells.text("head"),
            stops_at=cells.member("stops_at", PlanStatus),
            document_number=cells.raw("document_number"),
        )

    columns = "agency preparer head stops_at document_number"
    return read_demonstration_table("plans", columns, build, "agency")


def read_planned_activities() -> Mapping[str, list[PlannedActivity]]:
    """What every office plans, by its code (plan_activities.csv)."""

    def build(cells: Cells) -> tuple[str, PlannedActivity]:
        activity = ActivityDraft(
            activity_key="",
            name_vi=cells.text("name_vi"),
            task_code=cells.text("task"),
            product_vi=cells.text("product_vi"),
            due_on=cells.day_or_none("due_on"),
            responsible_vi=cells.text("responsible_vi"),
            partners_vi=cells.raw("partners_vi"),
            targets=tuple(_target(cells, text) for text in cells.raw("targets").split(";") if text),
        )
        return cells.text("agency"), PlannedActivity(activity, cells.raw("project"))

    columns = "agency name_vi task product_vi due_on responsible_vi partners_vi targets project"
    found: dict[str, list[PlannedActivity]] = {}
    for agency_code, planned in read_demonstration_table("plan_activities", columns, build, "agency name_vi"):
        found.setdefault(agency_code, []).append(planned)
    return found


def read_plan_comments() -> list[CommentEntry]:
    """What home affairs says about activities (plan_comments.csv)."""

    def build(cells: Cells) -> CommentEntry:
        return CommentEntry(
            cells.text("agency"),
            cells.integer("activity"),
            cells.member("kind", CommentKind),
            cells.text("words"),
        )

    return read_demonstration_table("plan_comments", "agency activity kind words", build, "agency activity")


def _target(cells: Cells, text: str) -> TargetValue:
    """One "CODE=value" of the cell: a figure where it reads as one, else words."""
    code, sign, value = text.partition("=")
    if not sign:
        raise cells.wrong("targets", f"thiếu dấu bằng trong “{text}”")
    try:
        return TargetValue(code, parse_quantity(value))
    except NumberUnclear:
        return TargetValue(code, None, value)
