"""To whom a signed estimate goes ("Nơi nhận") and under which document."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from finance.actors import Actor, Function
from finance.agencies.queries import agencies_with_function
from finance.errors import RuleBroken

LONGEST_DOCUMENT_NUMBER = 60
# To whom an estimate is sent, and who gets a copy to read (QĐ 3377/QĐ-UBND, VII.1.c).
ADDRESSED_FUNCTIONS = (Function.ESTIMATE_APPRAISAL, Function.ALLOCATION_CONSOLIDATION)
COPIED_FUNCTIONS = (Function.CONTENT_APPRAISAL,)


def recipients_on(session: Session, on: date) -> dict[int, bool]:
    """Offices by id, and whether each gets only a copy; an addressee never gets a copy too.

    Raises:
        RuleBroken: no office holds a function the estimate must go to.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.1.c.
    """
    found: dict[int, bool] = {}
    for function in ADDRESSED_FUNCTIONS:
        holders = agencies_with_function(session, function, on)
        if not holders:
            raise RuleBroken(f"Chưa cơ quan nào được giao chức năng “{function.label_vi}”; mời báo quản trị.")
        found.update((holder.id, False) for holder in holders)
    for function in COPIED_FUNCTIONS:
        for holder in agencies_with_function(session, function, on):
            found.setdefault(holder.id, True)
    return found


def require_document(actor: Actor, document_number: str, document_on: date) -> None:
    """Refuse a letter without a number or dated after the day it is sent.

    Raises:
        RuleBroken: the number is missing or too long, or the date lies ahead.
    """
    if not document_number.strip():
        raise RuleBroken("Chưa ghi số văn bản gửi dự toán.")
    if len(document_number.strip()) > LONGEST_DOCUMENT_NUMBER:
        raise RuleBroken(f"Số văn bản dài quá {LONGEST_DOCUMENT_NUMBER} ký tự.")
    if document_on > actor.moment.business_on:
        raise RuleBroken("Ngày văn bản không được sau ngày gửi.")
