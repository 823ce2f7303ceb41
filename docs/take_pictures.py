"""Takes the README's pictures anew: `.venv/bin/python docs/take_pictures.py`.

Loads the demonstration province into a throw-away folder, serves it, signs in at each desk in a
headless Chromium and writes docs/pictures/*.png.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
PHANBO = Path(sys.executable).parent / "phanbo"
PORT = 5099
ADDRESS = f"http://127.0.0.1:{PORT}"
PASSWORD = "cai-cach-2012"  # noqa: S105 (printed by `phanbo sign-ins`, demonstration only)
DESKS = {
    "agency": ("soanthao", "/du-toan/7"),
    "reviewer": ("dutoan", "/tham-dinh/5/dong-chi"),
    "planner": ("kehoach", "/phuong-an/luot-chay/1"),
    "approver": ("lanhdao", "/tong-hop"),
    "window": ("thanhtra", "/nhat-ky"),
}
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def take_pictures() -> None:
    """Serve the demonstration for as long as the pictures take."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PHANBO_INSTANCE": folder}
        for verb in ("migrate", "load-demo"):
            subprocess.run([PHANBO, verb], env=environment, check=True)  # noqa: S603 (our own command)
        serving = [PHANBO, "serve", "--port", str(PORT)]
        server = subprocess.Popen(serving, env=environment)  # noqa: S603 (our own command)
        try:
            _wait_for_answer()
            _visit_desks()
        finally:
            server.terminate()
            server.wait()


def _wait_for_answer() -> None:
    for _ in range(120):
        try:
            urlopen(f"{ADDRESS}/healthz").read()  # noqa: S310 (our own server)
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the program did not answer")


def _visit_desks() -> None:
    (HERE / "pictures").mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_OPTIONS)
        for name, (login, path) in DESKS.items():
            _take(browser, name, login, path)
        browser.close()


def _take(browser: Browser, name: str, login: str, path: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(f"{ADDRESS}/dang-nhap")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{ADDRESS}/")
    page.goto(ADDRESS + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / "pictures" / f"{name}.png")
    page.context.close()


if __name__ == "__main__":
    take_pictures()
