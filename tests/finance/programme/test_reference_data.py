"""The project's reference files against lists written by hand from the decision, and against its text.

The text itself is not in the repository: set PHANBO_REFERENCE to the folder that holds it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from finance.actors import Function
from finance.programme.classification import BodyRole, OutputKind
from finance.programme.reference_files import read_norms
from finance.programme.reference_set import ReferenceSet, read_reference_set
from finance.vietnamese.collation import sort_key
from finance.vietnamese.normal import nfc

# Written by hand from sections II and III.6.a: code, operator, number (empty: the text has none), year,
# quarter, line, and the words at that line that carry the number and, where it is stated there, the year.
TARGETS = """
II.1.a.1  done -   2015 - 13 hợp pháp
II.1.a.2  done 1   2013 - 14 Đến năm 2013 | thu hút đầu tư
II.1.a.3  done 1   2013 - 14 Đến năm 2013 | tái định cư
II.1.a.4  done 1   2013 - 14 Đến năm 2013 | dự toán ngân sách
II.1.b.1  done 1   2012 - 15 năm 2012
II.1.c.1  done -   2015 - 16 xã hội hóa
II.1.d.1  done -   2015 - 17 cắt giảm
II.1.d.2  gte  15  2013 - 17 Đến năm 2013 | tối thiểu 15%
II.1.đ.1  done -   2015 - 18 cơ sở dữ liệu quốc gia
II.1.đ.2  eq   100 2015 - 19 Đến năm 2015 | toàn bộ
II.1.e.1  eq   100 2015 - 20 Toàn bộ
II.1.g.1  done -   2015 - 21 chồng chéo
II.1.h.1  eq   100 2013 - 22 Đến năm 2013 | 100% | Trường Sa
II.1.h.2  gte  50  2015 - 22 tối thiểu 50%
II.1.h.3  gte  75  2015 - 22 tối thiểu | 75%
II.1.h.4  gte  30  2015 - 22 tối thiểu | 30%
II.1.h.5  gt   70  2015 - 23 trên 70% | năm 2015
II.1.i.1  gt   60  2015 - 24 trên 60% | năm 2015
II.1.k.1  eq   50  2015 - 25 50%
II.1.k.2  eq   100 2015 - 25 100%
II.1.k.3  gt   80  2015 - 25 trên 80%
II.1.l.1  done 1   2013 - 26 Đến năm 2013
II.1.l.2  eq   100 2015 - 27 Tất cả
II.1.m.1  done 100 2015 - 28 Hoàn thành | trụ sở
II.1.m.2  done -   2015 - 28 trang thiết bị
II.2.a.1  done -   2020 - 30 kinh tế thị trường
II.2.b.1  done -   2020 - 31 quy hoạch
II.2.c.1  done -   2020 - 32 chất lượng phục vụ
II.2.c.2  gte  50  2020 - 33 tối thiểu 50% | năm 2020
II.2.d.1  done -   2020 - 34 giám sát
II.2.đ.1  done -   2020 - 35 cải cách cơ bản
II.2.đ.2  gt   80  2020 - 35 trên 80% | năm 2020
II.2.e.1  done 1   2016 - 36 Từ năm 2016
II.2.g.1  done 1   2017 - 37 Đến năm 2017
II.2.g.2  done 1   2020 - 37 Đến năm 2020
II.2.h.1  gt   80  2020 - 38 trên 80% | năm 2020
II.2.i.1  gt   80  2020 - 39 trên 80% | năm 2020
II.2.k.1  done -   2020 - 40 Đến năm 2020
II.2.k.2  eq   100 2020 - 40 Đến năm 2020 | 100%
II.2.l.1  done 1   2020 - 41 Đến năm 2020
II.2.m.1  eq   90  2020 - 42 Đến năm 2020 | 90%
II.2.m.2  gte  -   2020 - 42 Đến năm 2020 | hầu hết
II.2.m.3  gte  -   2020 - 43 Hầu hết | mức độ 4
II.2.n.1  done -   2020 - 44 Trụ sở
III.6.a.1 eq   5   2012 2 83 05 Sở | quý II/2012
III.6.a.2 eq   14  2012 2 83 14 đơn vị cấp xã | quý II/2012
III.6.a.3 done 1   2012 - 83 trong năm 2012 | Trung tâm dữ liệu
"""

# Written by hand from the annex: code, first and last year, lines, leading bodies, words of its lines that
# carry the last year (none where the annex states no date).
TASKS = """
1a 2012 2013 156-165 SKHDT | năm 2012 - 2013
1b -    2012 168-169 STP | quý III/2012
1c 2012 2013 172-175 SKHDT | 2012 – 2013
2a 2012 2015 182-185 VP_UBND | 2012 – 2015
2b -    -    188-193 VP_UBND
3a -    2012 200-209 SNV | Trong năm 2012
3b 2013 2013 212-215 SNV | Trong năm 2013
3c -    2012 218-227 SNV | quý II năm 2012
3d 2012 2015 230-236 SYT SLDTBXH SNNPTNT SGDDT SVHTTDL STNMT SCT SKHDT | đến năm 2015
4a -    -    243-247 G_CQCM
4b -    -    250-253 SNV
4c -    -    256-257 SNV
4d -    -    260-265 STC
4đ -    -    268-269 SNV
5a -    -    276-277 STC
5b 2012 2012 280-281 STC | Trong năm 2012
6a 2011 2015 288-289 STTTT | 2011 – 2015
6b 2012 2014 292-299 G_SO G_UBND_HUYEN | 2012 - 2014
6c -    -    302-303 SKHCN
6d -    -    306-309 G_UBND_HUYEN
6đ -    -    312-313 G_SO G_UBND_HUYEN G_UBND_XA
"""


def _parted(table: str) -> list[tuple[list[str], list[str]]]:
    """Split each line into its columns and the words looked for in the decision's text."""
    rows = []
    for line in table.strip().splitlines():
        columns, *words = line.split(" | ")
        rows.append((columns.split(), words))
    return rows


