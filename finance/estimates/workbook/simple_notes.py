"""What the simple template says of a line and the estimate has no field for: kept in words in its note.

Nothing an office wrote is lost, and the template filled from the estimate shows it in its own column again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from finance.vietnamese.dates import format_date

_OUTPUT = "Kết quả đầu ra: "
_START = "Bắt đầu: "
_START_LINE = re.compile(rf"{_START}(\d\d)/(\d\d)/(\d{{4}})")


@dataclass(frozen=True, slots=True)
class SimpleNote:
    """A line's note in its three parts."""

    note: str = ""
    output_vi: str = ""
    starts_on: date | None = None

    @property
    def text(self) -> str:
        """The note as the estimate keeps it."""
        output = f"{_OUTPUT}{self.output_vi}" if self.output_vi else ""
        start = f"{_START}{format_date(self.starts_on)}" if self.starts_on else ""
        return "\n".join(part for part in (self.note, output, start) if part)


def note_of(text: str) -> SimpleNote:
    """The parts of a kept note; what was never written by the simple template is all note."""
    lines = text.split("\n")
    starts_on = _date_in(lines[-1])
    if starts_on is not None:
        lines.pop()
    marked = [place for place, line in enumerate(lines) if line.startswith(_OUTPUT)]
    if not marked:
        return SimpleNote("\n".join(lines), "", starts_on)
    output = "\n".join(lines[marked[0] :]).removeprefix(_OUTPUT)
    return SimpleNote("\n".join(lines[: marked[0]]), output, starts_on)


def _date_in(line: str) -> date | None:
    match = _START_LINE.fullmatch(line)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
