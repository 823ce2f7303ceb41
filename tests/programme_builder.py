"""A small programme for tests: four areas, five tasks, four sources, three norms and some codes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.agencies.records import Agency, AgencyGroup, AgencyGroupMember
from finance.programme.classification import BodyRole, Nature, Operator, OutputKind
from finance.programme.records import (
    BudgetCode,
    FundingSource,
    ProgrammeTask,
    ReformArea,
    SpendingNorm,
    Target,
    TaskBody,
    TaskTarget,
)

AREAS = {"1": "Cải cách thể chế", "2": "Cải cách thủ tục", "4": "Đội ngũ công chức", "6": "Hiện đại hóa"}
# code, area, lead, executing body, needs an IT opinion
TASKS = [
    ("1a", "1", "SKHDT", "", False),
    ("2a", "2", "SNV", "G_UBND_HUYEN", False),
    ("4b", "4", "SNV", "G_UBND_HUYEN", False),
    ("5a", "4", "STC", "", False),
    ("6b", "6", "STTTT", "H_NHATRANG", True),
]
TARGETS = [("II.1.b.2", "2", "2a"), ("II.1.dd.1", "4", "4b"), ("II.1.h.1", "6", "6b")]
# code, nature, level, enters the pool, is certain
SOURCES = [
    ("NST_TX", "Ngân sách tỉnh, chi thường xuyên", Nature.RECURRENT, "tinh", True, True),
    ("NST_DT", "Ngân sách tỉnh, chi đầu tư phát triển", Nature.CAPITAL, "tinh", True, True),
    ("NS_HUYEN", "Ngân sách cấp huyện", Nature.BOTH, "huyen", False, True),
    ("NGOAI_NS", "Nguồn huy động ngoài ngân sách", Nature.BOTH, "", False, False),
]
# code, item, unit, most, is confirmed
NORMS = [
    ("N01", "Thù lao giảng viên", "buổi", 500_000, True),
    ("N02", "Soạn thảo đề án", "văn bản", 3_000_000, True),
    ("N03", "Chi họp", "người", 100_000, False),
]
CODES = [("6751", "Thuê phương tiện", True), ("6956", "Tài sản, thiết bị văn phòng", False)]


def a_programme(session: Session) -> None:
    """Store the programme unless it is there."""
    if session.scalar(select(ReformArea.id).limit(1)) is not None:
        return
    for code, name_vi in AREAS.items():
        session.add(ReformArea(code=code, name_vi=name_vi, source="test"))
    session.flush()
    _add_targets(session)
    _add_tasks(session)
    for sort, (code, name, nature, level, enters_pool, is_certain) in enumerate(SOURCES):
        session.add(
            FundingSource(
                code=code,
                sort=sort,
                name_vi=name,
                nature=nature,
                level_code=level,
                enters_pool=enters_pool,
                is_certain=is_certain,
                source="test",
            )
        )
    for code, item, unit, most, is_confirmed in NORMS:
        session.add(
            SpendingNorm(
                code=code,
                item_vi=item,
                unit_name=unit,
                max_vnd=most,
                legal_reference="Thông tư thử nghiệm",
                valid_from=None,
                valid_to=None,
                is_confirmed=is_confirmed,
                note="",
            )
        )
    for code, name, is_confirmed in CODES:
        session.add(
            BudgetCode(
                segment="subitem",
                code=code,
                name_vi=name,
                is_confirmed=is_confirmed,
                valid_from=None,
                valid_to=None,
                source="test",
            )
        )
    _add_group(session)
    session.flush()


def source_id(session: Session, code: str) -> int:
    """Id of the funding source."""
    return session.scalars(select(FundingSource.id).where(FundingSource.code == code)).one()


def task_id(session: Session, code: str) -> int:
    """Id of the annex task."""
    return session.scalars(select(ProgrammeTask.id).where(ProgrammeTask.code == code)).one()


def _area_id(session: Session, code: str) -> int:
    return session.scalars(select(ReformArea.id).where(ReformArea.code == code)).one()


def _add_targets(session: Session) -> None:
    for sort, (code, area, _task) in enumerate(TARGETS):
        session.add(
            Target(
                code=code,
                sort=sort,
                period="2011-2015",
                area_id=_area_id(session, area),
                kind=OutputKind.QUANTITY,
                name_vi=f"Mục tiêu {code}",
                unit_name="%",
                scope_vi="tỉnh",
                operator=Operator.GTE,
                value_thousandths=100_000,
                year=2015,
                quarter=None,
                is_year_explicit=True,
                is_ambiguous=False,
                exception_vi="",
                follows_code=None,
                source_line=1,
                source="test",
                note="",
            )
        )
    session.flush()


def _add_tasks(session: Session) -> None:
    for sort, (code, area, lead, executing, needs_it_opinion) in enumerate(TASKS):
        task = ProgrammeTask(
            code=code,
            sort=sort,
            area_id=_area_id(session, area),
            name_vi=f"Nhiệm vụ {code}",
            start_year=2012,
            end_year=2013,
            deadline_vi="trong năm 2013",
            deliverables_vi="báo cáo",
            needs_it_opinion=needs_it_opinion,
            source="test",
        )
        session.add(task)
        session.flush()
        session.add(TaskBody(task_id=task.id, role=BodyRole.LEAD, body_code=lead, source="test"))
        if executing:
            session.add(
                TaskBody(task_id=task.id, role=BodyRole.EXECUTING, body_code=executing, source="test")
            )
    for code, _area, task_code in TARGETS:
        target = session.scalars(select(Target.id).where(Target.code == code)).one()
        session.add(TaskTarget(task_id=task_id(session, task_code), target_id=target))


def _add_group(session: Session) -> None:
    """The districts; members are joined by code once the offices are there."""
    group = AgencyGroup(code="G_UBND_HUYEN", name_vi="UBND các huyện, thành phố", source="test")
    session.add(group)
    session.flush()


def join_group(session: Session, group_code: str, *agency_codes: str) -> None:
    """Make the offices members of the group."""
    group_id = session.scalars(select(AgencyGroup.id).where(AgencyGroup.code == group_code)).one()
    for code in agency_codes:
        agency_id = session.scalars(select(Agency.id).where(Agency.code == code)).one()
        session.add(AgencyGroupMember(group_id=group_id, agency_id=agency_id))
    session.flush()
