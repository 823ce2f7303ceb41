"""How strict a rule is on a day: a warning with a date blocks from that day on, and says so before. Pure.

A new rule begins as a warning: offices see what it finds before it stops them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from finance.findings import Finding, Severity
from finance.rulebook.catalogue import CheckRule
from finance.vietnamese.dates import format_date


@dataclass(frozen=True, slots=True)
class RuleDates:
    """From which day which warnings block.

    Attributes:
        blocks_from: code of the rule -> first day on which it blocks.
        today: the business date the findings are made on; None judges by no date.
    """

    blocks_from: Mapping[str, date] = field(default_factory=dict)
    today: date | None = None


def severity_on(rule: CheckRule, dates: RuleDates) -> Severity:
    """What the rule stops on the day of `dates`."""
    first_day = dates.blocks_from.get(rule.code)
    if first_day is None or dates.today is None or not rule.may_be_dated:
        return rule.severity
    return Severity.BLOCKS if dates.today >= first_day else rule.severity


def by_date(findings: Iterable[Finding], dates: RuleDates) -> list[Finding]:
    """The findings as strict as they are on the day.

    A warning whose date has come blocks; one whose date is still to come says from when.
    """
    return [_dated(finding, dates) for finding in findings]


def _dated(finding: Finding, dates: RuleDates) -> Finding:
    first_day = dates.blocks_from.get(finding.code)
    if first_day is None or dates.today is None or finding.severity is not Severity.WARNS:
        return finding
    said = finding.message_vi.rstrip()
    if dates.today >= first_day:
        message = f"{said} Quy tắc này chặn từ ngày {format_date(first_day)}."
        return replace(finding, severity=Severity.BLOCKS, message_vi=message)
    return replace(finding, message_vi=f"{said} Từ ngày {format_date(first_day)} sẽ chặn.")