HAND_TARGETS = {
    columns[0]: (columns[1:6], [" ".join(columns[6:]), *words]) for columns, words in _parted(TARGETS)
}
HAND_TASKS = {columns[0]: (columns[1:4], columns[4:], words) for columns, words in _parted(TASKS)}


@pytest.fixture(scope="module")
def reference() -> ReferenceSet:
    return read_reference_set()


@pytest.fixture(scope="module")
def decision() -> list[str]:
    folder = os.environ.get("PHANBO_REFERENCE")
    if not folder:
        pytest.skip("PHANBO_REFERENCE is not set: the decision's text stays outside the repository")
    text = (Path(folder) / "decision-3377-2011.vi.txt").read_text(encoding="utf-8")
    # Split at line ends only, so that the numbers are those an editor shows.
    return [nfc(line) for line in text.split("\n")]


def _number(text: str) -> int | None:
    return None if text == "-" else int(text)


def test_all_targets_are_there_with_operator_number_and_year(reference: ReferenceSet) -> None:
    assert len(HAND_TARGETS) == 47
    assert [row.code for row in reference.targets] == list(HAND_TARGETS)
    for row in reference.targets:
        operator, number, year, quarter, line = HAND_TARGETS[row.code][0]
        value_thousandths = None if number == "-" else int(number) * 1000
        stored = (str(row.operator).lower(), row.value_thousandths, row.year, row.quarter, row.source_line)
        assert stored == (operator, value_thousandths, int(year), _number(quarter), int(line)), row.code


def test_each_number_stands_in_the_decision_at_its_line(reference: ReferenceSet, decision: list[str]) -> None:
    for row in reference.targets:
        (_, number, *_), words = HAND_TARGETS[row.code]
        assert row.source_line is not None
        line = decision[row.source_line - 1]
        for word in words:
            assert word in line, (row.code, word)
        if row.value_thousandths is not None and number not in {"1", "100"}:
            assert re.search(rf"\b0?{row.value_thousandths // 1000}\b", line), row.code
        assert not row.is_year_explicit or str(row.year) in line, row.code


def test_years_not_stated_are_the_end_of_their_period(reference: ReferenceSet) -> None:
    for row in reference.targets:
        if not row.is_year_explicit:
            assert row.year == int(row.period.split("-")[1]), row.code


def test_all_tasks_are_there_with_years_lines_and_leads(reference: ReferenceSet) -> None:
    assert len(HAND_TASKS) == 21
    assert [row.code for row in reference.tasks] == list(HAND_TASKS)
    for row in reference.tasks:
        (start, end, lines), leads, _ = HAND_TASKS[row.code]
        assert (row.start_year, row.end_year) == (_number(start), _number(end)), row.code
        assert f"{row.source_line}-{row.source_line_last}" == lines, row.code
        stored = [
            body.body
            for body in reference.task_bodies
            if body.task == row.code and body.role is BodyRole.LEAD
        ]
        assert stored == leads, row.code
    assert Counter(row.area for row in reference.tasks) == {"1": 3, "2": 2, "3": 4, "4": 5, "5": 2, "6": 5}
    assert sum(row.end_year is None for row in reference.tasks) == 10


def test_each_task_stands_in_the_annex_at_its_lines(reference: ReferenceSet, decision: list[str]) -> None:
    for row in reference.tasks:
        assert row.source_line is not None
        lines = decision[row.source_line - 1 : row.source_line_last]
        assert lines[0].strip().startswith(f"{row.code[1]}) "), row.code
        for word in HAND_TASKS[row.code][2]:
            assert any(word in line for line in lines), (row.code, word)
        point = row.section_ref.rsplit(".", 1)[1]
        assert decision[row.section_line - 1].strip().startswith(f"{point}) "), row.code


