"""What a project's dossier holds, and which papers are asked for when. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from finance.findings import Severity
from finance.labels import LabelledEnum
from finance.money import LARGEST_STORED
from finance.programme.classification import Nature, ProjectKind

OTHER_PAPER = "KHAC"  # a paper nobody asks for may always be attached
CONDITION_PREFIX = "DK_"  # evidence for one of the four conditions
LONGEST_PAPER_NAME = 200
LONGEST_PAPER_BASIS = 300
_PAPER_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


class ResultCondition(LabelledEnum):
    """The four conditions under which money may be given by result.

    Source:
        Nghị định 163/2016/NĐ-CP, Điều 11.
    """

    SCOPE = "SCOPE", "Xác định được khối lượng, số lượng, chất lượng và thời gian hoàn thành"
    COST_BASIS = "COST_BASIS", "Có căn cứ tính chi phí: định mức, mức chi hoặc giá sản phẩm tương đương"
    MONITORING = "MONITORING", "Có tiêu chí đánh giá và cách theo dõi, kiểm tra kết quả"
    AGREEMENT = "AGREEMENT", "Có văn bản thống nhất giữa bên giao và bên thực hiện"


def condition_paper(condition: ResultCondition) -> str:
    """The code under which evidence for a condition is attached."""
    return f"{CONDITION_PREFIX}{condition.value}"


class Continuity(LabelledEnum):
    """Whether a project was funded in earlier years."""

    UNSAID = "UNSAID", "chưa trả lời"
    NEW = "NEW", "dự án mới"
    CONTINUING = "CONTINUING", "tiếp tục từ năm trước"


class AfterCosts(LabelledEnum):
    """Whether running costs remain when the project has ended."""

    UNSAID = "UNSAID", "chưa trả lời"
    NONE = "NONE", "không phát sinh"
    SOME = "SOME", "có phát sinh hằng năm"


class OutturnKind(LabelledEnum):
    """The three columns of earlier years in the official form, for fiscal year n."""

    ACTUAL = "ACTUAL", "thực hiện"
    APPROVED = "APPROVED", "dự toán được giao"
    ESTIMATED = "ESTIMATED", "ước thực hiện"


# How many years before the fiscal year each column lies.
YEARS_BEFORE: dict[OutturnKind, int] = {
    OutturnKind.ACTUAL: 2,
    OutturnKind.APPROVED: 1,
    OutturnKind.ESTIMATED: 1,
}


@dataclass(frozen=True, slots=True)
class ConditionAnswer:
    """One condition: met or not (None: not answered), with the evidence in words."""

    condition: ResultCondition
    is_met: bool | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class OutputEvidence:
    """What stands behind one promised result; its target by year is the promise itself.

    Attributes:
        is_unmeasured: nobody has measured the baseline yet, said on purpose.

    Units:
        `baseline_thousandths` in thousandths of the result's unit.
    """

    output_code: str
    is_unmeasured: bool = False
    baseline_thousandths: int | None = None
    baseline_on: date | None = None
    baseline_source: str = ""
    data_source: str = ""
    verification: str = ""
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class OutturnFigure:
    """Money of an earlier year, with the day and the way it was established.

    Units:
        `amount_vnd` in đồng.
    """

    kind: OutturnKind
    amount_vnd: int
    cut_off_on: date | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class RunningCost:
    """A cost that stays when the project has ended.

    Units:
        `amount_vnd` in đồng a year, from `first_year` on.
    """

    item_vi: str
    first_year: int
    amount_vnd: int
    source_vi: str = ""
    payer_vi: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that proves one project's request, besides its papers.

    Attributes:
        minimum_level: code of the lowest level at which the project is worth doing; empty: not named.

    Units:
        `savings_vnd` in đồng a year.
    """

    project_key: str
    minimum_level: str = ""
    minimum_reason: str = ""
    continuity: Continuity = Continuity.UNSAID
    after_costs: AfterCosts = AfterCosts.UNSAID
    savings_vnd: int | None = None
    savings_note: str = ""
    conditions: tuple[ConditionAnswer, ...] = ()
    outputs: tuple[OutputEvidence, ...] = ()
    outturns: tuple[OutturnFigure, ...] = ()
    running_costs: tuple[RunningCost, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing was said yet."""
        return self == Dossier(self.project_key)

    def answer_to(self, condition: ResultCondition) -> ConditionAnswer:
        """What was answered, or that nothing was."""
        found = (answer for answer in self.conditions if answer.condition is condition)
        return next(found, ConditionAnswer(condition))

    def evidence_of(self, output_code: str) -> OutputEvidence:
        """What stands behind a result, or nothing yet."""
        found = (evidence for evidence in self.outputs if evidence.output_code == output_code)
        return next(found, OutputEvidence(output_code))

    def outturn_of(self, kind: OutturnKind) -> OutturnFigure | None:
        """The figure of an earlier year, or None."""
        return next((figure for figure in self.outturns if figure.kind is kind), None)


@dataclass(frozen=True, slots=True)
class PaperRequirement:
    """A paper that projects of some kind must attach, between two dates.

    Attributes:
        project_kind: None for every kind.
        nature: money the threshold counts; None for all of it.
        only_continuing: asked of projects that go on from an earlier year alone.

    Units:
        `least_vnd` in đồng asked at the requested level, over all years.
    """

    code: str
    name_vi: str
    project_kind: ProjectKind | None
    nature: Nature | None
    least_vnd: int
    only_continuing: bool
    severity: Severity
    valid_from: date
    valid_to: date | None
    legal_reference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaperFact:
    """What the checks know of an attached file."""

    paper_code: str
    file_name: str
    is_suspect: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class PromisedResult:
    """A result the project promises, once, whatever its levels and years."""

    code: str
    name_vi: str
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class DossierSubject:
    """What a dossier is held against: one project of the draft.

    Attributes:
        prefix: beginning of its field names, such as ``projects-0-``.
        words: the project as people name it.
        competes: it asks for the pool, which is divided by results.
        exceeds_ceiling: the estimate asks more of some source than the control figure.
        levels: codes from least to most.

    Units:
        `asked_vnd` in đồng by nature, at the requested level over all years.
    """

    project_key: str
    prefix: str
    words: str
    kind: ProjectKind
    competes: bool
    exceeds_ceiling: bool
    levels: tuple[str, ...]
    results: tuple[PromisedResult, ...]
    asked_vnd: Mapping[Nature, int] = field(default_factory=dict)


def required_papers(
    subject: DossierSubject, continuity: Continuity, requirements: Iterable[PaperRequirement]
) -> list[PaperRequirement]:
    """The papers this project must attach, in the table's order.

    Args:
        subject: the project.
        continuity: as its dossier says.
        requirements: those in force on the day.
    """
    return [one for one in requirements if _is_asked_of(one, subject, continuity)]


def _is_asked_of(one: PaperRequirement, subject: DossierSubject, continuity: Continuity) -> bool:
    if one.project_kind is not None and one.project_kind is not subject.kind:
        return False
    if one.only_continuing and continuity is not Continuity.CONTINUING:
        return False
    of_nature = subject.asked_vnd.get(one.nature, 0) if one.nature else 0
    counted = of_nature if one.nature else sum(subject.asked_vnd.values())
    return counted > 0 and counted >= one.least_vnd


def paper_problem(new: PaperRequirement, today: date) -> str:
    """What is wrong with a new row of the table of papers, in one sentence; empty when it is sound.

    Args:
        new: the row, tidied.
        today: business date; nobody is asked for a paper backwards.
    """
    if not _PAPER_CODE.fullmatch(new.code):
        return "Mã giấy tờ gồm chữ in không dấu, chữ số và dấu gạch dưới, ví dụ BAO_GIA; dài nhất 40 ký tự."
    if new.code == OTHER_PAPER or new.code.startswith(CONDITION_PREFIX):
        return f"Mã {OTHER_PAPER} và mã bắt đầu bằng {CONDITION_PREFIX} dành cho giấy tờ khác."
    if not new.name_vi or len(new.name_vi) > LONGEST_PAPER_NAME:
        return f"Tên giấy tờ không được để trống và dài nhất {LONGEST_PAPER_NAME} ký tự."
    if not new.legal_reference or len(new.legal_reference) > LONGEST_PAPER_BASIS:
        return f"Căn cứ không được để trống và dài nhất {LONGEST_PAPER_BASIS} ký tự."
    if not 0 <= new.least_vnd <= LARGEST_STORED:
        return "Ngưỡng số tiền không được âm hoặc quá lớn."
    if new.valid_from < today:
        return "Ngày bắt đầu không được ở quá khứ: cơ quan lập dự toán phải được báo trước."
    if new.valid_to is not None and new.valid_to < new.valid_from:
        return "Ngày cuối không được trước ngày bắt đầu."
    return ""
