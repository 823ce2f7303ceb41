"""The rules an estimate is held against, and the papers its projects must attach."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("rulebook", __name__, template_folder="templates")
