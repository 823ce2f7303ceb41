"""The catalogue says what the checks do; a warning with a date blocks from that day on, not before."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.audit import AuditEntry
from finance.errors import NotAllowed, NotFound, NotReady, ReasonMissing, RuleBroken, StaleVersion
from finance.estimates.checking.checks import check_draft
from finance.estimates.procedure import check_estimate
from finance.estimates.queries import check_context, load_draft
from finance.findings import Finding, Severity
from finance.rulebook.catalogue import CHECK_RULES, RULES_BY_CODE
from finance.rulebook.operations import date_rule
from finance.rulebook.queries import list_rules, list_settings
from finance.rulebook.strictness import RuleDates, by_date, severity_on
from tests.builders import Province, a_draft, a_line, a_project, a_province, later
from tests.estimate_journeys import a_saved_estimate, edit_of

FINANCE = Path(__file__).parents[3] / "finance"
# What is said of a file as such has codes of its own: they are no rules anybody could date.
CHECKS = [
    path
    for room in ("estimates", "dossiers")
    for path in (FINANCE / room).rglob("*.py")
    if path.parent.name != "workbook"
]
MAKERS = {"blocking": Severity.BLOCKS, "warning": Severity.WARNS, "hint": Severity.HINTS}
RULE = "BUDGET_CODE_MISSING"
FIRST_DAY = date(2012, 3, 1)


def made_in_the_checks() -> dict[str, set[Severity]]:
    """Every code the checks make, with how strict where the check says it outright."""
    found: dict[str, set[Severity]] = {}
    for path in CHECKS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            code, maker = node.args[0], node.func.id
            if maker in (*MAKERS, "_finding") and isinstance(code, ast.Constant):
                said = MAKERS.get(maker) or severity_in(node)
                found.setdefault(code.value, set()).update({said} if said else ())
    return found


def severity_in(call: ast.Call) -> Severity | None:
    """The severity a call names outright; None when it is reckoned."""
    second = call.args[1]
    is_plain = isinstance(second, ast.Attribute) and isinstance(second.value, ast.Name)
    return Severity.of(second.attr) if is_plain and second.value.id == "Severity" else None


def test_every_code_of_the_checks_has_a_row_that_is_as_strict() -> None:
    made = made_in_the_checks()
    assert len(made) > 50
    missing = sorted(made.keys() - RULES_BY_CODE.keys())
    assert not missing, f"write the rule into finance/rulebook/data/check_rules.csv: {missing}"
    texts = [path.read_text(encoding="utf-8") for path in CHECKS]
    idle = [code for code in RULES_BY_CODE if not any(f'"{code}"' in text for text in texts)]
    assert not idle, f"take these rows out, no check makes them: {idle}"
    wrong = [code for code, how in made.items() if how and RULES_BY_CODE[code].severity not in how]
    assert not wrong, wrong


def test_every_rule_is_said_in_words_with_a_basis() -> None:
    assert len(CHECK_RULES) == len(RULES_BY_CODE)
    for rule in CHECK_RULES:
        assert rule.words_vi.endswith("."), rule.code
        assert len(rule.basis_vi) > 5, rule.code


@pytest.mark.parametrize(
    ("today", "severity"),
    [
        (date(2012, 2, 29), Severity.WARNS),
        (date(2012, 3, 1), Severity.BLOCKS),
        (date(2012, 3, 2), Severity.BLOCKS),
        (None, Severity.WARNS),
    ],
)
def test_strictness_by_date(today: date | None, severity: Severity) -> None:
    dates = RuleDates({RULE: FIRST_DAY}, today)
    (found,) = by_date([Finding(RULE, Severity.WARNS, "Chưa phân loại.")], dates)
    assert found.severity is severity
    assert severity_on(RULES_BY_CODE[RULE], dates) is severity
    assert ("Từ ngày 01/03/2012 sẽ chặn." in found.message_vi) is (today == date(2012, 2, 29))
    assert ("chặn từ ngày 01/03/2012" in found.message_vi) is (severity is Severity.BLOCKS)


def test_a_date_touches_only_warnings() -> None:
    dates = RuleDates({"NO_PROJECTS": FIRST_DAY, "NORM_UNCONFIRMED": FIRST_DAY}, date(2013, 1, 1))
    given = [
        Finding("NO_PROJECTS", Severity.BLOCKS, "Không."),
        Finding("NORM_UNCONFIRMED", Severity.HINTS, "Chưa."),
    ]
    assert by_date(given, dates) == given


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def set_day(session: Session, province: Province, day: date | None = FIRST_DAY, seen: int = 0) -> None:
    reference = "Công văn 12/STC-NS"
    actor = province.estimate_appraiser
    date_rule(session, actor, RULE, blocks_from=day, legal_reference=reference, seen_edit=seen)


def test_the_clock_turns_a_warning_into_a_stop(session: Session, province: Province) -> None:
    draft = a_draft(a_project(lines=(a_line(budget_code=""),)))
    mine = a_saved_estimate(session, province, draft)
    theirs = a_saved_estimate(session, province, draft, other=True)
    set_day(session, province)
    office = province.agencies["H_NHATRANG"]
    context = check_context(session, province.round_id, office, on=date(2012, 2, 15))
    (notice,) = (found for found in check_draft(load_draft(session, mine), context) if found.code == RULE)
    assert notice.severity is Severity.WARNS
    assert "Từ ngày 01/03/2012 sẽ chặn." in notice.message_vi
    context = check_context(session, province.round_id, office, on=FIRST_DAY)
    (stop,) = (found for found in check_draft(load_draft(session, mine), context) if found.code == RULE)
    assert stop.is_blocking
    check_estimate(session, province.preparer, mine, seen_edit=edit_of(session, mine))
    set_day(session, province, date(2012, 2, 20), seen=1)
    with pytest.raises(NotReady) as refused:
        check_estimate(
            session,
            later(province.other_preparer, date(2012, 2, 20)),
            theirs,
            seen_edit=edit_of(session, theirs),
        )
    assert RULE in {finding.code for finding in refused.value.findings}


def test_a_day_is_taken_back_and_everything_is_kept(session: Session, province: Province) -> None:
    set_day(session, province)
    set_day(session, province)  # the same again changes nothing
    set_day(session, province, None, seen=1)
    assert [row.blocks_from for row in list_settings(session, RULE)] == [None, FIRST_DAY]
    row = next(row for row in list_rules(session, FIRST_DAY) if row.rule.code == RULE)
    assert (row.severity, row.edit_number) == (Severity.WARNS, 2)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "check_rule")).all()
    assert [entry.to_state for entry in entries] == ["chặn từ 01/03/2012", "chỉ cảnh báo"]


def test_who_and_what_is_refused(session: Session, province: Province) -> None:
    finance = province.estimate_appraiser

    def attempt(code: str = RULE, day: date = FIRST_DAY, said: str = "CV 12", seen: int = 0) -> None:
        date_rule(session, finance, code, blocks_from=day, legal_reference=said, seen_edit=seen)

    for actor in (province.preparer, province.content_appraiser, province.administrator):
        with pytest.raises(NotAllowed):
            date_rule(session, actor, RULE, blocks_from=FIRST_DAY, legal_reference="CV", seen_edit=0)
    with pytest.raises(NotFound):
        attempt("NO_SUCH_RULE")
    with pytest.raises(RuleBroken):
        attempt("NO_PROJECTS")
    with pytest.raises(RuleBroken):
        attempt("NORM_UNCONFIRMED")
    with pytest.raises(RuleBroken):
        attempt(day=date(2012, 2, 14))
    with pytest.raises(ReasonMissing):
        attempt(said=" ")
    with pytest.raises(StaleVersion):
        attempt(seen=3)
