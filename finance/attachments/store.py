"""Where the bytes of attached files lie: one file a content, named by its SHA-256, never executable.

A name that is there is whole: bytes are written beside, forced to disk and then renamed. Two equal
files are one. The folder stands outside of everything the web server gives out by itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from finance.errors import RecordDamaged

_NAME = re.compile(r"[0-9a-f]{64}")
_PART = ".part-"


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files named by content."""

    folder: Path

    def path_of(self, sha256: str) -> Path:
        """Where the file with this hash lies, whether it is there or not.

        Raises:
            ValueError: not a hash, so that no other path can be asked for.
        """
        if not _NAME.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Store the bytes; equal bytes are stored once, damaged ones are written anew.

        Returns:
            Their SHA-256.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path_of(sha256)
        if self._is_whole(path, sha256):
            os.utime(path)  # young again: the sweep leaves alone what somebody is just attaching
            return sha256
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_PART)  # readable by the owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()  # the disk is asked next
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _force_folder_to_disk(path.parent)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes with this hash.

        Raises:
            RecordDamaged: they are gone or are not what was stored.
        """
        try:
            content = self.path_of(sha256).read_bytes()
        except OSError as gone:
            raise RecordDamaged(f"attached file {sha256} cannot be read") from gone
        if hashlib.sha256(content).hexdigest() != sha256:
            raise RecordDamaged(f"attached file {sha256} is not what was stored")
        return content

    def size_of(self, sha256: str) -> int | None:
        """Bytes of a stored file, or None when it is not there."""
        try:
            return self.path_of(sha256).stat().st_size
        except OSError:
            return None

    def sweep(self, kept: Collection[str], *, older_than: datetime) -> int:
        """Remove files nobody names any more, and the rests of writes that were killed.

        Args:
            kept: hashes that records name.
            older_than: younger files stay: their record may be about to be written.

        Returns:
            How many files were removed.
        """
        removed = 0
        for path in list(self._files()):
            is_named = bool(_NAME.fullmatch(path.name)) and path.name in kept
            if is_named or datetime.fromtimestamp(path.stat().st_mtime, UTC) >= older_than:
                continue
            path.unlink(missing_ok=True)
            removed += 1
        return removed

    def _files(self) -> Iterator[Path]:
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if _NAME.fullmatch(path.name) or path.name.startswith(_PART):
                yield path

    @staticmethod
    def _is_whole(path: Path, sha256: str) -> bool:
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        except OSError:
            return False


def _force_folder_to_disk(folder: Path) -> None:
    # The new name itself must survive a power cut. Some systems cannot open a folder: they do it alone.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
