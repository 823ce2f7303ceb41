"""A served province with a file of every kind, and a browser-less visitor for each role.

Nha Trang and Khánh Vĩnh are writing (each cannot know of the other's draft), Diên Khánh has sent, Cam
Ranh is appraised, so that there is a scenario with a run and a decision. Two marks stand in the texts
of Khánh Vĩnh's draft and of Diên Khánh's estimate: where a mark shows, a text has leaked.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from finance.actors import Actor, Capacity, Function
from finance.agencies.records import Person
from finance.allocations.operations import adopt_run
from finance.allocations.queries import list_awards
from finance.attachments.store import FileStore
from finance.database import SessionFactory, make_engine, make_session_factory, transaction
from finance.estimates.handing_up.queries import list_handovers
from finance.estimates.handovers import submit_estimate_up
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.part_operations import invite_partner
from finance.estimates.procedure import check_estimate, send_estimate, sign_estimate
from finance.estimates.queries import current_version, version_projects
from finance.estimates.rows import ProjectRow
from finance.jobs.operations import claim_job
from finance.plans.comments import give_plan_comment
from finance.plans.plan_lookup import find_plan, get_seen_plan
from finance.plans.procedure import send_plan
from finance.plans.queries import plan_comments
from finance.plans.workflow import CommentKind, PlanStatus
from finance.programme.records import ProgrammeTask, SpendingNorm
from finance.rounds.records import BudgetRound, RoundOutput
from finance.scenarios.operations import (
    NewLimit,
    NewLock,
    add_limit,
    add_link,
    create_scenario,
    set_lock,
)
from finance.scenarios.records import ScenarioLimit, ScenarioLink, ScenarioLock
from finance.scenarios.rules import LinkKind, LockKind
from finance.scenarios.runs import request_run, run_job
from migrations.command import upgrade
from tests.authorisation.papers import a_later_paper, a_marked_paper
from tests.authorisation.policy import Role
from tests.builders import (
    Province,
    a_draft,
    a_line,
    a_project,
    a_province,
    an_actor,
    an_agency,
    an_envelope,
)
from tests.estimate_journeys import edit_of
from tests.finance.scenarios.appraised import an_appraised_estimate
from tests.plan_journeys import YEAR, bring_plan_to
from tests.programme_builder import join_group
from tests.webapp.desks import PASSWORD, give_passwords
from webapp import create_app
from webapp.config import Settings
from webapp.request_scope import Doorway

NOW = datetime.fromisoformat("2012-02-15T03:00:00+00:00")
DRAFT_MARK = "DAUMATKHANHVINH7Q"
SENT_MARK = "DAUMATDIENKHANH4Z"
MISSING_ID = 987_654
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass(frozen=True)
class File:
    """An estimate with the ids that stand in addresses about it."""

    agency_id: int
    estimate_id: int
    project_id: int = MISSING_ID
    line_id: int = MISSING_ID
    promise_id: int = MISSING_ID
    project_key: str = ""
    edit_number: int = 1
    attached_id: int = MISSING_ID


@dataclass(frozen=True)
class Files:
    """What the province holds, by whose it is."""

    nha_trang: File  # draft
    khanh_vinh: File  # draft, marked
    dien_khanh: File  # sent, marked
    missing: File
    ids: dict[str, int]  # every other id an address may hold, by its name there


@dataclass(frozen=True)
class Browser:
    """One signed-in role: its cookie and the token its forms carry."""

    cookie: str
    token: str


class GuardedProvince:
    """The served province; what a request changed is put back by `restore`."""

    def __init__(self, folder: Path) -> None:
        self._pristine, self._live = folder / "pristine.sqlite3", folder / "live.sqlite3"
        self.engine = make_engine(f"sqlite:///{self._live}")
        self.factory = make_session_factory(self.engine)
        upgrade(self.engine)
        with transaction(self.factory) as session:
            self.province, self.files = _fill(session, FileStore(folder / "attachments"))
        self.files.ids.update(_decide(self.factory, self.province))
        settings = Settings(database_url="sqlite://", instance_folder=folder, secret_key="k" * 40)
        self.app: Flask = create_app(settings, Doorway(self.factory, machine_clock=lambda: NOW))
        self.browsers = {role: self._sign_in(role) for role in Role}
        self.engine.dispose()  # closing folds the log into the one file
        shutil.copyfile(self._live, self._pristine)
        self._watch = sqlite3.connect(self._live)

    def restore(self) -> None:
        """Put the store back to where every request begins."""
        self._watch.close()
        self.engine.dispose()
        for log in self._live.parent.glob(f"{self._live.name}-*"):
            log.unlink()
        shutil.copyfile(self._pristine, self._live)
        self._watch = sqlite3.connect(self._live)

    def close(self) -> None:
        """Let go of the store."""
        self._watch.close()
        self.engine.dispose()

    def writes(self) -> int:
        """A number that differs when anybody has written anything since it was last asked."""
        found: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
        return found

    def client(self, role: Role) -> FlaskClient:
        """A browser with the role's cookie and nothing of earlier requests."""
        client = self.app.test_client()
        cookie = self.browsers[role].cookie
        if cookie:
            client.set_cookie("phanbo", cookie)
        return client

    def send(
        self, role: Role, method: str, address: str, form: Mapping[str, str] | None = None, **more: Any
    ) -> TestResponse:
        """One request of the role; a form carries the role's token and a fresh key."""
        data = None
        if method == "POST":
            data = {"csrf_token": self.browsers[role].token, "idempotency_key": str(uuid4()), **(form or {})}
        return self.client(role).open(address, method=method, data=data, buffered=True, **more)

    def actor(self, role: Role) -> Actor:
        """Who sits in the role."""
        province = self.province
        return {
            Role.PREPARER: province.preparer,
            Role.HEAD: province.head,
            Role.OUTSIDER: province.other_preparer,
            Role.CONTENT_APPRAISER: province.content_appraiser,
            Role.ESTIMATE_APPRAISER: province.estimate_appraiser,
            Role.IT_ADVISER: province.it_adviser,
            Role.PLANNER: province.planner,
            Role.APPROVER: province.approver,
            Role.INSPECTOR: province.inspector,
            Role.ADMINISTRATOR: province.administrator,
        }[role]

    def own_file(self, role: Role) -> File | None:
        """The estimate of the role's own office."""
        if role is Role.OUTSIDER:
            return self.files.khanh_vinh
        return self.files.nha_trang if role in {Role.PREPARER, Role.HEAD} else None

    def _sign_in(self, role: Role) -> Browser:
        client = self.app.test_client()
        token = _token(client.get("/dang-nhap").text)
        if role is not Role.ANONYMOUS:
            with self.factory() as session:
                login = session.get_one(Person, self.actor(role).person_id).login
            data = {"csrf_token": token, "login": login, "password": PASSWORD}
            assert client.post("/dang-nhap", data=data).status_code == 303
            token = _token(client.get("/").text)
        cookie = client.get_cookie("phanbo")
        return Browser(cookie.value if cookie else "", token)


