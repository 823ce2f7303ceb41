"""One request of one role at one route, about one file; and what came of it."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from werkzeug.test import TestResponse

from tests.authorisation.guarded_province import DRAFT_MARK, SENT_MARK, File, GuardedProvince
from tests.authorisation.policy import AGENCY, POLICY, OnFile, OnOffice, OpenTo, Role

SIGN_IN = "/dang-nhap"
FUNCTION_SPOKEN_FOR = {Role.IT_ADVISER: "IT_OPINION", Role.PLANNER: "ALLOCATION_CONSOLIDATION"}
SCENARIO_EDIT = 4
# Nobody of these may ever read what another office has sent.
NEVER_READERS = AGENCY | {Role.ANONYMOUS, Role.ADMINISTRATOR}

# What differs between two pages that say the same: numbers, and what is drawn anew for every page.
_DRAWN = re.compile(
    r'(nonce="[^"]*"|csrf-token" content="[^"]*"|name="csrf_token"[^>]*value="[^"]*"'
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+)"
)


@dataclass(frozen=True)
class Knock:
    """A cell of the matrix: who, where, about what, and whether he should enter."""

    role: Role
    method: str
    endpoint: str
    file: File | None
    about: str
    enters: bool

    def __str__(self) -> str:
        return f"{self.role.value}: {self.method} {self.endpoint} ({self.about})"


def knocks_at(guarded: GuardedProvince, method: str, endpoint: str) -> Iterator[Knock]:
    """Every cell of one row of the policy."""
    row, files = POLICY[method, endpoint], guarded.files
    for role in Role:
        if isinstance(row, OpenTo):
            yield Knock(role, method, endpoint, None, "nobody's file", role in row.entering)
            continue
        for file in (files.nha_trang, files.khanh_vinh, files.dien_khanh, files.missing):
            is_own = file == guarded.own_file(role)
            if file is files.missing:
                about, entering = "no such file", frozenset[Role]()
            elif is_own:
                about, entering = "own file", row.own
            elif isinstance(row, OnOffice):
                about, entering = "another office", row.other
            elif file is files.dien_khanh:
                about, entering = "sent by another agency", row.sent
            else:
                about, entering = "draft of another agency", row.draft
            yield Knock(role, method, endpoint, file, about, role in entering)


def knock(
    guarded: GuardedProvince, cell: Knock, *, inner: File | None = None, **more: object
) -> TestResponse:
    """Send the request of the cell.

    Args:
        guarded: the served province.
        cell: who and where.
        inner: the file whose project, line and promise stand in the address, unless the cell's own.
        more: for the test client, such as headers.
    """
    address = address_of(guarded, cell, inner)
    return guarded.send(cell.role, cell.method, address, form_of(guarded, cell), **more)


def address_of(guarded: GuardedProvince, cell: Knock, inner: File | None = None) -> str:
    """The address of the cell's route about the cell's file."""
    values: dict[str, object] = {
        **guarded.files.ids,
        "files_hash": "abc",
        "sha256": "ab" * 32,
        "path": "css/estimates.css",
    }
    if cell.file is not None:
        within = inner or cell.file
        values |= {
            "estimate_id": cell.file.estimate_id,
            "agency_id": cell.file.agency_id,
            "project_id": within.project_id,
            "line_id": within.line_id,
            "promise_id": within.promise_id,
            "attached_id": within.attached_id,
        }
    rule = next(rule for rule in guarded.app.url_map.iter_rules(cell.endpoint) if cell.method in rule.methods)
    asked = {name: values[name] for name in rule.arguments}
    return guarded.app.url_map.bind("localhost").build(cell.endpoint, asked, cell.method)


def form_of(guarded: GuardedProvince, cell: Knock) -> dict[str, str]:
    """A form that says enough for every route to come to its operation."""
    file = cell.file or guarded.files.nha_trang
    content = b"no workbook"
    edit = file.edit_number if cell.file else SCENARIO_EDIT if cell.endpoint.startswith("scenarios.") else 1
    return {
        "seen_version": str(edit),
        "seen_hash": hashlib.sha256(content).hexdigest(),
        "content": base64.b64encode(content).decode(),
        "file_name": "du-toan.xlsx",
        "reason": "NOT_REASONABLE",
        "words": "Thử cửa vào",
        "verdict": "AGREE",
        "function": FUNCTION_SPOKEN_FOR.get(cell.role, "CONTENT_APPRAISAL"),
        "unit_price": "500.000",
        "accepted": "yes",
        "quantity": "100",
        "project_key": file.project_key,
        "attached_id": str(file.attached_id),
        "paper_code": "KHAC",
        "direction": "up",
        "document_number": "12/DT-UBND",
        "document_on": "15/02/2012",
        "round_id": str(guarded.files.ids["round_id"]),
        "agency_id": str(file.agency_id),
    }


def has_entered(cell: Knock, answer: TestResponse) -> bool:
    """True when the route answered for itself; a form it found wanting was let in too.

    Raises:
        AssertionError: the answer is neither an entrance nor one of the refusals there are.
    """
    status = answer.status_code
    assert status < 500, f"{cell}: {status}"
    if cell.role is Role.ANONYMOUS:
        is_led_away = status == 303 and answer.location.partition("?")[0] == SIGN_IN
        assert is_led_away or status not in {401, 403, 404}, f"{cell}: {status} instead of the sign-in page"
        return not is_led_away
    assert status not in {401, 405}, f"{cell}: {status}"
    return status not in {403, 404}


def texts_of(answer: TestResponse) -> str:
    """Everything an answer says: headers, body, and what is packed in a workbook."""
    said = [f"{name}: {value}" for name, value in answer.headers]
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(answer.data)) as package:
            said += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    else:
        said.append(answer.get_data(as_text=True))
    return "\n".join(said)


def leaked_marks(role: Role, answer: TestResponse) -> list[str]:
    """The marks in the answer that the role may not read."""
    said = texts_of(answer)
    hidden = [] if role is Role.OUTSIDER else [DRAFT_MARK]
    hidden += [SENT_MARK] if role in NEVER_READERS else []
    return [mark for mark in hidden if mark in said]


def same_words(answer: TestResponse) -> tuple[int, str]:
    """An answer without what is drawn anew for every page and without numbers, for comparison."""
    location = answer.headers.get("Location", "")
    return answer.status_code, _DRAWN.sub("#", answer.get_data(as_text=True) + location)


def rows_about_files() -> list[tuple[str, str]]:
    """Method and endpoint of every row about an estimate."""
    return [key for key, row in POLICY.items() if isinstance(row, OnFile)]
