"""kill -9 of web and worker while people save, submit, approve and run: nothing acknowledged is lost,
nothing is half applied, nothing happens twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Barrier, Event, Thread
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from finance.database import make_engine, make_session_factory, reading
from tests.crash.acting_people import Desk, open_desks
from tests.crash.busy_province import BusyProvince, prepare
from tests.crash.running_program import RunningProgram
from tests.crash.store_checks import find_damage, find_unfinished, look_before
from tests.stores import PostgresTemplate, SqliteTemplate

Seen = TypeVar("Seen")

pytestmark = pytest.mark.crash

SEED = 14122011
# On SQLite and on PostgreSQL: in the ordinary run, with --deep and with --release.
KILLS, DEEP_KILLS, RELEASE_KILLS = (20, 6), (50, 30), (500, 200)
SOONEST_SECONDS, LATEST_SECONDS = 0.05, 0.8
# Both at once is what a power cut does, one alone what a defect of its own does.
TARGETS = (("web", "worker"), ("web",), ("worker",))
# A killed worker's lease has to run out before its job is done again.
FINISH_LIMIT_SECONDS = 120
REPEATED = 10


class CrashRun:
    """A running installation, the people acting on it, and what has been looked at so far."""

    def __init__(self, url: str, folder: Path, busy: BusyProvince) -> None:
        self._url, self._busy = url, busy
        self._random = Random(SEED)
        self._before = self._look(look_before)
        self.program = RunningProgram(url, folder)
        self.program.start("web", "worker")
        self.program.await_web()
        self.desks = open_desks(self.program.port, busy, self._random)
        self.killed = {"web": 0, "worker": 0}

    def kill_once(self, number: int) -> None:
        """Let everybody work, kill, start again, look."""
        targets = TARGETS[number % len(TARGETS)]
        # The clock runs from when everybody has had a first answer: until then the program warms up.
        ready, stopping = Barrier(len(self.desks) + 1, timeout=90), Event()
        threads = [Thread(target=desk.work, args=(ready, stopping), name=desk.name) for desk in self.desks]
        for thread in threads:
            thread.start()
        ready.wait()
        time.sleep(self._random.uniform(SOONEST_SECONDS, LATEST_SECONDS))
        self.program.kill(*targets)
        stopping.set()
        for thread in threads:
            thread.join(timeout=90)
            assert not thread.is_alive(), f"{thread.name} waits for an answer: {self.program.said()}"
        for target in targets:
            self.killed[target] += 1
        self.program.start(*targets)
        self.program.await_web()
        self.require_sound(f"kill {number + 1} of {targets}")

    def finish(self) -> None:
        """Let the lost answers be asked for, the waiting runs be computed, and old keys be repeated."""
        for desk in self.desks:
            if desk.pending:
                desk.send_next()
        self._await_worker()
        acts = self._look(look_before)
        for desk in self.desks:
            desk.repeat(self._random, REPEATED)
        assert self._look(look_before) == acts, "a repeated key did something"
        self.require_sound("the end")

    def require_sound(self, when: str) -> None:
        """Nothing may be wrong with what people were told, nor with the store."""
        wrong = [one for desk in self.desks for one in desk.wrong]
        wrong += self._look(lambda session: find_damage(session, self._busy, self.desks, self._before))
        assert not wrong, f"after {when}, seed {SEED}: {wrong}\n{self.program.said()}"

    def _await_worker(self) -> None:
        end = time.monotonic() + FINISH_LIMIT_SECONDS
        while self._look(find_unfinished):
            assert time.monotonic() < end, f"runs were left lying: {self.program.said()}"
            time.sleep(0.2)

    def _look(self, look: Callable[[Session], Seen]) -> Seen:
        """One moment of the store; the connection is given back, so that a restart recovers alone."""
        engine = make_engine(self._url)
        try:
            with reading(make_session_factory(engine)) as session:
                return look(session)
        finally:
            engine.dispose()


def _kill(url: str, folder: Path, busy: BusyProvince, kills: int) -> list[Desk]:
    run = CrashRun(url, folder, busy)
    try:
        for number in range(kills):
            run.kill_once(number)
        run.finish()
        assert not run.program.complaints(), run.program.complaints()
    finally:
        run.program.close()
    return run.desks


def _require_busy(desks: list[Desk], kills: int) -> None:
    """A test in which nobody came to do anything would prove nothing."""
    done = {desk.name: len(desk.acknowledged) for desk in desks}
    assert sum(done.values()) >= 2 * kills, done
    assert min(done.values()) >= kills // 5, done
    approvals = [
        sent for desk in desks for sent in desk.acknowledged if sent.operation == "approve_allocation"
    ]
    assert approvals


@pytest.fixture(scope="module")
def kills(pytestconfig: pytest.Config) -> tuple[int, int]:
    """How often to kill on SQLite and on PostgreSQL."""
    if pytestconfig.getoption("--release"):
        return RELEASE_KILLS
    return DEEP_KILLS if pytestconfig.getoption("--deep") else KILLS


def test_kills_lose_and_double_nothing_on_sqlite(kills: tuple[int, int], tmp_path: Path) -> None:
    prepared: list[BusyProvince] = []
    template = SqliteTemplate(tmp_path, lambda url: prepared.append(prepare(url)))
    _require_busy(_kill(template.fresh_url(), tmp_path, prepared[0], kills[0]), kills[0])


@pytest.mark.postgres
def test_kills_lose_and_double_nothing_on_postgres(
    kills: tuple[int, int], postgres_server: str, tmp_path: Path
) -> None:
    prepared: list[BusyProvince] = []
    template = PostgresTemplate(postgres_server, lambda url: prepared.append(prepare(url)))
    url = template.fresh_url()
    try:
        _require_busy(_kill(url, tmp_path, prepared[0], kills[1]), kills[1])
    finally:
        template.drop(url)
        template.close()