def _token(page: str) -> str:
    found = _TOKEN.search(page)
    assert found, "the page has no CSRF token"
    return found[1]


def _fill(session: Session, store: FileStore) -> tuple[Province, Files]:
    province = a_province(session)
    record = session.get_one(BudgetRound, province.round_id)
    record.is_demonstration, record.business_on = True, date(2012, 2, 15)
    an_envelope(session, province.round_id, "NST_TX", 2012, 60_000_000)
    for code, name in (("H_DIENKHANH", "UBND huyện Diên Khánh"), ("TX_CAMRANH", "UBND thành phố Cam Ranh")):
        province.agencies[code] = an_agency(session, code, name, level="huyen")
        join_group(session, "G_UBND_HUYEN", code)
    office = province.agencies["H_DIENKHANH"]
    officer = an_actor(session, "Mai Thị Cúc", (Function.PREPARE, Capacity.OFFICER, office))
    head = an_actor(session, "Lưu Văn Phát", (Function.PREPARE, Capacity.HEAD, office))
    give_passwords(session)
    files = Files(
        nha_trang=_a_file(session, store, province.preparer, province.agencies["H_NHATRANG"], province, ""),
        khanh_vinh=_a_file(
            session, store, province.other_preparer, province.agencies["H_KHANHVINH"], province, DRAFT_MARK
        ),
        dien_khanh=_a_file(session, store, officer, office, province, SENT_MARK, signer=head),
        missing=File(MISSING_ID, MISSING_ID, project_key="KHONGCO"),
        ids=_ids_of_the_round(session, province),
    )
    files.ids["part_id"] = invite_partner(
        session,
        province.preparer,
        files.nha_trang.estimate_id,
        project_key=files.nha_trang.project_key,
        agency_id=province.agencies["H_KHANHVINH"],
        words="In tài liệu",
        seen_edit=files.nha_trang.edit_number,
    )
    _ask(session, province, files.ids)
    files.ids.update(_plans(session, province))
    files.ids.update(_handed_up(session, province, store))
    return province, files


