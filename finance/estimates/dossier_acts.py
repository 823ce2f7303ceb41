"""Writing what proves a request: the dossier of a project, and reasons for warnings let stand.

Find -> may -> page not old -> still being drafted -> done -> audited, as every act on an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.audit import Change
from finance.dossiers.dossier_writer import write_dossier
from finance.dossiers.queries import PassedRow, read_dossiers
from finance.dossiers.records import PassedWarning
from finance.dossiers.rules import Dossier
from finance.errors import NotFound, NotInThisStatus, ReasonMissing, RecordDamaged, RuleBroken
from finance.estimates.checking.warning_places import warning_hash
from finance.estimates.completeness import Completeness, version_completeness
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft, tidy_text
from finance.estimates.estimate_lookup import (
    get_current_version,
    get_visible_estimate,
    note_edit,
    require_seen_estimate,
)
from finance.estimates.parts.joining import own_draft
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workflow import EDITABLE
from finance.findings import Finding
from finance.labels import LabelledEnum
from finance.permissions import require

LONGEST_TEXT = 4000
LONGEST_LINE = 200
LARGEST_NUMBER = 10**15
_LINES = frozenset({"responsible", "source_vi", "payer_vi"})

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """An estimate being drafted, with the seat that may do the act."""

    estimate: Estimate
    version: EstimateVersion
    seat: Seat


def open_version(
    session: Session, actor: Actor, estimate_id: int, action: Action, *, seen_edit: int | None
) -> OpenVersion:
    """Find an estimate that may be written by this act.

    Args:
        action: the act, for the right and the refusals.
        seen_edit: of the page; None for an act that only adds and so overwrites nobody.

    Raises:
        NotFound, NotAllowed, StaleVersion: as every act on an estimate.
        NotInThisStatus: it is not being drafted.
        RecordDamaged: its version is frozen although the estimate says it is open.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    seat = require(actor, action, estimate.agency_id)
    if seen_edit is not None:
        require_seen_estimate(session, estimate, seen_edit)
    if estimate.status not in EDITABLE:
        raise NotInThisStatus(estimate.status.label_vi, action.label_vi)
    version = get_current_version(session, estimate)
    if version.content_hash or version.signed_at or version.sent_at:
        raise RecordDamaged(f"version {version.number} of estimate {estimate.id} is frozen")
    return OpenVersion(estimate, version, seat)


def save_dossier(
    session: Session, actor: Actor, estimate_id: int, *, dossier: Dossier, seen_edit: int
) -> int:
    """Replace the dossier of one project.

    Args:
        dossier: of a project of the present draft.
        seen_edit: of the page it was typed on.

    Returns:
        The new edit number; the one seen when nothing changed.

    Raises:
        NotFound: the draft has no such project.
        RuleBroken: a text or figure is too long to be kept.
    """
    opened = open_version(session, actor, estimate_id, Action.SAVE_DOSSIER, seen_edit=seen_edit)
    require_project(current_draft(session, opened.version.id), dossier.project_key)
    tidy = tidy_dossier(dossier)
    require_storable_dossier(tidy)
    stored = read_dossiers(session, opened.version.id).get(tidy.project_key, Dossier(tidy.project_key))
    if tidy == stored:
        return opened.estimate.edit_number
    write_dossier(session, opened.version.id, tidy)
    said = f"Hồ sơ dự án {tidy.project_key}: {', '.join(changed_parts(stored, tidy))}."
    change = Change(details={"changes": [said], "project": tidy.project_key})
    return note_edit(session, actor, opened.estimate, Action.SAVE_DOSSIER, seat=opened.seat, change=change)


def pass_warning(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    words_hash: str,
    reason: str,
    seen_edit: int,
    everywhere: bool = False,
) -> int:
    """Let a warning stand for a stated reason, which the reviewers read; an empty reason takes it back.

    Args:
        words_hash: of the warning at its place, as `Completeness.hash_of` gives it.
        reason: why the warning is no fault here.
        everywhere: the reason is meant for every place of which the same is said now.

    Returns:
        The new edit number.

    Raises:
        RuleBroken: the checks no longer say this.
        ReasonMissing: no reason, and none was there to take back.
    """
    opened = open_version(session, actor, estimate_id, Action.PASS_WARNING, seen_edit=seen_edit)
    said = tidy_text(reason)
    if len(said) > LONGEST_TEXT:
        raise RuleBroken(f"Lý do dài quá {LONGEST_TEXT} ký tự.")
    version_id, estimate = opened.version.id, opened.estimate
    found = version_completeness(
        session,
        version_id,
        own_draft(session, version_id, current_draft(session, version_id)),
        check_context(session, estimate.round_id, estimate.agency_id, on=actor.moment.business_on),
        on=actor.moment.business_on,
    )
    finding = found.asked.get(words_hash)
    if finding is None:
        raise RuleBroken("Cảnh báo này không còn hoặc đã đổi nội dung. Mời tải lại trang.")
    chosen = found.alike(finding) if everywhere else {words_hash: finding}
    if not said and not any(found.reason_for(one) for one in chosen.values()):
        raise ReasonMissing(Action.PASS_WARNING.label_vi)
    _part_reasons(session, version_id, found, finding)
    session.execute(
        delete(PassedWarning).where(
            PassedWarning.version_id == version_id, PassedWarning.words_hash.in_(chosen)
        )
    )
    given = PassedRow(finding.code, "", finding.message_vi, said, actor.moment.business_at, actor.full_name)
    session.add_all(_passed(version_id, key, given) for key in chosen if said)
    places = "; ".join(one.location.text_vi for one in chosen.values())
    verb = "Giữ lại cảnh báo" if said else "Bỏ lý do của"
    what = f"{verb} “{finding.message_vi}” ({places})"
    change = Change(reason=said, details={"changes": [what]})
    return note_edit(session, actor, estimate, Action.PASS_WARNING, seat=opened.seat, change=change)


