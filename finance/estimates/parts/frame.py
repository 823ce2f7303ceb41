"""What a partner signs besides its own lines: what the lead's project is. Pure.

The frame goes into the partner's page as one text and comes back with what was typed or signed: so a page
made before the lead changed its project is refused, and told what was changed. The lead's own lines are no
part of it: they are not the partner's to read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from finance.errors import StaleVersion
from finance.estimates.draft import ProjectDraft, PromiseDraft
from finance.estimates.levels import LevelCode
from finance.money import format_quantity
from finance.programme.classification import ProjectKind
from finance.record_base import canonical_json

_PROMISES_TOLD = 4
_UNITS_MARK = " #"  # and signs of the units' hash: two lists of as many units are told apart
_KINDS = {kind.value: kind.label_vi for kind in ProjectKind}
_LEVELS = {code.value: code.label_vi for code in LevelCode}


class FrameChanged(StaleVersion):
    """The lead changed its project after the partner's page was made."""

    def __init__(self, edit: int, differences: tuple[str, ...]) -> None:
        super().__init__(edit, edit, differences)

    @property
    def sentence_vi(self) -> str:
        """That the project is another one now, and that nothing typed was thrown away."""
        return (
            "Cơ quan chủ trì đã sửa dự án sau khi trang này được mở, nên chưa lưu, chưa ký. "
            "Những gì đã gõ vẫn còn nguyên trên trang; mời xem chỗ đã đổi rồi thực hiện lại."
        )


@dataclass(frozen=True, slots=True)
class ProjectFrame:
    """What the project is: codes and texts only, so that it stands in a form.

    Attributes:
        promises: what each level promises: ("FULL|BOI_DUONG|2012|", "120") and the like.
    """

    name_vi: str
    kind: str
    task_code: str
    place: str
    levels: tuple[str, ...]
    promises: tuple[tuple[str, str], ...]


def project_frame(project: ProjectDraft) -> ProjectFrame:
    """The frame of the lead's project."""
    levels = tuple(code.value for code in project.levels)
    promised = sorted((_promise_key(one, levels), _promised_amount(one)) for one in project.promises)
    return ProjectFrame(
        project.name_vi, project.kind.value, project.task_code, project.place, levels, tuple(promised)
    )


def frame_text(project: ProjectDraft) -> str:
    """The frame as one text: what a form carries and what a signature is given for."""
    return canonical_json(asdict(project_frame(project)))


def frame_hash(project: ProjectDraft) -> str:
    """The frame as a signature keeps it."""
    return hashlib.sha256(frame_text(project).encode()).hexdigest()


def read_frame(text: str) -> ProjectFrame | None:
    """The frame a form brought back; None when it brought something else."""
    try:
        found = json.loads(text)
        return ProjectFrame(
            str(found["name_vi"]),
            str(found["kind"]),
            str(found["task_code"]),
            str(found["place"]),
            tuple(str(code) for code in found["levels"]),
            tuple((str(key), str(amount)) for key, amount in found["promises"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def require_same_frame(seen: str, project: ProjectDraft, names: Mapping[str, str], edit: int) -> None:
    """Refuse what was typed or signed for another project than it is now.

    Args:
        seen: the frame as the page showed it.
        project: as it is now.
        names: of the round's results by code, and of their components by `component_name`.
        edit: number of the part's edit.

    Raises:
        FrameChanged: the lead has changed it since; says what.
    """
    if seen != frame_text(project):
        raise FrameChanged(edit, tuple(frame_differences(seen, project, names)))


def frame_differences(seen: str, project: ProjectDraft, names: Mapping[str, str]) -> Iterator[str]:
    """What the lead changed since, as sentences; nothing when the form brought no frame that can be read."""
    before, now = read_frame(seen), project_frame(project)
    if before is None:
        return
    for label, old, new in (
        ("Tên dự án", before.name_vi, now.name_vi),
        ("Loại", _KINDS.get(before.kind, before.kind), _KINDS.get(now.kind, now.kind)),
        ("Nhiệm vụ", before.task_code, now.task_code),
        ("Nơi làm", before.place, now.place),
        ("Các mức", _level_words(before.levels), _level_words(now.levels)),
    ):
        if old != new:
            yield f"{label}: “{old or 'chưa ghi'}” → “{new or 'chưa ghi'}”."
    yield from _promise_differences(dict(before.promises), dict(now.promises), names)


def _promise_differences(
    before: Mapping[str, str], now: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[str]:
    """What is promised otherwise; many levels of many results are told by the first few and a number."""
    changed = [key for key in dict.fromkeys((*before, *now)) if before.get(key) != now.get(key)]
    for key in changed[:_PROMISES_TOLD]:
        was, now_is = (_without_mark(promised.get(key, "")) for promised in (before, now))
        said = f"{was or 'chưa có'} → {now_is or 'đã bỏ'}" if was != now_is else "danh sách đơn vị đã đổi"
        yield f"Kết quả {_promise_words(key, names)}: {said}."
    more = len(changed) - _PROMISES_TOLD
    if more > 0:
        yield f"Và {more} kết quả cam kết khác đã đổi."


def _without_mark(amount: str) -> str:
    return amount.partition(_UNITS_MARK)[0]


def component_name(output_code: str, component: str) -> str:
    """Under which key a component's name is looked up."""
    return f"{output_code}|{component}"


def _level_words(codes: tuple[str, ...]) -> str:
    return " / ".join(_LEVELS.get(code, code) for code in codes)


def _promise_key(promise: PromiseDraft, levels: tuple[str, ...]) -> str:
    level = levels[promise.level - 1] if promise.level <= len(levels) else str(promise.level)
    return "|".join((level, promise.output_code, str(promise.year), promise.component))


def _promised_amount(promise: PromiseDraft) -> str:
    """How much is promised, short: units are counted and told apart by a few signs of their hash."""
    if promise.unit_codes:
        mark = hashlib.sha256(",".join(promise.unit_codes).encode()).hexdigest()[:6]
        return f"{len(promise.unit_codes)} đơn vị{_UNITS_MARK}{mark}"
    return format_quantity(promise.quantity_thousandths) if promise.quantity_thousandths else "hoàn thành"


def _promise_words(key: str, names: Mapping[str, str]) -> str:
    level, output, year, component = (*key.split("|", 3), "", "", "")[:4]
    part = f", {names.get(component_name(output, component), component).lower()}" if component else ""
    return f"“{names.get(output, output)}{part}” năm {year}, mức {_LEVELS.get(level, level).lower()}"
