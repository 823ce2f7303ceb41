"""Papers and dossiers go up with a project, leave with it, and come anew; the district's own stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from finance.attachments.queries import hashes_in_use, list_attached
from finance.dossiers.queries import read_dossiers
from finance.estimates.estimate_lookup import get_current_version
from finance.estimates.handovers import take_estimate
from finance.estimates.operations import save_draft
from finance.estimates.paper_acts import remove_paper
from finance.estimates.procedure import (
    check_estimate,
    return_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.queries import load_draft
from finance.estimates.records import Estimate
from tests.builders import Province, a_draft, a_project, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, edit_of
from tests.handover_journeys import (
    give_back,
    hand_up,
    open_again,
    put_dossier,
    put_paper,
    sign_below,
    written_below,
)
from tests.plan_journeys import Communes, communes_of

X1, X2 = "X_VINHTHANH.X1", "X_VINHTHANH.X2"


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def communes(session: Session, province: Province) -> Communes:
    return communes_of(session, province)


def evidence_of(session: Session, estimate_id: int) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Papers (project, file) and dossiers (project, words) of the version the estimate stands at."""
    version_id = get_current_version(session, session.get_one(Estimate, estimate_id)).id
    papers = sorted((paper.project_key, paper.file_name) for paper in list_attached(session, version_id))
    return papers, {key: one.minimum_reason for key, one in read_dossiers(session, version_id).items()}


def taken_with_evidence(session: Session, province: Province, communes: Communes) -> tuple[int, int, int]:
    """The district's estimate with own evidence, the commune's taken in with its, the handover."""
    upper_id = a_saved_estimate(session, province, a_draft(a_project("DA1")))
    put_paper(session, province.preparer, upper_id, "DA1", "cua-huyen.pdf")
    put_dossier(session, province.preparer, upper_id, "DA1", "của huyện")
    estimate_id = written_below(session, province, communes)
    put_paper(session, communes.officer, estimate_id, "X1", "bao-gia.pdf")
    put_paper(session, communes.officer, estimate_id, "X2", "cua-huyen.pdf")
    put_dossier(session, communes.officer, estimate_id, "X1", "của xã")
    sign_below(session, communes, estimate_id)
    handover_id = hand_up(session, province, communes, estimate_id)
    take(session, province, estimate_id, handover_id)
    return upper_id, estimate_id, handover_id


def take(session: Session, province: Province, estimate_id: int, handover_id: int) -> None:
    take_estimate(session, province.preparer, handover_id, seen_edit=edit_of(session, estimate_id))


def test_what_came_up_leaves_again_and_what_the_district_attached_stays(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id, estimate_id, handover_id = taken_with_evidence(session, province, communes)
    assert evidence_of(session, upper_id) == (
        [("DA1", "cua-huyen.pdf"), (X1, "bao-gia.pdf"), (X2, "cua-huyen.pdf")],
        {"DA1": "của huyện", X1: "của xã"},
    )
    put_paper(session, province.preparer, upper_id, X1, "y-kien-huyen.pdf")
    give_back(session, province, estimate_id, handover_id)
    own = [("DA1", "cua-huyen.pdf"), (X1, "y-kien-huyen.pdf")]
    assert evidence_of(session, upper_id) == (own, {"DA1": "của huyện"})
    # What the commune signed stays with the commune, its bytes too.
    assert evidence_of(session, estimate_id)[1] == {"X1": "của xã"}
    assert len(hashes_in_use(session)) == 3


def test_taken_again_it_brings_what_is_there_now_and_nothing_withdrawn(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id, estimate_id, handover_id = taken_with_evidence(session, province, communes)
    put_paper(session, province.preparer, upper_id, X1, "y-kien-huyen.pdf")
    # The district thinks of a paper that the commune will attach itself.
    put_paper(session, province.preparer, upper_id, X1, "bien-ban.pdf")
    give_back(session, province, estimate_id, handover_id)
    open_again(session, communes, estimate_id)
    version_id = get_current_version(session, session.get_one(Estimate, estimate_id)).id
    (old,) = [paper for paper in list_attached(session, version_id) if paper.file_name == "bao-gia.pdf"]
    officer = communes.officer
    remove_paper(session, officer, estimate_id, attached_id=old.id, seen_edit=edit_of(session, estimate_id))
    put_paper(session, officer, estimate_id, "X1", "bao-gia-moi.pdf")
    put_paper(session, officer, estimate_id, "X1", "bien-ban.pdf")
    put_dossier(session, officer, estimate_id, "X1", "xã sửa")
    one = replace(a_draft(), projects=load_draft(session, estimate_id).projects[:1])
    save_draft(session, officer, estimate_id, draft=one, seen_edit=edit_of(session, estimate_id))
    sign_below(session, communes, estimate_id)
    take(session, province, estimate_id, hand_up(session, province, communes, estimate_id))
    names = ["bao-gia-moi.pdf", "bien-ban.pdf", "y-kien-huyen.pdf"]
    assert evidence_of(session, upper_id) == (
        [("DA1", "cua-huyen.pdf"), *((X1, name) for name in names)],
        {"DA1": "của huyện", X1: "xã sửa"},
    )


def test_what_the_district_sent_keeps_its_evidence_when_the_commune_gets_its_back_later(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id, estimate_id, handover_id = taken_with_evidence(session, province, communes)
    sent = evidence_of(session, upper_id)
    first = get_current_version(session, session.get_one(Estimate, upper_id)).id
    officer, head, finance = province.preparer, province.head, province.estimate_appraiser
    check_estimate(session, officer, upper_id, seen_edit=edit_of(session, upper_id))
    sign_estimate(session, head, upper_id, seen_edit=edit_of(session, upper_id))
    document = {"document_number": "9/UBND", "document_on": DOCUMENT_ON}
    send_estimate(session, head, upper_id, **document, seen_edit=edit_of(session, upper_id))
    edit = edit_of(session, upper_id)
    return_estimate(session, finance, upper_id, reason="Xem lại phần của xã", seen_edit=edit)
    revise_estimate(session, officer, upper_id, seen_edit=edit_of(session, upper_id))
    give_back(session, province, estimate_id, handover_id)
    assert evidence_of(session, upper_id) == ([("DA1", "cua-huyen.pdf")], {"DA1": "của huyện"})
    kept = sorted((paper.project_key, paper.file_name) for paper in list_attached(session, first))
    assert (kept, sorted(read_dossiers(session, first))) == (sent[0], sorted(sent[1]))
