"""These tests share a database and undo what they do."""

from __future__ import annotations

from tests.shared_sessions import session, shared_factory

__all__ = ["session", "shared_factory"]
