"""What the demonstration's reviewers say: opinions, cuts with their legal ground, results accepted."""

from __future__ import annotations

from dataclasses import dataclass

from finance.actors import Function
from finance.programme.reference_cells import Cells
from finance.reviews.rules import CutReason, Verdict
from webapp.demonstration.estimate_files import ProjectPlace, read_quantities
from webapp.demonstration.files import read_demonstration_table

_PROMISE_COLUMNS = "agency project level output year component is_accepted quantity refused_units words"


@dataclass(frozen=True, slots=True)
class OpinionEntry:
    """What a function says of a project; a pending one is left to be given where the file stops early."""

    place: ProjectPlace
    function: Function
    verdict: Verdict
    words: str
    is_pending: bool


@dataclass(frozen=True, slots=True)
class LineCut:
    """A cost line judged below what was asked.

    Attributes:
        unit_price_vnd: None when the price stays.
        quantities: one per level in thousandths; empty when they stay.
    """

    place: ProjectPlace
    position: int
    unit_price_vnd: int | None
    quantities: tuple[int, ...]
    reason: CutReason
    words: str


@dataclass(frozen=True, slots=True)
class PromiseCut:
    """A promised result judged below what was promised; `quantity_thousandths` 0 where none is counted."""

    place: ProjectPlace
    level: int
    output_code: str
    year: int
    component: str
    is_accepted: bool
    quantity_thousandths: int
    refused_units: tuple[str, ...]
    words: str


def read_opinions() -> list[OpinionEntry]:
    """Every opinion (opinions.csv)."""

    def build(cells: Cells) -> OpinionEntry:
        return OpinionEntry(
            place=_place(cells),
            function=cells.member("function", Function),
            verdict=cells.member("verdict", Verdict),
            words=cells.raw("words"),
            is_pending=cells.yes_no("is_pending"),
        )

    columns = "agency project function verdict words is_pending"
    return read_demonstration_table("opinions", columns, build, "agency project function")


def read_line_cuts() -> list[LineCut]:
    """Every cut of a cost line (line_cuts.csv)."""

    def build(cells: Cells) -> LineCut:
        return LineCut(
            place=_place(cells),
            position=cells.integer("position"),
            unit_price_vnd=cells.integer_or_none("unit_price_vnd"),
            quantities=read_quantities(cells, "quantities"),
            reason=cells.member("reason", CutReason),
            words=cells.text("words"),
        )

    columns = "agency project position unit_price_vnd quantities reason words"
    return read_demonstration_table("line_cuts", columns, build, "agency project position")


def read_promise_cuts() -> list[PromiseCut]:
    """Every promised result accepted in part only (promise_cuts.csv)."""

    def build(cells: Cells) -> PromiseCut:
        return PromiseCut(
            place=_place(cells),
            level=cells.integer("level"),
            output_code=cells.text("output"),
            year=cells.integer("year"),
            component=cells.raw("component"),
            is_accepted=cells.yes_no("is_accepted"),
            quantity_thousandths=cells.thousandths_or_none("quantity") or 0,
            refused_units=cells.codes("refused_units"),
            words=cells.text("words"),
        )

    key = "agency project level output year component"
    return read_demonstration_table("promise_cuts", _PROMISE_COLUMNS, build, key)


def _place(cells: Cells) -> ProjectPlace:
    return cells.text("agency"), cells.text("project")
