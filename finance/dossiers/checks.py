"""Everything there is to say about a project's dossier, as pure functions over plain data.

New rules begin as warnings or hints; only a file that a scanner suspects blocks by itself. Nothing is
said twice: a dossier nobody has begun is one finding, not one for each of its boxes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from finance.dossiers.rules import (
    YEARS_BEFORE,
    AfterCosts,
    Continuity,
    Dossier,
    DossierSubject,
    OutturnKind,
    PaperFact,
    PaperRequirement,
    PromisedResult,
    ResultCondition,
    condition_paper,
    required_papers,
)
from finance.findings import Finding, Location, Severity

# What a requirement rests on, by the first fiscal year it is cited for.
CONDITIONS_LAW = {
    0: "QĐ 3377/QĐ-UBND (2011), mục III.5.b",
    2017: "Nghị định 163/2016/NĐ-CP, Điều 11",
}
MINIMUM_LAW = {
    0: "",
    2018: "Thông tư 69/2017/TT-BTC, Điều 16 khoản 3 điểm b",
}


def law_of(laws: Mapping[int, str], fiscal_year: int) -> str:
    """The text a requirement rests on in a fiscal year.

    Args:
        laws: texts by the first fiscal year they are cited for.
        fiscal_year: year n of the round.
    """
    return laws[max(first for first in laws if first <= fiscal_year)]


def check_dossier(
    subject: DossierSubject,
    dossier: Dossier,
    papers: Sequence[PaperFact],
    requirements: Sequence[PaperRequirement],
    fiscal_year: int,
) -> list[Finding]:
    """What is missing or odd in the dossier of one project.

    Args:
        subject: the project as the draft has it.
        dossier: what was said; an empty one when nothing was.
        papers: its attached files.
        requirements: papers asked for on the day.
        fiscal_year: year n of the round.
    """
    findings = list(_check_files(subject, papers))
    findings += _check_required(subject, dossier, papers, requirements)
    if dossier.is_empty:
        findings += _check_begun(subject)
        return findings
    findings += _check_conditions(subject, dossier, papers, law_of(CONDITIONS_LAW, fiscal_year))
    for index, result in enumerate(subject.results):
        findings += _check_result(subject, dossier, result, index)
    findings += _check_minimum(subject, dossier, law_of(MINIMUM_LAW, fiscal_year))
    findings += _check_outturn(subject, dossier, fiscal_year)
    findings += _check_after(subject, dossier)
    return findings


def _check_begun(subject: DossierSubject) -> Iterator[Finding]:
    severity = Severity.WARNS if subject.competes else Severity.HINTS
    yield _finding(
        "DOSSIER_EMPTY",
        severity,
        _at(subject, "conditions", "Hồ sơ"),
        "Chưa có hồ sơ chứng minh đề nghị.",
        "Mở trang Hồ sơ của dự án: điều kiện theo kết quả, hiện trạng, mức tối thiểu, chi phí về sau.",
    )


def _check_conditions(
    subject: DossierSubject, dossier: Dossier, papers: Sequence[PaperFact], law: str
) -> Iterator[Finding]:
    """The four conditions of money by result, each with evidence in words or on paper."""
    attached = {paper.paper_code for paper in papers if not paper.is_suspect}
    for condition in ResultCondition:
        answer = dossier.answer_to(condition)
        place = _at(subject, f"condition-{condition.value}", f"Hồ sơ, điều kiện “{condition.label_vi}”")
        if answer.is_met is None:
            yield _finding(
                "RESULT_CONDITION_UNSAID",
                Severity.HINTS,
                place,
                f"Chưa trả lời điều kiện phân bổ theo kết quả ({law}).",
            )
        elif answer.is_met and not (answer.evidence or condition_paper(condition) in attached):
            yield _finding(
                "RESULT_CONDITION_NO_EVIDENCE",
                Severity.WARNS,
                place,
                "Trả lời “có” nhưng chưa nêu bằng chứng.",
                "Ghi rõ số liệu, văn bản hoặc tệp đính kèm chứng minh.",
            )
        elif not answer.is_met and subject.competes:
            yield _finding(
                "RESULT_CONDITION_NOT_MET",
                Severity.HINTS,
                place,
                f"Chưa đạt một điều kiện phân bổ theo kết quả ({law}); "
                "cơ quan thẩm định sẽ xem dự án theo cách lập dự toán thông thường.",
            )


def _check_result(
    subject: DossierSubject, dossier: Dossier, result: PromisedResult, index: int
) -> Iterator[Finding]:
    """Baseline and way of verification of one promised result."""
    evidence, words = dossier.evidence_of(result.code), f"Hồ sơ, kết quả “{result.name_vi}”"
    baseline = _at(subject, f"outputs-{index}-baseline", words)
    if evidence.is_unmeasured:
        yield _finding(
            "BASELINE_UNMEASURED",
            Severity.HINTS,
            baseline,
            "Hiện trạng được ghi là chưa đo được; kết quả đạt thêm sẽ khó chứng minh.",
            "Nêu khi nào và bằng cách nào sẽ đo.",
        )
    elif evidence.baseline_thousandths is None:
        yield _finding(
            "BASELINE_MISSING",
            Severity.WARNS,
            baseline,
            "Chưa có số liệu hiện trạng.",
            "Ghi số liệu, hoặc đánh dấu “chưa đo được”.",
        )
    elif evidence.baseline_on is None or not evidence.baseline_source:
        yield _finding(
            "BASELINE_UNSOURCED",
            Severity.WARNS,
            baseline,
            "Số liệu hiện trạng chưa có ngày hoặc nguồn.",
            "Ghi ngày của số liệu và báo cáo, văn bản nêu số liệu đó.",
        )
    missing = [
        words_vi
        for text, words_vi in (
            (evidence.data_source, "nguồn số liệu"),
            (evidence.verification, "cách kiểm chứng"),
            (evidence.responsible, "người chịu trách nhiệm"),
        )
        if not text
    ]
    if missing:
        place = _at(subject, f"outputs-{index}-data_source", words)
        yield _finding(
            "VERIFICATION_MISSING", Severity.WARNS, place, f"Chưa nêu {', '.join(missing)} của kết quả."
        )


def _check_minimum(subject: DossierSubject, dossier: Dossier, law: str) -> Iterator[Finding]:
    """The level below which the project is not worth doing, and why."""
    severity = Severity.WARNS if subject.exceeds_ceiling else Severity.HINTS
    place = _at(subject, "minimum_level", "Hồ sơ, mức tối thiểu")
    if not dossier.minimum_level:
        yield _finding(
            "MINIMUM_LEVEL_UNNAMED",
            severity,
            place,
            "Chưa chọn mức tối thiểu còn làm được; cần khi nhu cầu vượt số kiểm tra"
            f"{f' ({law})' if law else ''}.",
            "Thường là mức thấp nhất của dự án.",
        )
    elif dossier.minimum_level not in subject.levels:
        yield _finding(
            "MINIMUM_LEVEL_GONE", Severity.WARNS, place, "Mức tối thiểu đã chọn không còn trong dự án."
        )
    elif not dossier.minimum_reason:
        yield _finding(
            "MINIMUM_REASON_MISSING",
            severity,
            _at(subject, "minimum_reason", "Hồ sơ, mức tối thiểu"),
            "Chưa nêu vì sao không thể làm nhỏ hơn mức tối thiểu.",
        )


def _check_outturn(subject: DossierSubject, dossier: Dossier, fiscal_year: int) -> Iterator[Finding]:
    """Money of earlier years of a project that goes on."""
    if dossier.continuity is Continuity.UNSAID:
        yield _finding(
            "CONTINUITY_UNSAID",
            Severity.HINTS,
            _at(subject, "continuity", "Hồ sơ, các năm trước"),
            "Chưa cho biết dự án mới hay tiếp tục từ năm trước.",
        )
    if dossier.continuity is not Continuity.CONTINUING:
        return
    for kind in OutturnKind:
        figure = dossier.outturn_of(kind)
        column = f"{kind.label_vi} năm {fiscal_year - YEARS_BEFORE[kind]}"
        if figure is None:
            place = _at(subject, f"outturn-{kind.value}-amount", f"Hồ sơ, {column}")
            yield _finding("OUTTURN_MISSING", Severity.WARNS, place, f"Dự án tiếp tục chưa có số {column}.")
        elif figure.cut_off_on is None or not figure.method:
            place = _at(subject, f"outturn-{kind.value}-cut_off", f"Hồ sơ, {column}")
            yield _finding(
                "OUTTURN_BASIS_MISSING",
                Severity.WARNS,
                place,
                f"Số {column} chưa có ngày chốt số liệu hoặc cách tính.",
                "Ghi ngày chốt và căn cứ, ví dụ: đối chiếu Kho bạc đến ngày 30/09.",
            )


def _check_after(subject: DossierSubject, dossier: Dossier) -> Iterator[Finding]:
    """Running costs once the project has ended."""
    place = _at(subject, "after_costs", "Hồ sơ, chi phí sau dự án")
    if dossier.after_costs is AfterCosts.UNSAID:
        yield _finding(
            "AFTER_COSTS_UNSAID",
            Severity.HINTS,
            place,
            "Chưa cho biết sau khi kết thúc có phát sinh chi phí hằng năm không.",
        )
    elif dossier.after_costs is AfterCosts.SOME and not dossier.running_costs:
        yield _finding(
            "AFTER_COSTS_EMPTY", Severity.WARNS, place, "Có chi phí hằng năm về sau nhưng chưa kê khoản nào."
        )
    for index, cost in enumerate(dossier.running_costs):
        if not (cost.source_vi and cost.payer_vi):
            yield _finding(
                "AFTER_COSTS_UNPAID",
                Severity.WARNS,
                _at(subject, f"costs-{index}-source", f"Hồ sơ, chi phí sau dự án, khoản {index + 1}"),
                "Chi phí về sau chưa nêu nguồn hoặc cơ quan chi trả.",
            )


def _check_required(
    subject: DossierSubject,
    dossier: Dossier,
    papers: Sequence[PaperFact],
    requirements: Sequence[PaperRequirement],
) -> Iterator[Finding]:
    """Papers the table asks for."""
    attached = {paper.paper_code for paper in papers if not paper.is_suspect}
    for one in required_papers(subject, dossier.continuity, requirements):
        if one.code not in attached:
            place = _at(subject, f"paper-{one.code}", f"Hồ sơ, giấy tờ “{one.name_vi}”")
            said = f"Chưa đính kèm “{one.name_vi}” ({one.legal_reference})."
            yield _finding("PAPER_MISSING", one.severity, place, said)


def _check_files(subject: DossierSubject, papers: Sequence[PaperFact]) -> Iterator[Finding]:
    """What the scanner said of the attached files."""
    place = _at(subject, "papers", "Hồ sơ, giấy tờ")
    for paper in papers:
        if paper.is_suspect:
            yield _finding(
                "PAPER_SUSPECT",
                Severity.BLOCKS,
                place,
                f"Tệp “{paper.file_name}” bị nghi có mã độc.",
                "Gỡ tệp, quét máy của người lập, rồi đính kèm bản sạch.",
            )
        elif paper.is_waiting:
            yield _finding(
                "PAPER_WAITING", Severity.WARNS, place, f"Tệp “{paper.file_name}” chưa quét mã độc xong."
            )


def _at(subject: DossierSubject, box: str, words: str) -> Location:
    return Location(field=f"{subject.prefix}dossier-{box}", words=f"{subject.words}, {words}")


def _finding(code: str, severity: Severity, place: Location, message_vi: str, remedy_vi: str = "") -> Finding:
    return Finding(code, severity, message_vi, place, remedy_vi)
