"""The dossiers of an estimate."""

from webapp.dossiers.blueprint import blueprint

__all__ = ["blueprint"]
