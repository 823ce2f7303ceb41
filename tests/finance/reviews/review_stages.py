"""An estimate of Nha Trang brought to each stage of the review, by the acts people use."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from finance.actors import Function
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.procedure import (
    begin_content_appraisal,
    check_estimate,
    receive_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.records import Estimate
from finance.programme.classification import ProjectKind
from finance.reviews.figures import AppraisedLine, AppraisedProject, AppraisedPromise
from finance.reviews.operations import (
    accept_rest,
    accept_rest_outputs,
    appraise_line,
    conclude_appraisal,
    give_opinion,
    pass_content,
)
from finance.reviews.queries import appraised_projects, current_version_id
from finance.reviews.rules import CutReason, Verdict
from tests.builders import Province, a_line, a_project, a_project_of_levels

DOCUMENT_ON = date(2012, 2, 14)


def three_projects() -> tuple[ProjectDraft, ...]:
    """One small project, one of three levels, and a routine task paid by the district."""
    routine = a_project(
        "NV3",
        priority=3,
        name_vi="Trực bộ phận một cửa",
        kind=ProjectKind.TASK,
        lines=(a_line("Văn phòng phẩm", source_code="NS_HUYEN"),),
    )
    return a_project(), a_project_of_levels(), routine


def edit_of(session: Session, estimate_id: int) -> int:
    """The edit number a page made now would carry."""
    return session.get_one(Estimate, estimate_id).edit_number


def projects_of(session: Session, estimate_id: int) -> list[AppraisedProject]:
    """The projects of the current version, asked beside appraised."""
    return appraised_projects(session, current_version_id(session, estimate_id))


def sent(session: Session, province: Province, *projects: ProjectDraft) -> int:
    """An estimate on its way: prepared, signed and sent by Nha Trang."""
    agency_id = province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, province.preparer, round_id=province.round_id, agency_id=agency_id)
    draft = EstimateDraft(projects or three_projects())
    save_draft(session, province.preparer, estimate_id, draft=draft, seen_edit=edit_of(session, estimate_id))
    check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    sign_estimate(session, province.head, estimate_id, seen_edit=edit_of(session, estimate_id))
    send_estimate(
        session,
        province.head,
        estimate_id,
        document_number="12/UBND-NV",
        document_on=DOCUMENT_ON,
        seen_edit=edit_of(session, estimate_id),
    )
    return estimate_id


def in_content_appraisal(session: Session, province: Province, *projects: ProjectDraft) -> int:
    """Received by finance and opened by home affairs."""
    estimate_id = sent(session, province, *projects)
    receive_estimate(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    begin_content_appraisal(
        session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    return estimate_id


def give_content(
    session: Session, province: Province, estimate_id: int, verdicts: dict[str, Verdict] | None = None
) -> None:
    """A content opinion on every project: agreement unless said otherwise by project key."""
    for one in projects_of(session, estimate_id):
        verdict = (verdicts or {}).get(one.project.project_key, Verdict.AGREE)
        give_opinion(
            session,
            province.content_appraiser,
            one.project.id,
            function=Function.CONTENT_APPRAISAL,
            verdict=verdict,
            words="" if verdict is Verdict.AGREE else "Trùng với nhiệm vụ khác.",
            seen_edit=edit_of(session, estimate_id),
        )


def in_estimate_appraisal(
    session: Session, province: Province, *projects: ProjectDraft, verdicts: dict[str, Verdict] | None = None
) -> int:
    """Content passed; the money is being judged."""
    estimate_id = in_content_appraisal(session, province, *projects)
    give_content(session, province, estimate_id, verdicts)
    pass_content(session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    return estimate_id


def judge_all(session: Session, province: Province, estimate_id: int) -> None:
    """Every line and promise not yet judged is accepted; every pool project gets its opinion."""
    appraiser = province.estimate_appraiser
    accept_rest(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    accept_rest_outputs(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    for one in projects_of(session, estimate_id):
        if one.is_pool:
            give_opinion(
                session,
                province.planner,
                one.project.id,
                function=Function.ALLOCATION_CONSOLIDATION,
                verdict=Verdict.AGREE,
                words="",
                seen_edit=edit_of(session, estimate_id),
            )


def appraised(
    session: Session, province: Province, *projects: ProjectDraft, verdicts: dict[str, Verdict] | None = None
) -> int:
    """Judged as asked, and concluded."""
    estimate_id = in_estimate_appraisal(session, province, *projects, verdicts=verdicts)
    judge_all(session, province, estimate_id)
    conclude_appraisal(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    return estimate_id


def project_of(session: Session, estimate_id: int, key: str) -> AppraisedProject:
    return next(one for one in projects_of(session, estimate_id) if one.project.project_key == key)


def line_of(session: Session, estimate_id: int, key: str, place: int = 0) -> AppraisedLine:
    return project_of(session, estimate_id, key).lines[place]


def promise_of(session: Session, estimate_id: int, key: str, place: int = 0) -> AppraisedPromise:
    return project_of(session, estimate_id, key).promises[place]


def cut_computers(session: Session, province: Province, estimate_id: int, price: int = 10_000_001) -> int:
    return appraise_line(
        session,
        province.estimate_appraiser,
        line_of(session, estimate_id, "DA2").line.id,
        unit_price_vnd=price,
        quantities_thousandths={},
        reason=CutReason.ABOVE_NORM,
        words="Vượt định mức trang bị.",
    )
