"""The blueprint of the dossiers: its views are in `views` and `paper_views`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("dossiers", __name__, template_folder="templates")
