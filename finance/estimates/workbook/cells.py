"""Reading the cells of a workbook's row: each either a value beyond doubt, or a finding with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from finance.estimates.draft import tidy_text
from finance.estimates.workbook.columns import SheetShape, cell_address, code_in_cell, codes_in_cell
from finance.findings import Finding, Location, Severity
from finance.labels import LabelledEnum
from finance.money import NumberUnclear, parse_quantity, parse_vnd
from finance.vietnamese.fold import fold

# Excel keeps 15 digits; a number at or beyond this size may have lost its last ones.
LARGEST_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class RawCell:
    """What stands in a cell: the value as the file keeps it, and the file's word for its kind."""

    value: Any
    data_type: str = "n"

    @property
    def is_blank(self) -> bool:
        """True when nothing a person can see stands there."""
        return self.value is None or (isinstance(self.value, str) and not tidy_text(self.value))


BLANK = RawCell(None)


@dataclass(slots=True)
class SheetRow:
    """One row of a data sheet; reading a cell that is unclear notes a finding and gives a stand-in.

    The stand-ins (1, one unit, empty) are chosen so that the checks say nothing more of that cell;
    a draft with such a finding is never stored.
    """

    shape: SheetShape
    number: int
    cells: Mapping[str, RawCell]
    is_hidden: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """True when no input cell holds anything."""
        return all(self.cell(column.key).is_blank for column in self.shape.columns if column.kind.is_typed)

    def cell(self, key: str) -> RawCell:
        """What stands in the column."""
        return self.cells.get(key, BLANK)

    def location(self, key: str) -> Location:
        """Sheet and cell of the column in this row."""
        return Location(field=key, sheet=self.shape.title, cell=cell_address(self.shape, key, self.number))

    def refuse(self, code: str, key: str, message_vi: str, remedy_vi: str = "") -> None:
        """Note a blocking finding at the cell."""
        self.findings.append(Finding(code, Severity.BLOCKS, message_vi, self.location(key), remedy_vi))

    def warn(self, code: str, key: str, message_vi: str, remedy_vi: str = "") -> None:
        """Note a warning at the cell."""
        self.findings.append(Finding(code, Severity.WARNS, message_vi, self.location(key), remedy_vi))

    def text(self, key: str) -> str:
        """A text; a whole number is read as its digits."""
        value = self._value(key)
        if value is None:
            return ""
        if isinstance(value, str):
            return tidy_text(value)
        number = _exact_decimal(value)
        if number is None or number != number.to_integral_value():
            self.refuse(
                "CELL_NOT_TEXT",
                key,
                "Ô này phải là chữ, không phải số lẻ hay ngày tháng.",
                "Gõ lại dưới dạng chữ.",
            )
            return ""
        return str(int(number))

    def code(self, key: str) -> str:
        """A code, with or without its name behind it."""
        return code_in_cell(self.text(key))

    def codes(self, key: str) -> tuple[str, ...]:
        """The codes of a cell that holds several."""
        return codes_in_cell(self.text(key))

    def label(self, key: str, members: Iterable[LabelledEnum], words: str) -> LabelledEnum | None:
        """The member whose label or code stands in the cell; None (with a finding) when there is none."""
        text = fold(self.text(key))
        known = list(members)
        for member in known:
            if text and text in {fold(member.label_vi), fold(str(member))}:
                return member
        said = ", ".join(member.label_vi for member in known)
        if text:
            self.refuse(
                "CHOICE_UNKNOWN", key, f"Không có {words} “{self.text(key)}”.", f"Chọn một trong: {said}."
            )
        elif not self._has_finding(key):
            self.refuse("CHOICE_MISSING", key, f"Chưa chọn {words}.", f"Chọn một trong: {said}.")
        return None

    def vnd(self, key: str) -> int:
        """An amount in whole đồng: a whole number, or a text as officials write it."""
        value = self._value(key)
        if value is None:
            self._refuse_missing(key, "số tiền")
            return 1
        if isinstance(value, str):
            try:
                return parse_vnd(value)
            except NumberUnclear as unclear:
                self.refuse("AMOUNT_UNCLEAR", key, str(unclear))
                return 1
        return self._whole(value, key, "AMOUNT_NOT_WHOLE", "Số tiền phải là số nguyên đồng, không âm.")

    def whole(self, key: str, words: str) -> int:
        """A whole number such as a year or a rank."""
        value = self._value(key)
        if value is None:
            self._refuse_missing(key, words)
            return 1
        if isinstance(value, str):
            if value.strip().isdecimal() and len(value.strip()) <= 9:
                return int(value.strip())
            self.refuse("NUMBER_UNCLEAR", key, f"Chưa rõ {words} “{value[:40]}”.", "Nhập một số nguyên.")
            return 1
        return self._whole(value, key, "NUMBER_UNCLEAR", f"{words.capitalize()} phải là số nguyên.")

    def quantity(self, key: str, blank: int) -> int:
        """A quantity in thousandths; `blank` when the cell is empty."""
        value = self._value(key)
        if value is None:
            return blank
        if isinstance(value, str):
            try:
                return parse_quantity(value)
            except NumberUnclear as unclear:
                self.refuse("QUANTITY_UNCLEAR", key, str(unclear))
                return 1000
        number = _exact_decimal(value)
        thousandths = None if number is None else number.scaleb(3)
        if thousandths is None or thousandths != thousandths.to_integral_value() or thousandths < 0:
            self.refuse(
                "QUANTITY_UNCLEAR",
                key,
                "Số lượng phải là số không âm, nhiều nhất 3 chữ số thập phân.",
                "Nhập lại, ví dụ 1,5.",
            )
            return 1000
        return int(thousandths)

    def is_marked(self, key: str) -> bool:
        """True when the cell is marked with an x (or says "có")."""
        text = fold(self.text(key))
        if text in {"", "x", "co"}:
            return bool(text)
        self.refuse("MARK_UNKNOWN", key, f"Không hiểu dấu “{self.text(key)[:20]}”.", "Ghi x hoặc để trống.")
        return False

    def _whole(self, value: object, key: str, code: str, message_vi: str) -> int:
        number = _exact_decimal(value)
        if number is not None and number >= LARGEST_EXACT:
            self.refuse(code, key, "Con số quá lớn, từ 16 chữ số.", "Nhập lại con số; xem có thừa số 0.")
            return 1
        if number is None or number != number.to_integral_value() or number < 0:
            self.refuse(code, key, message_vi, "Nhập lại con số; không để phần lẻ.")
            return 1
        return int(number)

    def _value(self, key: str) -> Any:
        """The value of an input cell, None when blank or refused."""
        cell = self.cell(key)
        if cell.is_blank or self._has_finding(key):
            return None
        if cell.data_type == "f":
            self.refuse("CELL_FORMULA", key, "Ô nhập chứa công thức.", "Thay công thức bằng giá trị.")
            return None
        if cell.data_type in {"e", "b", "d"} or isinstance(cell.value, bool):
            kind = {"e": "lỗi của Excel", "d": "ngày tháng"}.get(cell.data_type, "giá trị đúng/sai")
            self.refuse("CELL_KIND", key, f"Ô chứa {kind}: {cell.value}.", "Gõ lại giá trị cho đúng loại ô.")
            return None
        return cell.value

    def _refuse_missing(self, key: str, words: str) -> None:
        if not self._has_finding(key):
            self.refuse("NUMBER_MISSING", key, f"Chưa nhập {words}.")

    def _has_finding(self, key: str) -> bool:
        return any(finding.location.field == key for finding in self.findings)


def _exact_decimal(value: object) -> Decimal | None:
    """The number a person sees: the shortest text of what the file keeps, never more digits."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
