"""The parts of a workbook's package: which file of the zip is which sheet, and how parts point to each other.

Names are compared without their prefix, so that a file of any program is understood. Only files that
passed `check_package` come here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath, split
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring

TYPES_PART = "[Content_Types].xml"
_RELATION_NAMESPACES = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One arrow from a part to another: its id, the last word of its kind, and the part it leads to."""

    id: str
    kind: str
    target: str
    is_external: bool


def relations_path(part: str) -> str:
    """Where the relations of a part stand."""
    folder, name = split(part)
    return join(folder, "_rels", f"{name}.rels")


def relations_of(package: ZipFile, part: str) -> list[Relation]:
    """Every arrow from the part; none when it has no relations."""
    path = relations_path(part)
    if path not in package.namelist():
        return []
    return [
        Relation(
            element.get("Id", ""),
            element.get("Type", "").rpartition("/")[2],
            resolved(part, element.get("Target", "")),
            element.get("TargetMode", "") == "External",
        )
        for element in fromstring(package.read(path))
        if local_name(element.tag) == "Relationship"
    ]


def resolved(part: str, target: str) -> str:
    """The path within the zip of what a part points to."""
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))


def pointed_from(part: str, target: str) -> str:
    """How a part points to another one."""
    return relpath(target, dirname(part) or ".")


def workbook_part(package: ZipFile) -> str:
    """Path of the workbook's own part.

    Raises:
        LookupError: the package names none.
    """
    for relation in relations_of(package, ""):
        if relation.kind == "officeDocument" and not relation.is_external:
            return relation.target
    raise LookupError("a package without a workbook")


def sheet_parts(package: ZipFile) -> dict[str, str]:
    """Path of every worksheet by its title, in the workbook's order."""
    book = workbook_part(package)
    targets = {relation.id: relation.target for relation in relations_of(package, book)}
    names = set(package.namelist())
    found = {}
    for element in fromstring(package.read(book)).iter():
        if local_name(element.tag) == "sheet":
            path = targets.get(_relation_id(element), "")
            if path in names:
                found[element.get("name", "")] = path
    return found


def local_name(tag: Any) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def first_column_texts(content: bytes, title: str) -> list[str]:
    """The texts of a sheet's first column, from the top; none when there is no such sheet."""
    with ZipFile(io.BytesIO(content)) as package:
        path = sheet_parts(package).get(title)
        if path is None:
            return []
        shared = list(_shared_texts(package))
        root = fromstring(package.read(path))
    return [
        _text_of(cell, shared)
        for cell in root.iter()
        if local_name(cell.tag) == "c" and cell.get("r", "").rstrip("0123456789") == "A"
    ]


def _shared_texts(package: ZipFile) -> Iterator[str]:
    for relation in relations_of(package, workbook_part(package)):
        if relation.kind == "sharedStrings":
            items = fromstring(package.read(relation.target))
            yield from (_plain_text(item) for item in items if local_name(item.tag) == "si")


def _text_of(cell: Any, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _plain_text(cell)
    value = next((part.text or "" for part in cell if local_name(part.tag) == "v"), "")
    return shared[int(value)] if cell.get("t") == "s" else value


def _plain_text(item: Any) -> str:
    return "".join(part.text or "" for part in item.iter() if local_name(part.tag) == "t")


def _relation_id(element: Any) -> str:
    found = (element.get(f"{space}id") for space in _RELATION_NAMESPACES)
    return next((value for value in found if value), "")
