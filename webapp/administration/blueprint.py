"""The one blueprint of the administration; its views stand in three files by subject."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("administration", __name__, template_folder="templates")