def test_bodies_and_products_of_a_task_stand_within_its_lines(reference: ReferenceSet) -> None:
    spans = {row.code: range(row.source_line or 0, row.source_line_last + 1) for row in reference.tasks}
    for row in [*reference.task_bodies, *reference.task_deliverables]:
        assert row.source_line in spans[row.task], row
    assert {row.task for row in reference.task_deliverables} == set(spans)


# How the annex calls the bodies whose name there is not the beginning of their name in agencies.csv.
CALLED_IN_ANNEX = {
    "VP_UBND": "Văn phòng UBND tỉnh",
    "NHCSXH": "Ngân hàng Chính sách Xã hội",
    "CUC_THUE": "Cục [Tt]huế",
    "G_SO": "[Cc]ác Sở",
    "G_UBND_HUYEN": "UBND các huyện|UBND cấp huyện|địa phương",
    "G_UBND_XA": "cấp xã|địa phương",
    "G_CQCM": "Các cơ quan chuyên môn",
    "G_CQHCNN": "cơ quan, đơn vị|cơ quan hành chính nhà nước",
    "DOAN_THE": "các đoàn thể",
}


def test_each_body_is_named_at_its_line(reference: ReferenceSet, decision: list[str]) -> None:
    names = {row.code: re.sub("^Sở ", "", row.name_vi) for row in reference.agencies}
    for row in reference.task_bodies:
        assert row.source_line is not None
        line = decision[row.source_line - 1].replace("–", "-")
        pattern = CALLED_IN_ANNEX.get(row.body) or re.escape(names[row.body])
        assert re.search(pattern, line), row


def test_every_decision_source_line_holds_text(reference: ReferenceSet, decision: list[str]) -> None:
    for rows in (reference.agencies, reference.functions, reference.funding_sources, reference.agency_groups):
        for row in rows:
            assert (row.source_line is not None) == row.source.startswith("QĐ 3377/QĐ-UBND "), row
            assert row.source_line is None or decision[row.source_line - 1].strip(), row


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", nfc(text).casefold())


def _runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_names_are_our_own_words(reference: ReferenceSet, decision: list[str]) -> None:
    copied = _runs(" ".join(decision))
    ours = [
        *(row.name_vi for row in reference.areas),
        *(f"{row.name_vi} | {row.note}" for row in reference.targets),
        *(component for row in reference.targets for component in row.components),
        *(row.name_vi for row in reference.tasks),
        *(row.deadline_vi for row in reference.tasks),
        *(row.note for row in reference.tasks),
        *(row.name_vi for row in reference.task_deliverables),
        *(f"{row.name_vi} | {row.note}" for row in reference.funding_sources),
        *(f"{row.name_vi} | {row.note}" for row in reference.agency_groups),
    ]
    for text in ours:
        assert not _runs(text) & copied, text


def test_kinds_follow_what_may_be_promised(reference: ReferenceSet) -> None:
    kinds = {row.code: row.kind for row in reference.targets}
    assert Counter(kinds.values()) == {
        OutputKind.OUTCOME: 18,
        OutputKind.COVERAGE: 12,
        OutputKind.MILESTONE: 9,
        OutputKind.DELIVERABLE: 5,
        OutputKind.QUANTITY: 3,
    }
    satisfaction_and_participation = ["II.1.h.5", "II.1.i.1", "II.2.đ.2", "II.2.h.1", "II.2.i.1", "II.2.c.2"]
    assert {kinds[code] for code in satisfaction_and_participation} == {OutputKind.OUTCOME}
    named_units = [f"II.1.h.{number}" for number in range(1, 5)] + ["II.1.k.1", "II.1.l.2", "II.2.k.2"]
    assert {kinds[code] for code in named_units} == {OutputKind.COVERAGE}
    for row in reference.targets:
        if row.value_thousandths is None:
            assert row.is_ambiguous, row.code
            assert row.note, row.code


def test_later_targets_follow_the_earlier_ones(reference: ReferenceSet) -> None:
    by_code = {row.code: row for row in reference.targets}
    chains = {row.code: row.follows for row in reference.targets if row.follows}
    assert chains == {"II.2.h.1": "II.1.h.5", "II.2.i.1": "II.1.i.1", "II.2.k.2": "II.1.k.1"}
    for later, earlier in chains.items():
        assert by_code[later].kind is by_code[earlier].kind
        assert (by_code[later].value_thousandths or 0) > (by_code[earlier].value_thousandths or 0)
        assert by_code[later].year > by_code[earlier].year


