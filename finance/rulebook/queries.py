"""Reading how strict the rules are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.findings import Severity
from finance.rulebook.catalogue import CHECK_RULES, CheckRule
from finance.rulebook.records import RuleDate
from finance.rulebook.strictness import RuleDates, severity_on


@dataclass(frozen=True, slots=True)
class RuleDateRow:
    """One setting of a rule's day."""

    code: str
    blocks_from: date | None
    legal_reference: str
    person_name: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as it stands on a day.

    Attributes:
        severity: on that day.
        latest: the setting that counts, None when the rule is as it was made.
        edit_number: how many times the rule was set.
    """

    rule: CheckRule
    severity: Severity
    latest: RuleDateRow | None
    edit_number: int


def rule_dates(session: Session, today: date | None) -> RuleDates:
    """From which day which rules block, as set last."""
    return RuleDates(
        {row.code: row.blocks_from for row in _latest(session) if row.blocks_from is not None}, today
    )


def list_rules(session: Session, today: date) -> list[RuleRow]:
    """Every rule of the catalogue as it stands on the day."""
    dates = rule_dates(session, today)
    latest = {row.code: row for row in _latest(session)}
    counts = count_settings(session)
    return [
        RuleRow(rule, severity_on(rule, dates), latest.get(rule.code), counts.get(rule.code, 0))
        for rule in CHECK_RULES
    ]


def list_settings(session: Session, code: str) -> list[RuleDateRow]:
    """Every setting of a rule's day, newest first."""
    query = select(RuleDate).where(RuleDate.code == code).order_by(RuleDate.id.desc())
    return [_row(record) for record in session.scalars(query)]


def count_settings(session: Session) -> dict[str, int]:
    """How many times each rule was set: the edit number of its form."""
    query = select(RuleDate.code, func.count()).group_by(RuleDate.code)
    return {key: value for key, value in session.execute(query)}  # noqa: C416 (rows are no pairs to mypy)


def _latest(session: Session) -> list[RuleDateRow]:
    newest = select(func.max(RuleDate.id)).group_by(RuleDate.code)
    return [_row(record) for record in session.scalars(select(RuleDate).where(RuleDate.id.in_(newest)))]


def _row(record: RuleDate) -> RuleDateRow:
    return RuleDateRow(
        record.code, record.blocks_from, record.legal_reference, record.person_name, record.set_at
    )
