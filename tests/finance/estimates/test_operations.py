"""Writing drafts: what is saved is what is read, nobody else sees it, frozen versions stay frozen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actors import Capacity, Function, Seat
from finance.errors import (
    NotAllowed,
    NotFound,
    NotInThisStatus,
    NotReady,
    RecordDamaged,
    RuleBroken,
    StaleVersion,
)
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft, tidy_draft
from finance.estimates.estimate_lookup import may_see
from finance.estimates.operations import remove_project, save_draft, save_project, start_estimate
from finance.estimates.queries import (
    current_version,
    estimate_findings,
    estimate_row,
    find_estimate,
    list_estimates,
    list_versions,
    load_draft,
    version_projects,
)
from finance.estimates.records import (
    CostLine,
    Estimate,
    EstimateProject,
    EstimateVersion,
    LineQuantity,
    ProjectLevel,
    ProjectTarget,
    PromisedOutput,
    PromisedUnit,
)
from finance.estimates.totals import (
    draft_level_total,
    draft_total,
    estimate_parts,
    estimate_total,
    project_level_total,
    totals_by_area,
)
from finance.estimates.version_writer import draft_digest, write_version
from finance.estimates.workflow import PRIVATE, EstimateKind, EstimateStatus, is_still_private
from finance.rounds.records import BudgetRound
from tests.builders import (
    SUBMISSION_DUE_AT,
    Province,
    a_ceiling,
    a_draft,
    a_line,
    a_project,
    a_project_of_levels,
    a_province,
)
from tests.estimate_journeys import a_saved_estimate, bring_to, edit_of

CHILDREN = (
    EstimateProject, ProjectTarget, ProjectLevel, CostLine, LineQuantity, PromisedOutput, PromisedUnit,
)  # fmt: skip


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def rows_stored(session: Session) -> list[int | None]:
    return [session.scalar(select(func.count()).select_from(kind)) for kind in CHILDREN]


def test_what_is_saved_is_what_is_read(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    assert load_draft(session, estimate_id) == a_draft()
    assert load_draft(session, estimate_id, 1) == a_draft()
    assert estimate_findings(session, estimate_id) == []


def test_stored_amounts_are_the_products_and_add_up(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    projects = version_projects(session, current_version(session, estimate_id).id)
    for project, drafted in zip(projects, a_draft().projects, strict=True):
        assert [line.position for line in project.lines] == list(range(1, len(project.lines) + 1))
        for level in project.levels:
            lines = sum(line.quantities[level.ordinal - 1].amount_vnd for line in project.lines)
            asked = draft_level_total(drafted, level.ordinal)
            assert level.asked_vnd == lines == asked == project_level_total(project, level.ordinal)
            assert all(line.quantities[level.ordinal - 1].level_id == level.id for line in project.lines)
    total = estimate_total(projects)
    assert total == draft_total(a_draft()) == estimate_row(session, province.head, estimate_id).asked_vnd
    assert sum(totals_by_area(estimate_parts(projects)).values()) == total
    assert [p.unit_codes for p in projects[1].promises][:2] == [("X1", "X2"), ("X1", "X2")]


def test_saving_replaces_the_whole_version_and_leaves_nothing_behind(
    session: Session, province: Province
) -> None:
    estimate_id = a_saved_estimate(session, province)
    full = rows_stored(session)
    saved = save_draft(session, province.preparer, estimate_id, draft=EstimateDraft(), seen_edit=2)
    assert rows_stored(session) == [0] * len(CHILDREN)
    assert saved.changes.removed == ("DA1", "DA2")
    assert [finding.code for finding in saved.findings] == ["NO_PROJECTS"]
    save_draft(session, province.preparer, estimate_id, draft=a_draft(), seen_edit=3)
    assert rows_stored(session) == full


def test_saving_what_is_stored_changes_nothing(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    line_ids = list(session.scalars(select(CostLine.id)))
    untidy = EstimateDraft(tuple(reversed(a_draft().projects)))
    saved = save_draft(session, province.preparer, estimate_id, draft=untidy, seen_edit=2)
    assert saved.edit_number == edit_of(session, estimate_id) == 2
    assert saved.changes.is_empty
    assert list(session.scalars(select(CostLine.id))) == line_ids


def test_a_draft_with_mistakes_is_kept(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    wrong = a_draft(a_project(name_vi="", lines=(a_line(unit_price_vnd=0, quantities=(0,)),)))
    saved = save_draft(session, province.preparer, estimate_id, draft=wrong, seen_edit=2)
    assert load_draft(session, estimate_id) == wrong
    assert {finding.code for finding in saved.findings} == {
        "PROJECT_NAME_MISSING", "PRICE_ZERO", "QUANTITY_ZERO", "LEVEL_EMPTY",
    }  # fmt: skip


def test_what_the_program_does_not_have_cannot_be_kept(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    wrong = a_draft(a_project(task_code="9z", lines=(a_line(source_code="LA"),)))
    with pytest.raises(NotReady) as refused:
        save_draft(session, province.preparer, estimate_id, draft=wrong, seen_edit=2)
    assert [finding.code for finding in refused.value.findings] == ["TASK_UNKNOWN", "SOURCE_UNKNOWN"]
    assert load_draft(session, estimate_id) == a_draft()
    assert edit_of(session, estimate_id) == 2


def test_projects_are_saved_and_removed_one_by_one(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    changed = a_project(name_vi="  Tên mới ")
    saved = save_project(session, province.preparer, estimate_id, project=changed, seen_edit=2)
    assert (saved.edit_number, saved.changes.changed) == (3, ("DA1",))
    new = a_project("DA0", priority=9)
    saved = save_project(session, province.preparer, estimate_id, project=new, seen_edit=3)
    assert [p.project_key for p in load_draft(session, estimate_id).projects] == ["DA1", "DA2", "DA0"]
    assert load_draft(session, estimate_id).projects[0].name_vi == "Tên mới"
    remove_project(session, province.preparer, estimate_id, project_key="DA2", seen_edit=4)
    assert [p.project_key for p in load_draft(session, estimate_id).projects] == ["DA1", "DA0"]
    with pytest.raises(NotFound):
        remove_project(session, province.preparer, estimate_id, project_key="DA2", seen_edit=5)


def test_an_old_page_overwrites_nothing(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    save_project(session, province.head, estimate_id, project=a_project(place="Vĩnh Hải"), seen_edit=2)
    for old_page in (
        lambda: save_draft(session, province.preparer, estimate_id, draft=EstimateDraft(), seen_edit=2),
        lambda: save_project(session, province.preparer, estimate_id, project=a_project(), seen_edit=2),
        lambda: remove_project(session, province.preparer, estimate_id, project_key="DA1", seen_edit=2),
    ):
        with pytest.raises(StaleVersion) as refused:
            old_page()
        assert refused.value.current == 3
        assert (
            "Sửa dự án DA1 “Bồi dưỡng công chức một cửa (DA1)”: thông tin chung." in refused.value.differences
        )
    assert load_draft(session, estimate_id).projects[0].place == "Vĩnh Hải"


def test_nobody_else_sees_a_draft(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    strangers = [
        province.other_preparer, province.other_head, province.content_appraiser, province.estimate_appraiser,
        province.planner, province.approver, province.inspector, province.administrator, province.it_adviser,
    ]  # fmt: skip
    for stranger in strangers:
        assert list_estimates(session, stranger, province.round_id) == []
        with pytest.raises(NotFound):
            estimate_row(session, stranger, estimate_id)
        with pytest.raises(NotFound):
            save_draft(session, stranger, estimate_id, draft=a_draft(), seen_edit=2)
    assert [row.id for row in list_estimates(session, province.head, province.round_id)] == [estimate_id]


def test_after_sending_the_appraisers_see_it_and_the_other_offices_still_do_not(
    session: Session, province: Province
) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SENT)
    for reader in (
        province.content_appraiser,
        province.estimate_appraiser,
        province.planner,
        province.inspector,
    ):
        assert estimate_row(session, reader, estimate_id).id == estimate_id
    for stranger in (province.other_preparer, province.administrator):
        with pytest.raises(NotFound):
            estimate_row(session, stranger, estimate_id)


def test_an_appraisers_seat_does_not_open_his_own_offices_draft(province: Province) -> None:
    office = province.agencies["STC"]
    appraiser = province.estimate_appraiser
    preparer = replace(appraiser, seats=(Seat(Function.PREPARE, Capacity.OFFICER, office),))
    for status in EstimateStatus:
        for is_sent in (True, False):
            is_private = is_still_private(status, is_sent=is_sent)
            only_given_back = status is EstimateStatus.RETURNED and not is_sent
            assert is_private is (status in PRIVATE or only_given_back)
            assert may_see(appraiser, office, is_private=is_private) is not is_private
            assert may_see(preparer, office, is_private=is_private)


def test_an_estimate_is_started_once_by_its_own_office_in_an_open_round(
    session: Session, province: Province
) -> None:
    own = province.agencies["H_NHATRANG"]
    with pytest.raises(NotAllowed):
        start_estimate(session, province.other_preparer, round_id=province.round_id, agency_id=own)
    estimate_id = start_estimate(session, province.preparer, round_id=province.round_id, agency_id=own)
    assert find_estimate(session, province.round_id, own, EstimateKind.ANNUAL) == estimate_id
    assert find_estimate(session, province.round_id, own, EstimateKind.IMPLEMENTING) is None
    with pytest.raises(RuleBroken, match="đã có dự toán hằng năm"):
        start_estimate(session, province.preparer, round_id=province.round_id, agency_id=own)
    session.get_one(BudgetRound, province.round_id).is_open = False
    with pytest.raises(RuleBroken, match="đã khép lại"):
        start_estimate(
            session,
            province.preparer,
            round_id=province.round_id,
            agency_id=own,
            kind=EstimateKind.IMPLEMENTING,
        )


def test_a_new_estimate_is_empty_at_edit_one(session: Session, province: Province) -> None:
    own = province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, province.preparer, round_id=province.round_id, agency_id=own)
    row = estimate_row(session, province.preparer, estimate_id)
    assert (row.edit_number, row.version_number, row.asked_vnd, row.project_count) == (1, 1, 0, 0)
    assert row.status is EstimateStatus.DRAFT
    assert row.due_at == SUBMISSION_DUE_AT
    assert row.label_vi == "Dự toán hằng năm của UBND thành phố Nha Trang, Đợt bổ sung đầu năm 2012"


def test_outside_the_draft_nothing_is_written(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SENT)
    estimate = session.get_one(Estimate, estimate_id)
    version = session.scalars(select(EstimateVersion)).one()
    for status in set(EstimateStatus) - {EstimateStatus.DRAFT}:
        estimate.status = status
        with pytest.raises(NotInThisStatus):
            save_draft(
                session,
                province.preparer,
                estimate_id,
                draft=EstimateDraft(),
                seen_edit=edit_of(session, estimate_id),
            )
        with pytest.raises(NotInThisStatus):
            write_version(session, estimate, version, EstimateDraft())
    assert load_draft(session, estimate_id) == a_draft()


def test_a_frozen_version_is_refused_even_when_the_estimate_is_open(
    session: Session, province: Province
) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SIGNED)
    estimate = session.get_one(Estimate, estimate_id)
    signed = session.scalars(select(EstimateVersion)).one()
    estimate.status = EstimateStatus.DRAFT  # as a damaged store might say
    with pytest.raises(RecordDamaged, match="frozen"):
        write_version(session, estimate, signed, EstimateDraft())
    estimate.version_number = 2
    session.add(EstimateVersion(estimate_id=estimate_id, number=2, opened_at=signed.opened_at))
    session.flush()
    with pytest.raises(RecordDamaged, match="frozen"):
        write_version(session, estimate, signed, EstimateDraft())
    assert load_draft(session, estimate_id, 1) == a_draft()
    assert [version.number for version in list_versions(session, estimate_id)] == [2, 1]


def test_the_digest_tells_any_two_drafts_apart() -> None:
    drafts = [
        a_draft(),
        a_draft(a_project()),
        a_draft(a_project(lines=(a_line(unit_price_vnd=500_001),))),
        a_draft(a_project(lines=(a_line(quantities=(10_001,)),))),
        a_draft(a_project(promises=())),
        a_draft(a_project_of_levels()),
    ]
    assert len({draft_digest(draft) for draft in drafts}) == len(drafts)
    assert draft_digest(tidy_draft(a_draft())) == draft_digest(a_draft())


def test_the_checks_are_told_what_the_store_knows(session: Session, province: Province) -> None:
    office = province.agencies["H_NHATRANG"]
    a_ceiling(session, province.round_id, office, "NS_HUYEN", 7_000_000)
    context = check_context(session, province.round_id, office)
    assert context.years == (2012, 2013)
    assert context.agency_level_rank == 3
    assert context.ceilings == {"NS_HUYEN": 7_000_000}
    assert {code for code, task in context.tasks.items() if task.is_of_agency} == {"2a", "4b", "6b"}
    assert context.sources["NST_TX"].level_rank == 2
    assert context.outputs["MOT_CUA_XA"].units["X6"].is_exempt
    assert context.outputs["MOT_CUA_XA"].units["X5"].reached_components == {"PHONG"}
    home_affairs = check_context(session, province.round_id, province.agencies["SNV"])
    assert {code for code, task in home_affairs.tasks.items() if task.is_of_agency} == {"2a", "4b"}
    assert home_affairs.agency_level_rank == 2
