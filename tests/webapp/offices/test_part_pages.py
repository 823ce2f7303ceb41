"""A part of a co-agency from invitation to the joined estimate, by the pages of both offices."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from finance.database import transaction
from finance.estimates.draft import LineDraft
from finance.estimates.levels import LevelCode
from finance.estimates.operations import save_project
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PartStatus
from finance.estimates.procedure import send_estimate, sign_estimate
from finance.estimates.project_json import line_to_json
from finance.estimates.queries import load_draft
from finance.programme.classification import ProjectKind
from tests.builders import a_draft, a_project
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, edit_of
from tests.part_journeys import bring_part_to, submit
from tests.webapp.desks import Browser, Desks, Form, FormReader


@pytest.fixture
def estimate_id(desks: Desks) -> int:
    """Nha Trang's draft of one project of one level."""
    with transaction(desks.factory) as session:
        return a_saved_estimate(session, desks.province, a_draft(a_project()))


def invite(desks: Desks, estimate_id: int) -> str:
    """The address of the part of Khánh Vĩnh in Nha Trang's DA1."""
    officer = desks.at(desks.province.preparer)
    page = f"/du-toan/{estimate_id}/phoi-hop"
    answer = officer.send(
        f"{page}?ma=DA1",
        f"{page}/moi",
        partner_id=str(desks.province.agencies["H_KHANHVINH"]),
        words="In tài liệu cho huyện",
    )
    assert answer.status_code == 303, answer.text
    return re.findall(r"/phan-phoi-hop/\d+", officer.open(page))[-1]


def do(browser: Browser, part: str, act: str, **typed: str) -> int:
    """One act of the part's page, by its own button."""
    form = next(
        form
        for form in FormReader.forms_of(browser.open(part))
        if form.action == part and form.fields.get("act") == act
    )
    return browser.post(form, **typed).status_code


def test_two_offices_sign_one_project(desks: Desks, estimate_id: int) -> None:
    part = invite(desks, estimate_id)
    lead = desks.at(desks.province.preparer)
    partner, their_head = desks.at(desks.province.other_preparer), desks.at(desks.province.other_head)
    assert "Phần của UBND huyện Khánh Vĩnh" in partner.open("/")
    assert do(partner, part, "ACCEPT_PART") == 303
    unreadable = partner.send(part, f"{part}/luu", **{"lines-0-item_vi": "In", "lines-0-unit_price": "1.5"})
    assert unreadable.status_code == 422
    assert "1 ô chưa đọc được" in unreadable.text
    answer = partner.send(
        part,
        f"{part}/luu",
        **{
            "lines-0-item_vi": "In tài liệu",
            "lines-0-source_code": "NST_TX",
            "lines-0-unit_name": "bộ",
            "lines-0-unit_price": "200.000",
            "lines-0-quantity-1": "5",
        },
    )
    assert answer.status_code == 303, answer.text
    page = f"/du-toan/{estimate_id}"
    early = lead.open(page)
    assert "Chờ UBND huyện Khánh Vĩnh ký phần phối hợp" in early
    assert f'action="{page}/trinh"' not in early
    assert re.search(rf'href="{page}/phoi-hop#parts-\d+"', early)
    assert "Chờ UBND huyện Khánh Vĩnh ký phần phối hợp" in lead.open(f"{page}/con-thieu")
    assert "Ký" in their_head.open("/")
    assert "1.000.000" in their_head.open(part)
    assert do(their_head, part, "SIGN_PART") == 303
    signed = their_head.open(part)
    assert "Đã ký phần phối hợp." in signed
    assert "cảnh báo cần xem" in signed
    told = re.findall(r"Trình 1 dự án, ([\d.]+) đồng \([^)]+\), kể cả 1\.000\.000 đồng", lead.open(page))
    assert lead.send(page, f"{page}/trinh").status_code == 303
    after = lead.open(page)
    assert "cảnh báo cần xem" not in partner.open(part), "nobody can follow a hint any more"
    assert told[0] in after, "what was told before the click is what was handed on"
    assert "kể cả" not in after
    with desks.factory() as session:
        lines = load_draft(session, estimate_id).projects[0].lines
    assert [line.item_vi for line in lines] == ["Thuê giảng viên", "In tài liệu"]
    assert "Phần của UBND huyện Khánh Vĩnh" in lead.open(f"{page}/ban-day-du")


