"""A damaged reference file is refused whole, and the refusal names file, line and column."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from finance.programme.reference_cells import ReferenceFileWrong
from finance.programme.reference_files import read_norms, read_targets, read_task_bodies
from finance.programme.reference_set import read_reference_set


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """A copy of the project's own files, free to be damaged."""
    for file in files("finance.programme").joinpath("data").iterdir():
        if file.name.endswith(".csv"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def damage(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_another_folder_is_read_like_the_own_one(province: Path) -> None:
    assert read_reference_set(province) == read_reference_set()


def test_a_byte_order_mark_is_allowed(province: Path) -> None:
    file = province / "targets.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert len(read_targets(province)) == 47


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        (",gte,15,", ",ge,15,", "dòng 9, cột operator", "không thuộc"),
        (",gte,15,", ",gte,15.5,", "dòng 9, cột value", "Có thể đọc là"),
        (",15,2013,", ",15,MMXIII,", "dòng 9, cột year", "chữ số"),
        (",quantity,", ",,", "dòng 9, cột kind", "để trống"),
        (",outcome,", ",wish,", "dòng 2, cột kind", "không thuộc"),
        (",yes,no,,,,,14,", ",maybe,no,,,,,14,", "dòng 3, cột year_explicit", "không thuộc"),
        (",QĐ 3377/QĐ-UBND II.1.b,", ",,", "dòng 6, cột source", "để trống"),
        ("II.1.a.2,II.1.a.2,", "II.1.a.1,II.1.a.2,", "dòng 3, cột code", "đã có"),
        ("II.1.dd.1", "II.1.đ.1", "dòng 10, cột ascii_code", "không dấu"),
        ("tinh;huyen;xa", "tinh;;xa", "dòng 5, cột scope", "chấm phẩy"),
        ('"Quy hoạch, ', '"Quy hoạch" ', "dòng 5", "không đọc được"),
        ("is_ambiguous", "ambiguous", "dòng 1", "các cột phải là"),
        ("Chính sách của tỉnh", " Chính sách của tỉnh", "dòng 2, cột name_vi", "dấu cách"),
        ("Chính sách của tỉnh", "Chi\u0301nh sách của tỉnh", "dòng 2, cột name_vi", "Unicode"),
    ],
)
def test_a_wrong_cell_is_named(province: Path, old: str, new: str, place: str, reason: str) -> None:
    damage(province, "targets.csv", old, new)
    with pytest.raises(ReferenceFileWrong) as refusal:
        read_targets(province)
    assert refusal.value.place_vi.startswith(f"targets.csv, {place}")
    assert reason in refusal.value.sentence_vi


def test_dates_out_of_order_and_out_of_form_are_named(province: Path) -> None:
    damage(province, "levels.csv", "2025-06-30", "1925-06-30")
    with pytest.raises(ReferenceFileWrong, match=r"levels\.csv, dòng 4, cột valid_to: ngày cuối"):
        read_reference_set(province)
    damage(province, "norms.csv", "2023-10-02", "02/10/2023")
    with pytest.raises(ReferenceFileWrong, match=r"norms\.csv, dòng 2, cột valid_from: ngày"):
        read_norms(province)


def test_a_missing_or_foreign_coded_file_is_named(province: Path) -> None:
    (province / "task_bodies.csv").write_bytes("vai trò".encode("utf-16"))
    with pytest.raises(ReferenceFileWrong, match="UTF-8"):
        read_task_bodies(province)
    (province / "task_bodies.csv").unlink()
    with pytest.raises(ReferenceFileWrong, match="không có tệp này"):
        read_task_bodies(province)


def test_a_line_with_a_cell_too_many_is_named(province: Path) -> None:
    damage(province, "task_bodies.csv", "1a,lead,SKHDT,", "1a,lead,SKHDT,,")
    with pytest.raises(ReferenceFileWrong, match=r"task_bodies\.csv, dòng 2: có 7 ô, phải có 6"):
        read_task_bodies(province)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("targets.csv", ",II.1.h.5,38,", ",II.1.h.9,38,"),
        ("targets.csv", ",H_TRUONGSA,", ",H_DAOXA,"),
        ("tasks.csv", "1b,1b,2,1,", "1b,1b,2,7,"),
        ("task_bodies.csv", "1b,lead,STP,", "1b,lead,STPX,"),
        ("task_targets.csv", "1b,II.1.b.1,", "1b,II.1.b.2,"),
        ("task_deliverables.csv", ",1b,", ",1z,"),
        ("agencies.csv", ",department,tinh,UBND_TINH,", ",department,vung,UBND_TINH,"),
        ("agencies.csv", ",division,tinh,VP_UBND,", ",division,tinh,H_NHATRANG,"),
        ("agency_groups.csv", ",huyen,people_committee,", ",quan,people_committee,"),
        ("group_members.csv", "G_SO,STC,", "G_SO,STCX,"),
        ("agency_changes.csv", "H_NHATRANG,,", "H_NHATRANG2,,"),
        ("functions.csv", "content_appraisal,SNV,", "content_appraisal,SNVX,"),
        ("funding_sources.csv", ",both,huyen,", ",both,quan,"),
    ],
)
def test_a_code_no_file_holds_is_refused(province: Path, name: str, old: str, new: str) -> None:
    damage(province, name, old, new)
    with pytest.raises(ReferenceFileWrong, match="không có trong danh mục gốc") as refusal:
        read_reference_set(province)
    assert refusal.value.place_vi.startswith(name)