def _part_reasons(session: Session, version_id: int, found: Completeness, finding: Finding) -> None:
    """Write a reason that once held wherever the words were said at each of its places instead."""
    everywhere = warning_hash(finding.code, finding.message_vi)
    row = found.passed.get(everywhere)
    if row is None:
        return
    session.execute(
        delete(PassedWarning).where(
            PassedWarning.version_id == version_id, PassedWarning.words_hash == everywhere
        )
    )
    session.add_all(_passed(version_id, key, row) for key in found.alike(finding) if key not in found.passed)
    session.flush()  # the rows of the chosen places are replaced next


def _passed(version_id: int, words_hash: str, row: PassedRow) -> PassedWarning:
    return PassedWarning(
        version_id=version_id,
        code=row.code,
        words_hash=words_hash,
        message_vi=row.message_vi,
        reason=row.reason,
        passed_at=row.passed_at,
        passed_by=row.passed_by,
    )


def current_draft(session: Session, version_id: int) -> EstimateDraft:
    """What a version asks now."""
    return draft_of_rows(read_version(session, version_id))


def require_project(draft: EstimateDraft, project_key: str) -> None:
    """Refuse a project the draft does not have.

    Raises:
        NotFound: it does not.
    """
    if not any(project.project_key == project_key for project in draft.projects):
        raise NotFound("dự án", project_key)


def tidy_dossier(dossier: Dossier) -> Dossier:
    """The dossier as it is stored: texts in one form, unanswered rows left out, the rest in order."""
    tidy = _tidy_texts(dossier)
    empty_condition = {answer for answer in tidy.conditions if answer.is_met is None and not answer.evidence}
    outputs = (one for one in tidy.outputs if one != type(one)(one.output_code))
    return replace(
        tidy,
        conditions=tuple(
            sorted(set(tidy.conditions) - empty_condition, key=lambda one: _place(one.condition))
        ),
        outputs=tuple(sorted(outputs, key=lambda one: one.output_code)),
        outturns=tuple(sorted(tidy.outturns, key=lambda one: _place(one.kind))),
        running_costs=tuple(one for one in tidy.running_costs if one.item_vi or one.amount_vnd),
    )


def require_storable_dossier(dossier: Dossier) -> None:
    """Refuse what no column can hold.

    Raises:
        RuleBroken: a text is too long or a figure too large; says which.
    """
    for name, value in _leaves(dossier):
        longest = LONGEST_LINE if name in _LINES else 300 if name == "item_vi" else LONGEST_TEXT
        if isinstance(value, str) and len(value) > longest:
            raise RuleBroken(f"“{value[:40]}…” dài {len(value)} ký tự; nhiều nhất {longest} ký tự.")
        if isinstance(value, int) and not 0 <= value <= LARGEST_NUMBER:
            raise RuleBroken(f"Số {value} ngoài khoảng ghi được trong hồ sơ.")


def changed_parts(before: Dossier, after: Dossier) -> list[str]:
    """Which parts of a dossier differ, in words."""
    parts = {
        "conditions": "điều kiện theo kết quả",
        "outputs": "hiện trạng và cách kiểm chứng",
        "minimum_level": "mức tối thiểu",
        "minimum_reason": "lý do mức tối thiểu",
        "continuity": "mới hay tiếp tục",
        "outturns": "số liệu các năm trước",
        "after_costs": "chi phí sau dự án",
        "running_costs": "các khoản chi về sau",
        "savings_vnd": "khoản tiết kiệm",
        "savings_note": "diễn giải khoản tiết kiệm",
    }
    return [words for name, words in parts.items() if getattr(before, name) != getattr(after, name)]


def _place(member: LabelledEnum) -> int:
    return [*type(member)].index(member)


def _tidy_texts(part: Part) -> Part:
    """The same with every text tidied, however deep."""
    changed: dict[str, Any] = {}
    for one in fields(part):  # type: ignore[arg-type]
        value = getattr(part, one.name)
        if isinstance(value, str):
            changed[one.name] = tidy_text(value)
        elif isinstance(value, tuple):
            changed[one.name] = tuple(_tidy_texts(inner) for inner in value)
    return replace(part, **changed)  # type: ignore[type-var]


def _leaves(part: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for one in fields(part):
        value = getattr(part, one.name)
        if isinstance(value, tuple):
            found += [leaf for inner in value for leaf in _leaves(inner)]
        elif not (is_dataclass(value) or isinstance(value, (bool, date))):
            found.append((one.name, value))
    return found
