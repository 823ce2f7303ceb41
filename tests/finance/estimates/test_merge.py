"""File and web come together cell by cell: one change stands, two are asked about, nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from finance.estimates.draft import EstimateDraft, ProjectDraft, PromiseDraft, tidy_draft
from finance.estimates.draft_text import draft_from_text, draft_to_text
from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.estimates.merging.line_keys import line_key, line_number
from finance.estimates.merging.line_matching import match_lines
from finance.estimates.merging.merge import MergedDraft, merge_drafts
from finance.estimates.merging.three_ways import ABSENT, Side
from tests.builders import a_draft, a_line, a_project, a_project_of_levels

BASE = a_draft()


def keyed(draft: EstimateDraft) -> EstimateDraft:
    """The draft as a workbook holds it: every line with the key of the base's line."""
    return EstimateDraft(
        tuple(
            replace(
                project,
                lines=tuple(
                    replace(line, line_key=line_key(project.project_key, number))
                    for number, line in enumerate(project.lines, start=1)
                ),
            )
            for project in draft.projects
        )
    )


def changed(draft: EstimateDraft, key: str, **fields: Any) -> EstimateDraft:
    """The draft with these fields of one project."""
    return tidy_draft(
        EstimateDraft(tuple(replace(p, **fields) if p.project_key == key else p for p in draft.projects))
    )


def with_line(draft: EstimateDraft, key: str, index: int, **fields: Any) -> EstimateDraft:
    """The draft with these fields of one line."""
    project = next(p for p in draft.projects if p.project_key == key)
    lines = [replace(line, **fields) if at == index else line for at, line in enumerate(project.lines)]
    return changed(draft, key, lines=tuple(lines))


def project_of(merged: MergedDraft | EstimateDraft, key: str) -> ProjectDraft:
    draft = merged.draft if isinstance(merged, MergedDraft) else merged
    return next(p for p in draft.projects if p.project_key == key)


def test_one_sided_changes_of_both_sides_stand_together() -> None:
    file = with_line(keyed(BASE), "DA2", 0, unit_price_vnd=13_000_000)
    web = changed(with_line(BASE, "DA2", 0, note="theo báo giá"), "DA1", name_vi="Tên mới")
    merged = merge_drafts(BASE, file, web)
    assert merged.conflicts == ()
    line = project_of(merged, "DA2").lines[0]
    assert (line.unit_price_vnd, line.note) == (13_000_000, "theo báo giá")
    assert project_of(merged, "DA1").name_vi == "Tên mới"


def test_the_same_cell_changed_twice_is_asked_and_decided() -> None:
    file = with_line(keyed(BASE), "DA1", 0, unit_price_vnd=600_000)
    web = with_line(BASE, "DA1", 0, unit_price_vnd=700_000)
    merged = merge_drafts(BASE, file, web)
    (conflict,) = merged.open_conflicts
    assert (conflict.field, conflict.part) == ("unit_price_vnd", "Thuê giảng viên")
    assert (conflict.base, conflict.file, conflict.web) == (500_000, 600_000, 700_000)
    decided = merge_drafts(BASE, file, web, {conflict.place: Side.FILE})
    assert decided.open_conflicts == ()
    assert decided.draft == file
    assert merge_drafts(BASE, file, web, {conflict.place: Side.WEB}).draft == web


def test_a_deleted_line_that_the_other_side_changed_is_asked() -> None:
    file = changed(keyed(BASE), "DA2", lines=keyed(BASE).projects[1].lines[1:])
    web = with_line(BASE, "DA2", 0, unit_price_vnd=9)
    (conflict,) = merge_drafts(BASE, file, web).open_conflicts
    assert conflict.field == ""
    assert conflict.file is ABSENT
    assert merge_drafts(BASE, file, web, {conflict.place: Side.FILE}).draft == file
    assert merge_drafts(BASE, file, web, {conflict.place: Side.WEB}).draft == web
    assert merge_drafts(BASE, file, BASE).draft == file, "nobody changed it: it goes"


def test_a_deleted_project_that_the_other_side_changed_is_asked() -> None:
    file, web = EstimateDraft(BASE.projects[:1]), changed(BASE, "DA2", place="Xã Vĩnh Lương")
    (conflict,) = merge_drafts(BASE, file, web).open_conflicts
    assert (conflict.project_key, conflict.field) == ("DA2", "")
    assert merge_drafts(BASE, file, web, {conflict.place: Side.FILE}).draft == file


