"""One LP file per family of rules, read by people; a change of a formula shows as a change of its file.

To write them anew after a wanted change: PHANBO_WRITE_GOLDEN=1 pytest tests/optimizer/test_golden.py
"""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

import optimizer.formulation
from optimizer import (
    AllocationProblem,
    FundingLevel,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Output,
    OutputKind,
    Requires,
)
from optimizer.formulation.assemble import FAMILIES, formulate_family
from optimizer.formulation.draft import linear_expression
from optimizer.formulation.stages import stage_terms
from optimizer.problem import ALL_STAGES
from tests.optimizer.builders import YEAR, a_candidate, a_level, a_problem, a_source, training_output

FOLDER = Path(__file__).parent / "golden"


def reading_problem() -> AllocationProblem:
    """Return one small problem in which every family has something to say."""
    covers = {"mot-cua": {"phong": ("xa-1", "xa-2"), "may": ("xa-1",)}}
    least = FundingLevel("toi-thieu", {"tinh": {YEAR: 3000}}, {"hoc-vien": {YEAR: Fraction(4)}}, covers)
    full = FundingLevel(
        "day-du", {"tinh": {YEAR: 5000}}, {"hoc-vien": {YEAR: Fraction(15, 2)}}, covers, {"qc": ("ban-hanh",)}
    )
    chain = {"hoc-vien-2015": {YEAR: Fraction(30)}}
    curve = ((Fraction(1, 2), Fraction(3, 4)), (Fraction(1), Fraction(1)))
    outputs = (
        training_output(20, weight=Fraction(40), baseline=Fraction(4), curve=curve, at_least=Fraction(6)),
        Output(
            "hoc-vien-2015",
            "Sau",
            OutputKind.QUANTITY,
            weight=Fraction(10),
            target=Fraction(40),
            follows_id="hoc-vien",
        ),
        Output(
            "mot-cua",
            "Một cửa",
            OutputKind.COVERAGE,
            weight=Fraction(30),
            scope_unit_ids=("xa-1", "xa-2"),
            components=("phong", "may"),
        ),
        Output("qc", "Quy chế", OutputKind.DELIVERABLE, weight=Fraction(20), components=("ban-hanh",)),
    )
    return a_problem(
        a_candidate("A", least, full, rank=1),
        a_candidate("B", a_level(2000, yields=chain, covers={"mot-cua": {"may": ("xa-2",)}}), rank=2),
        a_candidate("C", a_level(1000, yields={"hoc-vien": {YEAR: Fraction(2)}}), area="2"),
        sources=(a_source(6000), a_source(1000, "khac", transfers_to_ids=("tinh",))),
        outputs=outputs,
        limits=(
            Limit("san", "Sàn", LimitScope(areas=("2",)), at_least_vnd=1000, is_hard=False),
            Limit("tran", "Trần", LimitScope(agencies=("CQ",)), at_most_vnd=7000),
        ),
        links=(Requires("B", "A", "day-du"), GroupLink(GroupRule.AT_LEAST, ("A", "C"), 1)),
        reference_plan={"A": "toi-thieu"},
    )


def lp_text(family: str, tmp_path: Path) -> str:
    path = tmp_path / "model.lp"
    if family == "stages":
        draft = formulate_family(reading_problem(), "limits")
        texts = []
        for stage in ALL_STAGES:
            draft.model.setObjective(linear_expression(stage_terms(draft, stage)))
            draft.model.writeLP(str(path))
            texts.append(f"\\ {stage.value}\n" + path.read_text(encoding="utf-8").split("Subject To")[0])
        return "".join(texts)
    formulate_family(reading_problem(), family).model.writeLP(str(path))
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("family", [*sorted(FAMILIES), "stages"])
def test_the_family_reads_as_its_golden_file(family: str, tmp_path: Path) -> None:
    golden = FOLDER / f"{family}.lp"
    text = lp_text(family, tmp_path)
    if os.environ.get("PHANBO_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert golden.exists(), f"write the golden file of the family {family}"
    assert text == golden.read_text(encoding="utf-8")


def test_no_family_is_without_a_golden_file() -> None:
    folder = Path(optimizer.formulation.__file__).parent
    rooms = {path.stem for path in folder.glob("*.py")} - {"__init__", "draft", "assemble"}
    assert rooms == {path.stem for path in FOLDER.glob("*.lp")}
