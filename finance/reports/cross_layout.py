"""Bảng chéo: what it may be laid out by, what it may show, and the smallest pieces it is made of. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from finance.errors import RuleBroken
from finance.labels import LabelledEnum
from finance.programme.classification import Nature, ProjectKind


class Dimension(LabelledEnum):
    """By what rows and columns are laid out."""

    AREA = "AREA", "nội dung cải cách"
    TASK = "TASK", "nhiệm vụ phụ lục"
    AGENCY = "AGENCY", "cơ quan"
    SOURCE = "SOURCE", "nguồn kinh phí"
    NATURE = "NATURE", "tính chất chi"
    YEAR = "YEAR", "năm"
    KIND = "KIND", "loại dự án"


class Figure(LabelledEnum):
    """What stands in the cells."""

    ASKED = "ASKED", "đề nghị"
    APPRAISED = "APPRAISED", "thẩm định"
    DIFFERENCE = "DIFFERENCE", "chênh lệch"
    PROJECTS = "PROJECTS", "số dự án"

    @property
    def is_money(self) -> bool:
        """True for amounts; projects are counted."""
        return self is not Figure.PROJECTS

    @property
    def needs_appraisal(self) -> bool:
        """True when only fully appraised estimates have it."""
        return self in (Figure.APPRAISED, Figure.DIFFERENCE)


@dataclass(frozen=True, slots=True)
class CrossLayout:
    """How one cross table is laid out.

    Attributes:
        detail: by what each row is split below its sub-total; None for rows without detail.
    """

    rows: Dimension
    columns: Dimension
    figure: Figure
    detail: Dimension | None = None

    def __post_init__(self) -> None:
        """Refuse a table that lays the same thing out twice.

        Raises:
            RuleBroken: rows, detail and columns are not three different things.
        """
        chosen = [one for one in (self.rows, self.detail, self.columns) if one is not None]
        if len(set(chosen)) != len(chosen):
            raise RuleBroken(
                "Hàng, chi tiết và cột của bảng chéo phải khác nhau. Mời chọn lại một trong các ô trùng."
            )


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """One cost line of a sent estimate at the project's requested level.

    Attributes:
        appraised_vnd: 0 when refused; None until the whole estimate is appraised.

    Units:
        `_vnd` in đồng.
    """

    project_id: int
    agency_id: int
    area_code: str
    task_code: str
    source_code: str
    nature: Nature
    year: int
    kind: ProjectKind
    asked_vnd: int
    appraised_vnd: int | None

    def amount_of(self, figure: Figure) -> int | None:
        """What the line adds to the figure; None when it has no part in it.

        A line of another level than the requested one asks nothing and is no part of any figure.
        """
        if figure.needs_appraisal:
            if self.appraised_vnd is None or not (self.asked_vnd or self.appraised_vnd):
                return None
            return self.appraised_vnd - (self.asked_vnd if figure is Figure.DIFFERENCE else 0)
        return self.asked_vnd or None


KEY_OF: Mapping[Dimension, Callable[[MoneyFact], str]] = {
    Dimension.AREA: lambda fact: fact.area_code,
    Dimension.TASK: lambda fact: fact.task_code,
    Dimension.AGENCY: lambda fact: str(fact.agency_id),
    Dimension.SOURCE: lambda fact: fact.source_code,
    Dimension.NATURE: lambda fact: str(fact.nature),
    Dimension.YEAR: lambda fact: str(fact.year),
    Dimension.KIND: lambda fact: str(fact.kind),
}
