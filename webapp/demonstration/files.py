"""The demonstration's data files, every cell read as the type its column promises.

All of it is invented ("số liệu minh họa") and every row says so. What an office asks is read in
`estimate_files`, what results are measured against in `measurement_files`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.resources import files
from typing import TypeVar

from finance.actors import Capacity, Function
from finance.clock import VIETNAM_TIME
from finance.estimates.workflow import EstimateStatus
from finance.programme.classification import Nature
from finance.programme.reference_cells import Cells, read_table
from finance.rounds.operations import EnvelopeEntry, NewRound
from finance.rounds.rules import RoundKind, RoundStage

Row = TypeVar("Row")

OFFICE_CLOSES = time(17, 0, tzinfo=VIETNAM_TIME)


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Somebody of the demonstration; the listed ones are printed by `phanbo sign-ins`."""

    login: str
    full_name: str
    role_vi: str
    is_listed: bool
    password: str


@dataclass(frozen=True, slots=True)
class PositionEntry:
    """A seat of a person."""

    login: str
    agency_code: str
    function: Function
    capacity: Capacity
    title_vi: str


@dataclass(frozen=True, slots=True)
class CeilingEntry:
    """The control figure of an office from a source, in đồng."""

    agency_code: str
    source_code: str
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class EstimateFile:
    """Who prepares and signs an office's estimate, and how far it has come when the loading ends."""

    agency_code: str
    preparer: str
    head: str
    document_number: str
    stops_at: EstimateStatus


def read_people() -> list[PersonEntry]:
    """Everybody who can sign in (people.csv)."""
    return read_demonstration_table("people", "login full_name role_vi is_listed password", _person, "login")


def read_positions() -> list[PositionEntry]:
    """The seats they hold (positions.csv)."""
    columns = "login agency function capacity title_vi"
    return read_demonstration_table("positions", columns, _position, "login agency function")


def read_round() -> NewRound:
    """The round, always marked as a demonstration (round.csv)."""
    calendar = read_calendar()

    def build(cells: Cells) -> NewRound:
        return NewRound(
            code=cells.text("code"),
            name_vi=cells.text("name_vi"),
            fiscal_year=cells.integer("fiscal_year"),
            last_year=cells.integer("last_year"),
            kind=cells.member("kind", RoundKind),
            is_demonstration=True,
            business_on=calendar["opened"],
        )

    columns = "code name_vi fiscal_year last_year kind"
    return read_demonstration_table("round", columns, build, "code")[0]


def read_calendar() -> dict[str, date]:
    """On which business date each step of the story happens (calendar.csv)."""
    rows = read_demonstration_table(
        "calendar", "step on", lambda cells: (cells.text("step"), _day(cells, "on")), "step"
    )
    return dict(rows)


def read_deadlines() -> list[tuple[RoundStage, datetime]]:
    """The last instant of every stage: when offices close on the day (deadlines.csv)."""

    def build(cells: Cells) -> tuple[RoundStage, datetime]:
        return cells.member("stage", RoundStage), datetime.combine(_day(cells, "due_on"), OFFICE_CLOSES)

    return read_demonstration_table("deadlines", "stage due_on", build, "stage")


def read_ceilings() -> list[CeilingEntry]:
    """Control figures (ceilings.csv)."""

    def build(cells: Cells) -> CeilingEntry:
        return CeilingEntry(cells.text("agency"), cells.text("funding_source"), cells.integer("amount_vnd"))

    columns = "agency funding_source amount_vnd"
    return read_demonstration_table("ceilings", columns, build, "agency funding_source")


def read_envelopes() -> list[EnvelopeEntry]:
    """The money there is and what is kept back of it (envelopes.csv)."""

    def build(cells: Cells) -> EnvelopeEntry:
        return EnvelopeEntry(
            source_code=cells.text("funding_source"),
            nature=cells.member("nature", Nature),
            year=cells.integer("year"),
            amount_vnd=cells.integer("amount_vnd"),
            contingency_vnd=cells.integer("contingency_vnd"),
            unmeasured_vnd=cells.integer("unmeasured_vnd"),
        )

    columns = "funding_source nature year amount_vnd contingency_vnd unmeasured_vnd"
    return read_demonstration_table("envelopes", columns, build, "funding_source nature year")


def read_estimate_files() -> list[EstimateFile]:
    """The offices that prepare an estimate (estimates.csv)."""

    def build(cells: Cells) -> EstimateFile:
        return EstimateFile(
            agency_code=cells.text("agency"),
            preparer=cells.text("preparer"),
            head=cells.text("head"),
            document_number=cells.text("document_number"),
            stops_at=cells.member("stops_at", EstimateStatus),
        )

    columns = "agency preparer head document_number stops_at"
    return read_demonstration_table("estimates", columns, build, "agency")


def read_demonstration_table(name: str, columns: str, build: Callable[[Cells], Row], key: str) -> list[Row]:
    """Read one of the demonstration's files whole, or refuse it whole.

    Raises:
        ReferenceFileWrong: names file, line and column.
    """
    file = files("webapp.demonstration").joinpath("data", f"{name}.csv")
    return read_table(file, columns.split(), build, key=key.split())


def _person(cells: Cells) -> PersonEntry:
    return PersonEntry(
        login=cells.ascii_text("login"),
        full_name=cells.text("full_name"),
        role_vi=cells.text("role_vi"),
        is_listed=cells.yes_no("is_listed"),
        password=cells.text("password"),
    )


def _position(cells: Cells) -> PositionEntry:
    return PositionEntry(
        login=cells.text("login"),
        agency_code=cells.text("agency"),
        function=cells.member("function", Function),
        capacity=cells.member("capacity", Capacity),
        title_vi=cells.text("title_vi"),
    )


def _day(cells: Cells, column: str) -> date:
    day = cells.day_or_none(column)
    if day is None:
        raise cells.wrong(column, "ô bắt buộc đang để trống")
    return day
