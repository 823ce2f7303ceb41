"""The live list of what is missing: one list for the pages, the count and the submission, by page."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from finance.dossiers.queries import PassedRow
from finance.estimates.completeness import Completeness
from finance.findings import Finding, Severity
from webapp.estimates.checklist import Checklist, make_checklist, split_field

DOSSIER = "dossier-"


@dataclass(frozen=True, slots=True)
class MissingCount:
    """How many things stand open, by what they stop; warnings with a reason no longer count."""

    blocking: int
    warning: int
    hinting: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.blocking + self.warning + self.hinting


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """What is missing on one page; `project_key` is empty for the whole estimate."""

    project_key: str
    heading: str
    url: str
    count: MissingCount
    checklist: Checklist


@dataclass(frozen=True, slots=True)
class OpenWarning:
    """A warning as the page shows it, with the reason it was let stand for, or none yet.

    Attributes:
        words_hash: what its reason is stored under.
        more_places: in how many other places the same words are said; each has a reason of its own.
    """

    words_hash: str
    message: str
    place: str
    more_places: int
    passed: PassedRow | None


@dataclass(frozen=True, slots=True)
class MissingList:
    """Everything that is missing.

    Attributes:
        mark: changes whenever the list does, so that an open page knows that it is old.
    """

    count: MissingCount
    groups: tuple[MissingGroup, ...]
    warnings: tuple[OpenWarning, ...]
    mark: str


def missing_list(
    complete: Completeness, keys: Sequence[str], estimate_id: int, url_of: Callable[[str], str]
) -> MissingList:
    """Gather the findings by the page on which they are made good.

    Args:
        complete: everything the checks say.
        keys: of the projects, in the draft's order.
        estimate_id: whose list.
        url_of: the address of a field of the draft.
    """
    by_page: dict[tuple[str, bool], list[Finding]] = {}
    for finding in complete.open_findings:
        key, part = split_field(finding.location.field, keys)
        by_page.setdefault((key, part.startswith(DOSSIER) and bool(key)), []).append(finding)
    order = sorted(by_page, key=lambda page: (keys.index(page[0]) if page[0] else -1, page[1]))
    groups = tuple(_group(page, by_page[page], estimate_id, url_of) for page in order)
    asked = complete.asked
    said = Counter((one.code, one.message_vi) for one in asked.values())
    warnings = tuple(
        OpenWarning(
            words_hash,
            one.message_vi,
            one.location.text_vi,
            said[one.code, one.message_vi] - 1,
            complete.reason_for(one),
        )
        for words_hash, one in asked.items()
    )
    return MissingList(count_missing(complete.open_findings), groups, warnings, _mark(complete))


def count_missing(findings: Sequence[Finding]) -> MissingCount:
    """How many of these findings stop what."""
    return MissingCount(
        sum(one.severity is Severity.BLOCKS for one in findings),
        sum(one.severity is Severity.WARNS for one in findings),
        sum(one.severity is Severity.HINTS for one in findings),
    )


def counts_by_project(complete: Completeness, keys: Sequence[str]) -> dict[str, MissingCount]:
    """For every project how much stands open, its dossier included."""
    found: dict[str, list[Finding]] = {key: [] for key in keys}
    for finding in complete.open_findings:
        key, _part = split_field(finding.location.field, keys)
        if key:
            found[key].append(finding)
    return {key: count_missing(of_project) for key, of_project in found.items()}


def dossier_url(estimate_id: int, key: str, part: str = "") -> str:
    """The address of a project's dossier, or of one of its boxes."""
    return url_for("dossiers.dossier_page", estimate_id=estimate_id, ma=key, _anchor=part or None)


def _group(
    page: tuple[str, bool],
    findings: Sequence[Finding],
    estimate_id: int,
    url_of: Callable[[str], str],
) -> MissingGroup:
    key, is_dossier = page
    if not key:
        heading = _("Toàn bộ dự toán")
        url = url_for("estimates.estimate_page", estimate_id=estimate_id)
    elif is_dossier:
        heading, url = _("Hồ sơ dự án %(key)s", key=key), dossier_url(estimate_id, key)
    else:
        heading = _("Nội dung và dòng chi của dự án %(key)s", key=key)
        url = url_for("estimates.project_page", estimate_id=estimate_id, ma=key)
    return MissingGroup(key, heading, url, count_missing(findings), make_checklist(findings, url_of))


def _mark(complete: Completeness) -> str:
    said = "\n".join(f"{one.code} {one.location.field} {one.message_vi}" for one in complete.findings)
    passed = "\n".join(f"{words_hash} {row.reason}" for words_hash, row in complete.passed.items())
    return hashlib.sha256(f"{said}\n\n{passed}".encode()).hexdigest()[:16]
