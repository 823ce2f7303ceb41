"""Workbooks that are looked at are kept by hash, for a day, a few of an estimate, for their own office."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.errors import NotFound, NotInThisStatus, RuleBroken
from finance.estimates.merging.three_ways import Side
from finance.estimates.operations import save_draft
from finance.estimates.queries import estimate_row, load_draft
from finance.estimates.workbook.base_sheet import WorkbookBase
from finance.estimates.workbook.import_operations import (
    MOST_WAITING,
    find_upload,
    import_workbook,
    keep_upload,
    latest_import,
    take_workbook,
    undo_import,
)
from finance.estimates.workbook.import_plan import choose_all, read_workbook
from finance.estimates.workbook.import_records import WaitingWorkbook, WorkbookImport
from finance.estimates.workflow import EstimateStatus
from tests.builders import Province, a_draft, a_line, a_project, a_province
from tests.estimate_contexts import a_check_context
from tests.estimate_journeys import a_saved_estimate, bring_to
from tests.workbook_editing import a_workbook

CONTEXT = a_check_context()
BASE = a_draft(a_project())


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def at(actor: Actor, hours: int) -> Actor:
    """The person so many hours later by the machine's clock."""
    moment = replace(actor.moment, recorded_at=actor.moment.recorded_at + timedelta(hours=hours))
    return replace(actor, moment=moment)


def priced(price: int) -> bytes:
    """The base's workbook with another price."""
    return a_workbook(
        CONTEXT, a_draft(a_project(lines=(a_line(unit_price_vnd=price),))), WorkbookBase(BASE, 2)
    )


def waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(WaitingWorkbook)) or 0


def test_a_looked_at_file_is_kept_once_and_for_a_day(session: Session, province: Province) -> None:
    estimate_id, actor = a_saved_estimate(session, province, BASE), province.preparer
    names = ["d" * 300 + ".xlsx", "b.xlsx"]
    kept = [keep_upload(session, actor, estimate_id, file_name=name, content=b"PK 1") for name in names]
    assert kept[0] == kept[1]
    found = find_upload(session, at(actor, 23), estimate_id, kept[0])
    assert found is not None
    assert (found.file_name, found.content) == ("b.xlsx", b"PK 1")
    assert find_upload(session, at(actor, 24), estimate_id, kept[0]) is None
    assert find_upload(session, actor, estimate_id, "0" * 64) is None
    for number in range(MOST_WAITING + 2):
        keep_upload(session, actor, estimate_id, file_name="c.xlsx", content=b"PK" + bytes([number]))
    assert waiting(session) == MOST_WAITING
    keep_upload(session, at(actor, 25), estimate_id, file_name="d.xlsx", content=b"PK later")
    assert waiting(session) == 1, "what expired goes with the next file"


def test_only_the_own_office_keeps_and_finds_and_only_while_it_drafts(
    session: Session, province: Province
) -> None:
    estimate_id = a_saved_estimate(session, province, BASE)
    sha256 = keep_upload(session, province.preparer, estimate_id, file_name="a.xlsx", content=b"PK")
    for stranger in (province.other_preparer, province.estimate_appraiser, province.administrator):
        with pytest.raises(NotFound):
            find_upload(session, stranger, estimate_id, sha256)
        with pytest.raises(NotFound):
            keep_upload(session, stranger, estimate_id, file_name="a.xlsx", content=b"PK")
        with pytest.raises(NotFound):
            latest_import(session, stranger, estimate_id)
        with pytest.raises(NotFound):
            undo_import(session, stranger, estimate_id, import_id=1, seen_edit=2)


def test_a_sent_estimate_takes_no_file(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SENT)
    with pytest.raises(NotInThisStatus):
        keep_upload(session, province.preparer, estimate_id, file_name="a.xlsx", content=b"PK")


def test_an_open_conflict_changes_nothing_and_a_decided_one_does(
    session: Session, province: Province
) -> None:
    estimate_id, actor = a_saved_estimate(session, province, BASE), province.preparer
    web = a_draft(a_project(lines=(a_line(unit_price_vnd=700_000, note="mới"),)))
    save_draft(session, actor, estimate_id, draft=web, seen_edit=2)
    content = priced(600_000)
    report = import_workbook(session, actor, estimate_id, file_name="a.xlsx", content=content, seen_edit=3)
    assert (report.is_taken, len(report.open_conflicts), report.edit_number) == (False, 1, 3)
    assert report.changes.is_empty
    assert load_draft(session, estimate_id) == web
    workbook = read_workbook(content, CONTEXT, file_name="a.xlsx")
    assert workbook.usable is not None
    choices = choose_all(workbook.usable, workbook.base, web, Side.FILE)
    taken = take_workbook(session, actor, estimate_id, workbook=workbook, seen_edit=3, choices=choices)
    assert (taken.is_taken, taken.changed, taken.edit_number) == (True, ("DA1",), 4)
    (line,) = load_draft(session, estimate_id).projects[0].lines
    assert (line.unit_price_vnd, line.note) == (600_000, "mới")


def test_an_import_is_undone_once_and_within_a_day(session: Session, province: Province) -> None:
    estimate_id, actor = a_saved_estimate(session, province, BASE), province.preparer
    import_workbook(session, actor, estimate_id, file_name="a.xlsx", content=priced(600_000), seen_edit=2)
    done = latest_import(session, actor, estimate_id)
    assert done is not None
    assert (done.file_name, done.is_edited) == ("a.xlsx", False)
    assert latest_import(session, at(actor, 24), estimate_id) is None
    with pytest.raises(RuleBroken, match="một ngày"):
        undo_import(session, at(actor, 24), estimate_id, import_id=done.id, seen_edit=3)
    changes = undo_import(session, at(actor, 23), estimate_id, import_id=done.id, seen_edit=3)
    assert changes.changed == ("DA1",)
    assert load_draft(session, estimate_id) == BASE
    assert estimate_row(session, actor, estimate_id).edit_number == 4
    with pytest.raises(RuleBroken, match="đã được hoàn tác"):
        undo_import(session, actor, estimate_id, import_id=done.id, seen_edit=4)
    with pytest.raises(RuleBroken, match="Không còn"):
        undo_import(session, actor, estimate_id, import_id=done.id + 1, seen_edit=4)


def test_what_cannot_be_undone_any_more_is_not_kept(session: Session, province: Province) -> None:
    estimate_id, actor = a_saved_estimate(session, province, BASE), province.preparer
    import_workbook(session, actor, estimate_id, file_name="a.xlsx", content=priced(600_000), seen_edit=2)
    later = at(actor, 30)
    second = a_workbook(CONTEXT, a_draft(a_project(name_vi="Tên khác")))
    import_workbook(session, later, estimate_id, file_name="b.xlsx", content=second, seen_edit=3)
    assert session.scalars(select(WorkbookImport.file_name)).all() == ["b.xlsx"]
