"""Every setting of the program in one place: its name in the environment, meaning and default.

DATABASE_URL             where facts are stored (sqlite:/// or postgresql+psycopg://);
                         SQLite in the instance folder when not set
PHANBO_INSTANCE          folder of this installation (database, stored secret); ./instance
PHANBO_SECRET_KEY        signs the session cookie, at least 32 characters; else the file
                         `secret-key` of the instance folder; with neither nothing starts
PHANBO_PROVINCE_NAME     printed in the header, such as "tỉnh A"; empty
PHANBO_HTTPS             1: served over TLS, cookies become __Host- and Secure; 0
PHANBO_PROXIES           number of trusted reverse proxies in front; 0
PHANBO_UPLOAD_MEGABYTES  largest request accepted; 10
PHANBO_LARGE_WORKBOOKS   codes of offices, with commas, that upload consolidated workbooks of up to
                         60,000 lines; the others' end at 2,000; empty
PHANBO_ATTACHMENTS       folder of attached papers, outside of every web root; back it up together
                         with the database; `attachments` of the instance folder
PHANBO_ATTACHMENT_MEGABYTES  largest attached file; 8
PHANBO_PROJECT_MEGABYTES     all files of one project; 40
PHANBO_PROJECT_FILES         number of files of one project; 20
PHANBO_BAND_LINES        how many earlier lines make a unit-cost band; 5
PHANBO_SCANNER           command that looks for malicious code, given the path as its last word: exit
                         code 0 clean, 1 infected, else not known; empty: files are not scanned

There is no default secret: a program that starts with a known one is open to anyone who read
this file. `phanbo` and `dev.py run` store a random one in the folder with `stored_secret_key`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from finance.attachments.rules import MEGABYTE, AttachmentLimits
from finance.unit_costs.bands import LEAST_LINES

WEB_ROOT = Path(__file__).parent
USUAL_LIMITS = AttachmentLimits()
SHORTEST_SECRET = 32
SECRET_FILE_NAME = "secret-key"  # noqa: S105 (the name of a file, not a secret)


class SettingsRefused(Exception):
    """A setting is missing or unsafe; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one installation decides for itself; units are in the names."""

    database_url: str
    instance_folder: Path
    secret_key: str
    province_name: str = ""
    is_https: bool = False
    trusted_proxies: int = 0
    upload_megabytes: int = 10
    attachments_folder: Path | None = None  # `attachments` of the instance folder
    attachment_limits: AttachmentLimits = USUAL_LIMITS
    scanner: str = ""
    large_workbook_agencies: frozenset[str] = frozenset()
    band_lines: int = LEAST_LINES

    @property
    def attachments(self) -> Path:
        """Where the bytes of attached files lie."""
        return self.attachments_folder or self.instance_folder / "attachments"

    def __post_init__(self) -> None:
        """Refuse a secret that can be guessed, and files where the program itself could be read."""
        if self.attachments.absolute().is_relative_to(WEB_ROOT):
            raise SettingsRefused("PHANBO_ATTACHMENTS must lie outside of the program's own folder.")
        if len(self.secret_key) < SHORTEST_SECRET:
            raise SettingsRefused(
                f"PHANBO_SECRET_KEY must have at least {SHORTEST_SECRET} characters; "
                f"leave it unset to use the file {SECRET_FILE_NAME} of the instance folder."
            )


def instance_folder(environment: Mapping[str, str] | None = None) -> Path:
    """The folder of this installation, whether it exists or not."""
    source = os.environ if environment is None else environment
    return Path(source.get("PHANBO_INSTANCE") or "instance").absolute()


def database_url(environment: Mapping[str, str] | None = None) -> str:
    """Where facts are stored: DATABASE_URL, or SQLite in the instance folder."""
    source = os.environ if environment is None else environment
    return source.get("DATABASE_URL") or f"sqlite:///{instance_folder(source) / 'phanbo.sqlite3'}"


def attachments_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where the bytes of attached files lie, whether the folder exists or not."""
    source = os.environ if environment is None else environment
    given = source.get("PHANBO_ATTACHMENTS")
    return Path(given).absolute() if given else instance_folder(source) / "attachments"


def stored_secret_key(folder: Path) -> str:
    """The secret kept in the instance folder; made at random, readable by its owner, when absent.

    Args:
        folder: the instance folder; created when missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SECRET_FILE_NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret


def settings_from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read all settings at once.

    Raises:
        SettingsRefused: no secret is set or stored, or a number is not one.
    """
    source = os.environ if environment is None else environment
    folder = instance_folder(source)
    return Settings(
        database_url=database_url(source),
        instance_folder=folder,
        secret_key=_secret_key(source, folder),
        province_name=source.get("PHANBO_PROVINCE_NAME", "").strip(),
        is_https=source.get("PHANBO_HTTPS", "0") == "1",
        trusted_proxies=_whole_number(source, "PHANBO_PROXIES", 0),
        upload_megabytes=_whole_number(source, "PHANBO_UPLOAD_MEGABYTES", 10),
        attachments_folder=attachments_folder(source),
        attachment_limits=_attachment_limits(source),
        scanner=source.get("PHANBO_SCANNER", "").strip(),
        band_lines=max(1, _whole_number(source, "PHANBO_BAND_LINES", LEAST_LINES)),
        large_workbook_agencies=frozenset(
            code.strip() for code in source.get("PHANBO_LARGE_WORKBOOKS", "").split(",") if code.strip()
        ),
    )


def _attachment_limits(source: Mapping[str, str]) -> AttachmentLimits:
    return AttachmentLimits(
        _whole_number(source, "PHANBO_ATTACHMENT_MEGABYTES", USUAL_LIMITS.file_bytes // MEGABYTE) * MEGABYTE,
        _whole_number(source, "PHANBO_PROJECT_MEGABYTES", USUAL_LIMITS.project_bytes // MEGABYTE) * MEGABYTE,
        _whole_number(source, "PHANBO_PROJECT_FILES", USUAL_LIMITS.project_files),
    )


def _secret_key(source: Mapping[str, str], folder: Path) -> str:
    given = source.get("PHANBO_SECRET_KEY")
    if given:
        return given
    if (folder / SECRET_FILE_NAME).exists():
        return stored_secret_key(folder)
    raise SettingsRefused(
        "No secret: set PHANBO_SECRET_KEY, or let `python3 dev.py run` store one in the instance folder."
    )


def _whole_number(source: Mapping[str, str], name: str, default: int) -> int:
    text = source.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise SettingsRefused(f"{name} must be a whole number, not {text!r}.")
    return int(text)
