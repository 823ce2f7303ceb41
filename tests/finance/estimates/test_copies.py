"""Taking last year's project into the open draft, and what stays unlooked-at of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.audit import AuditEntry
from finance.errors import NotAllowed, NotFound, NotInThisStatus, RuleBroken, StaleVersion
from finance.estimates.copying.operations import (
    confirm_copy,
    copy_hints,
    copy_into_draft,
    copy_notes,
    offered_projects,
    origin_of_copy,
    propose_copy,
)
from finance.estimates.copying.rules import PriceUpdate
from finance.estimates.operations import save_project, start_estimate
from finance.estimates.procedure import check_estimate
from finance.estimates.queries import current_version, load_draft, version_projects
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateStatus
from finance.rounds.records import BudgetRound
from tests.builders import Province, a_province, a_round
from tests.estimate_journeys import a_saved_estimate, edit_of

RAISED = PriceUpdate(104_500, 1_000, "CPI bình quân năm 2011")


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def next_year(session: Session, province: Province) -> int:
    """The empty estimate of Nha Trang in the round of 2013."""
    round_id = a_round(session, "NAM2013", name_vi="Đợt năm 2013", fiscal_year=2013, last_year=2014)
    office = province.agencies["H_NHATRANG"]
    return start_estimate(session, province.preparer, round_id=round_id, agency_id=office)


def project_id(session: Session, estimate_id: int, key: str = "DA1") -> int:
    rows = version_projects(session, current_version(session, estimate_id).id)
    return next(row.id for row in rows if row.project_key == key)


def copied(session: Session, province: Province) -> tuple[int, int]:
    """This year's draft holding a copy of last year's DA1, and last year's estimate."""
    old = a_saved_estimate(session, province)
    new = next_year(session, province)
    key = copy_into_draft(
        session, province.preparer, new, origin_id=project_id(session, old), prices=RAISED, seen_edit=1
    )
    assert key == "DA1"
    return new, old


def test_last_year_s_project_comes_in_with_new_years_and_prices(session: Session, province: Province) -> None:
    new, old = copied(session, province)
    project = load_draft(session, new).projects[0]
    origin = load_draft(session, old).projects[0]
    assert [(line.year, line.unit_price_vnd) for line in project.lines] == [(2013, 523_000)]
    assert [(line.year, line.unit_price_vnd) for line in origin.lines] == [(2012, 500_000)]
    assert project.promises[0].year == 2013
    assert origin_of_copy(session, new, "DA1") == origin
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == Action.COPY_PROJECT)).one()
    assert "104,5 %" in entry.details["price_rule"]
    assert "Đợt bổ sung đầu năm 2012" in entry.details["copied_from_project"]


def test_a_second_copy_gets_a_key_and_a_rank_of_its_own(session: Session, province: Province) -> None:
    new, old = copied(session, province)
    again = copy_into_draft(
        session,
        province.preparer,
        new,
        origin_id=project_id(session, old),
        prices=PriceUpdate(),
        seen_edit=edit_of(session, new),
    )
    assert again == "DA1-2"
    assert [(one.project_key, one.priority) for one in load_draft(session, new).projects] == [
        ("DA1", 1),
        ("DA1-2", 2),
    ]


def test_copied_figures_are_unlooked_at_until_touched_or_confirmed(
    session: Session, province: Province
) -> None:
    new, _old = copied(session, province)
    draft = load_draft(session, new)
    notes = copy_notes(session, new, draft)
    assert notes["DA1"].unchecked == (0,)
    assert [hint.code for hint in copy_hints(draft, notes)] == ["COPIED_UNCHECKED"]
    touched = replace(draft.projects[0], lines=(replace(draft.projects[0].lines[0], note="đã xem"),))
    save_project(session, province.preparer, new, project=touched, seen_edit=edit_of(session, new))
    assert copy_notes(session, new, load_draft(session, new))["DA1"].unchecked == ()
    save_project(session, province.preparer, new, project=draft.projects[0], seen_edit=edit_of(session, new))
    edit = confirm_copy(session, province.preparer, new, project_key="DA1", seen_edit=edit_of(session, new))
    notes = copy_notes(session, new, load_draft(session, new))
    assert notes["DA1"].unchecked == ()
    assert notes["DA1"].confirmed_by == province.preparer.full_name
    assert confirm_copy(session, province.preparer, new, project_key="DA1", seen_edit=edit) == edit


