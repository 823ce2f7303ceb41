"""The pages are opened over a filled pool."""

from tests.webapp.scenarios.pool_desks import pool_desks

__all__ = ["pool_desks"]
