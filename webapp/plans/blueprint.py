"""The one blueprint of the plans; its views stand in files by subject."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("plans", __name__, template_folder="templates")
