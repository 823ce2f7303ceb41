"""The world at the start of the story: the demonstration's people and round, and nobody has begun yet."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from finance.clock import machine_now
from finance.database import SessionFactory, make_engine, make_session_factory
from tests.journeys.client_desk import ClientOffice
from tests.stores import migrate
from webapp import create_app
from webapp.config import Settings
from webapp.demonstration.people import DEMONSTRATION_SIGN_INS
from webapp.demonstration.province import Until, load_province
from webapp.request_scope import Doorway

PASSWORD = DEMONSTRATION_SIGN_INS[0].password
SECRET = "a secret that lives for one journey only"


def open_round(url: str) -> None:
    """Fill an empty database with the programme, the people and the open round."""
    migrate(url)
    engine = make_engine(url)
    load_province(make_session_factory(engine), machine_now, until=Until.ROUND_OPENED)
    engine.dispose()


def program_over(factory: SessionFactory, folder: Path, url: str) -> Flask:
    """The program over this store, in this process."""
    settings = Settings(database_url=url, instance_folder=folder, secret_key=SECRET)
    return create_app(settings, Doorway(factory))


def client_office(factory: SessionFactory, folder: Path, url: str) -> ClientOffice:
    """Everybody's desk without a browser."""
    return ClientOffice(program_over(factory, folder, url), factory, PASSWORD)
