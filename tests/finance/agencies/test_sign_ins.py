"""Signing in: one answer for every refusal, slow for those who guess, over at once when it must be."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.agencies.installation import installation_actor
from finance.agencies.operations import add_person, deactivate_person
from finance.agencies.passwords import hash_password, is_right_password
from finance.agencies.queries import find_signed_in_person
from finance.agencies.records import Person, SignInSession
from finance.agencies.rules import (
    FAILED_TRIES_WINDOW,
    MAX_FAILED_TRIES,
    SESSION_ABSOLUTE_LIMIT,
    SESSION_IDLE_LIMIT,
    is_in_force,
    wait_after,
)
from finance.agencies.sign_ins import (
    change_password,
    keep_session_alive,
    note_failed_sign_in,
    seconds_to_wait,
    sign_in,
    sign_out,
)
from finance.audit import AuditEntry
from finance.clock import Moment
from finance.errors import RuleBroken, SignInRefused
from tests.builders import a_moment

PASSWORD = "Hòa bình ở Đà Nẵng"
NEW_PASSWORD = "một câu dễ nhớ hơn"
START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
ADMIN = installation_actor(a_moment())


def at(passed: timedelta | float = 0) -> Moment:
    """The moment so long (or so many seconds) after the start."""
    now = START + (passed if isinstance(passed, timedelta) else timedelta(seconds=passed))
    return Moment(now, now)


@pytest.fixture
def person_id(session: Session) -> int:
    return add_person(session, ADMIN, login="hoa", full_name="Trần Văn Hòa", password=PASSWORD).id


def sign(session: Session, seconds: float = 0, login: str = "hoa", password: str = PASSWORD) -> str:
    found = sign_in(session, at(seconds), login=login, password=password, remote_address="10.0.0.7")
    return found.token


def fail(session: Session, seconds: float, login: str = "hoa") -> None:
    note_failed_sign_in(session, at(seconds), login=login, remote_address="10.0.0.9")
    session.flush()


def actor(session: Session, person_id: int) -> Actor:
    return Actor(person_id, session.get_one(Person, person_id).full_name, (), at())


# --- passwords


@pytest.mark.parametrize("typed", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_keyboards_unicode_form_of_the_password_is_right(typed: str) -> None:
    for kept in ("NFC", "NFD"):
        stored = hash_password(unicodedata.normalize(kept, PASSWORD))  # type: ignore[arg-type]
        assert is_right_password(stored, unicodedata.normalize(typed, PASSWORD))  # type: ignore[arg-type]


def test_almost_right_is_wrong() -> None:
    stored = hash_password(PASSWORD)
    for typed in (PASSWORD.lower(), PASSWORD + " ", PASSWORD.replace("òa", "oà"), ""):
        assert not is_right_password(stored, typed)


def test_two_hashes_of_one_password_differ_and_say_nothing() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first != second
    assert first.startswith("$argon2id$")
    assert PASSWORD not in first


def test_an_unusable_hash_fits_no_password() -> None:
    assert not is_right_password("unusable", "unusable")


# --- signing in


def test_the_right_name_and_password_open_a_session(session: Session, person_id: int) -> None:
    token = sign(session, login="  HOA ")
    assert find_signed_in_person(session, token, at(1)) == person_id
    stored = session.scalars(select(SignInSession)).one()
    assert token not in stored.token_hash, "a copy of the database opens nothing"
    assert find_signed_in_person(session, stored.token_hash, at(1)) is None
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action.value, entry.person_id, entry.details) == (
        "SIGN_IN",
        person_id,
        {"address": "10.0.0.7"},
    )


def test_every_refusal_is_the_same(session: Session, person_id: int) -> None:
    sentences = set()
    deactivated = add_person(session, ADMIN, login="cu", full_name="Người cũ", password=PASSWORD)
    deactivate_person(session, ADMIN, deactivated.id, reason="Nghỉ hưu")
    for login, password in (("hoa", "sai mật khẩu rồi"), ("khong.co", PASSWORD), ("cu", PASSWORD), ("", "")):
        with pytest.raises(SignInRefused) as refusal:
            sign(session, login=login, password=password)
        sentences.add(refusal.value.sentence_vi)
    assert len(sentences) == 1
    assert session.scalars(select(SignInSession)).all() == []


def test_each_sign_in_has_a_token_of_its_own(session: Session, person_id: int) -> None:
    assert sign(session) != sign(session)


# --- guessing


def test_ten_slips_are_free_then_the_wait_doubles() -> None:
    waits = [int(wait_after(tries).total_seconds()) for tries in range(MAX_FAILED_TRIES - 1, 18)]
    assert waits == [0, 15, 30, 60, 120, 240, 480, 900, 900]
    assert wait_after(10_000) == timedelta(minutes=15)


def test_the_wait_is_counted_from_the_last_try_to_the_second(session: Session, person_id: int) -> None:
    for second in range(MAX_FAILED_TRIES):
        assert seconds_to_wait(session, at(second), login="hoa") == 0
        fail(session, second)
    last = MAX_FAILED_TRIES - 1
    assert seconds_to_wait(session, at(last), login="hoa") == 15
    assert seconds_to_wait(session, at(last + 14.5), login="hoa") == 1
    assert seconds_to_wait(session, at(last + 15), login="hoa") == 0


def test_while_waiting_even_the_right_password_is_refused(session: Session, person_id: int) -> None:
    for _ in range(MAX_FAILED_TRIES):
        fail(session, 0)
    with pytest.raises(SignInRefused) as refusal:
        sign(session, 1)
    assert refusal.value.wait_seconds == 14
    assert find_signed_in_person(session, sign(session, 15), at(16)) == person_id


def test_one_name_is_counted_however_it_is_written_and_no_other(session: Session, person_id: int) -> None:
    for number in range(MAX_FAILED_TRIES):
        fail(session, 0, login="hoa" if number % 2 else " HOA")
    assert seconds_to_wait(session, at(1), login="Hoa ") == 14
    assert seconds_to_wait(session, at(1), login="lan") == 0


def test_old_slips_are_forgotten(session: Session, person_id: int) -> None:
    for _ in range(MAX_FAILED_TRIES):
        fail(session, 0)
    passed = FAILED_TRIES_WINDOW.total_seconds()
    fail(session, passed)
    assert seconds_to_wait(session, at(passed), login="hoa") == 0


def test_a_tireless_guesser_gets_at_most_twenty_tries_in_any_hour() -> None:
    tries: list[int] = []
    for second in range(4 * 3600):
        recent = [one for one in tries if second - one < FAILED_TRIES_WINDOW.total_seconds()]
        wait = wait_after(len(recent)).total_seconds()
        while not recent or second - recent[-1] >= wait:
            tries.append(second)
            recent.append(second)
            wait = wait_after(len(recent)).total_seconds()
    busiest = max(sum(start <= one < start + 3600 for one in tries) for start in tries)
    assert MAX_FAILED_TRIES < busiest <= 20


# --- sessions


def test_a_session_ends_when_idle_too_long(session: Session, person_id: int) -> None:
    token = sign(session)
    limit = SESSION_IDLE_LIMIT
    assert find_signed_in_person(session, token, at(limit)) == person_id
    assert find_signed_in_person(session, token, at(limit + timedelta(seconds=1))) is None


def test_being_seen_keeps_it_alive_but_never_past_the_absolute_limit(
    session: Session, person_id: int
) -> None:
    token = sign(session)
    step = SESSION_IDLE_LIMIT - timedelta(minutes=1)
    passed = timedelta()
    while passed + step <= SESSION_ABSOLUTE_LIMIT:
        passed += step
        keep_session_alive(session, token, at(passed))
        assert find_signed_in_person(session, token, at(passed)) == person_id
    keep_session_alive(session, token, at(SESSION_ABSOLUTE_LIMIT))
    assert find_signed_in_person(session, token, at(SESSION_ABSOLUTE_LIMIT)) == person_id
    assert find_signed_in_person(session, token, at(SESSION_ABSOLUTE_LIMIT + timedelta(seconds=1))) is None


def test_a_late_click_does_not_bring_an_idle_session_back(session: Session, person_id: int) -> None:
    token = sign(session)
    late = SESSION_IDLE_LIMIT + timedelta(seconds=1)
    keep_session_alive(session, token, at(late))
    assert find_signed_in_person(session, token, at(late)) is None


def test_signing_out_ends_this_browsers_session_only(session: Session, person_id: int) -> None:
    here, there = sign(session), sign(session)
    sign_out(session, actor(session, person_id), token=here)
    assert find_signed_in_person(session, here, at(1)) is None
    assert find_signed_in_person(session, there, at(1)) == person_id
    keep_session_alive(session, here, at(1))
    assert find_signed_in_person(session, here, at(1)) is None


def test_nobody_signs_another_out(session: Session, person_id: int) -> None:
    token = sign(session)
    sign_out(session, Actor(person_id + 1, "Ai đó", (), at()), token=token)
    assert find_signed_in_person(session, token, at(1)) == person_id


def test_locking_an_account_ends_its_sessions_at_once(session: Session, person_id: int) -> None:
    tokens = [sign(session), sign(session)]
    deactivate_person(session, ADMIN, person_id, reason="Mất máy")
    assert [find_signed_in_person(session, token, at(1)) for token in tokens] == [None, None]
    with pytest.raises(SignInRefused):
        sign(session, 2)
    session.execute(update(Person).values(is_active=True))
    assert [find_signed_in_person(session, token, at(3)) for token in tokens] == [None, None], (
        "an unlocked account signs in anew"
    )


def test_an_account_locked_past_the_program_is_out_too(session: Session, person_id: int) -> None:
    token = sign(session)
    session.execute(update(Person).values(is_active=False))
    assert find_signed_in_person(session, token, at(1)) is None


def test_a_changed_password_ends_every_session(session: Session, person_id: int) -> None:
    tokens = [sign(session), sign(session)]
    change_password(session, actor(session, person_id), old_password=PASSWORD, new_password=NEW_PASSWORD)
    assert [find_signed_in_person(session, token, at(1)) for token in tokens] == [None, None]
    with pytest.raises(SignInRefused):
        sign(session, 2)
    assert sign(session, 3, password=NEW_PASSWORD)
    words = [entry.action.value for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert "CHANGE_PASSWORD" in words


def test_a_password_is_changed_by_who_knows_the_old_one_to_a_good_one(
    session: Session, person_id: int
) -> None:
    myself = actor(session, person_id)
    with pytest.raises(SignInRefused):
        change_password(session, myself, old_password="sai mật khẩu rồi", new_password=NEW_PASSWORD)
    with pytest.raises(RuleBroken, match="ít nhất 12 ký tự"):
        change_password(session, myself, old_password=PASSWORD, new_password="ngắn")
    assert sign(session)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_so"),
    [
        (None, None, True),
        (date(2012, 1, 2), None, False),
        (date(2012, 1, 1), date(2012, 1, 1), True),
        (None, date(2011, 12, 31), False),
    ],
)
def test_validity_includes_both_ends_and_none_is_open(
    valid_from: date | None, valid_to: date | None, is_so: bool
) -> None:
    assert is_in_force(valid_from, valid_to, date(2012, 1, 1)) is is_so
