"""Parts of a package that are changed or added, and what must point to them: relations and content types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile

from finance.estimates.workbook.parts import TYPES_PART, pointed_from, relations_of, relations_path
from finance.estimates.workbook.xml_splice import Splices, append_children, as_utf8, scan

_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TYPES: Mapping[str, str] = {
    "styles": f"{_SPREADSHEET}styles+xml",
    "comments": f"{_SPREADSHEET}comments+xml",
    "worksheet": f"{_SPREADSHEET}worksheet+xml",
}
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


@dataclass(slots=True)
class PackageChanges:
    """The package as it will be: its own parts, and those changed or added.

    Attributes:
        parts: changed and added parts by path.
        last_relation_id: of the part added last.
    """

    package: ZipFile
    parts: dict[str, bytes] = field(default_factory=dict)
    last_relation_id: str = ""

    def read(self, path: str) -> bytes:
        """A part as it is now."""
        return self.parts[path] if path in self.parts else self.package.read(path)

    def write(self, path: str, data: bytes) -> None:
        """Change a part."""
        self.parts[path] = data

    def target_of(self, part: str, kind: str, relation_id: str = "") -> str | None:
        """The part of this kind (by this relation, if told) that a part of the original package points to."""
        names = set(self.package.namelist())
        found = (
            one.target
            for one in relations_of(self.package, part)
            if one.kind == kind and not one.is_external and relation_id in {"", one.id}
        )
        return next((target for target in found if target in names), None)

    def free_path(self, pattern: str) -> str:
        """A path no part has; the pattern holds the place of a number."""
        taken = {*self.package.namelist(), *self.parts}
        number = 1
        while pattern.format(number) in taken:
            number += 1
        return pattern.format(number)

    def add_part(self, source: str, kind: str, path: str, data: bytes) -> str:
        """Add a part that another one points to; gives its path."""
        self.parts[path] = data
        self._relate(source, kind, path)
        self._declare(kind, path)
        return path

    def _relate(self, source: str, kind: str, path: str) -> None:
        where = relations_path(source)
        is_known = where in self.parts or where in self.package.namelist()
        old = as_utf8(self.read(where) if is_known else _EMPTY_RELATIONS)
        elements = scan(old, lambda depth, _name, _of: depth <= 1)
        taken = {one.attributes.get("Id") for one in elements[1:]}
        number = 1
        while f"rIdPhanBo{number}" in taken:
            number += 1
        self.last_relation_id = f"rIdPhanBo{number}"
        target = quoteattr(pointed_from(source, path))
        said = f'Id="{self.last_relation_id}" Type="{_KINDS}{kind}" Target={target}'
        entry = f"<{elements[0].prefix}Relationship {said}/>"
        splices = Splices()
        append_children(splices, old, elements[0], [entry])
        self.parts[where] = splices.applied(old)

    def _declare(self, kind: str, path: str) -> None:
        old = as_utf8(self.read(TYPES_PART))
        elements = scan(old, lambda depth, _name, _of: depth <= 1)
        root, known = elements[0], elements[1:]
        splices = Splices()
        if kind in _TYPES:
            entry = f'<{root.prefix}Override PartName="/{path}" ContentType="{_TYPES[kind]}"/>'
            append_children(splices, old, root, [entry])
        elif not any(one.attributes.get("Extension", "").lower() == "vml" for one in known):
            # Defaults stand before the names of single parts.
            entry = f'<{root.prefix}Default Extension="vml" ContentType="{_VML_TYPE}"/>'
            splices.put(known[0].start if known else root.close, entry)
        self.parts[TYPES_PART] = splices.applied(old)
