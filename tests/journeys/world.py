"""The world at the start of the story: the demonstration's people and round, and nobody has begun yet."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url

from finance.clock import machine_now
from finance.database import SessionFactory, make_engine, make_session_factory
from tests.journeys.client_desk import ClientOffice
from tests.journeys.telling import Chapter, tell
from tests.stores import SqliteTemplate, migrate
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


def told_from(
    earlier: SqliteTemplate, folder: Path, *, after: Chapter | None = None, until: Chapter
) -> SqliteTemplate:
    """A copy of an earlier day in which the story has gone on, without a browser, to the end of a chapter."""

    def prepare(url: str) -> None:
        shutil.copyfile(make_url(earlier.fresh_url()).database or "", make_url(url).database or "")
        engine = make_engine(url)
        factory = make_session_factory(engine)
        tell(client_office(factory, folder, url), after=after, until=until)
        engine.dispose()

    return SqliteTemplate(folder, prepare)


def program_over(factory: SessionFactory, folder: Path, url: str) -> Flask:
    """The program over this store, in this process."""
    settings = Settings(database_url=url, instance_folder=folder, secret_key=SECRET)
    return create_app(settings, Doorway(factory))


def client_office(factory: SessionFactory, folder: Path, url: str) -> ClientOffice:
    """Everybody's desk without a browser."""
    return ClientOffice(program_over(factory, folder, url), factory, PASSWORD)
