"""Components of a result as lines of a text box: "PHONG: Phòng làm việc", one a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from wtforms import Field

from finance.rounds.queries import ComponentRow

_LINE = re.compile(r"([A-Z0-9][A-Z0-9_-]{0,39})\s*[:\t]\s*(\S.*)")


def components_as_lines(components: Iterable[ComponentRow]) -> str:
    """The components as the box shows them."""
    return "\n".join(f"{part.code}: {part.name_vi}" for part in components)


def read_components(field: Field) -> tuple[tuple[str, str], ...]:
    """The components as (code, name); what cannot be read becomes an error of the field."""
    found: dict[str, str] = {}
    wrong = []
    for number, line in enumerate((field.data or "").splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            wrong.append(_("dòng %(number)s: ghi “MÃ: tên”, mã viết hoa không dấu", number=number))
        elif match[1] in found:
            wrong.append(_("dòng %(number)s: mã %(code)s đã có ở trên", number=number, code=match[1]))
        else:
            found[match[1]] = match[2]
    field.process_errors = [*field.process_errors, *wrong]
    return tuple(found.items())
