"""Things a test needs, in trade words and with fixed values: a province, a round, an office, a draft.

`a_province(session)` gives everything an estimate needs: a small invented programme, an open round
with its catalogue of results, offices with their functions and one actor for every seat. Drafts are
plain values (`a_draft`, `a_project`, `a_line`) that fit this province.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor, Capacity, Function
from finance.agencies.queries import actor_for
from finance.agencies.records import (
    Agency,
    AgencyStanding,
    BudgetLevel,
    FunctionAssignment,
    OfficeChain,
    Person,
    Position,
)
from finance.clock import VIETNAM_TIME, Moment
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft, tidy_draft
from finance.estimates.levels import LevelCode
from finance.programme.classification import Nature, OutputKind, ProjectKind
from finance.rounds.records import (
    BudgetRound,
    Ceiling,
    Envelope,
    RoundDeadline,
    RoundOutput,
    RoundOutputUnit,
    ScopeUnit,
)
from finance.rounds.rules import RoundKind, RoundStage
from finance.vietnamese.collation import sort_key
from finance.vietnamese.fold import fold
from tests.programme_builder import a_programme, join_group, source_id, task_id

START_ON = date(2011, 1, 1)
SUBMISSION_DUE_AT = datetime(2012, 2, 29, 17, 0, tzinfo=VIETNAM_TIME)
# Four components the results of the round are made of.
ROOM, SOFTWARE, SERVERS, LINES = "PHONG", "PHAN_MEM", "MAY_CHU", "DUONG_TRUYEN"


def a_moment(on: date = date(2012, 2, 15), hour: int = 9) -> Moment:
    """A moment of the round: business time in Viet Nam, recorded at a fixed true time."""
    business_at = datetime(on.year, on.month, on.day, hour, 0, tzinfo=VIETNAM_TIME)
    return Moment(business_at, datetime(2026, 1, 5, hour, 30, tzinfo=UTC))


def an_agency(session: Session, code: str, name_vi: str, *, level: str = "tinh") -> int:
    """Id of an office of this level, made when it is not there yet."""
    found = session.scalar(select(Agency.id).where(Agency.code == code))
    if found is not None:
        return found
    agency = Agency(
        code=code,
        name_vi=name_vi,
        short_vi=name_vi,
        kind="so" if level == "tinh" else "ubnd_huyen",
        budget_code=None,
        valid_from=None,
        valid_to=None,
        source="test",
        search_key=fold(name_vi),
        sort_key=sort_key(name_vi),
    )
    session.add(agency)
    session.flush()
    level_id = _a_budget_level(session, level)
    session.add(AgencyStanding(agency_id=agency.id, level_id=level_id, parent_id=None, valid_from=START_ON))
    return agency.id


def a_function(session: Session, agency_id: int, function: Function) -> None:
    """Give the office the function since before the round."""
    session.add(
        FunctionAssignment(function=function, agency_id=agency_id, valid_from=START_ON, source="test")
    )


def an_office_chain(session: Session, agency_id: int) -> None:
    """From now on the office's estimates pass the head of a section."""
    session.add(OfficeChain(agency_id=agency_id, has_section_step=True, since=START_ON))


def an_actor(
    session: Session,
    full_name: str,
    *seats: tuple[Function, Capacity, int],
    moment: Moment | None = None,
) -> Actor:
    """A new person sitting in these seats, acting at the moment."""
    person = Person(
        login=fold(full_name).replace(" ", "."),
        full_name=full_name,
        password_hash="unusable",
        is_active=True,
        sort_key=sort_key(full_name),
    )
    session.add(person)
    session.flush()
    for function, capacity, agency_id in seats:
        session.add(
            Position(
                person_id=person.id,
                agency_id=agency_id,
                function=function,
                capacity=capacity,
                title_vi=f"{capacity.label_vi} {function.label_vi}"[:120],
                valid_from=START_ON,
            )
        )
    session.flush()
    return actor_for(session, person.id, moment or a_moment())


def later(actor: Actor, on: date, hour: int = 9) -> Actor:
    """The same person acting at another moment."""
    return replace(actor, moment=a_moment(on, hour))


