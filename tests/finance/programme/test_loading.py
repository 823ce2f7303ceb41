"""Loading the programme: all of it or nothing, safe to repeat, brought up where a file changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actors import Actor, Capacity, Function, Seat
from finance.agencies.installation import installation_actor
from finance.agencies.queries import agencies_with_function, find_agency_by_code, list_agencies
from finance.audit import AuditEntry, audit_sentence, find_broken_entry
from finance.database import SessionFactory, reading, transaction
from finance.errors import NotAllowed
from finance.programme.classification import BodyRole
from finance.programme.operations import load_norms, load_programme
from finance.programme.queries import (
    list_areas,
    list_budget_codes,
    list_deliverables,
    list_norms,
    list_sources,
    list_targets,
    list_tasks,
)
from finance.programme.records import SpendingNorm
from finance.programme.reference_cells import ReferenceFileWrong
from finance.record_base import METADATA
from tests.builders import a_moment
from tests.shared_sessions import shared_factory

__all__ = ["shared_factory"]

INSTALLATION = installation_actor(a_moment())
HEAD_OF_AN_OFFICE = Actor(7, "Trần Văn Hòa", (Seat(Function.PREPARE, Capacity.HEAD, 1),), a_moment())


class _Undo(Exception):
    """Ends a test's session without keeping anything."""


@pytest.fixture(scope="module")
def loaded_factory(shared_factory: SessionFactory) -> SessionFactory:
    """A store with the project's own programme, loaded once."""
    with transaction(shared_factory) as session:
        load_programme(session, INSTALLATION)
    return shared_factory


