"""A province whose pool holds four projects of two offices, with money for some of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from finance.database import SessionFactory, transaction
from finance.programme.classification import Nature
from finance.scenarios.operations import create_scenario
from tests.builders import (
    Province,
    a_draft,
    a_line,
    a_project,
    a_project_of_levels,
    a_promise,
    a_province,
    an_envelope,
)
from tests.finance.scenarios.appraised import an_appraised_estimate


@dataclass(frozen=True)
class Pool:
    """The province, its appraised estimates and one scenario with equal weights."""

    province: Province
    estimate_ids: dict[str, int]
    scenario_id: int


def fill_pool(session) -> Pool:
    """Nha Trang asks for training, one-stop shops and a study nobody can measure; Khánh Vĩnh for shops."""
    province = a_province(session)
    an_envelope(session, province.round_id, "NST_TX", 2012, 6_000_000, unmeasured_vnd=500_000)
    an_envelope(session, province.round_id, "NST_TX", 2013, 1_500_000)
    an_envelope(session, province.round_id, "NST_DT", 2012, 70_000_000, nature=Nature.CAPITAL)
    study = a_project(
        "DA3",
        priority=3,
        name_vi="Nghiên cứu mô hình dịch vụ công (DA3)",
        lines=(a_line("Thuê chuyên gia", unit_price_vnd=300_000, quantities=(1_000,)),),
        promises=(),
    )
    shops = a_project_of_levels("DB1", priority=1, name_vi="Một cửa hiện đại huyện Khánh Vĩnh (DB1)")
    estimates = {
        "H_NHATRANG": an_appraised_estimate(
            session, province, "H_NHATRANG", a_draft(a_project(), a_project_of_levels(), study)
        ),
        "H_KHANHVINH": an_appraised_estimate(session, province, "H_KHANHVINH", a_draft(shops)),
    }
    scenario = create_scenario(session, province.planner, province.round_id, name_vi="Phương án thứ nhất")
    return Pool(province, estimates, scenario.id)


@pytest.fixture
def pool(session_factory: SessionFactory) -> Pool:
    """The pool, committed."""
    with transaction(session_factory) as session:
        return fill_pool(session)


__all__ = ["Pool", "a_promise", "fill_pool"]
