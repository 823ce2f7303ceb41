"""The plain data a draft of `tests.builders` is held against, without a store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from finance.estimates.checking.check_context import (
    CheckContext,
    KnownCode,
    KnownNorm,
    KnownOutput,
    KnownSource,
    KnownTask,
    KnownUnit,
)
from finance.programme.classification import Nature, OutputKind

_COMPONENTS = {"PHONG": "Phòng làm việc", "PHAN_MEM": "Phần mềm"}
_SERVERS = {"MAY_CHU": "Máy chủ", "DUONG_TRUYEN": "Đường truyền"}


def a_check_context(**changed: Any) -> CheckContext:
    """The round and office of `a_province`, seen by Nha Trang; `a_draft()` passes it without a finding."""
    units = {f"X{number}": KnownUnit(f"X{number}") for number in range(1, 7)}
    units["X5"] = replace(units["X5"], reached_components=frozenset({"PHONG"}))
    units["X6"] = replace(units["X6"], is_exempt=True)
    context = CheckContext(
        round_code="BS2012",
        round_name="Đợt bổ sung đầu năm 2012",
        agency_code="H_NHATRANG",
        agency_name="UBND thành phố Nha Trang",
        fiscal_year=2012,
        years=(2012, 2013),
        agency_level_rank=3,
        tasks={
            "1a": KnownTask("1a", "Nhiệm vụ 1a", "1", frozenset(), is_of_agency=False),
            "2a": KnownTask("2a", "Nhiệm vụ 2a", "2", frozenset({"II.1.b.2"}), is_of_agency=True),
            "4b": KnownTask("4b", "Nhiệm vụ 4b", "4", frozenset({"II.1.dd.1"}), is_of_agency=True),
        },
        target_names={"II.1.b.2": "Mục tiêu một cửa", "II.1.dd.1": "Mục tiêu công chức"},
        sources={
            "NST_TX": KnownSource("NST_TX", "Ngân sách tỉnh, thường xuyên", Nature.RECURRENT, True, True, 2),
            "NST_DT": KnownSource("NST_DT", "Ngân sách tỉnh, đầu tư", Nature.CAPITAL, True, True, 2),
            "NS_HUYEN": KnownSource("NS_HUYEN", "Ngân sách cấp huyện", Nature.BOTH, False, True, 3),
            "NS_XA": KnownSource("NS_XA", "Ngân sách cấp xã", Nature.BOTH, False, True, 4),
            "NGOAI_NS": KnownSource("NGOAI_NS", "Ngoài ngân sách", Nature.BOTH, False, False, None),
        },
        norms={
            "N01": KnownNorm("N01", "Thù lao giảng viên", "buổi", 500_000, "Thông tư", is_confirmed=True),
            "N03": KnownNorm("N03", "Chi họp", "người", 100_000, "Thông tư", is_confirmed=False),
        },
        budget_codes={
            "6751": KnownCode("6751", "Thuê phương tiện", is_confirmed=True),
            "6956": KnownCode("6956", "Thiết bị văn phòng", is_confirmed=False),
        },
        outputs={
            "BOI_DUONG": KnownOutput(
                "BOI_DUONG", "Lượt người được bồi dưỡng", OutputKind.QUANTITY, "lượt người", 2013
            ),
            "MOT_CUA_XA": KnownOutput(
                "MOT_CUA_XA", "Xã có một cửa hiện đại", OutputKind.COVERAGE, "xã", 2013, _COMPONENTS, units
            ),
            "TRUNG_TAM": KnownOutput(
                "TRUNG_TAM", "Trung tâm dữ liệu", OutputKind.MILESTONE, "mốc", 2013, _SERVERS
            ),
            "QUY_CHE": KnownOutput("QUY_CHE", "Quy chế công khai", OutputKind.DELIVERABLE, "văn bản", 2012),
            "HAI_LONG": KnownOutput("HAI_LONG", "Mức độ hài lòng", OutputKind.OUTCOME, "%", 2013),
        },
        unit_names={code: f"Xã số {code[1:]}" for code in units} | {"Y1": "Phường ngoài phạm vi"},
        ceilings={},
    )
    return replace(context, **changed)
