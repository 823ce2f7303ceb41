"""From records to the question: appraised figures, envelopes and a scenario's rules as an AllocationProblem.

`assemble_problem` is pure and works on facts; `build_problem` reads the facts and calls it. The same data
always give the same question and the same fingerprint, which is how a stale plan is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from finance.findings import Finding, Location, Severity
from finance.money import format_quantity, format_vnd
from finance.programme.classification import Nature, OutputKind
from finance.reviews.pool import PoolProject
from finance.reviews.queries import pool_projects
from finance.rounds.queries import EnvelopeRow
from finance.scenarios.problem_candidates import (
    NATURE_MARKS,
    CandidateGround,
    build_candidate,
    candidate_findings,
    candidate_ids,
    is_measured,
    source_pair_id,
    source_words,
)
from finance.scenarios.problem_facts import LimitFact, LinkFact, LockFact, RoundFacts, ScenarioFacts
from finance.scenarios.problem_outputs import build_outputs, is_scored
from finance.scenarios.queries import get_scenario, load_round_facts, load_scenario_facts
from finance.scenarios.rules import WEIGHT_TOTAL_THOUSANDTHS, LinkKind, LockKind
from finance.vietnamese.fold import fold
from optimizer.canonical import fingerprint_of
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Requires,
)
from optimizer.problem import Nature as MoneyNature

_NATURES = {Nature.RECURRENT: MoneyNature.RECURRENT, Nature.CAPITAL: MoneyNature.CAPITAL}
_GROUP_RULES = {LinkKind.AT_MOST_ONE: GroupRule.AT_MOST_ONE, LinkKind.EXACTLY_ONE: GroupRule.EXACTLY_ONE}


@dataclass(frozen=True, slots=True)
class BuiltProblem:
    """The question and what stands beside it.

    Attributes:
        problem: what the optimizer is asked.
        candidates: the projects it chooses among, by candidate id.
        unmeasured: projects without an accepted, scored result: decided by hand from the reserved line.
        without_cost: projects of which appraisal left nothing to fund.
        lock_reasons: why a project was committed, pinned or barred, by project id.
        findings: what is wrong or worth knowing; a blocking one forbids a run.
    """

    problem: AllocationProblem
    candidates: Mapping[str, PoolProject]
    unmeasured: tuple[PoolProject, ...]
    without_cost: tuple[PoolProject, ...]
    lock_reasons: Mapping[int, str]
    findings: tuple[Finding, ...]

    @property
    def candidate_by_project(self) -> dict[int, str]:
        """Candidate id by project id."""
        return {project.project_id: candidate_id for candidate_id, project in self.candidates.items()}

    @property
    def problem_hash(self) -> str:
        """Fingerprint of the question; equal data give an equal fingerprint."""
        return fingerprint_of(self.problem)


def build_problem(session: Session, scenario_id: int) -> BuiltProblem:
    """Build the question of a scenario from the present data.

    Args:
        session: open session.
        scenario_id: the scenario.

    Raises:
        NotFound: no such scenario.
    """
    scenario = get_scenario(session, scenario_id)
    return assemble_problem(
        load_round_facts(session, scenario.round_id),
        load_scenario_facts(session, scenario_id),
        pool_projects(session, scenario.round_id),
    )


def assemble_problem(
    facts: RoundFacts, settings: ScenarioFacts, projects: Sequence[PoolProject]
) -> BuiltProblem:
    """Build the question from facts.

    Args:
        facts: money and results of the round.
        settings: weights, limits, locks and links of the scenario.
        projects: everything in the pool, with appraised figures only.

    Returns:
        The question, its candidates, and the projects that it cannot weigh.
    """
    outputs, findings = build_outputs(facts, settings)
    ground = _ground(facts)
    locks = {lock.project_id: lock for lock in settings.locks}
    ids = candidate_ids(projects)
    scored = frozenset(row.code for row in facts.outputs if is_scored(row, settings.weights.get(row.id, 0)))
    chosen: dict[str, PoolProject] = {}
    candidates: list[Candidate] = []
    unmeasured, without_cost = [], []
    for project in projects:
        findings += candidate_findings(project, ground)
        if not any(level.appraised_vnd for level in project.levels):
            without_cost.append(project)
            continue
        candidate = build_candidate(project, ids[project.project_id], locks.get(project.project_id), ground)
        if is_measured(candidate, scored):
            candidates.append(candidate)
            chosen[candidate.id] = project
        else:
            unmeasured.append(project)
    sources, source_findings = _sources(facts, projects)
    links, link_findings = _links(settings.links, {p.project_id: c for c, p in chosen.items()}, projects)
    findings += _weight_findings(facts, settings)
    findings += [*source_findings, *link_findings, *_lock_findings(settings.locks, chosen.values(), projects)]
    problem = AllocationProblem(
        title=settings.title,
        years=facts.years,
        sources=sources,
        outputs=outputs,
        candidates=tuple(candidates),
        limits=tuple(_limit(limit, place, sources) for place, limit in enumerate(settings.limits, start=1)),
        links=links,
    )
    if not candidates:
        words = "Chưa có dự án nào đã thẩm định xong, có kết quả được chấm điểm để đưa vào lựa chọn."
        findings.append(Finding("no-candidates", Severity.BLOCKS, words))
    reasons = {lock.project_id: lock.reason_vi for lock in settings.locks}
    return BuiltProblem(problem, chosen, tuple(unmeasured), tuple(without_cost), reasons, tuple(findings))


def limit_id(limit: LimitFact, place: int) -> str:
    """Return a readable id of a limit: its place in the scenario and the first words of its name."""
    words = "-".join("".join(sign if sign.isalnum() else " " for sign in fold(limit.words_vi)).split()[:6])
    return f"gioi-han-{place}-{words}" if words else f"gioi-han-{place}"


def _weight_findings(facts: RoundFacts, settings: ScenarioFacts) -> list[Finding]:
    """The points must still sum to 100 over the results the round has now."""
    scored = [row for row in facts.outputs if row.kind is not OutputKind.OUTCOME]
    total = sum(settings.weights.get(row.id, 0) for row in scored)
    if total == WEIGHT_TOTAL_THOUSANDTHS and all(row.id in settings.weights for row in scored):
        return []
    words = f"Danh mục kết quả đã đổi: trọng số cộng lại {format_quantity(total)} điểm hoặc thiếu kết quả."
    remedy = "Lưu lại trọng số của phương án."
    return [Finding("weights-incomplete", Severity.BLOCKS, words, Location(words="Trọng số"), remedy)]


def _ground(facts: RoundFacts) -> CandidateGround:
    units = {
        row.id: frozenset(unit.unit_code for unit in facts.units.get(row.id, ())) for row in facts.outputs
    }
    return CandidateGround(outputs={row.id: row for row in facts.outputs}, unit_codes=units)


def _sources(
    facts: RoundFacts, projects: Sequence[PoolProject]
) -> tuple[tuple[FundingSource, ...], list[Finding]]:
    """One source per (source, nature) with its pool by year; absent money is 0 and said aloud."""
    findings: list[Finding] = []
    ceilings: dict[tuple[int, Nature], dict[int, int]] = {}
    names = {row.id: row for row in facts.sources}
    for row in facts.envelopes:
        if row.nature not in NATURE_MARKS:
            findings.append(_unsplit_envelope(row))
            continue
        ceilings.setdefault((row.source_id, row.nature), {})[row.year] = row.pool_vnd
    for project in projects:
        for level in project.levels:
            for part in level.money:
                years = ceilings.setdefault((part.source_id, part.nature), {})
                if part.amount_vnd and part.year not in years:
                    years[part.year] = 0
                    findings.append(_no_envelope(source_words(names[part.source_id], part.nature), part.year))
    sources = [
        FundingSource(
            id=source_pair_id(names[source_id].code, nature),
            name=source_words(names[source_id], nature),
            nature=_NATURES[nature],
            ceiling_vnd=dict(sorted(years.items())),
        )
        for (source_id, nature), years in ceilings.items()
    ]
    return tuple(sorted(sources, key=lambda source: source.id)), findings


def _unsplit_envelope(row: EnvelopeRow) -> Finding:
    words = (
        f"Nguồn “{row.source_name}” năm {row.year} có {format_vnd(row.amount_vnd)} đồng chưa tách "
        "chi thường xuyên và chi đầu tư."
    )
    return Finding("envelope-not-split", Severity.BLOCKS, words, Location(words="Khả năng cân đối"))


def _no_envelope(pair_name: str, year: int) -> Finding:
    words = f"Chưa xác định khả năng cân đối của “{pair_name}” năm {year}: coi là 0 đồng."
    return Finding("envelope-missing", Severity.WARNS, words, Location(words="Khả năng cân đối"))


def _limit(limit: LimitFact, place: int, sources: Sequence[FundingSource]) -> Limit:
    pairs = {source_pair_id(code, nature) for code in limit.source_codes for nature in NATURE_MARKS}
    return Limit(
        id=limit_id(limit, place),
        words=limit.words_vi,
        legal_reference=limit.legal_reference,
        at_least_vnd=limit.at_least_vnd,
        at_most_vnd=limit.at_most_vnd,
        is_hard=limit.is_hard,
        scope=LimitScope(
            agencies=limit.agency_codes,
            areas=limit.area_codes,
            source_ids=tuple(source.id for source in sources if source.id in pairs),
            natures=tuple(_NATURES[nature] for nature in limit.natures),
            years=limit.years,
        ),
    )


def _links(
    links: Sequence[LinkFact], candidate_by_project: Mapping[int, str], projects: Sequence[PoolProject]
) -> tuple[tuple[Requires | GroupLink, ...], list[Finding]]:
    """Links among candidates; one that names a project outside the choice is reported and left out."""
    built: list[Requires | GroupLink] = []
    findings = []
    names = {project.project_id: project.name_vi for project in projects}
    for link in links:
        outside = [project_id for project_id in link.project_ids if project_id not in candidate_by_project]
        if outside:
            findings.append(_outside(link, [names.get(one, f"dự án số {one}") for one in outside]))
            continue
        ids = tuple(candidate_by_project[project_id] for project_id in link.project_ids)
        if link.kind is LinkKind.REQUIRES:
            built.append(Requires(ids[0], ids[1]))
        else:
            built.append(GroupLink(_GROUP_RULES[link.kind], ids))
    return tuple(built), findings


def _outside(link: LinkFact, names: Sequence[str]) -> Finding:
    words = f"Ràng buộc “{link.kind.label_vi}” nhắc tới dự án không có trong lựa chọn: {'; '.join(names)}."
    remedy = "Bỏ ràng buộc này, hoặc quyết định bằng tay dự án đó."
    return Finding("link-outside-pool", Severity.BLOCKS, words, Location(words="Ràng buộc"), remedy)


def _lock_findings(
    locks: Sequence[LockFact], chosen: Iterable[PoolProject], projects: Sequence[PoolProject]
) -> list[Finding]:
    """A lock that orders money for a project outside the choice cannot be kept: it blocks."""
    inside = {project.project_id for project in chosen}
    names = {project.project_id: project.name_vi for project in projects}
    findings = []
    for lock in locks:
        if lock.project_id in inside or lock.kind is LockKind.BARRED:
            continue
        name = names.get(lock.project_id, f"dự án số {lock.project_id}")
        words = f"“{name}” được ghim “{lock.kind.label_vi}” nhưng không có trong lựa chọn."
        remedy = "Bỏ ghim này; dự án chưa đo được thì quyết định bằng tay từ phần để riêng."
        findings.append(Finding("lock-outside-pool", Severity.BLOCKS, words, Location(words="Ghim"), remedy))
    return findings
