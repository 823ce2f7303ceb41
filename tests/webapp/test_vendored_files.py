"""Foreign files are exactly those that vendor.toml names, unchanged, and nothing comes from outside."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

STATIC = Path(__file__).parents[2] / "webapp" / "static"
VENDOR = STATIC / "vendor"
PACKAGES = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))["package"]


def test_every_vendored_file_is_the_one_we_looked_at() -> None:
    named = {
        f"{package['folder']}/{name}": digest
        for package in PACKAGES
        for name, digest in package["files"].items()
    }
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.toml"
    }
    assert found == named


def test_every_package_is_named_with_its_licence() -> None:
    notices = (STATIC.parents[1] / "THIRD-PARTY-LICENSES").read_text(encoding="utf-8")
    for package in PACKAGES:
        assert f"{package['name']} {package['version']} ({package['licence']})" in notices


def test_our_styles_and_scripts_fetch_nothing_from_outside_and_name_only_files_that_exist() -> None:
    for path in [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://", text), path
        for address in re.findall(r'url\("([^"]+)"\)', text) + re.findall(r'from "(\./[^"]+)"', text):
            assert (path.parent / address).resolve().is_file(), f"{path}: {address}"


def test_colours_are_written_in_tokens_only() -> None:
    for name in ("frame.css", "content.css"):
        text = (STATIC / "css" / name).read_text(encoding="utf-8")
        colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text))
        assert not colours, f"{name}: move {colours} to tokens.css"
