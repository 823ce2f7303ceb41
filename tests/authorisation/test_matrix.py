"""Every route x role x own or other agency's file, as the policy says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.authorisation.guarded_province import GuardedProvince
from tests.authorisation.knocking import (
    Knock,
    has_entered,
    knock,
    knocks_at,
    leaked_marks,
    rows_about_files,
    same_words,
)
from tests.authorisation.policy import POLICY, OnFile, Role

ROWS = sorted(POLICY, key=lambda key: (key[1], key[0]))
PARTIAL = {"HX-Request": "true", "HX-Current-URL": "http://localhost/"}


def named(row: tuple[str, str]) -> str:
    """A row as the test's name shows it."""
    return f"{row[0]}-{row[1]}"


def test_every_route_has_a_row_and_every_row_a_route(guarded: GuardedProvince) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in guarded.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    unwritten = sorted(routes - POLICY.keys())
    assert not unwritten, (
        f"Decide who may enter and write it into tests/authorisation/policy.py; also ask there whether the"
        f" page is about an office's file (OnFile, OnOffice) or about nobody's (OpenTo): {unwritten}"
    )
    gone = sorted(POLICY.keys() - routes)
    assert not gone, f"Take these rows off tests/authorisation/policy.py, no route answers to them: {gone}"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_who_enters(guarded: GuardedProvince, row: tuple[str, str]) -> None:
    wrong = [found for cell in knocks_at(guarded, *row) for found in _try(guarded, cell)]
    assert not wrong, "\n".join(wrong)


def _try(guarded: GuardedProvince, cell: Knock) -> list[str]:
    """What is wrong with one cell."""
    before = guarded.writes()
    answer = knock(guarded, cell)
    wrong = [f"{cell}: shows {mark}" for mark in leaked_marks(cell.role, answer)]
    if has_entered(cell, answer) is not cell.enters:
        wanted = "should enter" if cell.enters else "should be refused"
        wrong.append(f"{cell}: {answer.status_code}, {wanted}")
    if guarded.writes() != before:
        if cell.method == "GET":
            wrong.append(f"{cell}: looking has written")
        elif not cell.enters:
            wrong.append(f"{cell}: refused, and yet written")
        guarded.restore()
    return wrong


@pytest.mark.parametrize("row", rows_about_files(), ids=named)
def test_another_agency_s_draft_looks_like_no_file_at_all(
    guarded: GuardedProvince, row: tuple[str, str]
) -> None:
    for role in Role:
        own, files = guarded.own_file(role), guarded.files
        draft = files.nha_trang if own == files.khanh_vinh else files.khanh_vinh
        cell = Knock(role, *row, draft, "draft of another agency", enters=False)
        nowhere = replace(cell, file=files.missing, about="no such file")
        for headers in ({}, PARTIAL):
            answer = knock(guarded, cell, headers=headers)
            assert same_words(answer) == same_words(knock(guarded, nowhere, headers=headers)), str(cell)
            assert not leaked_marks(role, answer), str(cell)


@pytest.mark.parametrize("row", rows_about_files(), ids=named)
def test_a_foreign_row_does_not_come_in_under_an_open_file(
    guarded: GuardedProvince, row: tuple[str, str]
) -> None:
    """Ids of a draft's project, line and promise in the address of a file the role may enter."""
    policy, files = POLICY[row], guarded.files
    assert isinstance(policy, OnFile)
    rule = next(guarded.app.url_map.iter_rules(row[1]))
    if rule.arguments <= {"estimate_id"}:
        return
    for role in policy.sent:
        cell = Knock(role, *row, files.dien_khanh, "sent, with a draft's row in it", enters=False)
        before = guarded.writes()
        answer = knock(guarded, cell, inner=files.khanh_vinh)
        assert answer.status_code in {403, 404}, f"{cell}: {answer.status_code}"
        assert not leaked_marks(role, answer), str(cell)
        assert guarded.writes() == before, str(cell)
