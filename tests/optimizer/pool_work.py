"""What the workers of pool tests do; processes find it by its name, so it stands in a module of its own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from optimizer.batch.job_answer import JobAnswer


@pytest.fixture
def light_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare new processes the import of the program that started this one, which is pytest here."""
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__spec__", None, raising=False)
    monkeypatch.delattr(main, "__file__", raising=False)


def open_double(shared: int) -> Callable[[int], int]:
    """Doubles a number and adds what all jobs share."""
    return lambda job: 2 * job + shared


def open_acts(_: Any) -> Callable[[tuple[str, str]], str]:
    """Does what a job says: see ``act``."""
    return act


def act(job: tuple[str, str]) -> str:
    """Say something, raise, die, die once, or sleep for ever; a file tells the test that it has begun."""
    deed, argument = job
    if deed == "raise":
        raise ValueError(argument)
    if deed == "die":
        with Path(argument).open("a") as stream:
            stream.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "die once" and not Path(argument).exists():
        Path(argument).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "sleep":
        Path(argument).write_text(str(os.getpid()))
        sleep(600)
    return f"{deed} {os.getpid()}"


def open_broken(_: Any) -> Callable[[Any], Any]:
    """Cannot be opened."""
    raise RuntimeError("no licence")


def open_mortal_solver(_: Any) -> Callable[[Any], Any]:
    """Solves problem files, but dies over one named "die"."""

    def answer(job: Any) -> Any:
        if job[0].stem == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        from optimizer.batch.answering import answer_file  # late, or dying would take a second

        return answer_file(job)

    return answer


def open_sleeper(_: Any) -> Callable[[Any], None]:
    """Never answers."""
    return lambda job: sleep(600)


def open_forger(_: Any) -> Callable[[tuple[str, Any]], JobAnswer]:
    """Says of any problem that everything is funded at no cost."""
    return lambda job: JobAnswer(0, "Phương án 100 điểm.", FORGED_PLAN)


FORGED_PLAN = """{
 "schema": "phanbo-plan/1", "problem_sha256": "0",
 "engine": {"name": "highs", "version": "1", "seed": 0, "threads": 1},
 "outcome": "proven", "score": 100, "bound": 100, "gap": 0, "seconds": 0, "cpu_seconds": 0,
 "levels": {"P1": "day-du", "P2": "day-du"}, "money_vnd": {}, "outputs": {},
 "certificate": null, "audit": {"exact": true, "broken": []}, "stages": []
}"""