@pytest.fixture
def loaded(loaded_factory: SessionFactory) -> Iterator[Session]:
    """The loaded programme in a session whose changes are undone."""
    with suppress(_Undo), transaction(loaded_factory) as session:
        yield session
        raise _Undo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's own files, free to be changed."""
    for file in files("finance.programme").joinpath("data").iterdir():
        if file.name.endswith(".csv"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def row_counts(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in METADATA.sorted_tables
    }


def acts(session: Session) -> list[str]:
    return [audit_sentence(entry) for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_everything_the_decision_fixes_is_there(loaded: Session) -> None:
    assert len(list_areas(loaded)) == 6
    assert len(list_targets(loaded)) == 47
    tasks = list_tasks(loaded)
    assert len(tasks) == 21
    assert all(any(body.role is BodyRole.LEAD for body in task.bodies) for task in tasks)
    assert all(task.source for task in tasks)
    assert {row.task_code for row in list_deliverables(loaded)} <= {task.code for task in tasks}
    assert any(source.enters_pool for source in list_sources(loaded))


def test_what_was_loaded_is_counted_and_audited_once(loaded: Session) -> None:
    entry = loaded.scalars(select(AuditEntry)).one()
    counts = row_counts(loaded)
    assert entry.details["added"] == {name: counts[name] for name in entry.details["added"]}
    assert {"target", "programme_task", "agency", "function_assignment"} <= set(entry.details["added"])
    assert entry.details["changed"] == {}
    assert find_broken_entry(loaded) is None


def test_loading_again_changes_nothing_and_says_nothing(loaded: Session) -> None:
    before, said = row_counts(loaded), acts(loaded)
    report = load_programme(loaded, INSTALLATION)
    assert report.is_empty
    assert report.sentence_vi == "Danh mục đã đầy đủ từ trước, không có gì thay đổi."
    assert (row_counts(loaded), acts(loaded)) == (before, said)


def test_a_changed_row_is_brought_up_and_only_it(loaded: Session, folder: Path) -> None:
    before = row_counts(loaded)
    (office,) = [row for row in list_agencies(loaded, date(2012, 2, 15)) if row.code == "STTTT"]
    change(folder, "agencies.csv", office.name_vi, office.name_vi + " (mới)")
    report = load_programme(loaded, INSTALLATION, folder=folder)
    assert (dict(report.added), dict(report.changed)) == ({}, {"agency": 1})
    assert report.sentence_vi == "Đã nạp danh mục: 0 dòng mới, 1 dòng thay đổi."
    agency = find_agency_by_code(loaded, "STTTT")
    assert agency is not None
    assert (agency.name_vi, "moi" in agency.search_key) == (office.name_vi + " (mới)", True)
    after = row_counts(loaded)
    assert after.pop("audit_entry") == before.pop("audit_entry") + 1
    assert after == before
    assert load_programme(loaded, INSTALLATION, folder=folder).is_empty


def test_a_row_gone_from_the_file_stays_in_the_store(loaded: Session, folder: Path) -> None:
    codes = [row.code for row in list_norms(loaded)]
    lines = (folder / "norms.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) > 2
    (folder / "norms.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    assert load_programme(loaded, INSTALLATION, folder=folder).is_empty
    assert [row.code for row in list_norms(loaded)] == codes


def test_another_provinces_folder_adds_its_rows(loaded: Session, folder: Path) -> None:
    file = folder / "reform_areas.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines.append('9,"Nội dung của tỉnh khác",,Quyết định của tỉnh khác,')
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert dict(load_programme(loaded, INSTALLATION, folder=folder).added) == {"reform_area": 1}
    assert [row.name_vi for row in list_areas(loaded) if row.code == "9"] == ["Nội dung của tỉnh khác"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("norms.csv", "code,", "ma,"),
        ("task_bodies.csv", ",lead,", ",chief,"),
        ("group_members.csv", "\nG_", "\nKHONG_CO_"),
    ],
)
def test_a_wrong_file_changes_nothing_not_even_what_stood_before_it(
    loaded_factory: SessionFactory, folder: Path, name: str, old: str, new: str
) -> None:
    change(folder, "reform_areas.csv", "1,", "X,")  # read first, and right
    change(folder, name, old, new)
    with reading(loaded_factory) as session:
        before = row_counts(session)

    def load() -> None:
        with transaction(loaded_factory) as session:
            load_programme(session, INSTALLATION, folder=folder)

    with pytest.raises(ReferenceFileWrong):
        load()
    with reading(loaded_factory) as session:
        assert row_counts(session) == before


def test_only_who_administers_loads(loaded: Session) -> None:
    with pytest.raises(NotAllowed, match="nạp chương trình"):
        load_programme(loaded, HEAD_OF_AN_OFFICE)
    with pytest.raises(NotAllowed, match="nạp chương trình"):
        load_norms(loaded, HEAD_OF_AN_OFFICE, name="norms_demonstration.csv")


def test_one_more_file_of_norms_is_loaded_and_repeated(loaded: Session, folder: Path) -> None:
    before = len(list_norms(loaded))
    report = load_norms(loaded, INSTALLATION, name="norms_demonstration.csv", folder=folder)
    assert len(list_norms(loaded)) == before + report.added["spending_norm"] > before
    assert load_norms(loaded, INSTALLATION, name="norms_demonstration.csv", folder=folder).is_empty
    assert len(acts(loaded)) == 2
    norm = loaded.scalars(select(SpendingNorm).order_by(SpendingNorm.id.desc()).limit(1)).one()
    change(folder, "norms_demonstration.csv", norm.item_vi, norm.item_vi + " (mới)")
    load_norms(loaded, INSTALLATION, name="norms_demonstration.csv", folder=folder)
    entry = loaded.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.details["added"], entry.details["changed"]) == ({}, {"spending_norm": 1})


def test_a_norm_is_in_force_on_its_first_and_last_day(loaded: Session) -> None:
    norm = loaded.scalars(select(SpendingNorm).limit(1)).one()
    norm.valid_from, norm.valid_to = date(2012, 1, 1), date(2012, 6, 30)
    loaded.flush()
    days = (date(2011, 12, 31), date(2012, 1, 1), date(2012, 6, 30), date(2012, 7, 1))
    in_force = [norm.code in {row.code for row in list_norms(loaded, day)} for day in days]
    assert in_force == [False, True, True, False]


def test_codes_are_listed_by_segment(loaded: Session) -> None:
    everything = list_budget_codes(loaded)
    segments = {row.segment for row in everything}
    assert len(segments) > 1
    for segment in segments:
        found = list_budget_codes(loaded, segment)
        assert found == [row for row in everything if row.segment == segment]
        assert [row.code for row in found] == sorted(row.code for row in found)


def test_the_functions_of_the_decision_have_their_offices(loaded: Session) -> None:
    for function in (
        Function.CONTENT_APPRAISAL,
        Function.ESTIMATE_APPRAISAL,
        Function.ALLOCATION_CONSOLIDATION,
        Function.APPROVAL,
        Function.ADMINISTRATION,
    ):
        assert agencies_with_function(loaded, function, date(2012, 2, 15)), function