def a_round(session: Session, code: str = "BS2012", **changed: Any) -> int:
    """Id of an open supplementary round 2012-2013 with deadlines, units and a catalogue of results."""
    a_programme(session)
    facts: dict[str, Any] = {
        "name_vi": "Đợt bổ sung đầu năm 2012",
        "fiscal_year": 2012,
        "last_year": 2013,
        "kind": RoundKind.SUPPLEMENTARY,
        "business_on": None,
    }
    record = BudgetRound(code=code, **(facts | changed))
    session.add(record)
    session.flush()
    session.add(RoundDeadline(round_id=record.id, stage=RoundStage.SUBMISSION, due_at=SUBMISSION_DUE_AT))
    _add_outputs(session, record.id, _add_units(session, record.id))
    session.flush()
    return record.id


def an_envelope(
    session: Session, round_id: int, source: str, year: int, amount_vnd: int, **parts: Any
) -> None:
    """Money there is from the source in the year; recurrent unless said otherwise."""
    facts: dict[str, Any] = {"nature": Nature.RECURRENT, "contingency_vnd": 0, "unmeasured_vnd": 0} | parts
    session.add(
        Envelope(
            round_id=round_id, source_id=source_id(session, source), year=year, amount_vnd=amount_vnd, **facts
        )
    )
    session.flush()


def a_ceiling(session: Session, round_id: int, agency_id: int, source: str, amount_vnd: int) -> None:
    """The control figure of the office from the source."""
    session.add(
        Ceiling(
            round_id=round_id,
            agency_id=agency_id,
            source_id=source_id(session, source),
            amount_vnd=amount_vnd,
        )
    )
    session.flush()


@dataclass(frozen=True)
class Province:
    """Offices (code -> id), the round, and one actor for every seat."""

    round_id: int
    agencies: dict[str, int]
    preparer: Actor  # officer of Nha Trang
    head: Actor  # head of Nha Trang
    other_preparer: Actor  # officer of Khánh Vĩnh
    other_head: Actor  # head of Khánh Vĩnh
    content_appraiser: Actor  # SNV
    estimate_appraiser: Actor  # STC
    it_adviser: Actor  # STTTT
    planner: Actor  # SKHDT: consolidation and capital review
    approver: Actor  # chairperson
    inspector: Actor
    administrator: Actor
    section_head: Actor  # head of a section of Nha Trang; files pass him only where the chain says so


