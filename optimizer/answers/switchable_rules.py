"""The rules of a problem that can be switched off one by one, and the problem that is left.

Ceilings of money are not switched off but raised by a step. Floors of the other limits stay at the amount
they asked for before, so that bringing back a barred candidate makes none rise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from optimizer.answers.rule_switch_answer import SwitchKind
from optimizer.edits import CeilingEdit, apply_edits
from optimizer.problem import AllocationProblem, Limit
from optimizer.proofs.certificate import row_name
from optimizer.rule_book import ceiling_rule_id, rules_of, without_rules
from optimizer.spending import effective_floor_vnd, source_groups
from optimizer.wording import amount_words


@dataclass(frozen=True, slots=True)
class SwitchableRule:
    """One rule.

    Attributes:
        words: Vietnamese noun phrase with amount and legal reference.
        row_ids: rows of the certificate whose prices together are the rule's; empty where it is no money.
        problem: makes the problem without the rule (or with the raised ceiling).
    """

    rule_id: str
    kind: SwitchKind
    words: str
    legal_reference: str
    row_ids: tuple[str, ...]
    problem: Callable[[], AllocationProblem]


def switchable_rules(problem: AllocationProblem, step_vnd: int) -> list[SwitchableRule]:
    """Return every rule that can be asked about, in one fixed order.

    Args:
        problem: a problem free of mistakes.
        step_vnd: đồng by which a ceiling is raised.
    """
    return [
        *_ceilings(problem, step_vnd),
        *_hard_rules(problem),
        *(
            rule
            for limit in sorted(problem.limits, key=lambda item: item.id)
            for rule in _soft(problem, limit)
        ),
    ]


def _ceilings(problem: AllocationProblem, step_vnd: int) -> Iterator[SwitchableRule]:
    """A source's money also raises the ceilings of the groups it may give to."""
    groups = source_groups(problem.sources)
    for source in sorted(problem.sources, key=lambda item: item.id):
        reached = {source.id, *source.transfers_to_ids}
        for year, ceiling_vnd in sorted(source.ceiling_vnd.items()) if not source.is_uncapped else ():
            edit = CeilingEdit(source.id, year, ceiling_vnd + step_vnd)
            yield SwitchableRule(
                rule_id=ceiling_rule_id(source.id, year),
                kind=SwitchKind.MORE,
                words=f"trần nguồn “{source.name}” năm {year} ({amount_words(ceiling_vnd)})",
                legal_reference="",
                row_ids=tuple(row_name("ceiling", group, year) for group in groups if reached & set(group)),
                problem=lambda edit=edit: apply_edits(problem, (edit,)),  # type: ignore[misc]
            )


def _hard_rules(problem: AllocationProblem) -> Iterator[SwitchableRule]:
    for rule in rules_of(problem).values():
        family, _, name = rule.id.partition(":")
        if family == "ceiling":
            continue
        yield SwitchableRule(
            rule_id=rule.id,
            kind=SwitchKind.OFF,
            words=rule.words,
            legal_reference=rule.legal_reference,
            row_ids=(row_name(family, name),) if family in ("cap", "floor") else (),
            problem=lambda rule_id=rule.id: without_rules(problem, {rule_id}),  # type: ignore[misc]
        )


def _soft(problem: AllocationProblem, limit: Limit) -> Iterator[SwitchableRule]:
    """The sides of a limit that is not hard; without them nothing is missing there."""
    if limit.is_hard:
        return
    by_law = f", theo {limit.legal_reference}" if limit.legal_reference else ""
    for family, side, amount_vnd in (
        ("cap", "trần", limit.at_most_vnd),
        ("floor", "sàn", None if limit.at_least_vnd is None else effective_floor_vnd(problem, limit)),
    ):
        if amount_vnd is not None:
            yield SwitchableRule(
                rule_id=f"{family}:{limit.id}",
                kind=SwitchKind.OFF,
                words=f"{side} mềm “{limit.words}” ({amount_words(amount_vnd)}{by_law})",
                legal_reference=limit.legal_reference,
                row_ids=(row_name(family, limit.id),),
                problem=lambda family=family: _without_side(problem, limit, family),  # type: ignore[misc]
            )


def _without_side(problem: AllocationProblem, limit: Limit, family: str) -> AllocationProblem:
    cap = None if family == "cap" else limit.at_most_vnd
    floor = None if family == "floor" else limit.at_least_vnd
    kept = () if cap is None and floor is None else (replace(limit, at_most_vnd=cap, at_least_vnd=floor),)
    limits = tuple(one for item in problem.limits for one in (kept if item.id == limit.id else (item,)))
    return replace(problem, limits=limits)
