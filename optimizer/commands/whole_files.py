"""Files are written whole or not at all: a reader never finds half a plan, whenever the program is ended."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from threading import Lock

_writing = Lock()
"""Held while a file is being written; who ends the process waits for it."""


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that at every moment the old content or the whole new one is there.

    Args:
        path: where to; a device or pipe is written to directly.
        text: what.
    Raises:
        OSError: it cannot be written (the error names this path); what was there before stays.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    path = _behind_links(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _writing:
        try:
            _write_part(part, text, path)
        finally:
            part.unlink(missing_ok=True)


def wait_for_whole_files(seconds: float) -> bool:
    """Wait until no file is being written, and let none begin; for who is about to end the process.

    Returns:
        False = one is still being written after so many seconds.
    """
    return _writing.acquire(timeout=seconds)


def check_writable(path: Path) -> None:
    """Find out before any work whether a file can be written.

    Raises:
        OSError: its folder is missing or closed, or the path is a folder itself.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a directory", str(path))
    if not path.exists():
        folder = _behind_links(path).parent
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "no such folder", str(folder))
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "closed", str(folder))


def _behind_links(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, "links in a circle", str(path)) from error


def _write_part(part: Path, text: str, path: Path) -> None:
    """Write beside the file, then put it in its place."""
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error
