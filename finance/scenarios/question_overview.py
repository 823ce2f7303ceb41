"""What a scenario would ask, before it is asked: money, projects, and everything that stands against it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.estimates.levels import LevelCode
from finance.findings import Finding
from finance.permissions import require
from finance.scenarios.frozen_question import FrozenProject, Standing, frozen_project
from finance.scenarios.problem_builder import build_problem
from finance.scenarios.runs import question_findings


@dataclass(frozen=True, slots=True)
class PoolLine:
    """Money of one source, nature and year that results decide about, in đồng."""

    source_name: str
    year: int
    pool_vnd: int


@dataclass(frozen=True, slots=True)
class QuestionOverview:
    """The question a scenario would put now.

    Attributes:
        projects: everything in the pool, those to choose among first.
        findings: blocking ones forbid a run.
    """

    projects: tuple[FrozenProject, ...]
    money: tuple[PoolLine, ...]
    findings: tuple[Finding, ...]

    @property
    def choices(self) -> tuple[FrozenProject, ...]:
        """The projects that results decide about."""
        return tuple(project for project in self.projects if project.standing is Standing.CHOICE)

    @property
    def by_hand(self) -> tuple[FrozenProject, ...]:
        """The projects that cannot yet be measured."""
        return tuple(project for project in self.projects if project.standing is Standing.UNMEASURED)

    @property
    def pool_vnd(self) -> int:
        """All the money that results decide about, đồng."""
        return sum(line.pool_vnd for line in self.money)

    @property
    def appraised_vnd(self) -> int:
        """What the choices cost at their requested levels, đồng."""
        return sum(project.appraised_vnd for project in self.choices)

    @property
    def is_runnable(self) -> bool:
        """True when nothing blocks a run."""
        return not any(finding.is_blocking for finding in self.findings)

    def level_id(self, project_id: int, code: LevelCode) -> int | None:
        """The id of the project's level with this name, or None when it has none."""
        levels = (
            one for project in self.projects if project.project_id == project_id for one in project.levels
        )
        return next((level.id for level in levels if level.code is code), None)


def overview_of(session: Session, actor: Actor, scenario_id: int) -> QuestionOverview:
    """What the scenario would ask now.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    require(actor, Action.VIEW_SCENARIOS)
    built = build_problem(session, scenario_id)
    projects = [
        *(frozen_project(project, Standing.CHOICE, one) for one, project in built.candidates.items()),
        *(frozen_project(project, Standing.UNMEASURED) for project in built.unmeasured),
        *(frozen_project(project, Standing.WITHOUT_COST) for project in built.without_cost),
    ]
    money = [
        PoolLine(source.name, year, amount)
        for source in built.problem.sources
        for year, amount in sorted(source.ceiling_vnd.items())
    ]
    return QuestionOverview(tuple(projects), tuple(money), question_findings(built))