def test_a_part_of_many_lines_is_saved_whole_or_not_at_all(desks: Desks, estimate_id: int) -> None:
    part = invite(desks, estimate_id)
    partner = desks.at(desks.province.other_preparer)
    assert do(partner, part, "ACCEPT_PART") == 303
    with transaction(desks.factory) as session:
        row = session.get_one(ProjectPart, int(part.rsplit("/", 1)[1]))
        line = line_to_json(replace(a_project().lines[0], quantities=(1_000,)))
        row.lines = [line | {"item_vi": f"Khoản {number}"} for number in range(230)]
    sent = form_of(partner, part, f"{part}/luu")
    assert partner.post(sent, **{"lines-0-note": "đã sửa"}).status_code == 303
    with desks.factory() as session:
        assert len(session.get_one(ProjectPart, row.id).lines) == 230
    torn = form_of(partner, part, f"{part}/luu")
    for name in [name for name in torn.fields if name.startswith("lines-229-")]:
        del torn.fields[name]
    refused = partner.post(torn)
    assert refused.status_code == 422
    assert "không đủ số dòng" in refused.text
    with desks.factory() as session:
        assert len(session.get_one(ProjectPart, row.id).lines) == 230


def test_the_invitation_can_be_declined_and_withdrawn(desks: Desks, estimate_id: int) -> None:
    part = invite(desks, estimate_id)
    their_head, lead = desks.at(desks.province.other_head), desks.at(desks.province.preparer)
    assert do(their_head, part, "DECLINE_PART") == 422
    assert do(their_head, part, "DECLINE_PART", reason="Không đủ người") == 303
    assert "Không đủ người" in lead.open(f"/du-toan/{estimate_id}/phoi-hop")
    named = load_name(desks, estimate_id)
    assert named in lead.open(part)
    left = their_head.open(part)
    assert named not in left
    assert "nay chỉ cơ quan chủ trì xem" in left
    second = invite(desks, estimate_id)
    assert do(lead, second, "WITHDRAW_INVITATION", reason="Tự làm") == 303
    outsider = desks.at(desks.province.planner)
    outsider.open(second, 403)


def form_of(browser: Browser, part: str, action: str, act: str = "") -> Form:
    """A form of the part's page as it stands open on somebody's screen."""
    forms = FormReader.forms_of(browser.open(part))
    return next(form for form in forms if form.action == action and form.fields.get("act", "") == act)


def the_lead_saves(desks: Desks, estimate_id: int, **changed: object) -> None:
    with transaction(desks.factory) as session:
        project = replace(load_draft(session, estimate_id).projects[0], **changed)  # type: ignore[arg-type]
        save_project(
            session,
            desks.province.preparer,
            estimate_id,
            project=project,
            seen_edit=edit_of(session, estimate_id),
        )


def two_levels(project_line: LineDraft) -> dict[str, object]:
    """What makes of DA1 a project of two levels."""
    levels = (LevelCode.MINIMUM, LevelCode.FULL)
    return {"levels": levels, "lines": (replace(project_line, quantities=(1_000, 2_000)),), "promises": ()}


def test_a_page_older_than_the_lead_s_project_is_refused_and_loses_nothing(
    desks: Desks, estimate_id: int
) -> None:
    part = invite(desks, estimate_id)
    partner, their_head = desks.at(desks.province.other_preparer), desks.at(desks.province.other_head)
    assert do(partner, part, "ACCEPT_PART") == 303
    open_page = form_of(partner, part, f"{part}/luu")
    the_lead_saves(desks, estimate_id, name_vi="Tập huấn khác hẳn", kind=ProjectKind.SCHEME)
    typed = {"lines-0-item_vi": "In tài liệu", "lines-0-unit_price": "200.000", "lines-0-quantity-1": "5"}
    source = {"lines-0-source_code": "NST_TX", "lines-0-unit_name": "bộ"}
    refused = partner.post(open_page, **typed, **source)
    assert refused.status_code == 409
    assert "→ “Tập huấn khác hẳn”" in refused.text
    assert "Loại: “dự án” → “đề án”" in refused.text
    again = next(form for form in FormReader.forms_of(refused.text) if form.action == f"{part}/luu")
    assert {name: again.fields[name] for name in typed} == typed
    assert partner.post(again, **source).status_code == 303
    page = partner.open(part)
    assert "<dt>Loại</dt><dd>Đề án</dd>" in page
    signing = form_of(their_head, part, part, "SIGN_PART")
    the_lead_saves(desks, estimate_id, name_vi="Tên thứ ba")
    late = their_head.post(signing)
    assert late.status_code == 409
    assert "“Tập huấn khác hẳn” → “Tên thứ ba”" in late.text
    assert do(their_head, part, "SIGN_PART") == 303


