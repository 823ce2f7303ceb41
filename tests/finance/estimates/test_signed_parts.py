"""What is changed after a part was seen or signed is noticed before anything goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.errors import NotAllowed, RuleBroken
from finance.estimates.completeness import version_completeness
from finance.estimates.context_reader import check_context
from finance.estimates.operations import remove_project, save_draft, save_project
from finance.estimates.part_checks import partner_findings
from finance.estimates.part_operations import save_part, sign_part
from finance.estimates.parts.frame import FrameChanged, frame_differences, frame_text
from finance.estimates.parts.rules import PartStatus
from finance.estimates.procedure import sign_estimate
from finance.estimates.queries import current_version, load_draft
from finance.programme.classification import ProjectKind
from finance.rounds.records import Ceiling
from tests.builders import Province, a_ceiling, a_draft, a_line, a_project, a_project_of_levels, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, edit_of
from tests.part_journeys import (
    THEIRS,
    act,
    bring_part_to,
    edit,
    frame_of,
    invited,
    refused_because,
    save_lines,
    submit,
)

P, A = PartStatus, Action


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def estimate_id(session: Session, province: Province) -> int:
    return a_saved_estimate(session, province, a_draft(a_project()))


def signed_at_its_figure(session: Session, province: Province, estimate_id: int) -> int:
    """Khánh Vĩnh's signed part of 1.000.000 đồng from its own source, with just that control figure."""
    a_ceiling(session, province.round_id, province.agencies["H_KHANHVINH"], "NS_HUYEN", 1_000_000)
    part_id = invited(session, province, estimate_id)
    act(session, province.other_preparer, part_id, A.ACCEPT_PART)
    own = a_line("In", source_code="NS_HUYEN", unit_price_vnd=200_000, quantities=(5_000,))
    save_lines(session, province.other_preparer, part_id, own)
    act(session, province.other_head, part_id, A.SIGN_PART)
    return part_id


def lower_the_figure(session: Session, province: Province, amount_vnd: int) -> None:
    session.execute(
        update(Ceiling)
        .where(Ceiling.agency_id == province.agencies["H_KHANHVINH"])
        .values(amount_vnd=amount_vnd)
    )
    session.expire_all()


# The figures are the co-agency's own: what it may ask, and what else it drafts.
EXCEEDED = "UBND huyện Khánh Vĩnh, cộng mọi phần phối hợp: số đề nghị vượt số kiểm tra."


def test_a_figure_lowered_after_the_signature_stops_the_lead(
    session: Session, province: Province, estimate_id: int
) -> None:
    part_id = signed_at_its_figure(session, province, estimate_id)
    lower_the_figure(session, province, 999_999)
    assert refused_because(lambda: submit(session, province, estimate_id)) == [EXCEEDED]
    version_id = current_version(session, estimate_id).id
    found = partner_findings(session, version_id, load_draft(session, estimate_id), on=DOCUMENT_ON)
    assert [one.location.field for one in found] == [f"projects-0-parts-{part_id}"]
    assert found[0].location.words.startswith("Dự án DA1, phần của UBND huyện Khánh Vĩnh, nguồn ")
    lower_the_figure(session, province, 1_000_000)
    seen = submit(session, province, estimate_id)
    lower_the_figure(session, province, 999_999)
    said = refused_because(lambda: sign_estimate(session, province.head, estimate_id, seen_edit=seen))
    assert said == [EXCEEDED]
    lower_the_figure(session, province, 1_000_000)
    sign_estimate(session, province.head, estimate_id, seen_edit=seen)


def test_what_else_the_co_agency_asks_counts_against_the_same_figure(
    session: Session, province: Province, estimate_id: int
) -> None:
    signed_at_its_figure(session, province, estimate_id)
    more = a_line("Giấy", source_code="NS_HUYEN", unit_price_vnd=1, quantities=(1_000,))
    theirs = a_saved_estimate(session, province, a_draft(a_project(lines=(more,))), other=True)
    said = refused_because(lambda: submit(session, province, estimate_id))
    assert said == [EXCEEDED]
    # Another source of the co-agency is no matter of this lead's.
    a_ceiling(session, province.round_id, province.agencies["H_KHANHVINH"], "NST_TX", 0)
    other_source = replace(more, source_code="NST_TX")
    project = a_project(lines=(other_source,), kind=ProjectKind.TASK)
    save_draft(
        session,
        province.other_preparer,
        theirs,
        draft=a_draft(project),
        seen_edit=edit_of(session, theirs),
    )
    submit(session, province, estimate_id)


