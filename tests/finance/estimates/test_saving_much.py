"""A save takes as long as what it changes, however much the estimate asks beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from finance.database import SessionFactory, reading, transaction
from finance.estimates.draft import EstimateDraft
from finance.estimates.operations import save_draft, save_project, start_estimate
from finance.estimates.queries import current_version, load_draft, version_project, version_projects
from tests.builders import a_draft, a_line, a_project, a_project_of_levels, a_promise, a_province
from tests.estimate_journeys import edit_of

PROJECTS, LINES = 12, 15


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Every statement sent to the store meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def a_large_project(number: int, lines: int = LINES, **changed: object) -> object:
    asked = tuple(a_line(f"Việc {number}.{place}") for place in range(lines))
    return a_project(f"P{number:02}", priority=number + 1, lines=asked, promises=(a_promise(),), **changed)


def save_one(session: Session, engine: Engine, projects: int, lines: int) -> int:
    """How many statements it takes to change one line of an estimate of this size."""
    province = a_province(session)
    officer, office = province.preparer, province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=office)
    draft = a_draft(*(a_large_project(number, lines) for number in range(projects)))  # type: ignore[arg-type]
    save_draft(session, officer, estimate_id, draft=draft, seen_edit=1)
    first = draft.projects[0]
    changed = replace(first, lines=(*first.lines[:-1], a_line("Việc khác")))
    with counted(engine) as said:
        save_project(session, officer, estimate_id, project=changed, seen_edit=edit_of(session, estimate_id))
    assert load_draft(session, estimate_id) == a_draft(changed, *draft.projects[1:])
    return len(said)


def test_the_statements_of_a_save_do_not_grow_with_the_estimate(session: Session, engine: Engine) -> None:
    assert save_one(session, engine, PROJECTS, LINES) < 100


def test_what_a_save_does_not_change_keeps_its_rows(session: Session) -> None:
    province = a_province(session)
    officer, office = province.preparer, province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=office)
    save_draft(session, officer, estimate_id, draft=a_draft(), seen_edit=1)
    version_id = current_version(session, estimate_id).id
    before = {row.project_key: row for row in version_projects(session, version_id)}
    kept, changed = a_project(), a_project_of_levels(place="Cam Ranh")
    save_draft(
        session, officer, estimate_id, draft=a_draft(changed, kept), seen_edit=edit_of(session, estimate_id)
    )
    after = {row.project_key: row for row in version_projects(session, version_id)}
    assert after["DA1"] == before["DA1"], "ids and all"
    assert after["DA2"].place == "Cam Ranh"
    amounts = [[one.amount_vnd for one in line.quantities] for line in after["DA2"].lines]
    assert amounts == [[one.amount_vnd for one in line.quantities] for line in before["DA2"].lines]
    save_draft(session, officer, estimate_id, draft=a_draft(changed), seen_edit=edit_of(session, estimate_id))
    assert load_draft(session, estimate_id) == a_draft(changed), "what was taken away is gone"


def test_a_look_reads_a_version_once_and_a_writer_every_time(session_factory: SessionFactory) -> None:
    with transaction(session_factory) as session:
        province = a_province(session)
        officer, office = province.preparer, province.agencies["H_NHATRANG"]
        estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=office)
        assert load_draft(session, estimate_id) == EstimateDraft()
        save_draft(session, officer, estimate_id, draft=a_draft(), seen_edit=1)
        assert load_draft(session, estimate_id) == a_draft(), "a writer sees what he has written"
    with reading(session_factory) as session:
        version_id = current_version(session, estimate_id).id
        first = version_projects(session, version_id)
        with counted(session.get_bind()) as said:  # type: ignore[arg-type]
            assert version_projects(session, version_id) == first
        assert said == []
    with reading(session_factory) as session:
        assert version_projects(session, version_id) == first, "the next look is one of its own"


def test_one_project_is_read_as_it_stands_among_the_others(session: Session) -> None:
    province = a_province(session)
    officer, office = province.preparer, province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=office)
    save_draft(session, officer, estimate_id, draft=a_draft(a_project(), a_project_of_levels()), seen_edit=1)
    version_id = current_version(session, estimate_id).id
    every = version_projects(session, version_id)
    assert [version_project(session, version_id, one.project_key) for one in every] == every
    assert version_project(session, version_id, "DA9") is None
