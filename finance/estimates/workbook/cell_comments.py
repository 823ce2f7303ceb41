"""Comments at cells: the texts, and the boxes that show them, added to what a sheet has already.

A comment of another author stays; where he wrote at the same cell, ours stands below his words. What
an earlier check wrote is taken off first, so that a cell that is right now is not blamed any more.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from finance.estimates.workbook.marked_cells import Place, address_of, place_of
from finance.estimates.workbook.xml_splice import Element, Splices, append_children, as_utf8, scan

AUTHOR = "Phân Bổ - kết quả kiểm tra"
SIGNATURE = f"({AUTHOR})"  # at the end of our words: LibreOffice saves comments without their authors
LONGEST_COMMENT = 4000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{_MAIN}">'
    "<authors></authors><commentList></commentList></comments>"
).encode()
EMPTY_SHAPES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
_LINE_ENDS = (b"\r\n", b"\n", b"&#10;", b"&#xA;", b"&#xa;")
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape\s*>", re.DOTALL)
_SHAPE_ROW = re.compile(rb"<x:Row>\s*([0-9]+)\s*</x:Row>")
_SHAPE_COLUMN = re.compile(rb"<x:Column>\s*([0-9]+)\s*</x:Column>")
_SHAPE_NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})")
_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_BOX_KIND = (
    f'<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def merge_comments(data: bytes, texts: Mapping[Place, str]) -> tuple[bytes, set[Place], set[Place]]:
    """The comments part with ours in place of those of an earlier check.

    Args:
        data: the part as it is; `EMPTY_COMMENTS` for a sheet without comments.
        texts: what to say at each cell.

    Returns:
        The new part, the cells that have a comment now, and those whose comment was taken off.

    Raises:
        ValueError: the part holds no comments.
    """
    data = as_utf8(data)
    elements = scan(data, lambda depth, _name, _of: depth <= 5)
    authors = next((one for one in elements if one.local == "authors"), None)
    listed = next((one for one in elements if one.local == "commentList"), None)
    if authors is None or listed is None:
        raise ValueError("a comments part without comments")
    names = [one for one in elements if one.local == "author" and authors.start < one.start < authors.end]
    own_ids = _ids_of(data, names, AUTHOR)
    nobodys = _ids_of(data, names, "")
    starts = [one.start for one in elements]
    splices, present, gone = Splices(), set(), set()
    for comment in (one for one in elements if one.local == "comment"):
        place, author = place_of(comment.attributes.get("ref", "")), comment.attributes.get("authorId")
        within = elements[bisect_right(starts, comment.start) : bisect_left(starts, comment.end)]
        if author in own_ids or (author in nobodys and _is_signed(data, within)):
            splices.replace(comment.start, comment.end, b"")
            if place is not None:
                gone.add(place)
        elif place is not None:
            present.add(place)
            _write_below(data, comment, within, texts.get(place, ""), splices)
    p = listed.prefix
    author = min(own_ids, default=str(len(names)))
    if not own_ids:
        append_children(splices, data, authors, [f"<{p}author>{escape(AUTHOR)}</{p}author>"])
    new = {place: text for place, text in sorted(texts.items()) if place not in present}
    append_children(splices, data, listed, [_comment(p, place, author, text) for place, text in new.items()])
    return splices.applied(data), present | new.keys(), gone - new.keys()


def merge_shapes(data: bytes, cells: set[Place], gone: set[Place], block: int) -> bytes:
    """The boxes of a sheet: one for every cell with a comment, none where it was taken off.

    Args:
        data: the part as it is; `EMPTY_SHAPES` for a sheet without boxes.
        cells: which need a box.
        gone: which need none any more.
        block: a number no other sheet of the workbook has, for the names of new boxes.
    """
    shown = set()
    pieces, at = [], 0
    for match in _SHAPE.finditer(data):
        place = _place_of_shape(match[0])
        if place in gone:
            pieces.append(data[at : match.start()])
            at = match.end()
        elif place is not None:
            shown.add(place)
    data = b"".join([*pieces, data[at:]])
    numbers = [int(number) for number in _SHAPE_NUMBER.findall(data)]
    first = max([*numbers, block * 1024]) + 1
    boxes = [_box(place, first + at) for at, place in enumerate(sorted(cells - shown))]
    kind = "" if b"_x0000_t202" in data else _BOX_KIND
    if b"shapelayout" not in data:
        layout = (
            f'<o:shapelayout {_SPACES} v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
        )
        kind = layout + kind
    end = data.rfind(b"</")
    if end < 0:
        raise ValueError("a part without boxes")
    return data[:end] + (kind + "".join(boxes)).encode() + data[end:] if boxes else data


def _ids_of(data: bytes, names: Sequence[Element], author: str) -> set[str]:
    """Numbers of the authors called so."""
    return {
        str(at)
        for at, one in enumerate(names)
        if data[one.inside : one.close].decode().strip() == escape(author)
    }


def _is_signed(data: bytes, within: Sequence[Element]) -> bool:
    texts = [one for one in within if one.local == "t"]
    return bool(texts) and data[: texts[-1].close].rstrip().endswith(SIGNATURE.encode())


def _write_below(
    data: bytes, comment: Element, within: Sequence[Element], text: str, splices: Splices
) -> None:
    """Put our words below another author's, and take off those of an earlier check."""
    _take_off(data, within, splices)
    body = next((one for one in within if one.local == "text"), None)
    if body is None or not text:
        return
    p = comment.prefix
    words = escape(f"\n{AUTHOR}:\n{text}"[:LONGEST_COMMENT])
    plain = [one for one in within if one.local == "t" and one.depth == body.depth + 1]
    for one in plain:  # a text without runs becomes a run, for a part has either
        splices.put(one.start, f"<{p}r>")
        splices.put(one.end, f"</{p}r>")
    append_children(splices, data, body, [f'<{p}r><{p}t xml:space="preserve">{words}</{p}t></{p}r>'])


