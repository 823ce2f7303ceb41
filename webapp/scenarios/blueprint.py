"""The one blueprint of the scenarios; its views stand in files by subject."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("scenarios", __name__, template_folder="templates")
