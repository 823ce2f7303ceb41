"""The files hold what was promised: enough of everything, believable, and marked as invented."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import combinations

import pytest

from finance.actors import Capacity, Function
from finance.agencies.rules import password_problem
from finance.estimates.draft import LineDraft, ProjectDraft
from finance.estimates.levels import LevelCode
from finance.estimates.totals import draft_level_total, requested_ordinal
from finance.programme.classification import Nature, OutputKind, ProjectKind
from finance.programme.reference_files import read_norms, read_tasks
from finance.rounds.rules import RoundStage, pool_vnd
from finance.scenarios.rules import WEIGHT_TOTAL_THOUSANDTHS
from tests.house.source_tree import ROOT
from webapp.demonstration.estimate_files import read_estimate_drafts
from webapp.demonstration.files import (
    read_calendar,
    read_deadlines,
    read_envelopes,
    read_estimate_files,
    read_people,
    read_positions,
)
from webapp.demonstration.judgement_files import read_line_cuts, read_opinions, read_promise_cuts
from webapp.demonstration.measurement_files import read_catalogue, read_scope_units
from webapp.demonstration.people import DEMONSTRATION_SIGN_INS

DATA = ROOT / "webapp" / "demonstration" / "data"
OFFICES = {"SNV", "STC", "SKHDT", "STTTT", "STP", "H_NHATRANG", "H_KHANHVINH"}
NEEDED_TASKS = {"4b", "4c", "4đ", "5a", "5b", "6c"}
MILLION = 1_000_000


def projects() -> list[ProjectDraft]:
    return [project for draft in read_estimate_drafts().values() for project in draft.projects]


def lines() -> list[LineDraft]:
    return [line for project in projects() for line in project.lines]


@pytest.mark.parametrize("file", sorted(DATA.glob("*.csv")), ids=lambda file: file.stem)
def test_every_row_says_that_it_is_invented(file) -> None:
    with file.open(encoding="utf-8", newline="") as rows:
        sources = {row["source"] for row in csv.DictReader(rows)}
    assert sources == {"Số liệu minh họa"}


def test_seven_offices_ask_for_twenty_projects_over_all_areas() -> None:
    area_of = {task.code: task.area for task in read_tasks()}
    tasks = {project.task_code for project in projects()}
    assert set(read_estimate_drafts()) == OFFICES == {file.agency_code for file in read_estimate_files()}
    assert len(projects()) == 20
    assert {area_of[code] for code in tasks} == {"1", "2", "3", "4", "5", "6"}
    assert len(tasks) >= 15
    assert tasks >= NEEDED_TASKS


def test_between_150_and_250_cost_lines_with_money_of_both_kinds_and_years() -> None:
    assert 150 <= len(lines()) <= 250
    assert {line.nature for line in lines()} == {Nature.RECURRENT, Nature.CAPITAL}
    assert {line.year for line in lines()} == {2012, 2013}
    assert all(line.item_vi and line.unit_name and line.unit_price_vnd > 0 for line in lines())


def test_most_projects_have_one_level_and_several_two_to_four() -> None:
    counts = Counter(len(project.levels) for project in projects())
    assert counts[1] > 20 // 2
    assert counts[2] >= 2
    assert counts[3] >= 2
    assert counts[4] >= 1
    assert {code for project in projects() for code in project.levels} == set(LevelCode)


def test_every_level_costs_more_than_the_one_below_it() -> None:
    for project in projects():
        totals = [draft_level_total(project, place) for place in range(1, len(project.levels) + 1)]
        assert totals == sorted(set(totals)), project.name_vi


def test_amounts_are_of_a_province_of_2012() -> None:
    for project in projects():
        asked = draft_level_total(project, requested_ordinal(project.levels))
        assert 50 * MILLION <= asked <= 6_000 * MILLION, project.name_vi


def test_two_or_three_routine_tasks_one_of_them_from_a_districts_own_money() -> None:
    routine = [project for project in projects() if project.kind is ProjectKind.TASK]
    assert 2 <= len(routine) <= 3
    own_money = [one for one in routine if {line.source_code for line in one.lines} == {"NS_HUYEN"}]
    assert len(own_money) == 1


def test_one_project_of_the_pool_cannot_be_measured() -> None:
    pool = [project for project in projects() if project.kind is not ProjectKind.TASK]
    assert len([project for project in pool if not project.promises]) == 1


def test_prices_stay_within_the_norms_but_for_two_with_a_reason() -> None:
    norms = {norm.code: norm for norm in read_norms(name="norms_demonstration.csv")}
    named = [line for line in lines() if line.norm_code]
    over = [line for line in named if line.unit_price_vnd > norms[line.norm_code].max_vnd]
    assert len(named) > 100
    assert all(line.unit_name == norms[line.norm_code].unit_name for line in named)
    assert len(over) == 2
    assert all(line.over_norm_reason for line in over)


def test_two_offices_name_some_of_the_same_communes_for_the_same_part() -> None:
    named: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for code, draft in read_estimate_drafts().items():
        for project in draft.projects:
            for promise in project.promises:
                parts = {(promise.component, unit) for unit in promise.unit_codes}
                if promise.output_code == "MCHD_XA":
                    named.setdefault((code, project.project_key), set()).update(parts)
    shared = [first & second for first, second in combinations(named.values(), 2)]
    assert any(len(one) >= 3 for one in shared)


def test_contingency_is_within_the_band_and_a_line_is_kept_for_what_cannot_be_measured() -> None:
    envelopes = read_envelopes()
    assert {(row.nature, row.year) for row in envelopes} == {
        (nature, year) for nature in (Nature.RECURRENT, Nature.CAPITAL) for year in (2012, 2013)
    }
    for row in envelopes:
        assert 2 <= row.contingency_vnd * 100 / row.amount_vnd <= 5
        assert pool_vnd(row.amount_vnd, row.contingency_vnd, row.unmeasured_vnd) > 0
    unmeasured = next(project for project in projects() if not project.promises)
    assert sum(row.unmeasured_vnd for row in envelopes) >= draft_level_total(unmeasured, 1)


def test_the_catalogue_has_every_kind_and_its_points_make_a_hundred() -> None:
    catalogue = read_catalogue()
    weights = [entry.weight_thousandths for entry in catalogue if entry.weight_thousandths is not None]
    assert {entry.output.kind for entry in catalogue} == set(OutputKind)
    assert sum(weights) == WEIGHT_TOTAL_THOUSANDTHS
    for entry in catalogue:
        assert (entry.weight_thousandths is None) == (entry.output.kind is OutputKind.OUTCOME)
        assert entry.output.is_invented
        assert "Số liệu minh họa" in entry.output.measured_source
        assert entry.output.measured_on is not None


def test_coverage_baselines_are_the_units_that_hold_every_component() -> None:
    for entry in read_catalogue():
        output = entry.output
        if output.kind is not OutputKind.COVERAGE:
            continue
        needed = {code for code, _name in output.components}
        reached = sum(needed <= set(unit.reached_components) for unit in output.units)
        stated = reached * 1000 if output.unit_name != "%" else round(reached * 100_000 / len(output.units))
        assert needed
        assert output.baseline_thousandths == stated, output.code


def test_the_communes_are_those_of_two_districts_in_2012() -> None:
    places = Counter(unit.place for unit in read_scope_units() if unit.kind == "xa")
    assert places == {"Nha Trang": 27, "Khánh Vĩnh": 14}


def test_promises_rest_on_the_catalogue() -> None:
    outputs = {entry.output.code: entry.output for entry in read_catalogue()}
    for project in projects():
        for promise in project.promises:
            output = outputs[promise.output_code]
            assert set(promise.unit_codes) <= {unit.unit_code for unit in output.units}
            assert promise.year <= output.year


def test_eight_sign_ins_one_for_every_desk() -> None:
    assert len(DEMONSTRATION_SIGN_INS) == 8
    listed = {sign_in.login for sign_in in DEMONSTRATION_SIGN_INS}
    seats = {(row.function, row.capacity) for row in read_positions() if row.login in listed}
    assert {
        (Function.PREPARE, Capacity.OFFICER),
        (Function.PREPARE, Capacity.HEAD),
        (Function.CONTENT_APPRAISAL, Capacity.OFFICER),
        (Function.ESTIMATE_APPRAISAL, Capacity.OFFICER),
        (Function.ALLOCATION_CONSOLIDATION, Capacity.OFFICER),
        (Function.CAPITAL_REVIEW, Capacity.OFFICER),
        (Function.APPROVAL, Capacity.HEAD),
        (Function.INSPECTION, Capacity.OFFICER),
        (Function.ADMINISTRATION, Capacity.OFFICER),
    } == seats
    offices = {row.agency_code for row in read_positions() if row.login in listed and _prepares(row.function)}
    assert len(offices) == 1


def test_passwords_may_be_used_and_nobody_sits_on_both_sides_of_a_file() -> None:
    assert all(password_problem(person.password) is None for person in read_people())
    preparing = {row.login for row in read_positions() if _prepares(row.function)}
    judging = {row.login for row in read_positions() if not _prepares(row.function)}
    assert not preparing & judging
    assert preparing | judging == {person.login for person in read_people()}


def test_cuts_have_their_ground_and_every_project_its_opinion() -> None:
    cuts = read_line_cuts()
    assert len({cut.reason for cut in cuts}) == 6
    assert len(read_promise_cuts()) >= 3
    places = {
        (code, project.project_key)
        for code, draft in read_estimate_drafts().items()
        for project in draft.projects
    }
    content = {row.place for row in read_opinions() if row.function is Function.CONTENT_APPRAISAL}
    assert content == places
    assert {cut.place for cut in cuts} <= places


def test_the_draft_can_still_be_sent_on_the_day_the_story_stops() -> None:
    calendar, due = read_calendar(), dict(read_deadlines())
    assert set(due) == set(RoundStage)
    assert sorted(due.values()) == [due[stage] for stage in RoundStage]
    assert calendar["today"] < due[RoundStage.SUBMISSION].date()
    assert calendar["decided"] < due[RoundStage.APPROVAL].date()


def _prepares(function: Function) -> bool:
    return function is Function.PREPARE