def test_money_for_the_pool_above_the_figure_only_warns_the_lead(
    session: Session, province: Province, estimate_id: int
) -> None:
    a_ceiling(session, province.round_id, province.agencies["H_KHANHVINH"], "NST_TX", 999_999)
    bring_part_to(session, province, estimate_id, P.SIGNED)
    version_id, draft = current_version(session, estimate_id).id, load_draft(session, estimate_id)
    found = partner_findings(session, version_id, draft, on=DOCUMENT_ON)
    assert [(one.code, one.is_blocking) for one in found] == [("CEILING_EXCEEDED_BY_POOL", False)]
    context = check_context(session, province.round_id, province.agencies["H_NHATRANG"], on=DOCUMENT_ON)
    complete = version_completeness(session, version_id, draft, context, on=DOCUMENT_ON)
    assert found[0] in complete.open_warnings
    assert found[0].message_vi.endswith("số đề nghị cao hơn số kiểm tra.")
    submit(session, province, estimate_id)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name_vi": "Tên khác"}, "Tên dự án: “Bồi dưỡng công chức một cửa (DA1)” → “Tên khác”."),
        ({"place": ""}, "Nơi làm: “Nha Trang” → “chưa ghi”."),
        ({"task_code": "2a", "target_codes": ()}, "Nhiệm vụ: “4b” → “2a”."),
        ({"promises": ()}, "năm 2012, mức đầy đủ: 100 → đã bỏ."),
        ({"kind": ProjectKind.TASK}, "Loại: “dự án” → “nhiệm vụ thường xuyên”."),
    ],
)
def test_what_the_lead_changed_unseen_is_refused_and_told(
    session: Session, province: Province, estimate_id: int, changed: dict[str, Any], said: str
) -> None:
    part_id = bring_part_to(session, province, estimate_id, P.ACCEPTED)
    seen = frame_of(session, part_id)
    project = replace(load_draft(session, estimate_id).projects[0], **changed)
    save_project(
        session, province.preparer, estimate_id, project=project, seen_edit=edit_of(session, estimate_id)
    )
    facts: dict[str, Any] = {"seen_edit": edit(session, part_id), "seen_frame": seen}
    with pytest.raises(FrameChanged, match="seen") as refused:
        sign_part(session, province.other_head, part_id, **facts)
    assert len(refused.value.differences) == 1
    assert said in refused.value.differences[0]
    assert "vẫn còn nguyên" in refused.value.sentence_vi
    with pytest.raises(FrameChanged):
        save_part(session, province.other_preparer, part_id, lines=[THEIRS], **facts)
    act(session, province.other_head, part_id, A.SIGN_PART)


@pytest.mark.parametrize("brought", ["", "{}", "[" * 5_000, '{"name_vi":1}', '{"levels":5}'])
def test_a_form_without_the_frame_signs_nothing(
    session: Session, province: Province, estimate_id: int, brought: str
) -> None:
    part_id = bring_part_to(session, province, estimate_id, P.ACCEPTED)
    with pytest.raises(FrameChanged) as refused:
        sign_part(session, province.other_head, part_id, seen_edit=edit(session, part_id), seen_frame=brought)
    assert refused.value.differences == ()


def test_a_part_of_a_project_that_is_gone_stops_the_lead(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    part_id = bring_part_to(session, province, estimate_id, P.SIGNED)
    remove_project(
        session, province.preparer, estimate_id, project_key="DA1", seen_edit=edit_of(session, estimate_id)
    )
    (said,) = refused_because(lambda: submit(session, province, estimate_id))
    assert said.startswith("Dự án DA1 đã bị xóa nhưng UBND huyện Khánh Vĩnh còn phần phối hợp")
    with pytest.raises(RuleBroken, match="đã bỏ dự án DA1"):
        act(session, province.other_head, part_id, A.SIGN_PART)


def test_of_many_changed_results_the_first_few_are_told() -> None:
    before, after = a_project_of_levels(), a_project_of_levels(promises=())
    said = list(frame_differences(frame_text(before), after, {"MOT_CUA_XA|PHONG": "Phòng làm việc"}))
    assert len(said) == 5
    assert "phòng làm việc” năm 2013, mức đầy đủ: 4 đơn vị → đã bỏ." in " ".join(said)
    assert said[-1] == "Và 2 kết quả cam kết khác đã đổi."
    other_units = replace(before.promises[0], unit_codes=("X1", "X4"))
    moved = replace(before, promises=(other_units, *before.promises[1:]))
    (one,) = frame_differences(frame_text(before), moved, {})
    assert one.endswith("danh sách đơn vị đã đổi.")


@pytest.mark.parametrize("who", ["preparer", "head"])
def test_the_lead_is_not_told_what_changed_but_that_the_part_is_not_his(
    session: Session, province: Province, estimate_id: int, who: str
) -> None:
    part_id = bring_part_to(session, province, estimate_id, P.ACCEPTED)
    actor = getattr(province, who)
    facts: dict[str, Any] = {"seen_edit": edit(session, part_id), "seen_frame": "{}"}
    with pytest.raises(NotAllowed):
        save_part(session, actor, part_id, lines=[THEIRS], **facts)
    with pytest.raises(NotAllowed):
        sign_part(session, actor, part_id, **facts)
