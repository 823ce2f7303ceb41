"""What an office plans for a year, before it is stored: one shape for form, copy and consolidation. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from finance.vietnamese.normal import nfc


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A target served and what it shall reach this year: a figure, or words where nothing is counted.

    Units:
        `value_thousandths` in thousandths of the target's unit; None where words stand.
    """

    target_code: str
    value_thousandths: int | None = None
    words_vi: str = ""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """One activity of the year.

    Attributes:
        activity_key: stays the same over versions; projects, comments and progress hang on it.
        due_on: last day; None while not yet said.
        responsible_vi: the unit that does it; `partners_vi` who works with it.
        carried_from: the year whose plan left it unfinished, None for a new one.
        origin_code: the office under this one that planned it, empty for an own activity.
        origin_key: its key in that office's plan.
    """

    activity_key: str
    name_vi: str
    task_code: str
    product_vi: str = ""
    due_on: date | None = None
    responsible_vi: str = ""
    partners_vi: str = ""
    note: str = ""
    targets: tuple[TargetValue, ...] = ()
    carried_from: int | None = None
    origin_code: str = ""
    origin_key: str = ""

    @property
    def is_own(self) -> bool:
        """True for an activity the office planned itself."""
        return not self.origin_code


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """Everything one version says; activities stand in their order."""

    aims_vi: str = ""
    activities: tuple[ActivityDraft, ...] = field(default=())


def tidy_activity(activity: ActivityDraft) -> ActivityDraft:
    """The activity as it is stored: texts in one form, targets by code."""
    targets = (
        TargetValue(_tidy(one.target_code), one.value_thousandths, _tidy(one.words_vi))
        for one in activity.targets
    )
    return replace(
        activity,
        activity_key=_tidy(activity.activity_key),
        name_vi=_tidy(activity.name_vi),
        task_code=_tidy(activity.task_code),
        product_vi=_tidy(activity.product_vi),
        responsible_vi=_tidy(activity.responsible_vi),
        partners_vi=_tidy(activity.partners_vi),
        note=_tidy(activity.note),
        targets=tuple(sorted(targets, key=lambda one: one.target_code)),
    )


def tidy_aims(text: str) -> str:
    """Aims and requirements in one Unicode form with plain line ends."""
    return _tidy(text)


def next_activity_key(taken: set[str]) -> str:
    """A key nobody has used in the plan: HD01, HD02 and so on."""
    number = 1
    while f"HD{number:02}" in taken:
        number += 1
    return f"HD{number:02}"


def _tidy(text: str) -> str:
    lines = nfc(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or sign.isprintable()).strip()
