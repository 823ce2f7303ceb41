"""Why an attempt was refused, sorted by what the caller should do next.

FinanceError
 |- NotAllowed(actor, action, subject)   403  never retried; audited by the door
 |- NotFound(kind, key)                  404
 |- Conflict                             409  look again, then decide
 |   |- StaleVersion(seen, current)           somebody saved after the page was made
 |   '- KeyReused(key)                        one idempotency key, another content
 |- RuleBroken                           422  the person can mend it
 |   |- NotReady(findings)                    blocking findings stand in the way
 |   |- RoundClosed(stage, closed_on)         the deadline of this stage has passed
 |   |- NotInThisStatus(status, action)       the procedure has no such step here
 |   |- ReasonMissing(action)                 the act needs a written reason
 |   '- EnvelopeExceeded(envelope, total)     more money given than there is
 |- SignInRefused                        401  wrong name, wrong password or too many tries
 '- RecordDamaged(what)                  500  a check of stored facts failed: stop, do not guess

What a person typed wrong is a finding (finance/findings.py), not an error: findings are about
what was typed, errors about what was attempted. The Vietnamese page is made at the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from finance.findings import Finding


class FinanceError(Exception):
    """Root of everything finance refuses; `sentence_vi` says it to a person."""

    @property
    def sentence_vi(self) -> str:
        """One Vietnamese sentence: what was refused and how to go on."""
        return "Không thực hiện được yêu cầu."


class NotAllowed(FinanceError):
    """The actor's office does not give him this act on this subject."""

    def __init__(self, action_label: str, because: str = "") -> None:
        super().__init__(f"{action_label}: {because}")
        self.action_label = action_label
        self.because = because

    @property
    def sentence_vi(self) -> str:
        """Which act is refused and why."""
        tail = f" {self.because}" if self.because else ""
        return f"Đồng chí không có quyền “{self.action_label}” đối với hồ sơ này.{tail}"


class NotFound(FinanceError):
    """No such record, or none this person may know of (both look the same on purpose)."""

    def __init__(self, kind_vi: str, key: object) -> None:
        super().__init__(f"{kind_vi} {key}")
        self.kind_vi = kind_vi
        self.key = key

    @property
    def sentence_vi(self) -> str:
        """What was not found."""
        return f"Không tìm thấy {self.kind_vi} được yêu cầu."


class Conflict(FinanceError):
    """The world has moved since the person looked."""


class StaleVersion(Conflict):
    """Somebody saved after the page was made; `differences` says what changed."""

    def __init__(self, seen: int, current: int, differences: Sequence[str] = ()) -> None:
        super().__init__(f"seen {seen}, current {current}")
        self.seen = seen
        self.current = current
        self.differences = tuple(differences)

    @property
    def sentence_vi(self) -> str:
        """That the page is old, and that nothing typed was thrown away."""
        return (
            "Hồ sơ đã được người khác thay đổi sau khi trang này được mở. "
            "Mời xem lại nội dung mới rồi thực hiện lại; chưa có gì bị ghi đè."
        )


class KeyReused(Conflict):
    """The same idempotency key came with another content."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    @property
    def sentence_vi(self) -> str:
        """That the form was already sent with other content."""
        return "Biểu này đã được gửi trước đó với nội dung khác. Mời tải lại trang rồi thực hiện lại."


class RuleBroken(FinanceError):
    """A rule stands in the way and the person can mend it."""

    def __init__(self, sentence_vi: str) -> None:
        super().__init__(sentence_vi)
        self._sentence_vi = sentence_vi

    @property
    def sentence_vi(self) -> str:
        """The rule and the way out."""
        return self._sentence_vi


class NotReady(RuleBroken):
    """Blocking findings stand in the way of the act; all of them are carried."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"Còn {len(self.findings)} lỗi phải sửa trước khi thực hiện bước này.")


class RoundClosed(RuleBroken):
    """The deadline of this stage has passed."""

    def __init__(
        self, stage_vi: str, closed_at: datetime, closed_text: str, whom_vi: str = "cơ quan chủ trì"
    ) -> None:
        self.stage_vi = stage_vi
        self.closed_at = closed_at
        super().__init__(
            f"Đã hết hạn “{stage_vi}” ({closed_text}). Bản nháp vẫn được giữ; "
            f"muốn gửi tiếp, mời liên hệ {whom_vi} để được gia hạn."
        )


class NotInThisStatus(RuleBroken):
    """The procedure has no such step from where the file stands."""

    def __init__(self, status_vi: str, action_vi: str) -> None:
        self.status_vi = status_vi
        self.action_vi = action_vi
        super().__init__(f"Không thể “{action_vi}” khi hồ sơ đang ở trạng thái “{status_vi}”.")


class ReasonMissing(RuleBroken):
    """The act needs a written reason."""

    def __init__(self, action_vi: str, what_vi: str = "lý do") -> None:
        self.action_vi = action_vi
        super().__init__(f"Phải ghi {what_vi} khi “{action_vi}”.")


class EnvelopeExceeded(RuleBroken):
    """More money would be given than there is."""

    def __init__(self, where_vi: str, envelope_vnd: int, total_vnd: int) -> None:
        self.envelope_vnd = envelope_vnd
        self.total_vnd = total_vnd
        over = f"{total_vnd - envelope_vnd:,}".replace(",", ".")
        super().__init__(f"{where_vi}: tổng phân bổ vượt khả năng cân đối {over} đồng.")


class SignInRefused(FinanceError):
    """Wrong name, wrong password or too many tries: the three sound alike on purpose."""

    def __init__(self, wait_seconds: int = 0) -> None:
        super().__init__("sign-in refused")
        self.wait_seconds = wait_seconds

    @property
    def sentence_vi(self) -> str:
        """The same answer for an unknown name and a wrong password."""
        if self.wait_seconds:
            return f"Đã thử quá nhiều lần. Mời thử lại sau {self.wait_seconds} giây."
        return "Tên đăng nhập hoặc mật khẩu không đúng."


class RecordDamaged(FinanceError):
    """A check of stored facts failed: stop instead of going on wrongly."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    @property
    def sentence_vi(self) -> str:
        """That the system stopped itself and nobody typed anything wrong."""
        return "Dữ liệu lưu trữ không khớp khi tự kiểm tra; hệ thống đã dừng thao tác. Mời báo quản trị."
