"""The one blueprint of the decision and its answers; its views stand in files by subject."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("allocations", __name__, template_folder="templates")