def _handed_up(session: Session, province: Province, store: FileStore) -> dict[str, int]:
    """Ids of what a commune of Nha Trang has handed up to it, and of a paper in it."""
    commune = an_agency(session, "X_VINHTHANH", "UBND xã Vĩnh Thạnh", level="xa")
    officer = an_actor(session, "Hà Thị Mười", (Function.PREPARE, Capacity.OFFICER, commune))
    head = an_actor(session, "Hà Văn Lợi", (Function.PREPARE, Capacity.HEAD, commune))
    estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=commune)
    save_draft(session, officer, estimate_id, draft=a_draft(a_project("X1")), seen_edit=1)
    paper_id = a_marked_paper(session, store, officer, estimate_id, "X1", "bao gia")
    check_estimate(session, officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    sign_estimate(session, head, estimate_id, seen_edit=edit_of(session, estimate_id))
    submit_estimate_up(session, officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    handover = list_handovers(session, province.preparer, province.round_id)[0]
    return {"handover_id": handover.id, "lower_paper_id": paper_id}


def _plans(session: Session, province: Province) -> dict[str, int]:
    """Nha Trang's plan, sent and spoken about, and the plan a commune has handed up to it."""
    lower_plan_id = bring_plan_to(session, province, PlanStatus.SUBMITTED_UP)
    plan = find_plan(session, province.agencies["H_NHATRANG"], YEAR)
    assert plan is not None
    send_plan(session, province.preparer, plan.id, seen_edit=plan.edit_number)
    give_plan_comment(
        session,
        province.content_appraiser,
        plan.id,
        activity_key="HD01",
        kind=CommentKind.GUIDANCE,
        words="Nên làm sớm.",
        seen_edit=plan.edit_number,
    )
    seen = get_seen_plan(session, province.preparer, plan.id)
    comment_id = plan_comments(session, seen)[0].id
    return {"plan_id": plan.id, "lower_plan_id": lower_plan_id, "comment_id": comment_id, "year": YEAR}


def _a_file(
    session: Session,
    store: FileStore,
    officer: Actor,
    agency_id: int,
    province: Province,
    mark: str,
    signer: Actor | None = None,
) -> File:
    """A written estimate of one marked project, sent when somebody signs."""
    marked = a_project(
        f"P{agency_id}",  # without the mark: a key is echoed by pages that were asked for it
        name_vi=f"Bồi dưỡng công chức {mark}".strip(),
        place=f"Nơi làm {mark}".strip(),
        justification=f"Công chức mới chưa qua bồi dưỡng. {mark}".strip(),
        lines=(a_line(f"Thuê giảng viên {mark}".strip(), note=mark),),
    )
    estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=agency_id)
    save_draft(session, officer, estimate_id, draft=a_draft(marked), seen_edit=1)
    attached_id = a_marked_paper(session, store, officer, estimate_id, marked.project_key, mark)
    edit = edit_of(session, estimate_id)
    if signer is not None:
        edit = check_estimate(session, officer, estimate_id, seen_edit=edit)
        edit = sign_estimate(session, signer, estimate_id, seen_edit=edit)
        document = {"document_number": "7/DT-UBND", "document_on": date(2012, 2, 14)}
        edit = send_estimate(session, signer, estimate_id, **document, seen_edit=edit)  # type: ignore[arg-type]
    project = _only_project(session, estimate_id)
    return File(
        agency_id,
        estimate_id,
        project.id,
        project.lines[0].id,
        project.promises[0].id,
        project.project_key,
        edit,
        attached_id,
    )


def _only_project(session: Session, estimate_id: int) -> ProjectRow:
    return version_projects(session, current_version(session, estimate_id).id)[0]


def _ids_of_the_round(session: Session, province: Province) -> dict[str, int]:
    """Ids that belong to nobody."""
    coverage = select(RoundOutput.id).where(RoundOutput.code == "MOT_CUA_XA")
    return {
        "round_id": province.round_id,
        "task_id": session.scalars(select(ProgrammeTask.id).limit(1)).one(),
        "output_id": session.scalars(coverage).one(),
        "agency_id": province.agencies["SNV"],
        "person_id": province.inspector.person_id,
        "position_id": 1,
        "norm_id": session.scalars(select(SpendingNorm.id).limit(1)).one(),
        "code": "BUDGET_CODE_MISSING",
        "paper_id": a_later_paper(session, province.estimate_appraiser),
    }


def _ask(session: Session, province: Province, ids: dict[str, int]) -> None:
    """Cam Ranh's appraised projects, and a scenario with a rule of each kind."""
    asked = a_draft(a_project("CR1"), a_project("CR2", priority=2), a_project("CR3", priority=3))
    estimate_id = an_appraised_estimate(session, province, "TX_CAMRANH", asked)
    projects = version_projects(session, current_version(session, estimate_id).id)
    planner = province.planner
    scenario_id = create_scenario(session, planner, province.round_id, name_vi="Phương án thứ nhất").id
    limit = NewLimit(words_vi="Trần chung", at_most_vnd=50_000_000)
    add_limit(session, planner, scenario_id, limit=limit, seen_edit=1)
    lock = NewLock(projects[0].id, LockKind.BARRED, "Để năm sau", None)
    set_lock(session, planner, scenario_id, lock=lock, seen_edit=2)
    pair = [projects[1].id, projects[2].id]
    add_link(
        session,
        planner,
        scenario_id,
        kind=LinkKind.REQUIRES,
        project_ids=pair,
        reason="Cùng một lớp",
        seen_edit=3,
    )
    ids.update(
        scenario_id=scenario_id,
        limit_id=session.scalars(select(ScenarioLimit.id)).one(),
        lock_id=session.scalars(select(ScenarioLock.id)).one(),
        link_id=session.scalars(select(ScenarioLink.id)).one(),
        project_id=projects[0].id,
    )


def _decide(factory: SessionFactory, province: Province) -> dict[str, int]:
    """A run answered and adopted: ids of run, decision and one award."""
    planner = province.planner
    with transaction(factory) as session:
        run_id = request_run(session, planner, 1, seen_edit=4).id
    with transaction(factory) as session:
        claimed = claim_job(session, worker="test", now=NOW, lease_seconds=60)
    assert claimed is not None
    assert run_job(factory, claimed, now=lambda: NOW)
    with transaction(factory) as session:
        decision_id = adopt_run(session, planner, run_id).id
        award_id = list_awards(session, planner, decision_id)[0].id
    return {"run_id": run_id, "decision_id": decision_id, "award_id": award_id}
