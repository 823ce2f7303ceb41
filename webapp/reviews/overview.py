"""The overview of a review file, also after a refused step."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

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
        expected_words=_after_approval(sheet) or expected_vi(file),
        missing=missing_groups(file.findings),
        **more,
    )


def _after_approval(sheet: ReviewSheet) -> str:
    """What a concluded file waits for once the round's allocation was signed; empty before."""
    if sheet.signed is None or sheet.file.estimate.status is not EstimateStatus.APPRAISED:
        return ""
    if sheet.missed is None:
        return _("Đã kết luận; phân bổ đã được phê duyệt (%(decision)s).", decision=sheet.signed.words_vi)
    return _(
        "Kết luận sau khi đợt đã được phê duyệt phân bổ (%(decision)s); dự án chờ đợt sau.",
        decision=sheet.signed.words_vi,
    )
