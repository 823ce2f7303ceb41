"""What an office is told about a project that a person decided: money, departure, reason. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from finance.money import format_vnd

BY_HAND = "theo quyết định của cơ quan tổng hợp"


@dataclass(frozen=True, slots=True)
class Given:
    """Asked and appraised at the requested level, and what is given now; `level_vi` empty for nothing.

    Units:
        đồng.
    """

    asked_vnd: int
    appraised_vnd: int
    given_vnd: int
    level_vi: str

    @property
    def sentence_vi(self) -> str:
        """Asked, appraised, given, as one sentence."""
        asked, appraised = format_vnd(self.asked_vnd), format_vnd(self.appraised_vnd)
        start = f"Đề nghị {asked} đồng, thẩm định {appraised} đồng; "
        if not self.level_vi:
            return f"{start}không bố trí."
        return f"{start}bố trí {format_vnd(self.given_vnd)} đồng ở mức “{self.level_vi}”."


def adjusted_sentences(given: Given, proposed_vi: str, reason: str) -> tuple[str, str, str]:
    """Return the sentences for an award a person changed: the money, the departure, the reason.

    Args:
        given: the money.
        proposed_vi: label of the level the plan proposed, empty for none.
        reason: written by the person who changed it.
    """
    before = f"ở mức “{proposed_vi}”" if proposed_vi else "không bố trí"
    after = f"bố trí ở mức “{given.level_vi}”" if given.level_vi else "không bố trí"
    departure = f"Phương án tính toán đề xuất {before}; cơ quan tổng hợp điều chỉnh thành {after}."
    return given.sentence_vi, departure, f"Lý do điều chỉnh: {reason}"


def by_hand_sentences(given: Given, reason: str) -> tuple[str, str, str]:
    """Return the sentences for a project that cannot yet be measured, decided by hand.

    Args:
        given: the money.
        reason: written by the person who decided.
    """
    why = "Dự án chưa có kết quả đo được nên quyết định bằng tay từ phần kinh phí để riêng, không so điểm."
    return given.sentence_vi, why, f"Lý do: {reason}"
