"""What differs between two problems, one change at a time, as facts. Standard library only.

Only what can move the score of the best plan is a change; names, ranks and the reference plan are not. The
order is fixed and published, because the share of each cause in a difference depends on it:

    1 kinh phí      ceiling of each source and year, then terms of a source
    2 dự toán       cost and results of each candidate that both problems have
    3 dự án         candidates that are new or withdrawn
    4 chỉ tiêu      the weights together (they are one vector), then the terms of each output
    5 giới hạn      each floor and ceiling on a scope, whether legal minimums come first
    6 liên kết      each link between candidates
    7 trạng thái    each candidate's state, then its agency, area and place

Inside a kind changes follow each other by id. A link that only loses or gains withdrawn or new candidates is
part of that withdrawal, no change of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class CauseGroup(Enum):
    """Groups of changes, in the order in which they are made."""

    MONEY = "money"
    ESTIMATES = "estimates"
    CANDIDATES = "candidates"
    TARGETS = "targets"
    LIMITS = "limits"
    LINKS = "links"
    STATES = "states"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the group."""
        return {
            CauseGroup.MONEY: "kinh phí",
            CauseGroup.ESTIMATES: "dự toán và kết quả của dự án",
            CauseGroup.CANDIDATES: "dự án mới và dự án rút",
            CauseGroup.TARGETS: "trọng số và chỉ tiêu",
            CauseGroup.LIMITS: "giới hạn",
            CauseGroup.LINKS: "liên kết giữa các dự án",
            CauseGroup.STATES: "trạng thái của dự án",
        }[self]


class CauseKind(Enum):
    """What exactly changes, in the order in which changes of a group are made."""

    CEILING = "ceiling"
    SOURCE_TERMS = "source_terms"
    COSTS = "costs"
    RESULTS = "results"
    LEVELS = "levels"
    PRESENCE = "presence"
    WEIGHTS = "weights"
    OUTPUT_TERMS = "output_terms"
    LIMIT = "limit"
    STAGES = "stages"
    LINK = "link"
    STATE = "state"
    MARKS = "marks"

    @property
    def group(self) -> CauseGroup:
        """The group a kind belongs to."""
        return _GROUPS[self]


_GROUPS = {
    CauseKind.CEILING: CauseGroup.MONEY,
    CauseKind.SOURCE_TERMS: CauseGroup.MONEY,
    CauseKind.COSTS: CauseGroup.ESTIMATES,
    CauseKind.RESULTS: CauseGroup.ESTIMATES,
    CauseKind.LEVELS: CauseGroup.ESTIMATES,
    CauseKind.PRESENCE: CauseGroup.CANDIDATES,
    CauseKind.WEIGHTS: CauseGroup.TARGETS,
    CauseKind.OUTPUT_TERMS: CauseGroup.TARGETS,
    CauseKind.LIMIT: CauseGroup.LIMITS,
    CauseKind.STAGES: CauseGroup.LIMITS,
    CauseKind.LINK: CauseGroup.LINKS,
    CauseKind.STATE: CauseGroup.STATES,
    CauseKind.MARKS: CauseGroup.STATES,
}
_ORDER = {kind: place for place, kind in enumerate(CauseKind)}


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that differs.

    Attributes:
        subject: id of what changes: candidate, output, limit, source (and year), or the link itself.
        words: Vietnamese words: what it was and what it becomes.
    """

    kind: CauseKind
    subject: str
    words: str

    @property
    def group(self) -> CauseGroup:
        """The group the change belongs to."""
        return self.kind.group

    @property
    def place(self) -> tuple[int, str]:
        """Place in the published order."""
        return (_ORDER[self.kind], self.subject)


Key = tuple[CauseKind, str]
"""Names a change: kind and subject."""
