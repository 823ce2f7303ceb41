"""What a reader may do with a plan now, and what is expected of him."""

from __future__ import annotations

from flask_babel import gettext as _

from finance.actions import Action
from finance.actors import Actor
from finance.permissions import may
from finance.plans.rows import PlanRow
from finance.plans.workflow import PlanParty, PlanStatus, plan_steps_from

_S = PlanStatus
OWN_WAY = (_S.DRAFT, _S.SENT, _S.AGREED, _S.ISSUED)
LOWER_WAY = (_S.DRAFT, _S.SUBMITTED_UP, _S.TAKEN, _S.ISSUED)


def plan_acts(actor: Actor, row: PlanRow, upper_id: int | None) -> frozenset[Action]:
    """The acts that the table and the rights allow this person now.

    Args:
        upper_id: the office that consolidates for the owner today, None for none.
    """
    owners = {PlanParty.OWNER: row.agency_id, PlanParty.APPRAISER: row.agency_id, PlanParty.UPPER: upper_id}
    left_out = Action.SEND_PLAN if upper_id is not None else Action.SUBMIT_PLAN_UP
    found = set()
    for step in plan_steps_from(row.status):
        owner = owners[step.party]
        if step.action is not left_out and owner is not None and may(actor, step.action, owner):
            found.add(step.action)
    if row.status is _S.SENT and may(actor, Action.COMMENT_PLAN, row.agency_id):
        found.add(Action.COMMENT_PLAN)
    return frozenset(found)


def may_edit_plan(actor: Actor, row: PlanRow) -> bool:
    """True when this person may change what the plan says now."""
    return row.status is _S.DRAFT and row.is_own and may(actor, Action.SAVE_PLAN, row.agency_id)


def steps_of(row: PlanRow, upper_id: int | None) -> tuple[PlanStatus, ...]:
    """The way of this plan, with "được yêu cầu sửa" in the place where it was stopped."""
    way = LOWER_WAY if upper_id is not None else OWN_WAY
    return (way[0], _S.RETURNED, *way[2:]) if row.status is _S.RETURNED else way


def expected_of_plan(acts: frozenset[Action], row: PlanRow, blocking_count: int, requests: int) -> str:
    """What is expected of the reader now, in one sentence."""
    if acts & {Action.SEND_PLAN, Action.SUBMIT_PLAN_UP}:
        if blocking_count:
            return _("Sửa %(count)s lỗi dưới đây rồi gửi.", count=blocking_count)
        return _("Kế hoạch đã đủ nội dung; xem lại và gửi.")
    if Action.AGREE_PLAN in acts:
        if requests:
            return _(
                "Đã ghi %(count)s yêu cầu sửa; chuyển lại cơ quan lập kế hoạch khi ghi xong.", count=requests
            )
        return _("Xem từng hoạt động, ghi góp ý hoặc yêu cầu sửa; không có yêu cầu nào thì thống nhất.")
    if Action.TAKE_PLAN in acts:
        return _("Xem kế hoạch của đơn vị trực thuộc; đưa vào kế hoạch của mình, hoặc trả lại kèm lý do.")
    if Action.ISSUE_PLAN in acts:
        return _("Ghi số, ngày văn bản và ban hành kế hoạch.")
    if Action.REVISE_PLAN in acts and row.status is _S.RETURNED:
        return _("Đọc các yêu cầu, mở bản sửa, trả lời từng yêu cầu rồi gửi lại.")
    if Action.REVISE_PLAN in acts and row.status is _S.ISSUED:
        return _("Ghi tiến độ từng hoạt động; muốn đổi nội dung thì mở bản sửa đổi kèm lý do.")
    return _waiting(row)


def _waiting(row: PlanRow) -> str:
    return {
        _S.DRAFT: _("Cơ quan lập kế hoạch đang soạn; chưa có gì phải làm."),
        _S.SENT: _("Chờ cơ quan thẩm định nội dung."),
        _S.SUBMITTED_UP: _("Chờ cơ quan cấp trên tổng hợp."),
        _S.RETURNED: _("Chờ cơ quan lập kế hoạch mở bản sửa."),
        _S.TAKEN: _("Đã nằm trong kế hoạch của cơ quan cấp trên."),
        _S.AGREED: _("Nội dung đã thống nhất; chờ thủ trưởng ban hành."),
        _S.ISSUED: _("Kế hoạch đã ban hành."),
    }[row.status]
