"""Stored offices, persons, positions and sign-ins. Nothing here is ever deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.actors import Capacity, Function
from finance.record_base import CodeColumn, JsonText, Record, UtcMoment, codes_check

_DATES_IN_ORDER = "valid_to IS NULL OR valid_to >= valid_from"


class Agency(Record):
    """An office (cơ quan, đơn vị). A new office with an old name is a new row."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    short_vi: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    budget_code: Mapped[str | None] = mapped_column(String(7))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(String(300), index=True)
    sort_key: Mapped[str] = mapped_column(String(600))


class BudgetLevel(Record):
    """A level of government (tỉnh, huyện, xã): data with dates, for a level has been abolished before."""

    __tablename__ = "budget_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_vi: Mapped[str] = mapped_column(String(80))
    rank: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class AgencyStanding(Record):
    """At which level and under which parent an office stands, by dates."""

    __tablename__ = "agency_standing"
    __table_args__ = (CheckConstraint(_DATES_IN_ORDER, name="dates_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("budget_level.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class AgencyChange(Record):
    """An office succeeded another (merged, split, renamed)."""

    __tablename__ = "agency_change"
    __table_args__ = (UniqueConstraint("predecessor_code", "successor_code", "effective_text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    predecessor_code: Mapped[str] = mapped_column(String(40))
    successor_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    effective_text: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)
    is_confirmed: Mapped[bool]


class AgencyGroup(Record):
    """A set of offices that the decision names together (all departments, all districts)."""

    __tablename__ = "agency_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))


class AgencyGroupMember(Record):
    """One office's place in a group."""

    __tablename__ = "agency_group_member"
    __table_args__ = (UniqueConstraint("group_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("agency_group.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))


class FunctionAssignment(Record):
    """An office holds a function between two dates. Every office may prepare without a row."""

    __tablename__ = "function_assignment"
    __table_args__ = (
        codes_check("function", Function),
        CheckConstraint(_DATES_IN_ORDER, name="dates_in_order"),
        UniqueConstraint("function", "agency_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    function: Mapped[Function] = mapped_column(CodeColumn(Function))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))


class Person(Record):
    """Someone who can sign in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    sort_key: Mapped[str] = mapped_column(String(600))


class Position(Record):
    """A person's seat: a function of one office, as officer or head, between two dates."""

    __tablename__ = "position"
    __table_args__ = (
        codes_check("function", Function),
        codes_check("capacity", Capacity),
        CheckConstraint(_DATES_IN_ORDER, name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    function: Mapped[Function] = mapped_column(CodeColumn(Function))
    capacity: Mapped[Capacity] = mapped_column(CodeColumn(Capacity))
    title_vi: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class OfficeChain(Record):
    """How an office signs: over the head of a section first, or straight to the head (no row)."""

    __tablename__ = "office_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), unique=True)
    has_section_step: Mapped[bool]
    since: Mapped[date]


class Delegation(Record):
    """A written delegation (ủy quyền): named acts of one seat, from a day to a day, to one person.

    `acts` are codes of the acts. It ends by itself; revoking keeps the row with the hour and the reason.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        codes_check("function", Function),
        codes_check("capacity", Capacity),
        CheckConstraint("valid_to >= valid_from", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    function: Mapped[Function] = mapped_column(CodeColumn(Function))
    capacity: Mapped[Capacity] = mapped_column(CodeColumn(Capacity))
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    acts: Mapped[list[str]] = mapped_column(JsonText)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    document_number: Mapped[str] = mapped_column(String(60))
    document_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UtcMoment)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    revoke_reason: Mapped[str] = mapped_column(Text, default="")


class SignInSession(Record):
    """One signed-in browser; revocable, ends when idle too long. The token is stored hashed."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcMoment)
    last_seen_at: Mapped[datetime] = mapped_column(UtcMoment)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class SignInAttempt(Record):
    """One failed try to sign in, counted by name and by address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_login", "login", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80))
    remote_address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcMoment)
