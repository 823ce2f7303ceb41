"""A province whose pool holds four projects of two offices, with money for some of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from finance.database import SessionFactory, make_engine, make_session_factory, transaction
from finance.programme.classification import Nature
from finance.scenarios.operations import create_scenario
from tests.builders import (
    Province,
    a_draft,
    a_line,
    a_project,
    a_project_of_levels,
    a_province,
    an_envelope,
)
from tests.finance.scenarios.appraised import an_appraised_estimate
from tests.finance.scenarios.copied_stores import PreparedStore, copied_stores
from tests.stores import migrate


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


def prepare_pool(url: str) -> Pool:
    """Migrate the store at this address and fill its pool."""
    migrate(url)
    engine = make_engine(url)
    with transaction(make_session_factory(engine)) as session:
        pool = fill_pool(session)
    engine.dispose()
    return pool


# What every test of these rooms starts from is dear: it is made once per store and worker, then copied.
pool_stores = copied_stores(prepare_pool)
sqlite_prepared, postgres_prepared = pool_stores.sqlite_prepared, pool_stores.postgres_prepared
prepared, database_url = pool_stores.prepared, pool_stores.database_url


@pytest.fixture
def pool(prepared: PreparedStore, session_factory: SessionFactory) -> Pool:
    """The pool in this test's own copy of the store."""
    found: Pool = prepared.value
    return found
