"""The record of acts: append-only, chained, readable; whoever touches it afterwards is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.audit import (
    FIRST_HASH,
    AuditEntry,
    ChainHead,
    Change,
    Subject,
    audit_sentence,
    chain_head,
    entry_digest,
    find_broken_entry,
    has_touched,
    holds_head,
    latest_moment,
    record_change,
    require_untouched,
)
from finance.database import SessionFactory, make_engine, make_session_factory, reading, transaction
from finance.errors import NotAllowed
from tests.builders import a_moment

ESTIMATE = Subject("estimate", 12, "Dự toán năm 2012 của UBND huyện Khánh Vĩnh")
SEAT = Seat(Function.PREPARE, Capacity.HEAD, 5)
COUNT = 5
MIDDLE, LAST = 3, 5

Tamper = Callable[[Session], object]


def someone(person_id: int = 3, name: str = "Trần Văn Hòa") -> Actor:
    return Actor(person_id, name, (SEAT,), a_moment())


def act(
    session: Session,
    action: Action = Action.SAVE_DRAFT,
    *,
    actor: Actor | None = None,
    subject: Subject = ESTIMATE,
    change: Change | None = None,
) -> AuditEntry:
    return record_change(
        session, actor or someone(), action, subject, seat=SEAT, change=change or Change(details={"lines": 4})
    )


@pytest.fixture
def five_acts(session_factory: SessionFactory) -> SessionFactory:
    with transaction(session_factory) as session:
        for number in range(COUNT):
            act(session, change=Change("nháp", "nháp", f"lần {number}", {"lines": number}))
    return session_factory


@contextmanager
def with_guards_removed(factory: SessionFactory) -> Iterator[Session]:
    """What somebody does who owns the database; undone at the end."""
    with reading(factory) as session:
        if session.get_bind().dialect.name == "sqlite":
            for guard in ("audit_entry_no_update", "audit_entry_no_delete"):
                session.execute(text(f"DROP TRIGGER {guard}"))
        else:
            session.execute(text("DROP TRIGGER audit_entry_no_change ON audit_entry"))
        yield session


def entry(session: Session, entry_id: int) -> AuditEntry:
    return session.get_one(AuditEntry, entry_id, populate_existing=True)


def set_columns(session: Session, entry_id: int, **values: object) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.id == entry_id).values(**values))


# --- what is written


def test_each_row_carries_the_hash_of_the_one_before(five_acts: SessionFactory) -> None:
    with reading(five_acts) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [one.previous_hash for one in entries] == [
            FIRST_HASH,
            *(one.entry_hash for one in entries[:-1]),
        ]
        assert find_broken_entry(session) is None


def test_an_empty_record_is_whole(session: Session) -> None:
    assert find_broken_entry(session) is None
    assert chain_head(session) == ChainHead(0, FIRST_HASH)
    assert latest_moment(session) is None


def test_who_for_whom_what_and_when_are_kept(session: Session) -> None:
    kept = act(session, Action.SIGN_ESTIMATE, change=Change("đã kiểm tra", "đã ký", "", {"v": 1}))
    assert (kept.person_id, kept.person_name, kept.agency_id) == (3, "Trần Văn Hòa", 5)
    assert (kept.subject_kind, kept.subject_id) == ("estimate", 12)
    assert (kept.business_at, kept.recorded_at) == (a_moment().business_at, a_moment().recorded_at)
    assert latest_moment(session) == a_moment().recorded_at


def test_an_act_undone_leaves_no_row_and_no_gap_in_the_chain(five_acts: SessionFactory) -> None:
    def act_and_fail() -> None:
        with transaction(five_acts) as session:
            act(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    with transaction(five_acts) as session:
        act(session)
    with reading(five_acts) as session:
        assert chain_head(session).count == COUNT + 1
        assert find_broken_entry(session) is None


def test_details_of_any_json_shape_do_not_break_the_chain_by_themselves(
    session_factory: SessionFactory,
) -> None:
    with transaction(session_factory) as session:
        act(session, change=Change(details={"parts": (1, 2), "by_year": {2: "b", 10: "a"}, "tên": "Hòa"}))
    with reading(session_factory) as session:
        assert find_broken_entry(session) is None


def test_a_long_label_is_shortened_visibly_and_alike_on_both_stores(session_factory: SessionFactory) -> None:
    with transaction(session_factory) as session:
        act(
            session,
            subject=Subject("estimate", 1, "Đ" * 400),
            change=Change("t" * 81, "t" * 80),
        )
    with reading(session_factory) as session:
        kept = session.scalars(select(AuditEntry)).one()
        assert kept.subject_label == "Đ" * 299 + "…"
        assert (kept.from_state, kept.to_state) == ("t" * 79 + "…", "t" * 80)
        assert find_broken_entry(session) is None


# --- what is refused


def test_no_row_can_be_changed_or_removed_through_the_database(five_acts: SessionFactory) -> None:
    for statement in (
        "UPDATE audit_entry SET reason = 'khác' WHERE id = 3",
        "DELETE FROM audit_entry WHERE id = 5",
        "DELETE FROM audit_entry",
    ):
        with pytest.raises(DBAPIError, match="append-only"), transaction(five_acts) as session:
            session.execute(text(statement))
    with reading(five_acts) as session:
        assert chain_head(session).count == COUNT


def test_the_chain_cannot_fork(five_acts: SessionFactory) -> None:
    with reading(five_acts) as session:
        first = entry(session, 1)
        values = {column.name: getattr(first, column.name) for column in AuditEntry.__table__.columns}
    with pytest.raises(IntegrityError), transaction(five_acts) as session:
        session.add(AuditEntry(**{**values, "id": 9, "entry_hash": "f" * 64}))


# --- what is seen

NEW_VALUES: dict[str, object] = {
    "business_at": datetime.fromisoformat("2012-02-15T09:00:01+07:00"),
    "recorded_at": datetime.fromisoformat("2026-01-05T09:30:00.000001+00:00"),
    "person_id": 4,
    "person_name": "Trần Văn Hoà",
    "agency_id": None,
    "action": Action.SIGN_ESTIMATE,
    "subject_kind": "estimates",
    "subject_id": 13,
    "subject_label": ESTIMATE.label + " ",
    "from_state": "",
    "to_state": "đã ký",
    "reason": "",
    "details": {"lines": 99},
    "previous_hash": "a" * 64,
    "entry_hash": "b" * 64,
}


def test_the_list_of_forgeries_knows_every_column() -> None:
    assert set(NEW_VALUES) == {column.name for column in AuditEntry.__table__.columns} - {"id"}


@pytest.mark.parametrize("entry_id", [MIDDLE, LAST])
def test_a_change_in_any_column_is_seen_and_the_row_is_named(
    five_acts: SessionFactory, entry_id: int
) -> None:
    for column, value in NEW_VALUES.items():
        with with_guards_removed(five_acts) as session:
            set_columns(session, entry_id, **{column: value})
            assert find_broken_entry(session) == entry_id, column


def test_a_row_that_can_no_longer_be_read_is_named_too(five_acts: SessionFactory) -> None:
    with with_guards_removed(five_acts) as session:
        session.execute(text(f"UPDATE audit_entry SET details = '{{' WHERE id = {MIDDLE}"))
        assert find_broken_entry(session) == MIDDLE


def remove(session: Session) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.id == MIDDLE))


def swap(session: Session) -> None:
    for old, new in ((MIDDLE, 99), (MIDDLE + 1, MIDDLE), (99, MIDDLE + 1)):
        set_columns(session, old, id=new)


def insert(session: Session) -> None:
    """A row squeezed in before the last one, its own hash well made."""
    set_columns(session, LAST, id=LAST + 1)
    model = entry(session, MIDDLE)
    columns = {c.name: getattr(model, c.name) for c in AuditEntry.__table__.columns}
    forged = AuditEntry(**{**columns, "id": LAST, "reason": "chen vào", "previous_hash": "c" * 64})
    forged.entry_hash = entry_digest(forged)
    session.add(forged)
    session.flush()


@pytest.mark.parametrize(
    ("tamper", "named"),
    [(remove, MIDDLE + 1), (swap, MIDDLE), (insert, LAST)],
    ids=["remove", "swap", "insert"],
)
def test_a_row_taken_out_moved_or_put_in_is_seen(
    five_acts: SessionFactory, tamper: Tamper, named: int
) -> None:
    with with_guards_removed(five_acts) as session:
        tamper(session)
        assert find_broken_entry(session) == named


def test_a_row_put_at_the_end_past_the_program_is_seen(five_acts: SessionFactory) -> None:
    with reading(five_acts) as session:
        session.execute(
            text(
                "INSERT INTO audit_entry (id, business_at, recorded_at, person_name, action, subject_kind,"
                " subject_id, subject_label, from_state, to_state, reason, details, previous_hash,"
                " entry_hash) SELECT 6, business_at, recorded_at, 'Ai đó', action, subject_kind, subject_id,"
                " subject_label, from_state, to_state, reason, details, entry_hash, 'forged'"
                " FROM audit_entry WHERE id = 5"
            )
        )
        assert find_broken_entry(session) == COUNT + 1


def rewrite_the_tail(session: Session) -> None:
    """Change a row and give it and every later one hashes that fit again."""
    previous = entry(session, MIDDLE - 1).entry_hash
    for entry_id in range(MIDDLE, LAST + 1):
        session.execute(
            update(AuditEntry)
            .where(AuditEntry.id == entry_id)
            .values(previous_hash=previous, reason="viết lại")
        )
        forged = entry(session, entry_id)
        previous = entry_digest(forged)
        set_columns(session, entry_id, entry_hash=previous)


def cut_the_tail(session: Session) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.id >= MIDDLE))


@pytest.mark.parametrize("tamper", [rewrite_the_tail, cut_the_tail])
def test_a_tail_cut_or_rewritten_with_fitting_hashes_is_shown_by_the_noted_head(
    five_acts: SessionFactory, tamper: Tamper
) -> None:
    with reading(five_acts) as session:
        noted = chain_head(session)
    with with_guards_removed(five_acts) as session:
        tamper(session)
        assert find_broken_entry(session) is None, "inside, the chain fits"
        assert not holds_head(session, noted)


def test_honest_growth_keeps_every_noted_head(five_acts: SessionFactory) -> None:
    with reading(five_acts) as session:
        noted = chain_head(session)
    with transaction(five_acts) as session:
        act(session)
    with reading(five_acts) as session:
        assert holds_head(session, noted)
        assert holds_head(session, ChainHead(0, FIRST_HASH))
        assert not holds_head(session, ChainHead(noted.count + 1, noted.entry_hash))


def test_a_long_chain_is_walked_to_its_end(sqlite_factory: SessionFactory) -> None:
    with transaction(sqlite_factory) as session:
        for _ in range(1100):
            act(session)
    with with_guards_removed(sqlite_factory) as session:
        assert find_broken_entry(session) is None
        set_columns(session, 1050, reason="khác")
        assert find_broken_entry(session) == 1050


@pytest.fixture
def sqlite_factory(sqlite_url: str) -> Iterator[SessionFactory]:
    engine = make_engine(sqlite_url)
    yield make_session_factory(engine)
    engine.dispose()


# --- what a person reads


RETURNED = "Trần Văn Hòa trả lại để hoàn chỉnh: Dự toán năm 2012 của UBND huyện Khánh Vĩnh"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change(), RETURNED),
        (
            Change("đã gửi", "bị trả lại", "Thiếu báo giá thiết bị."),
            f"{RETURNED} (đã gửi → bị trả lại). Lý do: Thiếu báo giá thiết bị.",
        ),
        (Change(to_state="bị trả lại"), f"{RETURNED} (bị trả lại)"),
    ],
)
def test_an_act_reads_as_a_vietnamese_sentence(
    sqlite_session: Session, change: Change, sentence: str
) -> None:
    assert audit_sentence(act(sqlite_session, Action.RETURN_ESTIMATE, change=change)) == sentence


@pytest.fixture
def sqlite_session(sqlite_factory: SessionFactory) -> Iterator[Session]:
    with reading(sqlite_factory) as session:
        yield session


# --- nobody judges what he touched

TOUCHING = frozenset({Action.SAVE_DRAFT, Action.SIGN_ESTIMATE})


def test_who_touched_a_file_may_not_judge_it_from_whatever_seat(session: Session) -> None:
    act(session, Action.SAVE_DRAFT)
    moved = Actor(3, "Trần Văn Hòa", (Seat(Function.ESTIMATE_APPRAISAL, Capacity.HEAD, 9),), a_moment())
    with pytest.raises(NotAllowed) as refusal:
        require_untouched(session, moved, Action.APPRAISE_LINE, ESTIMATE, touching=TOUCHING)
    assert "Người đã tham gia lập hồ sơ không được thẩm định, phê duyệt nó." in refusal.value.sentence_vi


def test_a_colleague_of_the_same_office_may_judge(session: Session) -> None:
    act(session, Action.SAVE_DRAFT)
    colleague = someone(person_id=4)
    require_untouched(session, colleague, Action.APPRAISE_LINE, ESTIMATE, touching=TOUCHING)
    assert not has_touched(session, 4, ESTIMATE, TOUCHING)


@pytest.mark.parametrize(
    ("action", "subject"),
    [
        (Action.VIEW_ESTIMATE, ESTIMATE),
        (Action.SAVE_DRAFT, Subject("estimate", 13, "khác")),
        (Action.SAVE_DRAFT, Subject("scenario", 12, "khác")),
    ],
    ids=["another act", "another file", "another kind of file"],
)
def test_only_the_named_acts_on_this_very_file_count(
    sqlite_session: Session, action: Action, subject: Subject
) -> None:
    act(sqlite_session, action, subject=subject)
    require_untouched(sqlite_session, someone(), Action.APPRAISE_LINE, ESTIMATE, touching=TOUCHING)


def test_touching_does_not_wear_off(session: Session) -> None:
    act(session, Action.SAVE_DRAFT)
    years_later = Actor(3, "Trần Văn Hòa", (SEAT,), a_moment(a_moment().business_on + timedelta(days=900)))
    with pytest.raises(NotAllowed):
        require_untouched(session, years_later, Action.APPRAISE_LINE, ESTIMATE, touching=TOUCHING)
