"""Reading the cells of a workbook's row: each either a value beyond doubt, or a finding with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from finance.estimates.workbook.cell_texts import looks_like_formula, tidy_cell_text
from finance.estimates.workbook.columns import SheetShape, code_in_cell, codes_in_cell
from finance.estimates.workbook.notation import NotationWatch
from finance.estimates.workbook.raw_sheet import BLANK, RawCell
from finance.estimates.workbook.shared_strings import LONGEST_TEXT
from finance.findings import Finding, Location, Severity
from finance.labels import LabelledEnum
from finance.money import NumberUnclear, format_vnd
from finance.vietnamese.fold import fold
from finance.vietnamese.legacy_encodings import why_unreadable_vi
from finance.written_numbers import (
    AmbiguousNumber,
    read_stored_number,
    read_written_number,
    without_float_noise,
)

# Excel keeps 15 digits; a number at or beyond this size may have lost its last ones.
LARGEST_EXACT = 10**15
_DOUBLE_PRECISION = 2**53  # two numbers closer than this are one in the spreadsheet's memory
_TRUTH = {"1": "TRUE", "0": "FALSE"}


@dataclass(slots=True)
class SheetRow:
    """One row of a data sheet; reading a cell that is unclear notes a finding and gives a stand-in.

    The stand-ins (1, one unit, empty) are chosen so that the checks say nothing more of that cell;
    a draft with such a finding is never stored.

    Attributes:
        cells: what stands in the columns, by key.
        letters: letters of the column, by key, where the file has it.
        watch: what must hold through the whole file.
    """

    shape: SheetShape
    number: int
    cells: Mapping[str, RawCell]
    letters: Mapping[str, str]
    watch: NotationWatch
    is_hidden: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """True when no input cell holds anything."""
        for column in self.shape.columns:
            cell = self.cells.get(column.key)
            if cell is None or cell.is_blank or not column.kind.is_typed:
                continue
            if not (column.is_computed and cell.formula is not None and not (cell.value or "").strip()):
                return False
        return True

    def cell(self, key: str) -> RawCell:
        """What stands in the column."""
        return self.cells.get(key, BLANK)

    def location(self, key: str) -> Location:
        """Sheet and cell of the column in this row."""
        letters = self.letters.get(key) or next(iter(self.letters.values()), "A")
        return Location(field=key, sheet=self.shape.title, cell=f"{letters}{self.number}")

    def refuse(self, code: str, key: str, message_vi: str, remedy_vi: str = "") -> None:
        """Note a blocking finding at the cell."""
        self.findings.append(Finding(code, Severity.BLOCKS, message_vi, self.location(key), remedy_vi))

    def warn(self, code: str, key: str, message_vi: str, remedy_vi: str = "") -> None:
        """Note a warning at the cell."""
        self.findings.append(Finding(code, Severity.WARNS, message_vi, self.location(key), remedy_vi))

    def text(self, key: str) -> str:
        """A text; a whole number is read as its digits."""
        cell = self._input(key, is_text=True)
        if cell is None or cell.value is None:
            return ""
        if cell.kind != "s":
            return self._digits(cell, key)
        text, was_cleaned = tidy_cell_text(cell.value)
        if len(cell.value) > LONGEST_TEXT:
            said = f"Ô dài hơn {LONGEST_TEXT} ký tự, bắt đầu bằng “{text[:40]}”."
            self.refuse("E_TEXT_TOO_LONG", key, said, "Viết gọn lại.")
            return ""
        if was_cleaned:
            self._warn_cleaned(key, text)
        if not text.isascii():
            reason = why_unreadable_vi(text)
            if reason:
                said = f"Chữ “{text[:40]}” {reason}."
                self.refuse("E_LEGACY_FONT", key, said, "Gõ lại bằng bảng mã Unicode.")
        if text[:1] in "=+@-＝＠＋" and looks_like_formula(text):
            self._warn_formula_text(key, text)
        return text

    def code(self, key: str) -> str:
        """A code, with or without its name behind it."""
        return code_in_cell(self.text(key))

    def codes(self, key: str) -> tuple[str, ...]:
        """The codes of a cell that holds several."""
        return codes_in_cell(self.text(key))

    def label(self, key: str, members: Iterable[LabelledEnum], words: str) -> LabelledEnum | None:
        """The member whose label or code stands in the cell; None (with a finding) when there is none."""
        text = _folded(self.text(key))
        known = list(members)
        for member in known:
            label = _folded(member.label_vi)
            # The page itself says “Thường xuyên” where the catalogue says “chi thường xuyên”.
            if text and text in {label, label.removeprefix("chi "), _folded(str(member))}:
                return member
        said = ", ".join(member.label_vi for member in known)
        if text:
            self.refuse(
                "CHOICE_UNKNOWN", key, f"Không có {words} “{self.text(key)}”.", f"Chọn một trong: {said}."
            )
        elif not self._is_refused(key):
            self.refuse("CHOICE_MISSING", key, f"Chưa chọn {words}.", f"Chọn một trong: {said}.")
        return None

    def vnd(self, key: str, *, words: str = "số tiền", largest: int = LARGEST_EXACT) -> int:
        """An amount in whole đồng; 1 stands in where a finding was noted."""
        number = self._number(key, words, largest)
        if number is None:
            return 1
        whole = self._rounded(number, 0, key)
        if whole is None:
            said = f"Số tiền {_shown(number)} có phần lẻ của đồng."
            self.refuse("E_FRACTION", key, said, "Nhập số tiền tròn đồng.")
            return 1
        return whole

    def whole(self, key: str, words: str) -> int:
        """A whole number such as a year or a rank."""
        cell = self._input(key)
        if cell is None or cell.value is None:
            self._refuse_missing(key, words)
            return 1
        text = cell.value.strip()
        if cell.kind == "s" and text.isascii() and text.isdecimal() and len(text) <= 9:
            return int(text)
        number = None if cell.kind == "s" or cell.is_date else read_stored_number(text)
        if number is None or number < 0 or number > 10**9 or number != number.to_integral_value():
            said = f"Chưa rõ {words} “{text[:40]}”."
            self.refuse("E_NUMBER", key, said, "Nhập một số nguyên không âm.")
            return 1
        return int(number)

    def quantity(self, key: str, blank: int) -> int:
        """A quantity in thousandths; `blank` when the cell is empty."""
        if self.cell(key).is_blank:
            return blank
        number = self._number(key, "số lượng", LARGEST_EXACT)
        if number is None:
            return 1000
        thousandths = self._rounded(number, 3, key)
        if thousandths is None:
            said = f"Số lượng {_shown(number)} có hơn 3 chữ số thập phân."
            self.refuse("E_FRACTION", key, said, "Làm tròn đến 3 chữ số thập phân, ví dụ 1,5.")
            return 1000
        return thousandths

    def is_marked(self, key: str) -> bool:
        """True when the cell is marked with an x (or says "có")."""
        text = _folded(self.text(key))
        if text in {"", "x", "co"}:
            return bool(text)
        self.refuse("MARK_UNKNOWN", key, f"Không hiểu dấu “{self.text(key)[:20]}”.", "Ghi x hoặc để trống.")
        return False

    def _number(self, key: str, words: str, largest: int) -> Decimal | None:
        """A number not below zero and not too large; None where a finding was noted."""
        cell = self._input(key)
        if cell is None or cell.value is None:
            self._refuse_missing(key, words)
            return None
        read = self._written if cell.kind == "s" else self._stored
        number = read(cell, key, words)
        if number is None:
            return None
        if number < 0:
            said = f"{words.capitalize()} là số âm: {_shown(number)}."
            self.refuse("E_NEGATIVE", key, said, "Nhập số không âm.")
            return None
        if number > largest or number >= LARGEST_EXACT:
            said = f"{words.capitalize()} quá lớn: {cell.value[:40]}."
            self.refuse("E_TOO_LARGE_NUMBER", key, said, "Nhập lại con số; xem có thừa số 0.")
            return None
        return number

    def _stored(self, cell: RawCell, key: str, words: str) -> Decimal | None:
        number = None if cell.is_date else read_stored_number(cell.value or "")
        if number is None:
            kind = "một ngày tháng" if cell.is_date else f"“{(cell.value or '')[:40]}”"
            said = f"Ô {words} chứa {kind}, không phải con số."
            self.refuse("E_NUMBER", key, said, "Đặt lại định dạng ô là số rồi gõ lại con số.")
        return number

    def _written(self, cell: RawCell, key: str, words: str) -> Decimal | None:
        text, was_cleaned = tidy_cell_text(cell.value or "")
        try:
            written = read_written_number(text)
        except NumberUnclear as unclear:
            code = "E_AMBIGUOUS_NUMBER" if isinstance(unclear, AmbiguousNumber) else "E_NUMBER"
            self.refuse(code, key, str(unclear))
            return None
        clash = self.watch.clash(written.notation, self.location(key))
        if clash:
            self.refuse("E_MIXED_SEPARATORS", key, clash, "Dùng một cách viết số trong cả tệp.")
            return None
        said = f"Ô {words} là chữ “{text[:40]}”, đọc là {_shown(written.value)}."
        self.warn("W_TEXT_NUMBER", key, said, "Kiểm tra lại; nên gõ thành con số.")
        if was_cleaned:
            self._warn_cleaned(key, text)
        return written.value

    def _rounded(self, number: Decimal, places: int, key: str) -> int | None:
        """The number in units of its last place; None when it has more places than that."""
        scaled = number.scaleb(places)
        if scaled == scaled.to_integral_value():
            return int(scaled)
        shown = without_float_noise(number)
        scaled = shown.scaleb(places)
        if scaled != scaled.to_integral_value():
            return None
        if abs(shown - number) * _DOUBLE_PRECISION > abs(shown):  # else it is the number that was typed
            said = f"Ô lưu {number}, đọc là {_shown(shown)} (sai số của phép tính)."
            self.warn("W_ROUNDED", key, said, "Kiểm tra lại công thức đã dùng.")
        return int(scaled)

    def _digits(self, cell: RawCell, key: str) -> str:
        number = None if cell.is_date or cell.kind != "n" else read_stored_number(cell.value or "")
        if number is None or number != number.to_integral_value() or abs(number) >= LARGEST_EXACT:
            said = "Ô này phải là chữ, không phải số lẻ, ngày tháng hay đúng/sai."
            self.refuse("CELL_NOT_TEXT", key, said, "Gõ lại dưới dạng chữ.")
            return ""
        return str(int(number))

    def _input(self, key: str, *, is_text: bool = False) -> RawCell | None:
        """The cell, None when blank or refused."""
        cell = self.cell(key)
        if cell.is_blank or self._is_refused(key):
            return None
        if cell.kind == "e":
            said = f"Ô chứa lỗi của Excel: {cell.value}."
            self.refuse("E_CELL_ERROR", key, said, "Sửa công thức hoặc gõ lại giá trị.")
            return None
        if cell.formula is not None and not self._takes_formula(cell, key, is_text=is_text):
            return None
        if cell.kind == "b" or (cell.kind == "d" and is_text):
            said = f"Ô chứa giá trị đúng/sai: {_TRUTH.get(cell.value or '', cell.value)}."
            code = "CELL_NOT_TEXT" if is_text else "E_NUMBER"
            self.refuse(code, key, said, "Gõ lại giá trị cho đúng loại ô.")
            return None
        return cell

    def _takes_formula(self, cell: RawCell, key: str, *, is_text: bool) -> bool:
        shown = f"={cell.formula}"[:60] if cell.formula else "công thức dùng chung"
        if is_text:
            said = f"Ô chữ chứa công thức {shown}."
            self.refuse("E_FORMULA_IN_TEXT", key, said, "Thay công thức bằng chữ.")
            return False
        if cell.is_outside:
            said = f"Công thức {shown} lấy số từ tệp hoặc chương trình khác."
            self.refuse("E_EXTERNAL_FORMULA", key, said, "Thay công thức bằng con số.")
            return False
        if cell.value is None or not cell.value.strip():
            said = f"Công thức {shown} chưa được tính, tệp không lưu kết quả."
            self.refuse(
                "E_FORMULA_NO_VALUE",
                key,
                said,
                "Mở bằng Excel cho tính lại, lưu rồi tải lên; hoặc gõ con số.",
            )
            return False
        self.warn("W_FORMULA", key, f"Ô chứa công thức {shown}; lấy kết quả đã lưu: {cell.value[:40]}.")
        return True

    def _warn_cleaned(self, key: str, text: str) -> None:
        said = f"Chữ “{text[:40]}” có ký tự ẩn hoặc dấu tổ hợp; đã đưa về một dạng."
        self._warn_once("W_NORMALISED", key, said, "Kiểm tra lại chữ trong ô.")

    def _warn_formula_text(self, key: str, text: str) -> None:
        said = f"Chữ “{text[:40]}” trông như công thức; lưu như chữ, không tính."
        self._warn_once("W_FORMULA_TEXT", key, said, "Bỏ dấu ở đầu nếu không cần.")

    def _warn_once(self, code: str, key: str, said: str, remedy: str) -> None:
        """A cell may be read twice; it is spoken of once."""
        if not any(found.code == code and found.location.field == key for found in self.findings):
            self.warn(code, key, said, remedy)

    def _refuse_missing(self, key: str, words: str) -> None:
        if not self._is_refused(key):
            self.refuse("E_NUMBER", key, f"Chưa nhập {words}.", "Nhập một con số.")

    def _is_refused(self, key: str) -> bool:
        if not self.findings:
            return False
        return any(found.is_blocking and found.location.field == key for found in self.findings)


@lru_cache(maxsize=1024)  # the same labels in every row
def _folded(text: str) -> str:
    return fold(text)


def _shown(number: Decimal) -> str:
    """The number in Vietnamese notation, with all its decimals."""
    if number == number.to_integral_value() and abs(number) < LARGEST_EXACT:
        return format_vnd(int(number)) if number >= 0 else f"-{format_vnd(-int(number))}"
    return str(number).replace(".", ",")
