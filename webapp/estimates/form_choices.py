"""What the lists of the project form offer, and the facts its script reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.levels import LevelCode
from finance.estimates.totals import requested_ordinal
from finance.programme.classification import Nature, ProjectKind
from webapp.estimates.grid_words import grid_words
from webapp.estimates.typed_project import TypedProject
from webapp.formatting import sentence_case

# A line is one or the other; a source may be both.
NATURES = (Nature.RECURRENT, Nature.CAPITAL)


# Columns few lines need: folded away while they are empty.
SELDOM_FILLED = {"reason": "over_norm_reason", "note": "note"}


def form_choices(context: CheckContext, typed: TypedProject) -> Mapping[str, Any]:
    """What the lists of the form offer."""
    task = context.tasks.get(typed.values["task_code"])
    near = task.target_codes if task else frozenset()
    return {
        "kinds": [(kind.value, kind.label_vi) for kind in ProjectKind],
        "own_tasks": [one for one in context.tasks.values() if one.is_of_agency],
        "other_tasks": [one for one in context.tasks.values() if not one.is_of_agency],
        "near_targets": [(code, name) for code, name in context.target_names.items() if code in near],
        "other_targets": [(code, name) for code, name in context.target_names.items() if code not in near],
        "natures": [
            (nature.value, sentence_case(nature.label_vi.removeprefix("chi "))) for nature in NATURES
        ],
        "levels": list(LevelCode),
        # Two names of sources begin alike: the code in front tells them apart in a narrow box.
        "sources": [
            (source.code, f"{source.code} · {source.name_vi}") for source in context.sources.values()
        ],
        "known": {
            "source_code": context.sources.keys(),
            "nature": {one.value for one in NATURES},
            "year": {str(year) for year in context.years},
        },
        "years": [(str(year), str(year)) for year in context.years],
        "output_names": [
            (output.code, f"{output.name_vi} ({output.kind.label_vi})") for output in context.outputs.values()
        ],
        "typed_levels": [(code, LevelCode.of(code).label_vi) for code in typed.levels],
        "level_words": [LevelCode.of(code).label_vi for code in typed.levels],
        "level_names": {level.value: level.label_vi for level in LevelCode},
        "folded_columns": [
            column
            for column, part in SELDOM_FILLED.items()
            if not any(line.values.get(part, "").strip() for line in typed.lines)
        ],
        "grid_facts": {
            "words": grid_words(),
            "levelCodes": [level.value for level in LevelCode],
            "allLevels": [level.label_vi for level in LevelCode],
            "requested": requested_ordinal([LevelCode.of(code) for code in typed.levels]) - 1,
            "years": list(context.years),
            "fiscalYear": context.fiscal_year,
            "natures": {
                code: source.nature.value
                for code, source in context.sources.items()
                if source.nature is not Nature.BOTH
            },
            "norms": {
                norm.code: {
                    # As text: an amount in đồng may be larger than a script's plain number holds.
                    "most": str(norm.max_vnd),
                    "unit": norm.unit_name,
                    "words": f"{norm.item_vi} – {norm.legal_reference}",
                }
                for norm in context.norms_in_force
            },
        },
    }
