"""No form is taken without its token; and what the table itself must never say."""

from __future__ import annotations

import pytest

from tests.authorisation.guarded_province import GuardedProvince
from tests.authorisation.knocking import Knock, address_of, form_of
from tests.authorisation.policy import AGENCY, OWN_ACCOUNT, POLICY, OnFile, Role, entering

FORMS = sorted(endpoint for method, endpoint in POLICY if method == "POST")
REVIEWING = ("reviews.", "scenarios.", "allocations.", "rounds.")


def who_enters(guarded: GuardedProvince, endpoint: str) -> Knock:
    """A form sent by somebody who may send it, about a file on which he may."""
    row = POLICY["POST", endpoint]
    enter = (role for role in Role if role in entering(row) and role is not Role.ANONYMOUS)
    role = next(enter, Role.PREPARER)  # where nobody of this province enters, the token is asked first too
    file = None
    if isinstance(row, OnFile):
        file = guarded.own_file(role) if role in row.own else guarded.files.dien_khanh
    return Knock(role, "POST", endpoint, file, "a file he may act on", enters=True)


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_without_its_own_token_is_refused(guarded: GuardedProvince, endpoint: str) -> None:
    cell = who_enters(guarded, endpoint)
    address, form = address_of(guarded, cell), form_of(guarded, cell)
    stranger = guarded.browsers[Role.ANONYMOUS].token
    before = guarded.writes()
    for token in ("", "made-up", stranger):
        answer = guarded.send(cell.role, "POST", address, {**form, "csrf_token": token})
        assert answer.status_code == 400, f"{cell} with the token {token[:8]!r}: {answer.status_code}"
        assert "Trang đã quá cũ" in answer.text, str(cell)
    assert guarded.writes() == before, f"{cell}: written without its token"


def written_by(role: Role) -> set[str]:
    """The routes by which the role changes something other than its own account."""
    forms = {endpoint for endpoint in FORMS if role in entering(POLICY["POST", endpoint])}
    return {endpoint for endpoint in forms if not endpoint.startswith(OWN_ACCOUNT)}


def test_an_inspector_writes_nowhere() -> None:
    assert not written_by(Role.INSPECTOR)


def test_a_stranger_only_signs_in() -> None:
    forms = {endpoint for endpoint in FORMS if Role.ANONYMOUS in entering(POLICY["POST", endpoint])}
    assert forms == {"accounts.sign_in_here"}


def test_an_administrator_neither_appraises_nor_decides_nor_writes_estimates() -> None:
    assert {endpoint.partition(".")[0] for endpoint in written_by(Role.ADMINISTRATOR)} == {"administration"}


def test_an_agency_neither_appraises_nor_decides() -> None:
    for role in AGENCY:
        assert not [endpoint for endpoint in written_by(role) if endpoint.startswith(REVIEWING)]


def test_only_the_approver_approves_and_he_does_nothing_else() -> None:
    decisions = {"allocations.approve_here", "allocations.return_here"}
    assert written_by(Role.APPROVER) == decisions
    assert not [role for role in set(Role) - {Role.APPROVER} if written_by(role) & decisions]


def test_nobody_enters_another_agency_s_draft() -> None:
    assert not [key for key, row in POLICY.items() if isinstance(row, OnFile) and row.draft]
