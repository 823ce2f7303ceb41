"""The one blueprint of the estimates; its views stand in files by subject."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("estimates", __name__, template_folder="templates")