def test_a_level_taken_away_takes_no_change_of_the_other_side_with_it() -> None:
    without = a_project_of_levels(
        levels=(LevelCode.MINIMUM, LevelCode.FULL),
        lines=(
            replace(BASE.projects[1].lines[0], quantities=(2_000, 4_500)),
            replace(BASE.projects[1].lines[1], quantities=(0, 2_000)),
        ),
        promises=tuple(
            replace(p, level=1 if p.level == 1 else 2) for p in BASE.projects[1].promises if p.level != 2
        ),
    )
    file = a_draft(a_project(), without)
    assert merge_drafts(BASE, file, BASE).draft == file
    web = with_line(BASE, "DA2", 0, quantities=(2_000, 3_500, 4_500))
    (conflict,) = merge_drafts(BASE, file, web).open_conflicts
    assert conflict.field == "levels"
    assert merge_drafts(BASE, file, web, {conflict.place: Side.WEB}).draft == web
    assert merge_drafts(BASE, file, web, {conflict.place: Side.FILE}).draft == file


def test_each_side_leaving_another_level_is_asked() -> None:
    two = (LevelCode.MINIMUM, LevelCode.FULL)
    base = a_draft(a_project(levels=two, lines=(a_line(quantities=(1_000, 2_000)),)))
    file = a_draft(a_project(levels=two[:1], lines=(a_line(quantities=(1_000,)),)))
    web = a_draft(a_project(levels=two[1:], lines=(a_line(quantities=(2_000,)),)))
    places = [conflict.place for conflict in merge_drafts(base, file, web).conflicts]
    assert places == ["DA1/levels"]
    for side, wanted in ((Side.FILE, two[:1]), (Side.WEB, two[1:])):
        merged = merge_drafts(base, file, web, dict.fromkeys(places, side))
        assert project_of(merged, "DA1").levels == wanted


def test_both_add_a_project_with_the_same_key() -> None:
    mine = a_project("MOI", lines=(a_line("Thuê xe"), a_line("In tài liệu")), name_vi="Của tôi")
    theirs = a_project("MOI", lines=(a_line("In tài liệu"), a_line("Nước uống")), name_vi="Trên web")
    merged = merge_drafts(EstimateDraft(), a_draft(mine), a_draft(theirs))
    assert [conflict.field for conflict in merged.conflicts] == ["name_vi"]
    items = [line.item_vi for line in project_of(merged, "MOI").lines]
    assert sorted(items) == ["In tài liệu", "Nước uống", "Thuê xe"], "the same line is one line"


def test_moved_lines_keep_the_order_of_the_side_that_moved_them() -> None:
    lines = tuple(a_line(f"Khoản {number}", note=str(number)) for number in range(5))
    base = a_draft(a_project(lines=lines))
    turned = keyed(base).projects[0].lines[::-1]
    file = a_draft(a_project(lines=turned))
    web = a_draft(a_project(lines=(*lines[:2], a_line("Thêm"), *lines[2:])))
    merged = merge_drafts(base, file, web)
    assert merged.conflicts == ()
    shown = [line.item_vi for line in project_of(merged, "DA1").lines]
    assert shown == ["Khoản 4", "Khoản 3", "Khoản 2", "Khoản 1", "Thêm", "Khoản 0"]
    other = a_draft(a_project(lines=(lines[1], lines[0], *lines[2:])))
    (conflict,) = merge_drafts(base, file, other).open_conflicts
    assert conflict.field == "order"
    assert merge_drafts(base, file, other, {conflict.place: Side.FILE}).draft == file


def test_promises_merge_by_quantity_and_by_unit() -> None:
    promises = project_of(BASE, "DA2").promises
    file = changed(BASE, "DA2", promises=(replace(promises[0], unit_codes=("X1", "X3")), *promises[1:]))
    web = changed(BASE, "DA2", promises=(replace(promises[0], unit_codes=("X1", "X2", "X4")), *promises[1:]))
    assert project_of(merge_drafts(BASE, file, web), "DA2").promises[0].unit_codes == ("X1", "X3", "X4")
    gone = changed(BASE, "DA2", promises=promises[1:])
    (conflict,) = merge_drafts(BASE, gone, web).open_conflicts
    assert conflict.file is ABSENT
    assert merge_drafts(BASE, gone, web, {conflict.place: Side.FILE}).draft == gone


