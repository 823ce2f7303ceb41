"""Who may enter where: every route and method, written by hand beside the program's own table.

The program decides by function and act (`finance/permissions.py`, `@requires`). This table says the
same in roles and pages, as a province would check it, so that a slip in either shows. The matrix sends
a request for every cell. A new route needs a row here; a row without a route is taken off.

`open_to` names the roles that enter. A page about an office's estimate says it for three files: one's
own, another office's draft, which nobody ever enters, and another office's estimate once it was sent.
A page about an office's answer says it for one's own office and for others.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """The eight roles of a province, and three more who knock: a stranger, another office, the IT adviser."""

    ANONYMOUS = "anonymous"
    PREPARER = "preparer"
    HEAD = "head"
    OUTSIDER = "preparer of another agency"
    CONTENT_APPRAISER = "content appraiser"
    ESTIMATE_APPRAISER = "estimate appraiser"
    IT_ADVISER = "IT adviser"
    PLANNER = "planner"
    APPROVER = "approver"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


Roles = frozenset[Role]


def roles(*members: Role) -> Roles:
    """A set of roles."""
    return frozenset(members)


NOBODY = roles()
STRANGER = roles(Role.ANONYMOUS)
EVERYONE = frozenset(Role) - STRANGER
OFFICER = roles(Role.PREPARER, Role.OUTSIDER)
HEAD = roles(Role.HEAD)
AGENCY = OFFICER | HEAD
# The office whose plan (and whose commune's plan) the pages of plans are about.
PLAN_OWNER = roles(Role.PREPARER, Role.HEAD)
CONTENT = roles(Role.CONTENT_APPRAISER)
FINANCE = roles(Role.ESTIMATE_APPRAISER)
IT = roles(Role.IT_ADVISER)
PLANNER = roles(Role.PLANNER)
APPROVER = roles(Role.APPROVER)
INSPECTOR = roles(Role.INSPECTOR)
ADMINISTRATOR = roles(Role.ADMINISTRATOR)
REVIEWERS = CONTENT | FINANCE | IT | PLANNER
DECIDERS = APPROVER | INSPECTOR
# Who reads what was sent, and who reads scenarios and decisions.
READERS = REVIEWERS | DECIDERS
ALLOCATORS = PLANNER | FINANCE | CONTENT | DECIDERS


@dataclass(frozen=True)
class OpenTo:
    """A page that is about no office's file: these roles enter."""

    entering: Roles


@dataclass(frozen=True)
class OnFile:
    """A page about one estimate: who enters by whose it is."""

    own: Roles
    sent: Roles
    draft: Roles = NOBODY


@dataclass(frozen=True)
class OnOffice:
    """A page about what an office was answered."""

    own: Roles
    other: Roles


Row = OpenTo | OnFile | OnOffice

