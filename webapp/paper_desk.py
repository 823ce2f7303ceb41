"""Where this installation keeps attached papers, what it lets in and who scans it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

from finance.attachments.rules import AttachmentLimits
from finance.attachments.store import FileStore
from webapp.config import Settings

_NAME = "phanbo-papers"


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """The folder of attached papers with the installation's limits and scanner."""

    store: FileStore
    limits: AttachmentLimits
    scanner: str


def install_paper_desk(app: Flask, settings: Settings) -> None:
    """Let views find the store of attached papers; the folder is made with the first one."""
    app.extensions[_NAME] = PaperDesk(
        FileStore(settings.attachments), settings.attachment_limits, settings.scanner
    )


def paper_desk() -> PaperDesk:
    """The store of attached papers of this program."""
    desk: PaperDesk = current_app.extensions[_NAME]
    return desk