def test_lines_match_by_key_then_by_the_stated_rule() -> None:
    before = [a_line("A"), a_line("B", unit_price_vnd=7), a_line("C")]
    retyped = [replace(before[1], item_vi="Bê", line_key="DA1#2"), a_line("A", source_code="NST_DT")]
    assert match_lines(before, retyped, "DA1") == {0: 1, 1: 0}
    copied = [replace(before[2], line_key="DA1#3", note="bản sao"), replace(before[2], line_key="DA1#3")]
    assert match_lines(before, copied, "DA1") == {1: 2}, "of two rows with one key the like one is meant"
    assert match_lines(before, [replace(before[0], item_vi="Khác")], "DA1") == {0: 0}
    assert match_lines(before, [a_line("Z", unit_price_vnd=1)], "DA1") == {}
    for foreign in ("", "DA1", "DA1#x", "DA2#1", "DA1#0", "DA1#99999999", "DA1#²"):
        assert line_number(foreign, "DA1") in {None, 0}, foreign


def test_a_draft_is_written_and_read_back() -> None:
    assert draft_from_text(draft_to_text(BASE)) == BASE
    for wrong in ("", "{", "3", "[3]", "[{}]", draft_to_text(BASE).replace("500000", '"x"')):
        with pytest.raises(ValueError, match=r"draft|Expecting|char"):
            draft_from_text(wrong)


_TOKEN = re.compile(r"7[0-9]{6}7")


def tokens(value: object) -> set[str]:
    """The unmistakable figures that edits leave behind."""
    text = draft_to_text(value) if isinstance(value, EstimateDraft) else repr(value)
    return set(_TOKEN.findall(text))


