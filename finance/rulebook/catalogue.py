"""Every rule a draft is held against, in words: what it is about, why, how strict it begins. Pure.

The rows stand in data/check_rules.csv, in the order people would read them. The codes are those of the
findings (`finance.estimates.*checks`); a code without a row fails the tests, and so does a row whose
strictness the checks contradict.
"""

from __future__ import annotations

from csv import DictReader
from dataclasses import dataclass
from pathlib import Path

from finance.findings import Severity
from finance.labels import LabelledEnum

_FILE = Path(__file__).parent / "data" / "check_rules.csv"


class RuleSubject(LabelledEnum):
    """What a rule looks at."""

    ESTIMATE = "ESTIMATE", "Cả dự toán"
    PROJECT = "PROJECT", "Dự án"
    LINE = "LINE", "Dòng chi"
    NORM = "NORM", "Định mức chi"
    RESULT = "RESULT", "Kết quả cam kết"
    DOSSIER = "DOSSIER", "Hồ sơ kèm dự toán"


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One rule.

    Attributes:
        code: of its findings.
        severity: what it stops unless a date says otherwise.
        basis_vi: the legal text, or that it is a rule of this program.
    """

    code: str
    subject: RuleSubject
    severity: Severity
    words_vi: str
    basis_vi: str

    @property
    def may_be_dated(self) -> bool:
        """A warning may become blocking on a date; what blocks already has nothing to become.

        A hint only informs (a source not yet certain): nobody could mend it.
        """
        return self.severity is Severity.WARNS


def _read_catalogue() -> tuple[CheckRule, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            CheckRule(
                row["code"],
                RuleSubject.of(row["subject"]),
                Severity.of(row["severity"]),
                row["words_vi"],
                row["basis_vi"],
            )
            for row in DictReader(file)
        )


CHECK_RULES: tuple[CheckRule, ...] = _read_catalogue()
RULES_BY_CODE: dict[str, CheckRule] = {rule.code: rule for rule in CHECK_RULES}
