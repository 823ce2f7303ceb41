"""What is left to do, counted by the store, is what reading every line finds; and it is asked at once."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from finance.estimates.workflow import EstimateStatus
from finance.findings import blocking_findings
from finance.reviews.figures import ProjectLeft
from finance.reviews.operations import conclude_appraisal
from finance.reviews.queries import appraised_projects, current_version_id, review_inbox
from finance.reviews.readiness import conclusion_findings, may_be_concluded
from finance.reviews.rules import Verdict
from finance.reviews.work_left import work_left
from tests.builders import Province, a_province
from tests.estimate_journeys import bring_to
from tests.finance.reviews.review_stages import (
    cut_computers,
    edit_of,
    give_content,
    in_content_appraisal,
    in_estimate_appraisal,
    judge_all,
)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def _require_same(session: Session, estimate_id: int) -> None:
    version_id = current_version_id(session, estimate_id)
    read = appraised_projects(session, version_id)
    counted = work_left(session, [version_id])[version_id]
    assert sorted(counted, key=repr) == sorted(
        (
            ProjectLeft(
                one.content_verdict, one.opinions_missing, len(one.lines_left), len(one.promises_left)
            )
            for one in read
        ),
        key=repr,
    )
    assert may_be_concluded(counted) == (not blocking_findings(conclusion_findings(read)))


def test_the_counts_are_those_of_reading_everything(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    _require_same(session, estimate_id)
    give_content(session, province, estimate_id, {"DA2": Verdict.REJECT})
    _require_same(session, estimate_id)


def test_so_they_are_until_the_conclusion(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    _require_same(session, estimate_id)
    cut_computers(session, province, estimate_id)
    _require_same(session, estimate_id)
    judge_all(session, province, estimate_id)
    _require_same(session, estimate_id)
    conclude_appraisal(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    _require_same(session, estimate_id)


def test_a_second_file_costs_the_inbox_no_statement_more(session: Session, province: Province) -> None:
    bring_to(session, province, EstimateStatus.RECEIVED)
    of_one, rows = _statements(session, province)
    assert rows == 1
    bring_to(session, province, EstimateStatus.RECEIVED, other=True)
    session.expire_all()
    assert _statements(session, province) == (of_one, 2)


def _statements(session: Session, province: Province) -> tuple[int, int]:
    said: list[object] = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", watch := lambda *about: said.append(about[2]))
    rows = review_inbox(session, province.content_appraiser, province.round_id)
    event.remove(bind, "before_cursor_execute", watch)
    return len(said), len(rows)
