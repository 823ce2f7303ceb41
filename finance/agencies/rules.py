"""Rules about offices, positions and signing in. Pure."""

from __future__ import annotations

from datetime import date, timedelta

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 128

# OWASP ASVS 6.3.1 and 7.3: slow down guessing without letting a stranger lock an officer out for long.
MAX_FAILED_TRIES = 10
FAILED_TRIES_WINDOW = timedelta(minutes=10)
SESSION_IDLE_LIMIT = timedelta(hours=2)
SESSION_ABSOLUTE_LIMIT = timedelta(hours=12)


def is_in_force(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """True when the date lies within the validity, both ends included; None means open."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def password_problem(password: str) -> str | None:
    """What is wrong with a new password, as a Vietnamese sentence, or None.

    Length only: rules about kinds of characters make people choose worse ones (OWASP ASVS 6.2).
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        return f"Mật khẩu phải có ít nhất {MIN_PASSWORD_LENGTH} ký tự."
    if len(password) > MAX_PASSWORD_LENGTH:
        return f"Mật khẩu không được dài quá {MAX_PASSWORD_LENGTH} ký tự."
    return None