POLICY: dict[tuple[str, str], Row] = {
    # Everybody's own account, and what holds nothing about anybody
    ("GET", "accounts.sign_in_page"): OpenTo(EVERYONE | STRANGER),
    ("POST", "accounts.sign_in_here"): OpenTo(EVERYONE | STRANGER),
    ("POST", "accounts.sign_out_here"): OpenTo(EVERYONE),
    ("GET", "accounts.profile_page"): OpenTo(EVERYONE),
    ("GET", "accounts.password_page"): OpenTo(EVERYONE),
    ("POST", "accounts.change_password_here"): OpenTo(EVERYONE),
    ("GET", "is_alive"): OpenTo(EVERYONE | STRANGER),
    ("GET", "is_ready"): OpenTo(EVERYONE | STRANGER),
    ("GET", "static_file"): OpenTo(EVERYONE | STRANGER),
    ("GET", "home.worklist_page"): OpenTo(EVERYONE),
    ("GET", "programme.targets_page"): OpenTo(EVERYONE),
    ("GET", "programme.tasks_page"): OpenTo(EVERYONE),
    ("GET", "programme.task_page"): OpenTo(EVERYONE),
    ("GET", "programme.sources_page"): OpenTo(EVERYONE),
    ("GET", "programme.norms_page"): OpenTo(EVERYONE),
    ("GET", "norms.norm_page"): OpenTo(EVERYONE),
    ("GET", "norms.add_page"): OpenTo(FINANCE),
    ("POST", "norms.add_norm_here"): OpenTo(FINANCE),
    ("GET", "norms.replace_page"): OpenTo(FINANCE),
    ("POST", "norms.replace_norm_here"): OpenTo(FINANCE),
    ("GET", "norms.repeal_page"): OpenTo(FINANCE),
    ("POST", "norms.repeal_norm_here"): OpenTo(FINANCE),
    ("GET", "rulebook.rules_page"): OpenTo(EVERYONE),
    ("GET", "rulebook.rule_page"): OpenTo(FINANCE),
    ("POST", "rulebook.date_rule_here"): OpenTo(FINANCE),
    ("GET", "rulebook.papers_page"): OpenTo(EVERYONE),
    ("GET", "rulebook.add_paper_page"): OpenTo(FINANCE),
    ("POST", "rulebook.add_paper_here"): OpenTo(FINANCE),
    ("GET", "rulebook.end_paper_page"): OpenTo(FINANCE),
    ("POST", "rulebook.end_paper_here"): OpenTo(FINANCE),
    ("GET", "programme.budget_codes_page"): OpenTo(EVERYONE),
    # The round
    ("GET", "rounds.list_page"): OpenTo(EVERYONE),
    ("GET", "rounds.round_page"): OpenTo(EVERYONE),
    ("GET", "rounds.results_page"): OpenTo(EVERYONE),
    ("GET", "rounds.result_page"): OpenTo(EVERYONE),
    ("GET", "rounds.units_page"): OpenTo(EVERYONE),
    ("GET", "rounds.open_page"): OpenTo(FINANCE),
    ("POST", "rounds.open_round_here"): OpenTo(FINANCE),
    ("GET", "rounds.deadline_page"): OpenTo(FINANCE),
    ("POST", "rounds.set_deadline_here"): OpenTo(FINANCE),
    ("GET", "rounds.extension_page"): OpenTo(FINANCE),
    ("POST", "rounds.extend_deadline_here"): OpenTo(FINANCE),
    ("POST", "rounds.remind_office_here"): OpenTo(FINANCE),
    ("GET", "rounds.close_page"): OpenTo(FINANCE),
    ("POST", "rounds.close_round_here"): OpenTo(FINANCE),
    ("GET", "rounds.practice_page"): OpenTo(FINANCE),
    ("POST", "rounds.open_practice_here"): OpenTo(FINANCE),
    ("GET", "rounds.ceiling_page"): OpenTo(FINANCE),
    ("POST", "rounds.issue_ceiling_here"): OpenTo(FINANCE),
    ("GET", "rounds.envelope_page"): OpenTo(PLANNER),
    ("POST", "rounds.set_envelope_here"): OpenTo(PLANNER),
    ("GET", "rounds.new_result_page"): OpenTo(CONTENT),
    ("POST", "rounds.add_result_here"): OpenTo(CONTENT),
    ("GET", "rounds.baseline_page"): OpenTo(CONTENT),
    ("POST", "rounds.record_baseline_here"): OpenTo(CONTENT),
    ("GET", "rounds.scope_page"): OpenTo(CONTENT),
    ("POST", "rounds.record_scope_here"): OpenTo(CONTENT),
    ("GET", "rounds.add_units_page"): OpenTo(CONTENT),
    ("POST", "rounds.add_units_here"): OpenTo(CONTENT),
    # The annual plan: Nha Trang's, sent for appraisal; and the plan of a commune below it
    ("GET", "plans.list_page"): OpenTo(AGENCY | READERS),
    ("GET", "plans.year_workbook"): OpenTo(AGENCY | READERS),
    ("POST", "plans.start_plan_here"): OnOffice(own=AGENCY, other=NOBODY),
    ("GET", "plans.plan_page"): OpenTo(PLAN_OWNER | READERS),
    ("GET", "plans.plan_workbook"): OpenTo(PLAN_OWNER | READERS),
    ("GET", "plans.activity_page"): OpenTo(PLAN_OWNER),
    ("POST", "plans.save_activity_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.remove_activity_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.move_activity_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.save_aims_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.link_project_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.record_progress_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.send_plan_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.submit_plan_up_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.withdraw_plan_here"): OpenTo(HEAD),
    ("POST", "plans.revise_plan_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.issue_plan_here"): OpenTo(HEAD),
    ("POST", "plans.comment_here"): OpenTo(CONTENT),
    ("POST", "plans.withdraw_comment_here"): OpenTo(CONTENT),
    ("POST", "plans.answer_comment_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.request_changes_here"): OpenTo(CONTENT),
    ("POST", "plans.agree_plan_here"): OpenTo(CONTENT),
    ("POST", "plans.take_plan_here"): OpenTo(PLAN_OWNER),
    ("POST", "plans.return_plan_down_here"): OpenTo(PLAN_OWNER),
    # The own office
    ("GET", "offices.own_page"): OpenTo(EVERYONE),
    ("POST", "offices.delegate_here"): OnOffice(own=HEAD, other=NOBODY),
    ("POST", "offices.revoke_here"): OnOffice(own=HEAD, other=NOBODY),
    ("POST", "offices.set_chain_here"): OnOffice(own=HEAD, other=NOBODY),
    # The agency's desk
    ("GET", "estimates.list_page"): OpenTo(AGENCY | READERS),
    ("POST", "estimates.start_estimate_here"): OnOffice(own=AGENCY, other=NOBODY),
    ("GET", "estimates.estimate_page"): OnFile(own=AGENCY, sent=READERS),
    ("GET", "estimates.full_page"): OnFile(own=AGENCY, sent=READERS),
    ("GET", "estimates.missing_page"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "estimates.missing_count"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.pass_warning_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "dossiers.list_page"): OnFile(own=AGENCY, sent=READERS),
    ("GET", "dossiers.dossier_page"): OnFile(own=AGENCY, sent=READERS),
    ("POST", "dossiers.save_dossier_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "dossiers.attach_paper_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "dossiers.remove_paper_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "dossiers.download_paper"): OnFile(own=AGENCY, sent=READERS),
    ("GET", "estimates.project_page"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.save_project_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.remove_project_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.keep_typing_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.forget_typing_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.move_project_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "estimates.download_workbook"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "estimates.workbook_page"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.preview_workbook_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "estimates.looked_at_page"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "estimates.returned_workbook"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.import_workbook_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.undo_import_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.check_estimate_here"): OnFile(own=OFFICER, sent=NOBODY),
    ("POST", "estimates.reopen_estimate_here"): OnFile(own=OFFICER, sent=NOBODY),
    ("POST", "estimates.refuse_estimate_here"): OnFile(own=HEAD, sent=NOBODY),
    # The small province has no head of a section, so nobody enters.
    ("POST", "estimates.pass_section_here"): OnFile(own=NOBODY, sent=NOBODY),
    ("POST", "estimates.refuse_section_here"): OnFile(own=NOBODY, sent=NOBODY),
    ("GET", "estimates.partners_page"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.invite_partner_here"): OnFile(own=AGENCY, sent=NOBODY),
    # Both offices of the part: Nha Trang leads, Khánh Vĩnh was invited.
    ("GET", "estimates.part_page"): OpenTo(AGENCY),
    ("POST", "estimates.act_on_part_here"): OpenTo(AGENCY),
    ("POST", "estimates.save_part_here"): OpenTo(roles(Role.OUTSIDER)),
    ("GET", "estimates.copy_page"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.copy_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("GET", "estimates.copy_origin_page"): OnFile(own=NOBODY, sent=NOBODY),
    ("POST", "estimates.confirm_copy_here"): OnFile(own=NOBODY, sent=NOBODY),
    ("GET", "estimates.split_page"): OnFile(own=NOBODY, sent=NOBODY),
    ("POST", "estimates.split_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.sign_estimate_here"): OnFile(own=HEAD, sent=NOBODY),
    ("POST", "estimates.send_estimate_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.withdraw_estimate_here"): OnFile(own=HEAD, sent=NOBODY),
    ("POST", "estimates.revise_estimate_here"): OnFile(own=AGENCY, sent=NOBODY),
    ("POST", "estimates.submit_estimate_up_here"): OnFile(own=AGENCY, sent=NOBODY),
    # What a commune has handed up to Nha Trang
    ("GET", "estimates.lower_page"): OpenTo(PLAN_OWNER),
    ("POST", "estimates.take_estimate_here"): OpenTo(PLAN_OWNER),
    ("POST", "estimates.return_estimate_down_here"): OpenTo(PLAN_OWNER),
    ("GET", "dossiers.lower_dossier_page"): OpenTo(PLAN_OWNER),
    ("GET", "dossiers.download_lower_paper"): OpenTo(PLAN_OWNER),
    ("GET", "estimates.lower_deadline_page"): OnOffice(own=PLAN_OWNER, other=NOBODY),
    ("POST", "estimates.set_lower_deadline_here"): OnOffice(own=PLAN_OWNER, other=NOBODY),
    # The reviewers' desks
    ("GET", "reviews.inbox_page"): OpenTo(READERS),
    ("GET", "reviews.board_page"): OpenTo(READERS),
    ("GET", "overlaps.list_page"): OpenTo(READERS),
    ("GET", "overlaps.pair_page"): OpenTo(READERS),
    ("POST", "overlaps.decide_here"): OpenTo(CONTENT | FINANCE | PLANNER),
    ("GET", "unit_costs.bands_page"): OpenTo(READERS),
    ("GET", "unit_costs.line_page"): OnFile(own=NOBODY, sent=READERS),
    ("GET", "reviews.overview_page"): OnFile(own=NOBODY, sent=READERS),
    ("GET", "reviews.content_page"): OnFile(own=NOBODY, sent=READERS),
    ("GET", "reviews.lines_page"): OnFile(own=NOBODY, sent=READERS),
    ("GET", "reviews.outputs_page"): OnFile(own=NOBODY, sent=READERS),
    ("GET", "reviews.pool_page"): OnFile(own=NOBODY, sent=READERS),
    ("POST", "reviews.receive_here"): OnFile(own=NOBODY, sent=FINANCE),
    ("POST", "reviews.return_here"): OnFile(own=NOBODY, sent=FINANCE | CONTENT),
    ("POST", "reviews.begin_content_here"): OnFile(own=NOBODY, sent=CONTENT),
    ("POST", "reviews.give_opinion_here"): OnFile(own=NOBODY, sent=CONTENT | IT | PLANNER),
    ("POST", "reviews.pass_content_here"): OnFile(own=NOBODY, sent=CONTENT),
    ("POST", "reviews.appraise_line_here"): OnFile(own=NOBODY, sent=FINANCE),
    ("POST", "reviews.appraise_output_here"): OnFile(own=NOBODY, sent=FINANCE),
    ("POST", "reviews.accept_rest_here"): OnFile(own=NOBODY, sent=FINANCE),
    ("POST", "reviews.accept_rest_outputs_here"): OnFile(own=NOBODY, sent=FINANCE),
    ("POST", "reviews.conclude_here"): OnFile(own=NOBODY, sent=FINANCE),
    # Scenarios
    ("GET", "scenarios.list_page"): OpenTo(ALLOCATORS),
    ("GET", "scenarios.scenario_page"): OpenTo(ALLOCATORS),
    ("GET", "scenarios.run_page"): OpenTo(ALLOCATORS),
    ("GET", "scenarios.progress_part"): OpenTo(ALLOCATORS),
    ("GET", "scenarios.why_page"): OpenTo(ALLOCATORS),
    ("GET", "scenarios.compare_page"): OpenTo(ALLOCATORS),
    ("GET", "scenarios.weights_page"): OpenTo(PLANNER),
    ("GET", "scenarios.limit_page"): OpenTo(PLANNER),
    ("GET", "scenarios.lock_page"): OpenTo(PLANNER),
    ("GET", "scenarios.link_page"): OpenTo(PLANNER),
    ("POST", "scenarios.create_here"): OpenTo(PLANNER),
    ("POST", "scenarios.copy_here"): OpenTo(PLANNER),
    ("POST", "scenarios.set_weights_here"): OpenTo(PLANNER),
    ("POST", "scenarios.add_limit_here"): OpenTo(PLANNER),
    ("POST", "scenarios.remove_limit_here"): OpenTo(PLANNER),
    ("POST", "scenarios.set_lock_here"): OpenTo(PLANNER),
    ("POST", "scenarios.remove_lock_here"): OpenTo(PLANNER),
    ("POST", "scenarios.add_link_here"): OpenTo(PLANNER),
    ("POST", "scenarios.remove_link_here"): OpenTo(PLANNER),
    ("POST", "scenarios.request_run_here"): OpenTo(PLANNER),
    ("POST", "scenarios.cancel_run_here"): OpenTo(PLANNER),
    # The decision and the answers
    ("GET", "allocations.index_page"): OpenTo(AGENCY | READERS),
    ("GET", "allocations.answer_page"): OnOffice(own=AGENCY, other=READERS),
    ("GET", "allocations.decision_page"): OpenTo(ALLOCATORS),
    ("GET", "allocations.award_page"): OpenTo(PLANNER),
    ("GET", "allocations.effect_part"): OpenTo(PLANNER),
    ("POST", "allocations.adopt_here"): OpenTo(PLANNER),
    ("POST", "allocations.adjust_here"): OpenTo(PLANNER),
    ("POST", "allocations.submit_here"): OpenTo(PLANNER),
    ("GET", "allocations.approval_page"): OpenTo(APPROVER),
    ("POST", "allocations.approve_here"): OpenTo(APPROVER),
    ("POST", "allocations.return_here"): OpenTo(APPROVER),
    # Consolidation, audit
    ("GET", "reports.consolidation_page"): OpenTo(READERS),
    ("GET", "reports.round_report_page"): OpenTo(READERS),
    ("GET", "reports.report_csv"): OpenTo(READERS),
    ("GET", "reports.report_workbook"): OpenTo(READERS),
    ("GET", "reports.cross_page"): OpenTo(READERS),
    ("GET", "reports.cross_csv"): OpenTo(READERS),
    ("GET", "reports.cross_workbook"): OpenTo(READERS),
    ("GET", "inspection.audit_page"): OpenTo(INSPECTOR | ADMINISTRATOR),
    ("GET", "inspection.audit_file"): OpenTo(INSPECTOR | ADMINISTRATOR),
    ("GET", "inspection.chain_page"): OpenTo(INSPECTOR | ADMINISTRATOR),
    # Offices, persons, the demonstration's clock
    ("GET", "administration.offices_page"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.office_page"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.assign_function_here"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.standing_page"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.place_agency_here"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.register_page"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.register_agency_here"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.persons_page"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.person_page"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.add_person_page"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.add_person_here"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.grant_position_here"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.end_position_here"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.lock_here"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.unlock_here"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.end_function_here"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.clock_page"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.set_clock_here"): OpenTo(ADMINISTRATOR),
    ("GET", "administration.holidays_page"): OpenTo(ADMINISTRATOR),
    ("POST", "administration.set_holiday_here"): OpenTo(ADMINISTRATOR),
}

# The one room in which everybody writes, and only about himself.
OWN_ACCOUNT = "accounts."


def entering(row: Row) -> Roles:
    """Every role that enters somewhere by this row."""
    if isinstance(row, OpenTo):
        return row.entering
    if isinstance(row, OnFile):
        return row.own | row.draft | row.sent
    return row.own | row.other
