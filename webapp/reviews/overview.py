"""The overview of a review file, also after a refused step."""

from __future__ import annotations

from typing import Any

from finance.estimates.workflow import EstimateStatus
from webapp.reviews.sheets import WAY, WAY_BACK, ReviewSheet, expected_vi, missing_groups, render_sheet


def render_overview(sheet: ReviewSheet, **more: Any) -> str:
    """The page: where the file stands, what is missing, which acts are open to this person."""
    file = sheet.file
    way = WAY_BACK if file.estimate.status is EstimateStatus.RETURNED else WAY
    return render_sheet(
        "reviews/overview.html",
        sheet,
        way=way,
        expected_words=expected_vi(file),
        missing=missing_groups(file.findings),
        **more,
    )
