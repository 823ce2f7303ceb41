"""What a run keeps for ever: the question it was asked and who its candidates were, as JSON data.

A run's pages read this and nothing that can still change, so a result shows the same figures for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from finance.estimates.levels import LevelCode
from finance.labels import LabelledEnum
from finance.programme.classification import Nature
from finance.reviews.pool import PoolLevel, PoolProject
from finance.scenarios.problem_builder import BuiltProblem
from finance.scenarios.problem_candidates import LEVEL_IDS
from finance.scenarios.rules import MoneyPart
from optimizer.canonical import problem_to_json


class Standing(LabelledEnum):
    """How a project of the pool stands in a run."""

    CHOICE = "CHOICE", "đưa vào lựa chọn"
    UNMEASURED = "UNMEASURED", "chưa đo được, quyết định bằng tay"
    WITHOUT_COST = "WITHOUT_COST", "không còn kinh phí sau thẩm định"


@dataclass(frozen=True, slots=True)
class FrozenLevel:
    """A level as it stood when the run was asked for."""

    id: int
    code: LevelCode
    asked_vnd: int
    appraised_vnd: int
    money: tuple[MoneyPart, ...]

    @property
    def choice_id(self) -> str:
        """The id of the level inside the question."""
        return LEVEL_IDS[self.code]


@dataclass(frozen=True, slots=True)
class FrozenProject:
    """A project as it stood when the run was asked for.

    Attributes:
        candidate_id: its id in the question; empty outside the choice.
        lock_reason_vi: why it was committed, pinned or barred beforehand; empty when it was open.
    """

    project_id: int
    candidate_id: str
    standing: Standing
    estimate_id: int
    agency_id: int
    agency_code: str
    agency_short: str
    name_vi: str
    area_code: str
    priority: int
    requested_level_id: int
    levels: tuple[FrozenLevel, ...]
    lock_reason_vi: str = ""

    @property
    def asked_vnd(self) -> int:
        """What was asked at the requested level, from sources of the pool."""
        return self._requested.asked_vnd

    @property
    def appraised_vnd(self) -> int:
        """What appraisal left of the requested level."""
        return self._requested.appraised_vnd

    @property
    def _requested(self) -> FrozenLevel:
        return next(level for level in self.levels if level.id == self.requested_level_id)

    def level_of(self, level_id: int | None) -> FrozenLevel | None:
        """The level with this id, or None."""
        return next((level for level in self.levels if level.id == level_id), None)

    def level_chosen(self, choice_id: str | None) -> FrozenLevel | None:
        """The level that the plan names, or None."""
        return next((level for level in self.levels if level.choice_id == choice_id), None)


def freeze_question(built: BuiltProblem) -> dict[str, Any]:
    """Return everything a run must keep, as plain JSON data.

    Args:
        built: the question built from the present data.
    """
    projects = [
        *(frozen_project(project, Standing.CHOICE, one) for one, project in built.candidates.items()),
        *(frozen_project(project, Standing.UNMEASURED) for project in built.unmeasured),
        *(frozen_project(project, Standing.WITHOUT_COST) for project in built.without_cost),
    ]
    return {
        "question": problem_to_json(built.problem),
        "projects": [_to_json(one, built.lock_reasons.get(one.project_id, "")) for one in projects],
    }


def thaw_projects(frozen: dict[str, Any]) -> tuple[FrozenProject, ...]:
    """Return the projects of a frozen question, in the order in which they were frozen."""
    return tuple(_from_json(data) for data in frozen["projects"])


def frozen_project(
    project: PoolProject, standing: Standing = Standing.CHOICE, candidate_id: str = ""
) -> FrozenProject:
    """Return a pool project as a run keeps it.

    Args:
        project: with appraised figures.
        standing: whether it is among the candidates.
        candidate_id: its id in the question; empty outside the choice.
    """
    return FrozenProject(
        project_id=project.project_id,
        candidate_id=candidate_id,
        standing=standing,
        estimate_id=project.estimate_id,
        agency_id=project.agency_id,
        agency_code=project.agency_code,
        agency_short=project.agency_short,
        name_vi=project.name_vi,
        area_code=project.area_code,
        priority=project.priority,
        requested_level_id=project.requested_level_id,
        levels=tuple(_frozen_level(level) for level in project.levels),
    )


def level_label(level: FrozenLevel | None) -> str:
    """What a person calls the level; an empty text for none."""
    return level.code.label_vi if level else ""


def _frozen_level(level: PoolLevel) -> FrozenLevel:
    money = tuple(MoneyPart(one.source_id, one.nature, one.year, one.amount_vnd) for one in level.money)
    return FrozenLevel(level.id, level.code, level.asked_vnd, level.appraised_vnd, money)


def _to_json(project: FrozenProject, lock_reason_vi: str) -> dict[str, Any]:
    return {
        "lock_reason_vi": lock_reason_vi,
        "project": project.project_id,
        "candidate": project.candidate_id,
        "standing": project.standing.value,
        "estimate": project.estimate_id,
        "agency": project.agency_id,
        "agency_code": project.agency_code,
        "agency_short": project.agency_short,
        "name_vi": project.name_vi,
        "area": project.area_code,
        "priority": project.priority,
        "requested_level": project.requested_level_id,
        "levels": [
            {
                "id": level.id,
                "code": level.code.value,
                "asked_vnd": level.asked_vnd,
                "appraised_vnd": level.appraised_vnd,
                "money": [
                    [part.source_id, part.nature.value, part.year, part.amount_vnd] for part in level.money
                ],
            }
            for level in project.levels
        ],
    }


def _from_json(data: dict[str, Any]) -> FrozenProject:
    return FrozenProject(
        project_id=data["project"],
        candidate_id=data["candidate"],
        standing=Standing.of(data["standing"]),
        estimate_id=data["estimate"],
        agency_id=data["agency"],
        agency_code=data["agency_code"],
        agency_short=data["agency_short"],
        name_vi=data["name_vi"],
        area_code=data["area"],
        priority=data["priority"],
        requested_level_id=data["requested_level"],
        lock_reason_vi=data["lock_reason_vi"],
        levels=tuple(
            FrozenLevel(
                level["id"],
                LevelCode.of(level["code"]),
                level["asked_vnd"],
                level["appraised_vnd"],
                tuple(MoneyPart(one[0], Nature.of(one[1]), one[2], one[3]) for one in level["money"]),
            )
            for level in data["levels"]
        ),
    )