def _take_off(data: bytes, within: Sequence[Element], splices: Splices) -> None:
    """Our words from a comment of another author; a program may have put them in one run with his."""
    mark = escape(f"{AUTHOR}:").encode()
    for one in (one for one in within if one.local == "t"):
        at = data.find(mark, one.inside, one.close)
        if at < 0:
            continue
        at -= next((len(end) for end in _LINE_ENDS if data.endswith(end, one.inside, at)), 0)
        run = next((of for of in within if of.local == "r" and of.start < one.start < of.end), None)
        if run is not None and at == one.inside:
            splices.replace(run.start, run.end, b"")
        else:
            splices.replace(at, one.close, b"")


def _comment(prefix: str, place: Place, author: str, text: str) -> str:
    words = escape(f"{text[: LONGEST_COMMENT - len(SIGNATURE) - 1]}\n{SIGNATURE}")
    return (
        f'<{prefix}comment ref="{address_of(place)}" authorId="{author}"><{prefix}text><{prefix}r>'
        f'<{prefix}t xml:space="preserve">{words}</{prefix}t></{prefix}r></{prefix}text></{prefix}comment>'
    )


def _place_of_shape(shape: bytes) -> Place | None:
    row, column = _SHAPE_ROW.search(shape), _SHAPE_COLUMN.search(shape)
    return (int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def _box(place: Place, number: int) -> str:
    row, column = place[0] - 1, place[1] - 1
    anchor = f"{column + 1}, 15, {max(row - 1, 0)}, 2, {column + 5}, 31, {max(row - 1, 0) + 6}, 9"
    return (
        f'<v:shape {_SPACES} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        'margin-left:60pt;margin-top:2pt;width:260pt;height:110pt;z-index:1;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
        "</x:ClientData></v:shape>"
    )
