"""What changed between two drafts, in words a person checks against memory. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """Keys of the projects added, changed and removed, and the same as Vietnamese sentences."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    sentences_vi: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when the two drafts ask the same."""
        return not (self.added or self.changed or self.removed)


def compare_drafts(before: EstimateDraft, after: EstimateDraft) -> DraftChanges:
    """What `after` adds to, changes in and removes from `before`; both tidied, keys unique."""
    old = {project.project_key: project for project in before.projects}
    new = {project.project_key: project for project in after.projects}
    added = tuple(key for key in new if key not in old)
    removed = tuple(key for key in old if key not in new)
    changed = tuple(key for key in new if key in old and new[key] != old[key])
    sentences = (
        *(f"Thêm {_named(new[key])}." for key in added),
        *(f"Sửa {_named(new[key])}: {_what_changed(old[key], new[key])}." for key in changed),
        *(f"Xóa {_named(old[key])}." for key in removed),
    )
    return DraftChanges(added, changed, removed, sentences)


def _named(project: ProjectDraft) -> str:
    return f"{project.kind.label_vi} {project.project_key} “{project.name_vi}”"


def _what_changed(old: ProjectDraft, new: ProjectDraft) -> str:
    """The parts of a project that differ, by name and number."""
    parts = []
    if replace(old, levels=new.levels, lines=new.lines, promises=new.promises) != new:
        parts.append("thông tin chung")
    if old.levels != new.levels:
        parts.append("các mức kinh phí")
    lines = _count_of_different_lines(old.lines, new.lines)
    if lines:
        parts.append(f"{lines} dòng chi")
    elif old.lines != new.lines:
        parts.append("thứ tự dòng chi")
    if old.promises != new.promises:
        parts.append("kết quả cam kết")
    return ", ".join(parts)


def _count_of_different_lines(old: tuple[LineDraft, ...], new: tuple[LineDraft, ...]) -> int:
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    return max(gone.total(), come.total())
