"""Put the families together into one model of a problem."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from optimizer.formulation.choices import add_choices
from optimizer.formulation.coverage import add_coverage
from optimizer.formulation.draft import Draft, linear_expression, open_draft
from optimizer.formulation.limits import add_ceilings, add_limits
from optimizer.formulation.links import add_links
from optimizer.formulation.milestone import add_milestones
from optimizer.formulation.quantity import add_quantities
from optimizer.problem import AllocationProblem

FAMILIES = {
    "choices": (add_choices,),
    "limits": (add_choices, add_ceilings, add_limits),
    "links": (add_choices, add_links),
    "quantity": (add_choices, add_quantities),
    "coverage": (add_choices, add_coverage),
    "milestone": (add_choices, add_milestones),
}
"""Every family with what it stands on; the golden files of the tests follow this table."""


def formulate(problem: AllocationProblem) -> Draft:
    """Return the whole model of a problem, with the score as objective.

    Args:
        problem: a problem free of mistakes.
    Returns:
        The model with its choice variables, exact rows and the meaning of every row.
    """
    draft = open_draft(problem)
    with collector_at_rest():
        write_families(draft)
        draft.model.setObjective(linear_expression(draft.points))
    return draft


def write_families(draft: Draft) -> None:
    """Write every family of rules into a draft, in the order in which they stand on each other."""
    for add_family in (
        add_choices,
        add_ceilings,
        add_limits,
        add_links,
        add_quantities,
        add_coverage,
        add_milestones,
    ):
        add_family(draft)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the garbage collector rest while a model is written.

    A model is hundreds of thousands of objects that all live; walking over them again and again finds no
    garbage and costs more than a third of the time at 20.000 candidates.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def formulate_family(problem: AllocationProblem, family: str) -> Draft:
    """Return the model of one family alone (with the choices it needs), for reading and golden files."""
    draft = open_draft(problem)
    for add_family in FAMILIES[family]:
        add_family(draft)
    draft.model.setObjective(linear_expression(draft.points))
    return draft