def test_figures_typed_for_other_levels_stay_readable(desks: Desks, estimate_id: int) -> None:
    part = invite(desks, estimate_id)
    partner = desks.at(desks.province.other_preparer)
    assert do(partner, part, "ACCEPT_PART") == 303
    with desks.factory() as session:
        line = load_draft(session, estimate_id).projects[0].lines[0]
    the_lead_saves(desks, estimate_id, **two_levels(line))
    open_page = form_of(partner, part, f"{part}/luu")
    the_lead_saves(desks, estimate_id, levels=(LevelCode.FULL,), lines=(line,))
    typed = {"lines-0-item_vi": "In", "lines-0-unit_price": "200.000"}
    typed |= {"lines-0-quantity-1": "3", "lines-0-quantity-2": "7"}
    refused = partner.post(open_page, **typed)
    assert refused.status_code == 409
    assert "Các mức: “Tối thiểu / Đầy đủ” → “Đầy đủ”" in refused.text
    assert "Đã gõ cho mức nay không còn: Tối thiểu: 3" in refused.text
    again = next(form for form in FormReader.forms_of(refused.text) if form.action == f"{part}/luu")
    assert again.fields["lines-0-quantity-1"] == "7"
    assert partner.post(again, **{"lines-0-source_code": "NST_TX"}).status_code == 303
    page = partner.open(part)
    assert 'href="#lines-0-unit_name"' in page, "a finding leads to its box"
    assert 'id="lines-0-unit_name"' in page


def test_what_was_typed_stays_when_the_part_moved_on(desks: Desks, estimate_id: int) -> None:
    part = invite(desks, estimate_id)
    partner, lead = desks.at(desks.province.other_preparer), desks.at(desks.province.preparer)
    assert do(partner, part, "ACCEPT_PART") == 303
    open_page = form_of(partner, part, f"{part}/luu")
    typed = {"lines-0-item_vi": "In tài liệu cả năm", "lines-0-unit_price": "200.000"}
    typed |= {"lines-0-source_code": "NST_TX", "lines-0-unit_name": "bộ", "lines-0-quantity-1": "5"}
    assert partner.post(form_of(partner, part, f"{part}/luu"), **typed).status_code == 303
    late = partner.post(open_page, **(typed | {"lines-0-item_vi": "Dòng gõ muộn"}))
    assert late.status_code == 409
    assert "Dòng gõ muộn" in late.text
    assert "Dòng chi đang lưu, do người khác vừa ghi" in late.text
    assert "In tài liệu cả năm" in late.text
    assert do(lead, part, "WITHDRAW_INVITATION", reason="Tự làm") == 303
    gone = partner.post(next(f for f in FormReader.forms_of(late.text) if f.action == f"{part}/luu"))
    assert gone.status_code == 409
    assert "Dòng đã gõ, chưa được lưu" in gone.text
    assert "Dòng gõ muộn" in gone.text


def test_every_page_sets_the_lines_against_the_own_figure(desks: Desks, estimate_id: int) -> None:
    province = desks.province
    with transaction(desks.factory) as session:
        bring_part_to(session, province, estimate_id, PartStatus.SIGNED)
        theirs = a_saved_estimate(session, province, a_draft(), other=True)
        seen = submit(session, province, estimate_id)
        sent = {"document_number": "1/DT", "document_on": DOCUMENT_ON}
        seen = sign_estimate(session, province.head, estimate_id, seen_edit=seen)
        send_estimate(session, province.head, estimate_id, seen_edit=seen, **sent)
    for page in (f"/du-toan/{estimate_id}", f"/du-toan/{estimate_id}/ban-day-du"):
        lead = plain(desks.at(province.preparer).open(page))
        assert "1.250.000.000 5.000.000 1.245.000.000 5.000.000" in lead, (
            "its own lines against its own figure"
        )
        assert "UBND huyện Khánh Vĩnh Ngân sách tỉnh" in lead
        assert "640.500.000" not in lead, "another office's figure is not the lead's to read"
        reviewer = plain(desks.at(province.estimate_appraiser).open(page))
        assert "640.500.000 1.000.000 1.000.000" in reviewer
    partner = plain(desks.at(province.other_preparer).open(f"/du-toan/{theirs}"))
    assert "640.500.000 5.000.000 1.000.000 634.500.000" in partner
    beside = desks.at(province.other_preparer).open(f"/du-toan/{theirs}/du-an?ma=DA1")
    assert re.search(r'data-source="NST_TX" data-others="1000000"', beside)
    board = plain(desks.at(province.estimate_appraiser).open("/tham-dinh/bang-theo-doi"))
    assert "đã gửi 1.000.000 trong dự án của cơ quan khác" in board


def load_name(desks: Desks, estimate_id: int) -> str:
    """Name of the draft's one project."""
    with transaction(desks.factory) as session:
        return load_draft(session, estimate_id).projects[0].name_vi


def plain(page: str) -> str:
    """The words of a page without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
