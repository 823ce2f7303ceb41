"""The one blueprint of the reviews; its views stand in files by subject."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reviews", __name__, template_folder="templates")
