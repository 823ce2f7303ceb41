"""New formats for marked cells: each the cell's own format with another fill, added to the workbook's styles.

A mark of an earlier check is known by its colour, and is taken off when the cell is right now. The
cell then has no fill: which one it had is not kept in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from finance.estimates.workbook.xml_splice import (
    Element,
    Splices,
    append_children,
    as_utf8,
    scan,
    with_attributes,
)
from finance.findings import Severity

# Colours nobody chooses by hand, so that an earlier mark is told from a person's own colour.
MARK_COLOURS: Mapping[Severity, str] = {
    Severity.BLOCKS: "FFF9C6BD",
    Severity.WARNS: "FFFDEBB3",
    Severity.HINTS: "FFD5E6F9",
}
EMPTY_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    b"</styleSheet>"
)
_LISTS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_TWO_FILLS = (
    '<{p}fill><{p}patternFill patternType="none"/></{p}fill>'
    '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>'
)
_PLAIN_FORMAT = '<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'


@dataclass(slots=True)
class StyleBook:
    """The formats of a workbook, and those to be added.

    Attributes:
        data: the styles part in UTF-8.
        marked: indexes of formats that bear a mark of an earlier check.
    """

    data: bytes
    marked: frozenset[int]
    _root: Element
    _lists: dict[str, Element]
    _formats: list[Element]
    _counts: dict[str, int]
    _added: dict[str, list[str]] = field(default_factory=dict)
    _known: dict[tuple[int, Severity | None], int] = field(default_factory=dict)
    _fills: dict[Severity | None, int] = field(default_factory=lambda: {None: 0})

    def marked_format(self, old: int, severity: Severity | None) -> int:
        """Index of the format `old` with the fill of the severity; None takes a mark off."""
        key = old, severity
        if key not in self._known:
            fill = {"fillId": str(self._fill_of(severity)), "applyFill": "1"}
            self._known[key] = self._add("cellXfs", self._format_with(old, fill))
        return self._known[key]

    def plain_format(self, *, is_bold: bool, severity: Severity | None = None) -> int:
        """Index of a new format for a sheet of texts: wrapped, from the top, in the severity's colour."""
        p = self._root.prefix
        bold = f'<{p}font><{p}b/><{p}sz val="13"/><{p}name val="Times New Roman"/></{p}font>'
        text = f'<{p}font><{p}sz val="12"/><{p}name val="Times New Roman"/></{p}font>'
        font = self._add("fonts", bold if is_bold else text)
        wrap = "" if is_bold else ' wrapText="1"'
        return self._add(
            "cellXfs",
            f'<{p}xf numFmtId="0" fontId="{font}" fillId="{self._fill_of(severity)}" borderId="0" '
            f'xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
            f'<{p}alignment vertical="top"{wrap}/></{p}xf>',
        )

    def patched(self) -> bytes:
        """The styles part with everything added."""
        splices = Splices()
        for name in sorted(self._added, key=_LISTS.index):
            children = self._added[name]
            known = self._lists.get(name)
            if known is None:
                self._put_list(splices, name, children)
            elif known.is_empty:
                append_children(splices, self.data, known, children)
            else:
                count = {"count": str(self._counts[name])}
                splices.replace(known.start, known.inside, with_attributes(self.data, known, count))
                append_children(splices, self.data, known, children)
        return splices.applied(self.data)

    def _fill_of(self, severity: Severity | None) -> int:
        """Number of the fill; of no severity the one without colour."""
        if severity is not None and severity not in self._fills:
            self._fills[severity] = self._add("fills", _fill(self._root.prefix, MARK_COLOURS[severity]))
        return self._fills[severity]

    def _add(self, name: str, child: str) -> int:
        if name not in self._lists and name not in self._added:
            first = {"fills": (_TWO_FILLS, 2), "cellXfs": (_PLAIN_FORMAT, 1)}.get(name)
            self._added[name] = [first[0].replace("{p}", self._root.prefix)] if first else []
            self._counts[name] = first[1] if first else 0
        self._added.setdefault(name, []).append(child)
        self._counts[name] += 1
        return self._counts[name] - 1

    def _format_with(self, old: int, changed: Mapping[str, str]) -> str:
        if not 0 <= old < len(self._formats):
            return self._format_with(0, changed) if self._formats else _coloured(self._root.prefix, changed)
        element = self._formats[old]
        tag = with_attributes(self.data, element, changed)
        return (tag + self.data[element.inside : element.end]).decode()

    def _put_list(self, splices: Splices, name: str, children: list[str]) -> None:
        """A list the part does not have stands where the order of lists wants it."""
        before = [self._lists[one] for one in _LISTS[: _LISTS.index(name)] if one in self._lists]
        at = before[-1].end if before else self._root.inside
        p = self._root.prefix
        splices.put(at, f'<{p}{name} count="{self._counts[name]}">{"".join(children)}</{p}{name}>')


def open_styles(data: bytes) -> StyleBook:
    """The formats of a styles part.

    Raises:
        ValueError, LookupError: the part is no styles part.
    """
    data = as_utf8(data)
    elements = scan(data, lambda depth, name, _of: depth <= 2 or name == "fgColor")
    if elements[0].is_empty:
        return open_styles(EMPTY_STYLES)
    root, lists = elements[0], {one.local: one for one in elements if one.depth == 1}
    children: dict[str, list[Element]] = {name: [] for name in lists}
    marks = set()
    current = ""
    for one in elements[1:]:
        if one.depth == 1:
            current = one.local
        elif one.depth == 2 and current in children:
            children[current].append(one)
        elif current == "fills" and one.attributes.get("rgb") in MARK_COLOURS.values():
            marks.add(str(len(children["fills"]) - 1))
    formats = children.get("cellXfs", [])
    marked = frozenset(at for at, one in enumerate(formats) if one.attributes.get("fillId") in marks)
    counts = {name: len(known) for name, known in children.items()}
    return StyleBook(data, marked, root, lists, formats, counts)


def _fill(prefix: str, colour: str) -> str:
    return (
        f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{colour}"/>'
        f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
    )


def _coloured(prefix: str, changed: Mapping[str, str]) -> str:
    fill = changed["fillId"]
    return f'<{prefix}xf numFmtId="0" fontId="0" fillId="{fill}" borderId="0" xfId="0" applyFill="1"/>'
