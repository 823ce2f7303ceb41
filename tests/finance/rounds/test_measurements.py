"""What results are measured against: entered by the monitoring office, with source and date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.audit import AuditEntry, audit_sentence, find_broken_entry
from finance.errors import NotAllowed, NotFound, RuleBroken, StaleVersion
from finance.programme.classification import OutputKind
from finance.rounds.measurements import NewScopeUnit, OutputEntry, UnitInScope, add_scope_units, record_output
from finance.rounds.queries import OutputRow, get_round, list_outputs, list_scope_units, output_units
from tests.builders import Province, a_province

UNITS = (
    NewScopeUnit("D1", "Đại Lãnh", "commune", "Vạn Ninh"),
    NewScopeUnit("C1", "Cam Đức", "commune"),
    NewScopeUnit("A1", "Ái Hòa", "commune"),
)
ENTRY = OutputEntry(
    code="MOI",
    sort=9,
    name_vi="Xã có trang thông tin",
    kind=OutputKind.COVERAGE,
    unit_name="xã",
    target_thousandths=3_000,
    year=2013,
    baseline_thousandths=1_000,
    target_code="II.1.b.2",
    task_code="2a",
    components=(("PHONG", "Phòng"), ("MAY", "Máy")),
    units=(UnitInScope("D1", reached_components=("PHONG",)), UnitInScope("C1", is_exempt=True)),
    measured_on=date(2011, 12, 31),
    measured_source="Báo cáo 15/BC-SNV",
)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def edit_of(session: Session, province: Province) -> int:
    return get_round(session, province.round_id).edit_number


def add_units(session: Session, province: Province, units: tuple[NewScopeUnit, ...] = UNITS) -> int:
    seen = edit_of(session, province)
    return add_scope_units(
        session, province.content_appraiser, province.round_id, units=units, seen_edit=seen
    )


def record(
    session: Session,
    province: Province,
    actor: Actor | None = None,
    seen_edit: int | None = None,
    **changed: Any,
) -> OutputRow:
    kept = record_output(
        session,
        actor or province.content_appraiser,
        province.round_id,
        entry=replace(ENTRY, **changed),
        seen_edit=edit_of(session, province) if seen_edit is None else seen_edit,
    )
    return next(row for row in list_outputs(session, province.round_id) if row.id == kept.id)


def last_entry(session: Session) -> AuditEntry:
    assert find_broken_entry(session) is None
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


# --- units


def test_units_are_added_once_and_listed_in_vietnamese_order(session: Session, province: Province) -> None:
    first = edit_of(session, province)
    assert add_units(session, province) == 3
    assert edit_of(session, province) == first + 1
    names = [row.name_vi for row in list_scope_units(session, province.round_id)]
    assert [name for name in names if name in {"Ái Hòa", "Cam Đức", "Đại Lãnh"}] == [
        "Ái Hòa",
        "Cam Đức",
        "Đại Lãnh",
    ]
    assert last_entry(session).details["codes"] == ["D1", "C1", "A1"]


def test_adding_them_again_changes_nothing(session: Session, province: Province) -> None:
    add_units(session, province)
    before, acts = edit_of(session, province), last_entry(session).id
    renamed = replace(UNITS[0], name_vi="Tên khác")
    assert add_units(session, province, (renamed, *UNITS)) == 0
    assert edit_of(session, province) == before
    assert last_entry(session).id == acts
    assert "Tên khác" not in [row.name_vi for row in list_scope_units(session, province.round_id)]


def test_a_code_twice_in_one_list_counts_once_and_the_first_name_holds(
    session: Session, province: Province
) -> None:
    assert add_units(session, province, (UNITS[0], replace(UNITS[0], name_vi="Tên khác"))) == 1
    assert "Đại Lãnh" in [row.name_vi for row in list_scope_units(session, province.round_id)]


def test_a_unit_has_code_and_name(session: Session, province: Province) -> None:
    for wrong in (replace(UNITS[0], code=" "), replace(UNITS[0], name_vi="")):
        with pytest.raises(RuleBroken, match="mã và tên"):
            add_units(session, province, (wrong,))


# --- results


def test_a_result_is_entered_with_everything_it_is_measured_against(
    session: Session, province: Province
) -> None:
    add_units(session, province)
    row = record(session, province)
    assert (row.target_code, row.task_code, row.kind) == ("II.1.b.2", "2a", OutputKind.COVERAGE)
    assert (row.start_thousandths, row.baseline_thousandths, row.target_thousandths) == (0, 1_000, 3_000)
    assert [part.code for part in row.components] == ["PHONG", "MAY"]
    units = output_units(session, province.round_id)[row.id]
    assert [(unit.unit_code, unit.is_exempt, unit.reached_components) for unit in units] == [
        ("C1", True, ()),
        ("D1", False, ("PHONG",)),
    ]
    assert audit_sentence(last_entry(session)) == (
        "Lê Minh Đức ghi hiện trạng chỉ tiêu: Đợt bổ sung đầu năm 2012"
        " (Xã có trang thông tin). Lý do: Báo cáo 15/BC-SNV"
    )


def test_a_result_is_corrected_in_place_and_the_audit_knows_from_what_to_what(
    session: Session, province: Province
) -> None:
    add_units(session, province)
    first = record(session, province)
    second = record(
        session, province, baseline_thousandths=2_000, target_thousandths=5_000, units=(UnitInScope("A1"),)
    )
    assert second.id == first.id
    assert [unit.unit_code for unit in output_units(session, province.round_id)[first.id]] == ["A1"]
    details = last_entry(session).details
    assert (details["before"]["baseline_thousandths"], details["after"]["baseline_thousandths"]) == (
        1_000,
        2_000,
    )
    assert (details["before"]["target_thousandths"], details["after"]["target_thousandths"]) == (
        3_000,
        5_000,
    )


def test_who_asks_for_money_does_not_say_where_it_starts_from(session: Session, province: Province) -> None:
    add_units(session, province)
    seen = edit_of(session, province)
    for actor in (province.preparer, province.head, province.estimate_appraiser, province.planner):
        with pytest.raises(NotAllowed):
            record(session, province, actor)
        with pytest.raises(NotAllowed):
            add_scope_units(session, actor, province.round_id, units=UNITS, seen_edit=seen)
    assert edit_of(session, province) == seen


def test_a_result_that_makes_no_sense_is_refused_without_effect(session: Session, province: Province) -> None:
    add_units(session, province)
    seen, count = edit_of(session, province), len(list_outputs(session, province.round_id))
    today = province.content_appraiser.moment.business_on
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({"measured_source": "  "}, "phải có nguồn số liệu và ngày đo"),
        ({"measured_on": None}, "phải có nguồn số liệu và ngày đo"),
        ({"measured_on": today + timedelta(days=1)}, "không được sau ngày hôm nay"),
        ({"start_thousandths": -1}, "không được âm"),
        ({"baseline_thousandths": -1}, "không được âm"),
        ({"target_thousandths": 0}, "phải lớn hơn mức xuất phát"),
        ({"start_thousandths": 3_000}, "phải lớn hơn mức xuất phát"),
        ({"code": " "}, "mã và tên"),
        ({"name_vi": ""}, "mã và tên"),
        ({"follows_code": "MOI"}, "nối tiếp chính nó"),
        ({"components": (("PHONG", "Phòng"), ("PHONG", "Phòng"))}, "Một thành phần"),
        ({"units": (UnitInScope("D1"), UnitInScope("D1", is_exempt=True))}, "Một đơn vị"),
    )
    for changed, words in wrongs:
        with pytest.raises(RuleBroken, match=words):
            record(session, province, **changed)
    assert (edit_of(session, province), len(list_outputs(session, province.round_id))) == (seen, count)
    assert record(session, province, measured_on=today).measured_on == today


@pytest.mark.parametrize(
    "changed", [{"target_code": "II.9"}, {"task_code": "9z"}, {"units": (UnitInScope("KHONG_CO"),)}]
)
def test_what_it_names_must_exist(session: Session, province: Province, changed: dict[str, Any]) -> None:
    add_units(session, province)
    with pytest.raises(NotFound):
        record(session, province, **changed)


def test_an_old_page_neither_adds_units_nor_records(session: Session, province: Province) -> None:
    seen = edit_of(session, province)
    add_units(session, province)
    with pytest.raises(StaleVersion) as refusal:
        record(session, province, seen_edit=seen)
    assert refusal.value.differences == (
        "Lê Minh Đức ghi hiện trạng chỉ tiêu: Đợt bổ sung đầu năm 2012 (3 đơn vị)",
    )
    with pytest.raises(StaleVersion):
        add_scope_units(session, province.content_appraiser, province.round_id, units=UNITS, seen_edit=seen)
