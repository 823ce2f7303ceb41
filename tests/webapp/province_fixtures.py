"""The fixture `desks`: a small province served by the program, for the pages of every feature.

Province and program are made once per worker; each test gets a copy of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

import webapp
from finance.database import make_engine, make_session_factory, transaction
from finance.rounds.records import BudgetRound
from tests.builders import Province, a_ceiling, a_province, an_envelope
from tests.stores import SqliteTemplate, migrate
from tests.webapp.desks import Desks, give_passwords
from webapp.config import Settings
from webapp.request_scope import Doorway, install_doorway

BUSINESS_ON = date(2012, 2, 15)
NHA_TRANG_VND, KHANH_VINH_VND = 1_250_000_000, 640_500_000


class ServedProvince:
    """The prepared store, the people in it, and the program that will serve copies of it."""

    def __init__(self, folder: Path) -> None:
        self.template = SqliteTemplate(folder, self._prepare)
        settings = Settings(database_url="sqlite://", instance_folder=folder, secret_key="k" * 40)
        nowhere = Doorway(make_session_factory(make_engine("sqlite://")))
        self.app: Flask = webapp.create_app(settings, nowhere)

    def _prepare(self, url: str) -> None:
        migrate(url)
        engine = make_engine(url)
        with transaction(make_session_factory(engine)) as session:
            self.province: Province = a_province(session)
            round_id, agencies = self.province.round_id, self.province.agencies
            record = session.get_one(BudgetRound, round_id)
            record.is_demonstration, record.business_on = True, BUSINESS_ON
            a_ceiling(session, round_id, agencies["H_NHATRANG"], "NST_TX", NHA_TRANG_VND)
            a_ceiling(session, round_id, agencies["H_KHANHVINH"], "NST_TX", KHANH_VINH_VND)
            an_envelope(session, round_id, "NST_TX", 2012, 12_500_000_000, contingency_vnd=300_000_000)
            give_passwords(session)
        engine.dispose()


@pytest.fixture(scope="session")
def served_province(tmp_path_factory: pytest.TempPathFactory) -> ServedProvince:
    """Made once per worker."""
    return ServedProvince(tmp_path_factory.mktemp("province"))


@pytest.fixture
def desks(served_province: ServedProvince) -> Iterator[Desks]:
    """The demonstration round of the builders' province on 15 February 2012, with money in it."""
    url = served_province.template.fresh_url()
    engine = make_engine(url)
    factory = make_session_factory(engine)
    install_doorway(served_province.app, Doorway(factory))
    yield Desks(served_province.app, factory, served_province.province)
    engine.dispose()
    served_province.template.drop(url)
