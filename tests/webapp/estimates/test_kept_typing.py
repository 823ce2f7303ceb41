"""What is typed and not saved: one row a person, never older over newer, told to others by name only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.actors import Actor
from finance.clock import Moment
from finance.database import reading, transaction
from finance.errors import NotFound, NotInThisStatus
from finance.estimates.kept_typing import (
    TypedForm,
    find_typing,
    forget_typing,
    keep_typing,
    last_sequence,
    others_typing,
)
from tests.webapp.estimates.agency_desk import Desk
from webapp.estimates.typed_base import pack_base, unpack_base
from webapp.estimates.typed_project import typed_from_pairs


def form_of(text: str) -> TypedForm:
    return [["name_vi", text]]


def keep(desk: Desk, actor: Actor, sequence: int, text: str) -> bool:
    with transaction(desk.factory) as session:
        return keep_typing(
            session,
            actor,
            desk.estimate_id,
            project_key="DA1",
            sequence=sequence,
            typed_on=2,
            form=form_of(text),
        ).is_taken


def kept_text(desk: Desk, actor: Actor) -> str | None:
    with reading(desk.factory) as session:
        kept = find_typing(session, actor, desk.estimate_id, "DA1")
    return kept.form[0][1] if kept else None


def test_an_older_letter_changes_nothing_in_whatever_order_they_come(desk: Desk) -> None:
    actor = desk.province.preparer
    start = [0]

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.integers(1, 8), min_size=1, max_size=8))
    def arrive(sequences: list[int]) -> None:
        first = start[0]
        for sequence in sequences:
            keep(desk, actor, first + sequence, str(first + sequence))
            start[0] = max(start[0], first + sequence)
        assert kept_text(desk, actor) == str(start[0])

    arrive()


def test_what_was_dropped_does_not_come_back_with_a_late_letter(desk: Desk) -> None:
    actor = desk.province.preparer
    assert keep(desk, actor, 3, "đang gõ")
    with transaction(desk.factory) as session:
        forget_typing(session, actor, desk.estimate_id, project_key="DA1")
    assert not keep(desk, actor, 4, "thư đến muộn")
    assert kept_text(desk, actor) is None
    with reading(desk.factory) as session:
        assert last_sequence(session, actor, desk.estimate_id, "DA1") == 4


def test_others_learn_who_is_typing_and_never_what(desk: Desk) -> None:
    keep(desk, desk.province.head, 1, "của thủ trưởng")
    assert kept_text(desk, desk.province.preparer) is None
    with reading(desk.factory) as session:
        names = [
            one.full_name for one in others_typing(session, desk.province.preparer, desk.estimate_id, "DA1")
        ]
        moment = desk.province.preparer.moment
        later = moment.recorded_at + timedelta(minutes=11)
        after = replace(desk.province.preparer, moment=Moment(moment.business_at, later))
        assert others_typing(session, after, desk.estimate_id, "DA1") == ()
    assert names == [desk.province.head.full_name]


def test_a_stranger_keeps_nothing_and_nobody_keeps_in_a_frozen_estimate(desk: Desk) -> None:
    with pytest.raises(NotFound):
        keep(desk, desk.province.other_preparer, 1, "lạ")
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(desk.address).text
    assert visitor.send(page, f"{desk.address}/trinh").status_code == 303
    with pytest.raises(NotInThisStatus):
        keep(desk, desk.province.preparer, 1, "muộn")


@pytest.mark.parametrize(
    "sent",
    [None, [], {"form": "x"}, {"form": [["a"]], "sequence": 1, "typed_on": 1}, {"form": [["a", 1]]}]
    + [{"form": [], "sequence": number, "typed_on": 1} for number in (-1, 1.5, True, "1", 2**40)],
)
def test_what_is_no_form_is_refused(desk: Desk, sent: object) -> None:
    desk.app.config["WTF_CSRF_ENABLED"] = False
    client = desk.visitor(desk.province.preparer).client
    assert client.post(f"{desk.address}/ban-dang-nhap", json=sent).status_code == 400


def test_the_base_a_page_carries_is_the_stored_project_or_nothing(desk: Desk) -> None:
    project = desk.draft().projects[1]
    packed = pack_base(project)
    assert unpack_base(packed) == project
    for broken in ("", "###", packed[:-8], packed[8:], pack_base(project).swapcase()):
        assert unpack_base(broken) is None


def test_a_page_made_again_counts_on_past_the_letters_of_the_page_before(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(f"{desk.address}/du-an?ma=DA2").text
    for sent, counts_from in (("3", "3"), ("-5", "0"), ("nhiều", "0"), (str(2**40), "0")):
        fields = visitor.fields(page, f"{desk.address}/du-an")
        fields.setlist("act", ["add-lines"])
        fields.setlist("kept_sequence", [sent])
        again = visitor.client.post(f"{desk.address}/du-an", data=fields).text
        assert f'data-sequence="{counts_from}"' in again


def test_kept_boxes_are_the_form_they_were(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    fields = visitor.fields(visitor.get(f"{desk.address}/du-an?ma=DA2").text, f"{desk.address}/du-an")
    typed = typed_from_pairs([list(pair) for pair in fields.items(multi=True)])
    assert typed.values["name_vi"] == desk.draft().projects[1].name_vi
    assert [line.quantities for line in typed.filled_lines] == [("2", "3", "4,5"), ("0", "1", "2")]
