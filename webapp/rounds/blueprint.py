"""The one blueprint of the rounds; its views stand in three files by subject."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("rounds", __name__, template_folder="templates")
