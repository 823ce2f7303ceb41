"""Password hashing: argon2id over the NFC form, so that every keyboard types the same password."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's minimum for argon2id (19 MiB, two passes): strong enough, and 200 sign-ins in a minute
# are still served on two cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Verified against when the name is unknown, so that both answers take the same time.
NOBODYS_HASH = _HASHER.hash("không có người dùng này")


def hash_password(password: str) -> str:
    """The argon2id hash of the NFC form of the password."""
    return _HASHER.hash(unicodedata.normalize("NFC", password))


def is_right_password(stored_hash: str, password: str) -> bool:
    """True when the password (in any Unicode form) is the one hashed; an unusable hash fits none."""
    try:
        return _HASHER.verify(stored_hash, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False
