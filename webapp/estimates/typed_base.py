"""The stored project a page was made from, carried by the page itself.

Somebody who was slower is told apart from somebody who changed something only by comparing both with
what stood there when the page was opened. The page carries that, so that a merge needs no history in
the store and works after a night, on another machine and for a page brought back.
"""

from __future__ import annotations

import base64
import binascii
import zlib

from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.draft_text import draft_from_text, draft_to_text

LARGEST_BASE = 8 * 1024 * 1024  # unpacked; what a form could hold many times over


def pack_base(project: ProjectDraft) -> str:
    """The project as one short word of ASCII."""
    text = draft_to_text(EstimateDraft((project,)))
    return base64.b64encode(zlib.compress(text.encode(), 6)).decode("ascii")


def unpack_base(packed: str) -> ProjectDraft | None:
    """The project that was packed; None for anything `pack_base` did not make."""
    try:
        inflating = zlib.decompressobj()
        text = inflating.decompress(base64.b64decode(packed, validate=True), LARGEST_BASE)
        draft = draft_from_text(text.decode())
    except (ValueError, binascii.Error, zlib.error):
        return None
    return draft.projects[0] if inflating.eof and len(draft.projects) == 1 else None
