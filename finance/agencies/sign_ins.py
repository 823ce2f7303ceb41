"""Signing in and out, one's own password, and slowing down those who guess."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.operations import (
    end_sessions,
    get_person,
    person_subject,
    require_good_password,
    tidy_login,
)
from finance.agencies.passwords import NOBODYS_HASH, hash_password, is_right_password
from finance.agencies.queries import hash_token
from finance.agencies.records import Person, SignInAttempt, SignInSession
from finance.agencies.rules import FAILED_TRIES_WINDOW, is_session_live, wait_after
from finance.audit import Change, record_change
from finance.clock import Moment
from finance.errors import SignInRefused


@dataclass(frozen=True, slots=True)
class SignInResult:
    """A session was opened: the token goes to the browser and is stored only hashed."""

    person_id: int
    token: str


def sign_in(
    session: Session, moment: Moment, *, login: str, password: str, remote_address: str
) -> SignInResult:
    """Open a session for the right name and password.

    A refusal undoes its transaction; the door keeps the failed try afterwards, in a transaction of
    its own (`note_failed_sign_in`).

    Raises:
        SignInRefused: unknown name, wrong password, locked account or too many tries; all alike.
    """
    login = tidy_login(login)
    waiting = seconds_to_wait(session, moment, login=login)
    if waiting:
        raise SignInRefused(waiting)
    person = session.scalar(select(Person).where(Person.login == login))
    stored_hash = person.password_hash if person is not None else NOBODYS_HASH
    is_right = is_right_password(stored_hash, password)
    if person is None or not is_right or not person.is_active:
        raise SignInRefused
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=hash_token(token),
            person_id=person.id,
            created_at=moment.recorded_at,
            last_seen_at=moment.recorded_at,
        )
    )
    actor = Actor(person.id, person.full_name, (), moment)
    change = Change(details={"address": remote_address})
    record_change(session, actor, Action.SIGN_IN, person_subject(person), seat=None, change=change)
    return SignInResult(person.id, token)


def note_failed_sign_in(session: Session, moment: Moment, *, login: str, remote_address: str) -> None:
    """Keep a failed try, so that guessing slows down."""
    session.add(
        SignInAttempt(login=tidy_login(login), remote_address=remote_address[:64], at=moment.recorded_at)
    )


def seconds_to_wait(session: Session, moment: Moment, *, login: str) -> int:
    """Seconds until this name may be tried again; 0 when it may be tried now."""
    since = moment.recorded_at - FAILED_TRIES_WINDOW
    tries, latest = session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(
            SignInAttempt.login == tidy_login(login), SignInAttempt.at > since
        )
    ).one()
    if not tries:
        return 0
    remaining = latest + wait_after(tries) - moment.recorded_at
    return max(0, ceil(remaining.total_seconds()))


def keep_session_alive(session: Session, token: str, moment: Moment) -> None:
    """Note that the signed-in browser was seen now."""
    row = session.scalar(select(SignInSession).where(SignInSession.token_hash == hash_token(token)))
    if row is None or row.ended_at is not None:
        return
    # Nor may a late click bring back a session that has run out.
    if is_session_live(row.created_at, row.last_seen_at, moment.recorded_at):
        row.last_seen_at = moment.recorded_at


def sign_out(session: Session, actor: Actor, *, token: str) -> None:
    """End this browser's session."""
    row = session.scalar(select(SignInSession).where(SignInSession.token_hash == hash_token(token)))
    if row is not None and row.ended_at is None and row.person_id == actor.person_id:
        row.ended_at = actor.moment.recorded_at
        person = get_person(session, actor.person_id)
        record_change(session, actor, Action.SIGN_OUT, person_subject(person), seat=None, change=Change())


def change_password(session: Session, actor: Actor, *, old_password: str, new_password: str) -> None:
    """Change one's own password; every session of the account ends.

    Raises:
        SignInRefused: the old password is wrong.
        RuleBroken: the new one is too short or too long.
    """
    person = get_person(session, actor.person_id)
    if not is_right_password(person.password_hash, old_password):
        raise SignInRefused
    require_good_password(new_password)
    person.password_hash = hash_password(new_password)
    end_sessions(session, person.id, actor.moment)
    record_change(session, actor, Action.CHANGE_PASSWORD, person_subject(person), seat=None, change=Change())
