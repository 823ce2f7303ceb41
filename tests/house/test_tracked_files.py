"""What is handed on must not name the machine it was written on."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from tests.house.source_tree import ROOT, all_files, name_of, say_all

# Written in pieces so that this file does not accuse itself.
MACHINE_PATHS = [
    r"/wo" + r"rk/",
    r"/ro" + r"ot/",
    r"/ho" + r"me/\w",
    r"/tm" + r"p/phanbo",
    r"/Us" + r"ers/\w",
]
REGISTRY_HOSTS = [
    r"pypi" + r"\.org", r"python" + r"hosted\.org", r"registry\." + r"npmjs", r"deb\." + r"debian\.org",
    r"security\." + r"debian\.org", r"proxy\." + r"golang\.org",
]  # fmt: skip
UNWANTED = re.compile("|".join(MACHINE_PATHS + REGISTRY_HOSTS))

# Copied unchanged from their packages; their own texts may name where they come from.
FOREIGN = ("webapp/static/vendor/",)
BINARY = {
    ".png",
    ".jpg",
    ".ico",
    ".woff2",
    ".ttf",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".zip",
    ".mo",
    ".gz",
    ".sqlite3",
    ".bin",
}
NOT_NORMALISED: dict[str, str] = {}


def unwanted_in(text: str) -> list[str]:
    """The lines that name a machine path or a package registry."""
    return [
        f"{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        if UNWANTED.search(line)
    ]


def _own_texts() -> list[tuple[str, bytes]]:
    files: list[Path] = [path for path in all_files() if path.suffix.lower() not in BINARY]
    return [(name_of(path), path.read_bytes()) for path in files if not name_of(path).startswith(FOREIGN)]


def test_no_machine_path_and_no_registry_host() -> None:
    found = [
        f"{name}:{what}" for name, raw in _own_texts() for what in unwanted_in(raw.decode("utf-8", "replace"))
    ]
    assert not found, say_all("Say it relative to the repository, or leave it out:", found)


def test_texts_are_utf8_and_composed() -> None:
    wrong = []
    for name, raw in _own_texts():
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            wrong.append(f"{name}: not UTF-8 ({error.reason})")
            continue
        if name not in NOT_NORMALISED and not unicodedata.is_normalized("NFC", text):
            line = next(
                n for n, part in enumerate(text.splitlines(), 1) if not unicodedata.is_normalized("NFC", part)
            )
            wrong.append(f"{name}:{line}: decomposed letters")
    assert not wrong, say_all("Write UTF-8 in composed form (NFC); write test letters as escapes:", wrong)


def test_lock_files_hold_versions_and_hashes_only() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert [lock.name for lock in locks] == ["installer.lock", "run.lock", "test.lock"]
    line = re.compile(r"[a-z0-9][a-z0-9._-]*==\S+( ; [^:]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    wrong = [
        f"{lock.name}: {one}"
        for lock in locks
        for one in lock.read_text().splitlines()
        if not line.fullmatch(one)
    ]
    assert not wrong, say_all("Make them anew with `python3 dev.py lock`:", wrong)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("see " + "/wo" + "rk/main", 1),
        ("https://" + "pypi" + ".org/simple", 1),
        ("a workbook / a home page", 0),
    ],
)
def test_the_detector(text: str, count: int) -> None:
    assert len(unwanted_in(text)) == count
