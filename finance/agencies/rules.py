"""Rules about offices, positions and signing in. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 128
MAX_LOGIN_LENGTH = 80

# OWASP ASVS 6.3.1 and 7.3: slow down guessing without letting a stranger lock an officer out for long.
# Ten slips are free, then each try waits twice as long as the one before, up to a quarter of an hour:
# a guesser gets fewer than twenty tries in any hour, an officer who mistyped waits seconds.
MAX_FAILED_TRIES = 10
FAILED_TRIES_WINDOW = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
# A head who is away for longer is replaced, not represented.
LONGEST_DELEGATION = timedelta(days=366)
SESSION_IDLE_LIMIT = timedelta(hours=2)
SESSION_ABSOLUTE_LIMIT = timedelta(hours=12)


def is_in_force(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """True when the date lies within the validity, both ends included; None means open."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def wait_after(failed_tries: int) -> timedelta:
    """How long the next try must wait after so many failed ones within FAILED_TRIES_WINDOW."""
    beyond = failed_tries - MAX_FAILED_TRIES
    if beyond < 0:
        return timedelta()
    doubled: int = 2 ** min(beyond, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def is_session_live(created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """True while a browser session is neither idle too long nor too old."""
    return now - last_seen_at <= SESSION_IDLE_LIMIT and now - created_at <= SESSION_ABSOLUTE_LIMIT


def login_problem(login: str) -> str | None:
    """What is wrong with a new sign-in name, as a Vietnamese sentence, or None."""
    if not login or len(login) > MAX_LOGIN_LENGTH or any(sign.isspace() for sign in login):
        return f"Tên đăng nhập có từ 1 đến {MAX_LOGIN_LENGTH} ký tự, không có dấu cách."
    return None


def password_problem(password: str) -> str | None:
    """What is wrong with a new password, as a Vietnamese sentence, or None.

    Length only: rules about kinds of characters make people choose worse ones (OWASP ASVS 6.2).
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        return f"Mật khẩu phải có ít nhất {MIN_PASSWORD_LENGTH} ký tự."
    if len(password) > MAX_PASSWORD_LENGTH:
        return f"Mật khẩu không được dài quá {MAX_PASSWORD_LENGTH} ký tự."
    return None