def test_exception_and_ambiguities_are_flagged(reference: ReferenceSet) -> None:
    by_code = {row.code: row for row in reference.targets}
    assert {code for code, row in by_code.items() if row.exception_codes} == {"II.1.h.1"}
    assert by_code["II.1.h.1"].exception_codes == ("H_TRUONGSA",)
    assert all(by_code[f"II.1.h.{number}"].is_ambiguous for number in (2, 3, 4))
    assert len(by_code["II.1.l.1"].components) == 3


def test_letters_stand_in_vietnamese_order(reference: ReferenceSet) -> None:
    for rows in (reference.tasks, reference.targets):
        codes = [row.code for row in rows]
        assert [row.sort for row in rows] == list(range(1, len(codes) + 1))
    tasks = [row.code for row in reference.tasks]
    assert tasks == sorted(tasks, key=sort_key)
    assert tasks.index("4đ") == tasks.index("4d") + 1
    assert tasks.index("6đ") == tasks.index("6d") + 1
    targets = [row.code for row in reference.targets]
    assert targets == sorted(targets, key=sort_key)
    assert targets != sorted(targets)
    assert targets.index("II.1.đ.1") == targets.index("II.1.d.2") + 1
    assert {row.ascii_code for row in reference.tasks} >= {"4dd", "6dd"}


def test_groups_hold_exactly_the_offices_of_their_rule(reference: ReferenceSet) -> None:
    for group in reference.agency_groups:
        by_rule = {
            row.code for row in reference.agencies if row.level in group.levels and row.kind in group.kinds
        }
        stored = {row.agency for row in reference.group_members if row.group == group.code}
        assert stored == by_rule, group.code
    districts = [row.agency for row in reference.group_members if row.group == "G_UBND_HUYEN"]
    assert len(districts) == 9


def test_offices_and_levels_are_dated(reference: ReferenceSet) -> None:
    levels = {row.code: row for row in reference.levels}
    assert [row.code for row in reference.levels] == ["tw", "tinh", "huyen", "xa"]
    assert str(levels["huyen"].valid_to) == "2025-06-30"
    for row in reference.agencies:
        level_end = levels[row.level].valid_to
        assert level_end is None or row.valid_to == level_end, row.code
    merged = {row.code for row in reference.agencies if row.successor}
    assert merged == {"SKHDT", "SLDTBXH", "STTTT", "SGTVT", "STNMT", "SNNPTNT", "BDT", "BKHDT"}
    changes = {(row.predecessor, row.successor) for row in reference.agency_changes}
    for row in reference.agencies:
        assert not row.successor or (row.code, row.successor) in changes
    assert all(row.is_confirmed for row in reference.agency_changes if row.kind == "abolish")
    assert not any(row.is_confirmed for row in reference.agency_changes if row.effective == "2025-03")


def test_functions_have_one_holder_at_every_time(reference: ReferenceSet) -> None:
    in_2012 = {row.function: row.agency for row in reference.functions if row.valid_from.year == 2011}
    assert in_2012 == {
        Function.CONTENT_APPRAISAL: "SNV",
        Function.ESTIMATE_APPRAISAL: "STC",
        Function.CAPITAL_REVIEW: "SKHDT",
        Function.IT_OPINION: "STTTT",
        Function.ALLOCATION_CONSOLIDATION: "SKHDT",
        Function.APPROVAL: "UBND_TINH",
        Function.INSPECTION: "TTR_TINH",
        Function.ADMINISTRATION: "STTTT",
    }
    offices = {row.code: row for row in reference.agencies}
    for row in reference.functions:
        end = offices[row.agency].valid_to
        assert end is None or (row.valid_to is not None and row.valid_to <= end), row
        later = [
            other
            for other in reference.functions
            if other.function is row.function and other.valid_from > row.valid_from
        ]
        assert not later or (row.valid_to is not None and row.valid_to < later[0].valid_from), row


def test_only_provincial_money_enters_the_pool(reference: ReferenceSet) -> None:
    assert {row.code for row in reference.funding_sources if row.enters_pool} == {"NST_TX", "NST_DT"}
    assert all(row.level == "tinh" for row in reference.funding_sources if row.enters_pool)
    assert [row.code for row in reference.funding_sources if not row.is_certain] == ["NGOAI_NS"]


def test_codes_and_norms_say_what_is_confirmed(reference: ReferenceSet) -> None:
    assert len(reference.budget_codes) == 150
    assert sum(row.is_confirmed for row in reference.budget_codes) == 14
    assert {row.code for row in reference.budget_codes} >= {"070", "085"}
    assert len(reference.norms) == 25
    assert all(row.max_vnd > 0 for row in reference.norms)
    demonstration = read_norms(name="norms_demonstration.csv")
    assert demonstration
    assert not any(row.is_confirmed for row in demonstration)
    assert all("minh họa" in row.legal_reference for row in demonstration)
