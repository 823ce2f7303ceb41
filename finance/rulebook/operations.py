"""Setting the day from which a rule blocks."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, Subject, record_change
from finance.errors import NotFound, ReasonMissing, RuleBroken, StaleVersion
from finance.permissions import require
from finance.rulebook.catalogue import RULES_BY_CODE
from finance.rulebook.queries import count_settings, list_settings
from finance.rulebook.records import RuleDate
from finance.vietnamese.dates import format_date
from finance.vietnamese.normal import nfc

LONGEST_REFERENCE = 300


def date_rule(
    session: Session,
    actor: Actor,
    code: str,
    *,
    blocks_from: date | None,
    legal_reference: str,
    seen_edit: int,
) -> None:
    """Say from which day a warning blocks, or take the day back (None).

    Setting the day that stands already changes nothing.

    Args:
        session: open write session.
        actor: of the office that guides estimates.
        code: of the rule.
        blocks_from: first day; not before today, so that nobody is stopped without notice.
        legal_reference: the document that brings the rule.
        seen_edit: how many settings the person's page knew of.

    Raises:
        NotFound: no such rule.
        NotAllowed: the actor's office does not guide estimates.
        RuleBroken: the rule blocks already or only informs, or the day lies in the past.
        ReasonMissing: no document is named.
        StaleVersion: somebody set the rule since.
    """
    rule = RULES_BY_CODE.get(code)
    if rule is None:
        raise NotFound("quy tắc kiểm tra", code)
    seat = require(actor, Action.DATE_RULE)
    settings = list_settings(session, code)
    latest = settings[0].blocks_from if settings else None
    if latest == blocks_from:
        return
    current = count_settings(session).get(code, 0)
    if current != seen_edit:
        raise StaleVersion(seen_edit, current)
    if not rule.may_be_dated:
        raise RuleBroken("Quy tắc này đã chặn hoặc chỉ gợi ý; không đặt ngày chặn được.")
    if blocks_from is not None and blocks_from < actor.moment.business_on:
        raise RuleBroken("Ngày bắt đầu chặn không được ở quá khứ: cơ quan lập dự toán phải được báo trước.")
    reference = nfc(legal_reference).strip()[:LONGEST_REFERENCE]
    if not reference:
        raise ReasonMissing(Action.DATE_RULE.label_vi, "văn bản làm căn cứ")
    record = RuleDate(
        code=code,
        blocks_from=blocks_from,
        legal_reference=reference,
        person_id=actor.person_id,
        person_name=actor.full_name,
        set_at=actor.moment.business_at,
    )
    session.add(record)
    session.flush()  # the audit row needs the new id
    change = Change(_said(latest), _said(blocks_from), reference, {"edit": current + 1, "codes": [code]})
    subject = Subject("check_rule", record.id, rule.words_vi)
    record_change(session, actor, Action.DATE_RULE, subject, seat=seat, change=change)


def _said(blocks_from: date | None) -> str:
    return f"chặn từ {format_date(blocks_from)}" if blocks_from else "chỉ cảnh báo"
