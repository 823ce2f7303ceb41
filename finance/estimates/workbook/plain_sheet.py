"""A sheet of XlsxWriter that takes formulas as they are."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


class PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter tells no types
    """Our formulas use no function newer than 2007: nothing in them is to be renamed.

    XlsxWriter seeks each of some thirty newer names in every formula, which takes a third of the time
    of a large workbook. Should it name the method otherwise one day, the sheets stay the same and slow.
    """

    def _prepare_formula(self, formula: str, *_how: bool, **_named: bool) -> str:
        return formula.removeprefix("=")
