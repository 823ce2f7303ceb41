"""Family "milestone": milestones and deliverables, which are there or not.

    m[j] <= sum_{p,k delivers component e of j} x[p,k]        for every component e
    m[j] >= 1                                                 where a hard minimum asks for it
    score += weight_j m[j]

Sets: j milestones and deliverables not reached today; e their components. m[j] in {0,1}. Units: one thing
done. Reason: half a data centre or half a regulation is worth nothing; two projects that both deliver the
review report deliver it once.
"""

from __future__ import annotations

from optimizer.attainment import ONE_TIME_KINDS, baseline_count
from optimizer.formulation.draft import Draft, Term
from optimizer.proofs.certificate import row_name


def add_milestones(draft: Draft) -> None:
    """Add one done-or-not variable per open milestone or deliverable, and one row per component."""
    for number, output, _ in draft.outputs_with_earlier():
        if output.kind not in ONE_TIME_KINDS or baseline_count(output) >= 1:
            continue
        done = draft.add_variable(f"done_{number}", 1, is_binary=True)
        draft.points.append((done, output.weight))
        for position, part in enumerate(sorted(output.components)):
            keys = draft.promises().delivers.get((output.id, part), ())
            givers: list[Term] = [(draft.fund[key], -1) for key in dict.fromkeys(keys)]
            draft.add_row(f"part_{number}_{position}", [(done, 1), *givers], "<=", 0)
            draft.mean(f"part_{number}_{position}", row_name("part", output.id, part))
        if output.at_least is not None:
            draft.add_row(f"minimum_{number}", [(done, 1)], ">=", output.at_least)
            draft.mean(f"minimum_{number}", row_name("minimum", output.id))
