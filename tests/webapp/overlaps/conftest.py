"""The pages are opened in a small province."""

from tests.webapp.province_fixtures import desks, served_province

__all__ = ["desks", "served_province"]