def a_province(session: Session) -> Province:
    """Everything an estimate needs, in an empty store."""
    round_id = a_round(session)
    names = {
        "SNV": "Sở Nội vụ",
        "STC": "Sở Tài chính",
        "SKHDT": "Sở Kế hoạch và Đầu tư",
        "STTTT": "Sở Thông tin và Truyền thông",
        "UBND_TINH": "Ủy ban nhân dân tỉnh",
        "TTR_TINH": "Thanh tra tỉnh",
    }
    agencies = {code: an_agency(session, code, name) for code, name in names.items()}
    agencies["H_NHATRANG"] = an_agency(session, "H_NHATRANG", "UBND thành phố Nha Trang", level="huyen")
    agencies["H_KHANHVINH"] = an_agency(session, "H_KHANHVINH", "UBND huyện Khánh Vĩnh", level="huyen")
    join_group(session, "G_UBND_HUYEN", "H_NHATRANG", "H_KHANHVINH")
    functions = {
        Function.CONTENT_APPRAISAL: "SNV",
        Function.ESTIMATE_APPRAISAL: "STC",
        Function.CAPITAL_REVIEW: "SKHDT",
        Function.ALLOCATION_CONSOLIDATION: "SKHDT",
        Function.IT_OPINION: "STTTT",
        Function.APPROVAL: "UBND_TINH",
        Function.INSPECTION: "TTR_TINH",
        Function.ADMINISTRATION: "STTTT",
    }
    for function, code in functions.items():
        a_function(session, agencies[code], function)
    session.flush()

    def seated(full_name: str, code: str, capacity: Capacity, *held: Function) -> Actor:
        return an_actor(session, full_name, *((function, capacity, agencies[code]) for function in held))

    officer, head = Capacity.OFFICER, Capacity.HEAD
    return Province(
        round_id=round_id,
        agencies=agencies,
        preparer=seated("Nguyễn Thị Lan", "H_NHATRANG", officer, Function.PREPARE),
        head=seated("Trần Văn Hòa", "H_NHATRANG", head, Function.PREPARE),
        other_preparer=seated("Cao Thị Mai", "H_KHANHVINH", officer, Function.PREPARE),
        other_head=seated("Hà Văn Sơn", "H_KHANHVINH", head, Function.PREPARE),
        content_appraiser=seated("Lê Minh Đức", "SNV", officer, Function.CONTENT_APPRAISAL),
        estimate_appraiser=seated("Phạm Thu Hằng", "STC", officer, Function.ESTIMATE_APPRAISAL),
        it_adviser=seated("Vũ Quốc Bảo", "STTTT", officer, Function.IT_OPINION),
        planner=seated(
            "Đỗ Ngọc Ánh", "SKHDT", officer, Function.ALLOCATION_CONSOLIDATION, Function.CAPITAL_REVIEW
        ),
        approver=seated("Bùi Thanh Tùng", "UBND_TINH", head, Function.APPROVAL),
        inspector=seated("Đặng Kim Chi", "TTR_TINH", officer, Function.INSPECTION),
        administrator=seated("Ngô Hải Yến", "STTTT", officer, Function.ADMINISTRATION),
        section_head=seated("Lý Thị Hoa", "H_NHATRANG", Capacity.SECTION_HEAD, Function.PREPARE),
    )


def a_line(item_vi: str = "Thuê giảng viên", **changed: Any) -> LineDraft:
    """A recurrent line of provincial money in 2012: 10 units of 500.000 đồng, in the only level."""
    facts: dict[str, Any] = {
        "source_code": "NST_TX",
        "nature": Nature.RECURRENT,
        "year": 2012,
        "unit_name": "buổi",
        "unit_price_vnd": 500_000,
        "quantities": (10_000,),
        "budget_code": "6751",
    }
    return LineDraft(item_vi=item_vi, **(facts | changed))


def a_promise(output_code: str = "BOI_DUONG", **changed: Any) -> PromiseDraft:
    """A promise of the first level: 100 persons trained in 2012."""
    facts: dict[str, Any] = {"level": 1, "year": 2012, "quantity_thousandths": 100_000}
    return PromiseDraft(output_code=output_code, **(facts | changed))


def a_project(project_key: str = "DA1", **changed: Any) -> ProjectDraft:
    """A one-level project of task 4b: one line of 5.000.000 đồng, one promise."""
    facts: dict[str, Any] = {
        "priority": 1,
        "name_vi": f"Bồi dưỡng công chức một cửa ({project_key})",
        "kind": ProjectKind.PROJECT,
        "task_code": "4b",
        "place": "Nha Trang",
        "justification": "Công chức mới chưa qua bồi dưỡng.",
        "target_codes": ("II.1.dd.1",),
        "lines": (a_line(),),
        "promises": (a_promise(),),
    }
    return ProjectDraft(project_key=project_key, **(facts | changed))


def a_project_of_levels(project_key: str = "DA2", **changed: Any) -> ProjectDraft:
    """A three-level project of task 2a: modern one-stop shops in two, three and four communes."""
    facts: dict[str, Any] = {
        "priority": 2,
        "name_vi": f"Một cửa hiện đại cấp xã ({project_key})",
        "task_code": "2a",
        "target_codes": ("II.1.b.2",),
        "levels": (LevelCode.MINIMUM, LevelCode.REDUCED, LevelCode.FULL),
        "lines": (
            a_line(
                "Trang bị máy vi tính",
                unit_name="bộ",
                unit_price_vnd=12_345_678,
                source_code="NST_DT",
                nature=Nature.CAPITAL,
                quantities=(2_000, 3_000, 4_500),
                budget_code="6956",
            ),
            a_line("Tập huấn sử dụng", quantities=(0, 1_000, 2_000), year=2013),
        ),
        "promises": tuple(
            PromiseDraft(level, "MOT_CUA_XA", 2013, 0, component, tuple(f"X{n}" for n in range(1, level + 2)))
            for level in (1, 2, 3)
            for component in (ROOM, SOFTWARE)
        ),
    }
    return a_project(project_key, **(facts | changed))