def test_a_copy_is_confirmed_while_it_is_drafted_only(session: Session, province: Province) -> None:
    new, _old = copied(session, province)
    session.get_one(Estimate, new).status = EstimateStatus.SIGNED
    with pytest.raises(NotInThisStatus):
        confirm_copy(session, province.preparer, new, project_key="DA1", seen_edit=edit_of(session, new))


def test_search_without_marks_and_last_year_first(session: Session, province: Province) -> None:
    a_saved_estimate(session, province)
    new = next_year(session, province)
    found = offered_projects(session, province.preparer, new, words="boi duong cong chuc")
    assert [one.project_key for one in found] == ["DA1"]
    assert found[0].is_last_year
    assert not offered_projects(session, province.preparer, new, words="khong co gi")
    assert len(offered_projects(session, province.preparer, new, words="")) == 2


def test_another_office_s_project_cannot_be_copied_or_seen(session: Session, province: Province) -> None:
    theirs = a_saved_estimate(session, province, other=True)
    new = next_year(session, province)
    assert not offered_projects(session, province.preparer, new, words="")
    with pytest.raises(NotFound):
        propose_copy(
            session, province.preparer, new, origin_id=project_id(session, theirs), prices=PriceUpdate()
        )
    mine = project_id(session, a_saved_estimate(session, province))
    for name in ("other_preparer", "estimate_appraiser", "administrator"):
        with pytest.raises((NotFound, NotAllowed)):
            copy_into_draft(
                session,
                getattr(province, name),
                new,
                origin_id=mine,
                prices=PriceUpdate(),
                seen_edit=edit_of(session, new),
            )


def test_looking_stores_nothing_and_an_old_page_is_refused(session: Session, province: Province) -> None:
    old = a_saved_estimate(session, province)
    new = next_year(session, province)
    origin = project_id(session, old)
    proposed = propose_copy(session, province.preparer, new, origin_id=origin, prices=RAISED)
    assert proposed.result.changes[0].new_price_vnd == 523_000
    assert not load_draft(session, new).projects
    with pytest.raises(StaleVersion):
        copy_into_draft(session, province.preparer, new, origin_id=origin, prices=RAISED, seen_edit=9)
    with pytest.raises(RuleBroken, match="Hệ số giá"):
        propose_copy(session, province.preparer, new, origin_id=origin, prices=PriceUpdate(0))


def test_only_a_draft_takes_copies(session: Session, province: Province) -> None:
    old = a_saved_estimate(session, province)
    edit = check_estimate(session, province.preparer, old, seen_edit=edit_of(session, old))
    with pytest.raises(NotInThisStatus):
        copy_into_draft(
            session,
            province.preparer,
            old,
            origin_id=project_id(session, old),
            prices=PriceUpdate(),
            seen_edit=edit,
        )


def test_what_was_typed_for_practice_stays_there(session: Session, province: Province) -> None:
    new, old = copied(session, province)
    del new
    practice = session.get_one(BudgetRound, province.round_id)
    practice.is_practice = True
    session.flush()
    office = province.agencies["H_NHATRANG"]
    round_id = a_round(session, "NAM2014", name_vi="Đợt năm 2014", fiscal_year=2014, last_year=2014)
    later_on = start_estimate(session, province.preparer, round_id=round_id, agency_id=office)
    offered = offered_projects(session, province.preparer, later_on, words="")
    assert {one.fiscal_year for one in offered} == {2013}
    with pytest.raises(NotFound):
        propose_copy(
            session, province.preparer, later_on, origin_id=project_id(session, old), prices=PriceUpdate()
        )


def test_every_year_of_a_project_shifts_by_the_same_number(session: Session, province: Province) -> None:
    old = a_saved_estimate(session, province)
    new = next_year(session, province)
    proposed = propose_copy(
        session, province.preparer, new, origin_id=project_id(session, old, "DA2"), prices=PriceUpdate()
    )
    assert proposed.plan.years_later == 1
    assert [line.year for line in proposed.result.project.lines] == [2013, 2014]