class TwoSides(RuleBasedStateMachine):
    """One person works on in a file and one on the web; every edit leaves a figure of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        lines = tuple(
            a_line(f"Khoản {at}", unit_price_vnd=self.figure(), quantities=(self.figure(), self.figure()))
            for at in range(3)
        )
        two = (LevelCode.MINIMUM, LevelCode.FULL)
        promises = tuple(PromiseDraft(level, "BOI_DUONG", 2012, self.figure()) for level in (1, 2))
        self.base = a_draft(
            *(
                a_project(key, levels=two, lines=lines, promises=promises, priority=n)
                for n, key in enumerate("AB", 1)
            )
        )
        self.sides = {Side.FILE: keyed(self.base), Side.WEB: self.base}

    def figure(self) -> int:
        self.count += 1
        return 70_000_007 + 10 * self.count

    def _change(self, side: Side, pick: int, **fields: Any) -> None:
        projects = self.sides[side].projects
        if projects:
            self.sides[side] = changed(self.sides[side], projects[pick % len(projects)].project_key, **fields)

    def _project(self, side: Side, pick: int) -> ProjectDraft | None:
        projects = self.sides[side].projects
        return projects[pick % len(projects)] if projects else None

    @rule(side=st.sampled_from(Side), pick=st.integers(0, 3), name=st.sampled_from(["name_vi", "place"]))
    def change_head(self, side: Side, pick: int, name: str) -> None:
        self._change(side, pick, **{name: f"sửa {self.figure()}"})

    @rule(
        side=st.sampled_from(Side),
        pick=st.integers(0, 3),
        at=st.integers(0, 3),
        name=st.sampled_from(["item_vi", "note", "unit_price_vnd", "quantities"]),
    )
    def change_line(self, side: Side, pick: int, at: int, name: str) -> None:
        project = self._project(side, pick)
        if project is None or not project.lines:
            return
        line = project.lines[at % len(project.lines)]
        value: Any = f"sửa {self.figure()}"
        if name == "unit_price_vnd":
            value = self.figure()
        elif name == "quantities":
            place = at % len(line.quantities)
            value = (*line.quantities[:place], self.figure(), *line.quantities[place + 1 :])
        lines = list(project.lines)
        lines[at % len(lines)] = replace(line, **{name: value})
        self._change(side, pick, lines=tuple(lines))

    @rule(side=st.sampled_from(Side), pick=st.integers(0, 3), at=st.integers(0, 4))
    def add_line(self, side: Side, pick: int, at: int) -> None:
        project = self._project(side, pick)
        if project is not None:
            line = a_line(f"thêm {self.figure()}", quantities=tuple(self.figure() for _one in project.levels))
            self._change(side, pick, lines=(*project.lines[:at], line, *project.lines[at:]))

    @rule(side=st.sampled_from(Side), pick=st.integers(0, 3), at=st.integers(0, 4))
    def delete_line(self, side: Side, pick: int, at: int) -> None:
        project = self._project(side, pick)
        if project is not None:
            self._change(side, pick, lines=(*project.lines[:at], *project.lines[at + 1 :]))

    @rule(side=st.sampled_from(Side), pick=st.integers(0, 3))
    def turn_lines(self, side: Side, pick: int) -> None:
        project = self._project(side, pick)
        if project is not None:
            self._change(side, pick, lines=project.lines[::-1])

    @rule(side=st.sampled_from(Side), pick=st.integers(0, 3), at=st.integers(0, 3))
    def change_promise(self, side: Side, pick: int, at: int) -> None:
        project = self._project(side, pick)
        if project is not None and project.promises:
            promises = list(project.promises)
            promises[at % len(promises)] = replace(
                promises[at % len(promises)], quantity_thousandths=self.figure()
            )
            self._change(side, pick, promises=tuple(promises))

    @rule(side=st.sampled_from(Side), pick=st.integers(0, 3), code=st.sampled_from(LEVEL_ORDER))
    def turn_level(self, side: Side, pick: int, code: LevelCode) -> None:
        """Add the level, or take it away with everything in it."""
        project = self._project(side, pick)
        if project is None or project.levels == (code,):
            return
        levels = tuple(one for one in LEVEL_ORDER if (one in project.levels) != (one is code))
        lines = []
        for line in project.lines:
            by_level = dict(zip(project.levels, line.quantities, strict=True))
            lines.append(
                replace(line, quantities=tuple(by_level.get(one) or self.figure() for one in levels))
            )
        promises = tuple(
            replace(promise, level=levels.index(project.levels[promise.level - 1]) + 1)
            for promise in project.promises
            if project.levels[promise.level - 1] in levels
        )
        self._change(side, pick, levels=levels, lines=tuple(lines), promises=promises)

    @rule(side=st.sampled_from(Side), pick=st.integers(0, 3))
    def delete_project(self, side: Side, pick: int) -> None:
        project = self._project(side, pick)
        kept = tuple(one for one in self.sides[side].projects if one is not project)
        self.sides[side] = EstimateDraft(kept)

    @rule(side=st.sampled_from(Side), key=st.sampled_from("CD"))
    def add_project(self, side: Side, key: str) -> None:
        if all(one.project_key != key for one in self.sides[side].projects):
            lines = (a_line(f"thêm {self.figure()}", quantities=(self.figure(),)),)
            new = a_project(key, name_vi=f"thêm {self.figure()}", lines=lines, promises=())
            self.sides[side] = tidy_draft(EstimateDraft((*self.sides[side].projects, new)))

    @invariant()
    def nothing_is_lost(self) -> None:
        file, web, base = self.sides[Side.FILE], self.sides[Side.WEB], self.base
        assert merge_drafts(base, file, base) == MergedDraft(file)
        assert merge_drafts(base, base, web) == MergedDraft(web)
        places = [conflict.place for conflict in merge_drafts(base, file, web).conflicts]
        assert len(set(places)) == len(places), "a choice names one conflict"
        for side, other in ((Side.FILE, Side.WEB), (Side.WEB, Side.FILE)):
            self._check(side, other, merge_drafts(base, file, web, _Always(side)))

    def _check(self, side: Side, other: Side, merged: MergedDraft) -> None:
        assert merged.open_conflicts == ()
        own, others, old = tokens(self.sides[side]), tokens(self.sides[other]), tokens(self.base)
        stand = tokens(merged.draft)
        assert own - old <= stand, "what the chosen side did stands"
        # A line the web changed beyond recognition is a new line: it may hold old figures.
        assert not (old - own) & (stand - self._of_new_lines()), "what the chosen side took away is gone"
        asked = {one.project_key for one in merged.conflicts if one.field == "levels"}
        named = {token for one in merged.conflicts for token in tokens((one.file, one.web, one.base))}
        lost = (others - old) - stand - named
        came_back = ((old - others) & stand) - named
        assert asked or not (lost or came_back), "what the other side did stands or is asked"

    def _of_new_lines(self) -> set[str]:
        old = {one.project_key: one.lines for one in self.base.projects}
        found: set[str] = set()
        for one in self.sides[Side.WEB].projects:
            known = match_lines(old.get(one.project_key, ()), one.lines, one.project_key)
            found |= tokens([line for at, line in enumerate(one.lines) if at not in known])
        return found


class _Always(dict[str, Side]):
    """Chooses one side whatever the conflict."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.side = side

    def get(self, _place: str, _other: object = None) -> Any:
        return self.side

    def __contains__(self, _place: object) -> bool:
        return True


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(max_examples=30, stateful_step_count=10, deadline=None)


@pytest.mark.deep
class TestTwoSidesAtLength(TwoSides.TestCase):
    """The same, long enough to meet what is rare."""

    settings = settings(max_examples=1500, stateful_step_count=25, deadline=None)
