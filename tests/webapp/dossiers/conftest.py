"""The dossiers of Nha Trang's estimate."""

from tests.webapp.estimates.desk_fixtures import desk, prepared_desk

__all__ = ["desk", "prepared_desk"]
