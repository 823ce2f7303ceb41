"""Dossiers and papers through the procedure: written while open, sealed when signed, carried over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from finance.attachments.queries import list_attached
from finance.attachments.records import StoredFile
from finance.attachments.rules import AttachmentLimits, ScanState
from finance.attachments.store import FileStore
from finance.audit import AuditEntry, find_broken_entry
from finance.dossiers.queries import list_required_papers, read_dossiers
from finance.dossiers.records import PassedWarning, ProjectDossier, RequiredPaper
from finance.dossiers.required_papers import load_required_papers, read_required_papers
from finance.dossiers.rules import OTHER_PAPER, ConditionAnswer, Dossier, ResultCondition, RunningCost
from finance.errors import (
    NotAllowed,
    NotFound,
    NotInThisStatus,
    NotReady,
    RecordDamaged,
    RuleBroken,
    StaleVersion,
)
from finance.estimates.checking.warning_places import places_of_fields, warning_hash
from finance.estimates.completeness import version_completeness
from finance.estimates.dossier_acts import pass_warning, save_dossier
from finance.estimates.draft import EstimateDraft
from finance.estimates.operations import remove_project
from finance.estimates.paper_acts import admit_file, attach_paper, get_readable_paper, remove_paper
from finance.estimates.procedure import (
    check_estimate,
    return_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.queries import check_context, current_version, load_draft
from finance.estimates.workflow import EstimateStatus
from finance.findings import Severity
from tests.builders import Province, a_line, a_project, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, bring_to, edit_of
from tests.finance.dossiers.test_dossier_checks import WHOLE
from tests.paper_files import a_pdf

LIMITS = AttachmentLimits()


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "papers")


def attach(
    session: Session, province: Province, store: FileStore, estimate_id: int, content: bytes = a_pdf()
) -> int:
    kept = admit_file(store, "Báo giá.pdf", content, limits=LIMITS, scanner="")
    place = ("DA1", OTHER_PAPER)
    return attach_paper(session, province.preparer, estimate_id, place=place, kept=kept, limits=LIMITS)


def dossiers_of(session: Session, estimate_id: int) -> dict[str, Dossier]:
    return read_dossiers(session, current_version(session, estimate_id).id)


def test_what_is_saved_is_read_back_and_the_audit_says_which_parts(
    session: Session, province: Province
) -> None:
    estimate_id = a_saved_estimate(session, province)
    edit = save_dossier(session, province.preparer, estimate_id, dossier=WHOLE, seen_edit=2)
    assert dossiers_of(session, estimate_id) == {"DA1": WHOLE}
    assert edit == edit_of(session, estimate_id) == 3
    assert save_dossier(session, province.preparer, estimate_id, dossier=WHOLE, seen_edit=3) == 3
    entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert "mức tối thiểu" in entry.details["changes"][0]
    assert find_broken_entry(session) is None
    save_dossier(session, province.preparer, estimate_id, dossier=Dossier("DA1"), seen_edit=3)
    assert dossiers_of(session, estimate_id) == {}


def test_texts_are_tidied_and_blank_rows_left_out(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    untidy = Dossier(
        "DA1",
        minimum_reason="  Ha\u0300ng\x00 năm \u200b",
        conditions=(
            ConditionAnswer(ResultCondition.AGREEMENT),
            ConditionAnswer(ResultCondition.SCOPE, True, " a "),
        ),
        running_costs=(RunningCost("", 0, 0), RunningCost("Bảo trì", 2013, 1)),
    )
    save_dossier(session, province.preparer, estimate_id, dossier=untidy, seen_edit=2)
    stored = dossiers_of(session, estimate_id)["DA1"]
    assert stored.minimum_reason == "Hàng năm"
    assert stored.conditions == (ConditionAnswer(ResultCondition.SCOPE, is_met=True, evidence="a"),)
    assert stored.running_costs == (RunningCost("Bảo trì", 2013, 1),)


REFUSED: list[tuple[Callable[[Province], dict[str, object]], type[Exception]]] = [
    (lambda p: {"actor": p.other_preparer}, NotFound),
    (lambda p: {"actor": p.estimate_appraiser}, NotFound),
    (lambda p: {"dossier": replace(WHOLE, project_key="DA9")}, NotFound),
    (lambda p: {"seen_edit": 1}, StaleVersion),
    (lambda p: {"dossier": replace(WHOLE, minimum_reason="x" * 4001)}, RuleBroken),
    (lambda p: {"dossier": replace(WHOLE, savings_vnd=10**18)}, RuleBroken),
    (lambda p: {"dossier": replace(WHOLE, running_costs=(RunningCost("x" * 301, 2013, 1),))}, RuleBroken),
]


def test_saving_is_refused(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    for change, error in REFUSED:
        asked = {"actor": province.preparer, "dossier": WHOLE, "seen_edit": 2} | change(province)
        with pytest.raises(error):
            save_dossier(session, asked.pop("actor"), estimate_id, **asked)  # type: ignore[arg-type]
    assert dossiers_of(session, estimate_id) == {}


def test_nothing_is_written_once_the_draft_was_handed_on(
    session: Session, province: Province, store: FileStore
) -> None:
    estimate_id = a_saved_estimate(session, province)
    paper = attach(session, province, store, estimate_id)
    edit = check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    acts: list[Callable[[], object]] = [
        lambda: save_dossier(session, province.preparer, estimate_id, dossier=WHOLE, seen_edit=edit),
        lambda: attach(session, province, store, estimate_id, a_pdf("/B 2")),
        lambda: remove_paper(session, province.preparer, estimate_id, attached_id=paper, seen_edit=edit),
        lambda: pass_warning(
            session, province.preparer, estimate_id, words_hash="x", reason="vì", seen_edit=edit
        ),
    ]
    for act in acts:
        with pytest.raises(NotInThisStatus):
            act()
    assert len(list_attached(session, current_version(session, estimate_id).id)) == 1


def test_a_new_version_carries_dossiers_papers_and_reasons_and_the_sent_one_keeps_its_own(
    session: Session, province: Province, store: FileStore
) -> None:
    estimate_id = a_saved_estimate(session, province)
    save_dossier(session, province.preparer, estimate_id, dossier=WHOLE, seen_edit=2)
    attach(session, province, store, estimate_id)
    bring_on(session, province, estimate_id)
    first = current_version(session, estimate_id).id
    edit = edit_of(session, estimate_id)
    edit = return_estimate(session, province.estimate_appraiser, estimate_id, reason="Thiếu", seen_edit=edit)
    edit = revise_estimate(session, province.preparer, estimate_id, seen_edit=edit)
    second = current_version(session, estimate_id).id
    assert read_dossiers(session, second) == read_dossiers(session, first) == {"DA1": WHOLE}
    assert [row.sha256 for row in list_attached(session, second)] == [
        row.sha256 for row in list_attached(session, first)
    ]
    (copied,) = list_attached(session, second)
    remove_paper(session, province.preparer, estimate_id, attached_id=copied.id, seen_edit=edit)
    (kept,) = list_attached(session, first)
    with pytest.raises(RuleBroken):
        remove_paper(
            session,
            province.preparer,
            estimate_id,
            attached_id=kept.id,
            seen_edit=edit_of(session, estimate_id),
        )
    assert list_attached(session, first) == [kept]


def bring_on(session: Session, province: Province, estimate_id: int) -> None:
    edit = edit_of(session, estimate_id)
    edit = check_estimate(session, province.preparer, estimate_id, seen_edit=edit)
    edit = sign_estimate(session, province.head, estimate_id, seen_edit=edit)
    document = {"document_number": "12/DT-UBND", "document_on": DOCUMENT_ON}
    send_estimate(session, province.head, estimate_id, seen_edit=edit, **document)  # type: ignore[arg-type]


def test_a_dossier_changed_behind_the_signature_is_not_sent(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    edit = save_dossier(session, province.preparer, estimate_id, dossier=WHOLE, seen_edit=2)
    edit = check_estimate(session, province.preparer, estimate_id, seen_edit=edit)
    edit = sign_estimate(session, province.head, estimate_id, seen_edit=edit)
    session.execute(update(ProjectDossier).values(minimum_reason="khác"))
    with pytest.raises(RecordDamaged, match="dossiers"):
        send_estimate(
            session,
            province.head,
            estimate_id,
            document_number="12/DT",
            document_on=DOCUMENT_ON,
            seen_edit=edit,
        )


def test_a_project_taken_out_and_put_back_finds_its_dossier(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    edit = save_dossier(session, province.preparer, estimate_id, dossier=WHOLE, seen_edit=2)
    remove_project(session, province.preparer, estimate_id, project_key="DA1", seen_edit=edit)
    assert dossiers_of(session, estimate_id) == {"DA1": WHOLE}
    assert not [
        one for one in complete(session, province, estimate_id).findings if "DA1" in one.location.words
    ]


def complete(session: Session, province: Province, estimate_id: int):  # type: ignore[no-untyped-def]
    context = check_context(session, province.round_id, province.agencies["H_NHATRANG"])
    version = current_version(session, estimate_id).id
    return version_completeness(
        session, version, load_draft(session, estimate_id), context, on=date(2012, 2, 15)
    )


def test_a_warning_is_let_stand_for_a_reason_as_long_as_it_says_the_same(
    session: Session, province: Province
) -> None:
    estimate_id = a_saved_estimate(session, province)
    before = complete(session, province, estimate_id)
    (warning, *_others) = before.open_warnings
    words_hash = before.hash_of(warning)

    def give(reason: str, given_hash: str = words_hash) -> int:
        edit = edit_of(session, estimate_id)
        return pass_warning(
            session, province.preparer, estimate_id, words_hash=given_hash, reason=reason, seen_edit=edit
        )

    give("Đã thống nhất với Sở Tài chính.")
    found = complete(session, province, estimate_id)
    assert found.reason_for(warning).reason == "Đã thống nhất với Sở Tài chính."
    assert warning not in found.open_warnings
    assert warning not in found.open_findings
    give("")
    assert warning in complete(session, province, estimate_id).open_warnings
    for reason, given_hash in (("", words_hash), ("vì", "0" * 64), ("x" * 4001, words_hash)):
        with pytest.raises(RuleBroken):
            give(reason, given_hash)


def test_a_reason_kept_for_the_words_everywhere_is_parted_when_one_place_is_changed(
    session: Session, province: Province
) -> None:
    draft = EstimateDraft((a_project("DA1"), a_project("DA2", priority=2, name_vi="Dự án khác")))
    estimate_id = a_saved_estimate(session, province, draft)
    found = complete(session, province, estimate_id)
    first = next(one for one in found.open_warnings if len(found.alike(one)) == 2)
    version_id = current_version(session, estimate_id).id
    moment = province.preparer.moment.business_at
    old_hash = warning_hash(first.code, first.message_vi)
    session.add(
        PassedWarning(
            version_id=version_id,
            code=first.code,
            words_hash=old_hash,
            message_vi=first.message_vi,
            reason="Cả hai",
            passed_at=moment,
            passed_by="Ai đó",
        )
    )
    session.flush()
    assert [row.reason for _place, row in complete(session, province, estimate_id).explained] == [
        "Cả hai"
    ] * 2
    pass_warning(
        session,
        province.preparer,
        estimate_id,
        words_hash=found.hash_of(first),
        reason="Riêng chỗ này",
        seen_edit=edit_of(session, estimate_id),
    )
    reasons = {row.reason for _place, row in complete(session, province, estimate_id).explained}
    assert reasons == {"Riêng chỗ này", "Cả hai"}


def test_a_place_stays_the_same_when_a_row_is_put_in_above_it() -> None:
    one, two = a_line("In tài liệu"), a_line("Thuê hội trường")
    before = EstimateDraft((a_project(lines=(one, two)),))
    after = EstimateDraft((a_project("DA0", priority=2), a_project(lines=(two, one, one, two))))
    fields = [f"projects-{project}-lines-{line}-norm_code" for project in (0, 1) for line in range(4)]
    was, now = places_of_fields(before, fields), places_of_fields(after, fields)
    place = was["projects-0-lines-1-norm_code"]
    assert place == now["projects-1-lines-0-norm_code"]
    assert place != now["projects-1-lines-3-norm_code"], "its double is another place"
    assert place != was["projects-0-lines-0-norm_code"]
    elsewhere = ("ceilings-NST_TX", "projects-9-name_vi")
    assert places_of_fields(before, elsewhere) == dict(zip(elsewhere, elsewhere, strict=True))


def test_a_suspected_file_blocks_the_submission_and_is_not_given_out(
    session: Session, province: Province, store: FileStore
) -> None:
    estimate_id = a_saved_estimate(session, province)
    paper = attach(session, province, store, estimate_id)
    session.execute(update(StoredFile).values(scan_state=ScanState.SUSPECT))
    with pytest.raises(RuleBroken, match="nghi có mã độc"):
        get_readable_paper(session, province.preparer, estimate_id, paper)
    with pytest.raises(NotReady) as refused:
        check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    assert [one.code for one in refused.value.findings] == ["PAPER_SUSPECT"]
    with pytest.raises(RuleBroken, match="mã độc"):
        attach(session, province, store, estimate_id)


def test_papers_are_limited_and_the_same_file_twice_is_one(
    session: Session, province: Province, store: FileStore
) -> None:
    estimate_id = a_saved_estimate(session, province)
    first = attach(session, province, store, estimate_id)
    edit = edit_of(session, estimate_id)
    assert attach(session, province, store, estimate_id) == first
    assert edit_of(session, estimate_id) == edit
    kept = admit_file(store, "b.pdf", a_pdf("/B 2"), limits=LIMITS, scanner="")
    few = AttachmentLimits(project_files=1)
    with pytest.raises(RuleBroken, match="đã có 1 tệp"):
        attach_paper(
            session, province.preparer, estimate_id, place=("DA1", OTHER_PAPER), kept=kept, limits=few
        )
    with pytest.raises(RuleBroken, match="danh mục"):
        attach_paper(session, province.preparer, estimate_id, place=("DA1", "X"), kept=kept, limits=LIMITS)
    with pytest.raises(NotFound):
        attach_paper(
            session, province.preparer, estimate_id, place=("DA9", OTHER_PAPER), kept=kept, limits=LIMITS
        )


def test_who_sees_the_estimate_reads_its_papers_and_nobody_else(
    session: Session, province: Province, store: FileStore
) -> None:
    estimate_id = a_saved_estimate(session, province)
    paper = attach(session, province, store, estimate_id)
    other_id = bring_to(session, province, EstimateStatus.SENT, other=True)
    assert get_readable_paper(session, province.head, estimate_id, paper).file_name == "Báo giá.pdf"
    for actor in (province.other_preparer, province.estimate_appraiser, province.inspector):
        with pytest.raises(NotFound):
            get_readable_paper(session, actor, estimate_id, paper)
    with pytest.raises(NotFound):  # under an open file of somebody else
        get_readable_paper(session, province.estimate_appraiser, other_id, paper)
    bring_on(session, province, estimate_id)
    assert get_readable_paper(session, province.estimate_appraiser, estimate_id, paper).id == paper


def test_asked_for_papers_follow_the_day_and_block_when_the_table_says_so(
    session: Session, province: Province, store: FileStore
) -> None:
    assert load_required_papers(session, province.administrator) == (len(read_required_papers()), True)
    assert load_required_papers(session, province.administrator) == (len(read_required_papers()), False)
    with pytest.raises(NotAllowed):
        load_required_papers(session, province.preparer)
    early, late = date(2011, 1, 1), date(2017, 6, 1)
    assert list_required_papers(session, early) == []
    assert "Nghị định 163" in "".join(one.legal_reference for one in list_required_papers(session, late))
    estimate_id = a_saved_estimate(session, province)
    session.execute(
        update(RequiredPaper).where(RequiredPaper.code == "THUYET_MINH").values(severity=Severity.BLOCKS)
    )
    with pytest.raises(NotReady) as refused:
        check_estimate(session, province.preparer, estimate_id, seen_edit=2)
    assert {one.code for one in refused.value.findings} == {"PAPER_MISSING"}
