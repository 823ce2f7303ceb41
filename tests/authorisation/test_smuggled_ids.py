"""Ids of another agency's files in every place a request has: path, query, form and headers."""

from __future__ import annotations

from random import Random

import pytest

from tests.authorisation.guarded_province import DRAFT_MARK, File, GuardedProvince
from tests.authorisation.knocking import Knock, address_of, form_of, leaked_marks
from tests.authorisation.policy import POLICY, Role

SEED = 3377
STEPS, DEEP_STEPS = 400, 20_000
QUERY_NAMES = (
    "ma",
    "lan",
    "sua",
    "dong",
    "dot",
    "round_id",
    "first",
    "second",
    "level",
    "ho-so",
    "co-quan",
    "next",
)
FORM_NAMES = (
    "estimate_id",
    "project",
    "first",
    "second",
    "level",
    "agency_id",
    "round_id",
    "project_key",
    "unit",
)


def foreign_values(file: File) -> list[str]:
    """What somebody could have picked up about a file that is not his."""
    ids = (file.estimate_id, file.project_id, file.line_id, file.promise_id, file.agency_id)
    return [*map(str, ids), file.project_key, f"/du-toan/{file.estimate_id}/ban-day-du"]


def test_ids_picked_up_elsewhere_show_nothing(guarded: GuardedProvince) -> None:
    walk(guarded, Random(SEED), STEPS)


@pytest.mark.deep
def test_ids_picked_up_elsewhere_show_nothing_however_long_one_tries(guarded: GuardedProvince) -> None:
    walk(guarded, Random(SEED + 1), DEEP_STEPS)


def walk(guarded: GuardedProvince, random: Random, steps: int) -> None:
    """Requests of random roles at random routes, full of foreign ids."""
    cells = sorted(POLICY)
    for step in range(steps):
        method, endpoint = random.choice(cells)
        role = random.choice([role for role in Role if role is not Role.OUTSIDER])
        draft = guarded.files.khanh_vinh
        outer = random.choice([draft, guarded.files.dien_khanh, guarded.own_file(role) or draft])
        cell = Knock(role, method, endpoint, outer, f"step {step} of seed {SEED}", enters=False)
        values = [*foreign_values(draft), *foreign_values(guarded.files.dien_khanh)]
        query = {name: random.choice(values) for name in random.sample(QUERY_NAMES, 3)}
        form = form_of(guarded, cell) | {name: random.choice(values) for name in random.sample(FORM_NAMES, 3)}
        headers = {"Referer": f"http://localhost{random.choice(values)}"}
        if random.random() < 0.3:
            headers["HX-Request"] = "true"
        before = guarded.writes()
        address = address_of(guarded, cell, draft)
        answer = guarded.send(role, method, address, form, query_string=query, headers=headers)
        assert answer.status_code < 500, f"{cell} {address} {query}: {answer.status_code}"
        assert not leaked_marks(role, answer), f"{cell} {address} {query} {form}"
        if guarded.writes() != before:
            guarded.restore()


def test_the_marks_can_be_seen_by_those_who_may(guarded: GuardedProvince) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    own = guarded.send(Role.OUTSIDER, "GET", f"/du-toan/{guarded.files.khanh_vinh.estimate_id}")
    assert DRAFT_MARK in own.text
    cell = Knock(Role.PREPARER, "GET", "estimates.estimate_page", None, "", enters=True)
    assert leaked_marks(cell.role, own) == [DRAFT_MARK]
    sent = guarded.send(Role.PLANNER, "GET", f"/tham-dinh/{guarded.files.dien_khanh.estimate_id}/dong-chi")
    assert leaked_marks(Role.HEAD, sent)
    assert not leaked_marks(Role.PLANNER, sent)
