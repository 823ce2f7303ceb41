"""The parts of a workbook's package: which file of the zip is which sheet, and how parts point to each other.

Names are compared without their prefix, so that a file of any program is understood. Only files that
passed `check_package` come here.
"""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath, split
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring

TYPES_PART = "[Content_Types].xml"
_LARGEST_LIST = 4 * 1024 * 1024  # bytes of a part that only lists others
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
        for element in _elements(package, path)
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
    for element in _elements(package, book).iter():
        if local_name(element.tag) == "sheet":
            path = targets.get(_relation_id(element), "")
            if path in names:
                found[element.get("name", "")] = path
    return found


def local_name(tag: Any) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _elements(package: ZipFile, path: str) -> Any:
    """The root of a part that only lists others.

    Raises:
        ValueError: it is larger than any such list.
    """
    if package.getinfo(path).file_size > _LARGEST_LIST:
        raise ValueError(f"{path} is too large for a list of parts")
    return fromstring(package.read(path))


def _relation_id(element: Any) -> str:
    found = (element.get(f"{space}id") for space in _RELATION_NAMESPACES)
    return next((value for value in found if value), "")
