"""Files are written whole or not at all: a reader never finds half a plan, whenever the program is ended."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that at every moment the old content or the whole new one is there.

    Args:
        path: where to; a device or pipe is written to directly.
        text: what.
    Raises:
        OSError: it cannot be written; what was there before stays.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