def a_draft(*projects: ProjectDraft) -> EstimateDraft:
    """These projects, or one of one level and one of three when none is named; tidied."""
    return tidy_draft(EstimateDraft(projects or (a_project(), a_project_of_levels())))


def _a_budget_level(session: Session, code: str) -> int:
    found = session.scalar(select(BudgetLevel.id).where(BudgetLevel.code == code))
    if found is not None:
        return found
    rank = {"tw": 1, "tinh": 2, "huyen": 3, "xa": 4}[code]
    level = BudgetLevel(code=code, name_vi=f"Cấp {code}", rank=rank, valid_from=None, valid_to=None)
    session.add(level)
    session.flush()
    return level.id


def _add_units(session: Session, round_id: int) -> list[int]:
    """Communes X1 to X6."""
    units = [
        ScopeUnit(
            round_id=round_id,
            code=f"X{number}",
            name_vi=f"Xã số {number}",
            kind="commune",
            place="Nha Trang",
            sort_key=sort_key(f"Xã số {number}"),
        )
        for number in range(1, 7)
    ]
    session.add_all(units)
    session.flush()
    return [unit.id for unit in units]


def _add_outputs(session: Session, round_id: int, unit_ids: list[int]) -> None:
    """One result of every kind; X6 is exempt from coverage, X5 already has its room."""
    room_and_software = [
        {"code": ROOM, "name_vi": "Phòng làm việc"},
        {"code": SOFTWARE, "name_vi": "Phần mềm"},
    ]
    servers_and_lines = [{"code": SERVERS, "name_vi": "Máy chủ"}, {"code": LINES, "name_vi": "Đường truyền"}]
    task = task_id(session, "4b")
    rows: list[tuple[str, str, OutputKind, str, int, int, list[dict[str, str]]]] = [
        ("BOI_DUONG", "Lượt người được bồi dưỡng", OutputKind.QUANTITY, "lượt người", 1_000_000, 2013, []),
        ("MOT_CUA_XA", "Xã có một cửa hiện đại", OutputKind.COVERAGE, "xã", 5_000, 2013, room_and_software),
        (
            "TRUNG_TAM",
            "Trung tâm dữ liệu vận hành",
            OutputKind.MILESTONE,
            "mốc",
            1_000,
            2013,
            servers_and_lines,
        ),
        ("QUY_CHE", "Quy chế công khai thông tin", OutputKind.DELIVERABLE, "văn bản", 1_000, 2012, []),
        ("HAI_LONG", "Mức độ hài lòng của người dân", OutputKind.OUTCOME, "%", 70_000, 2013, []),
    ]
    for sort, (code, name_vi, kind, unit_name, target, year, components) in enumerate(rows, start=1):
        output = RoundOutput(
            round_id=round_id,
            code=code,
            sort=sort,
            name_vi=name_vi,
            kind=kind,
            unit_name=unit_name,
            target_id=None,
            task_id=task if code == "BOI_DUONG" else None,
            baseline_thousandths=200_000 if kind is OutputKind.QUANTITY else 0,
            target_thousandths=target,
            year=year,
            curve=[[1000, 1000]],
            components=components,
            measured_on=date(2011, 12, 31),
            measured_source="Báo cáo theo dõi (số liệu thử nghiệm)",
            is_invented=True,
        )
        session.add(output)
        session.flush()
        if kind is OutputKind.COVERAGE:
            session.add_all(
                RoundOutputUnit(
                    output_id=output.id,
                    unit_id=unit_id,
                    is_exempt=position == 5,
                    reached_components=[ROOM] if position == 4 else [],
                )
                for position, unit_id in enumerate(unit_ids)
            )
