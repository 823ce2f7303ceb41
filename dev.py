"""The developer's one command, standard library only: python3 dev.py run|check|test|bench|lock.

Whatever is missing (the environment, the packages of the lock files, a browser, a throw-away
PostgreSQL) is installed where that is allowed; otherwise one sentence says which command to type.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / "bin"
REQUIREMENTS = ROOT / "requirements"

OLDEST_PYTHON = (3, 11)
USUAL_PORT = 5000
ANSWER_LIMIT_SECONDS = 120
STOP_LIMIT_SECONDS = 4  # Ctrl-C to silence, before what is left is killed
LONGEST_PAUSE_SECONDS = 30
QUICK_DEATH_SECONDS = 10
QUICK_DEATHS_BEFORE_GIVING_UP = 3  # of the web before its first answer; afterwards nothing is given up
DEFECT_AFTER_SECONDS = 15 * 60

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUICK_TESTS = "not browser and not crash and not cold and not postgres"
CHECKS = {
    "ruff": ["ruff", "check", "--quiet", "--output-format", "concise", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "templates": ["djlint", "webapp", "--lint", "--quiet"],
    "types": ["mypy"],
    "imports": ["lint-imports"],
}


def main() -> int:
    """Read the verb and do it."""
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="run|check|test|bench|lock")
    run_verb = verbs.add_parser("run", help="start the program with its demonstration province")
    run_verb.add_argument("--port", type=int, help=f"exactly this port (else {USUAL_PORT} or any free one)")
    verbs.add_parser("check", help="lint, types, import contracts and the quick tests")
    test_verb = verbs.add_parser("test", help="everything that must hold before a change lands")
    test_verb.add_argument("--deep", action="store_true", help="also the long random searches")
    test_verb.add_argument("--release", action="store_true", help="also what only a release needs")
    bench_verb = verbs.add_parser("bench", help="measure the speeds the project promises")
    bench_verb.add_argument("--quick", action="store_true", help="the optimizer in two minutes, not thirty")
    bench_verb.add_argument("--out", help="file for the optimizer's record, as docs/measurements.md")
    verbs.add_parser("lock", help="resolve the dependencies anew into requirements/*.lock")
    options = parser.parse_args()

    use_python_new_enough()
    keep_standard_input_open()
    keep_bytecode()
    os.chdir(ROOT)
    os.environ.setdefault("PYTHONUTF8", "1")  # Vietnamese is printed whatever the machine's locale
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)  # a shell starts background programs with Ctrl-C ignored
    try:
        return {"run": run, "check": check, "test": test, "bench": bench, "lock": lock}[options.verb](options)
    except KeyboardInterrupt:
        say("Ended.")
        return 130


# Saying and running


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def call(*command: str | Path, **more: object) -> None:
    """Run a command to its end; a failure ends dev.py with one sentence."""
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, check=False, **more)
    if done.returncode != 0:
        shown = " ".join(Path(part).name if isinstance(part, Path) else part for part in command)
        raise SystemExit(f"This command failed (exit code {done.returncode}): {shown}")


def interrupt(*_: object) -> None:
    """Treat a polite request to end like Ctrl-C."""
    raise KeyboardInterrupt


def keep_standard_input_open() -> None:
    """Give descriptor 0 back when it came closed, or the next opened file would become it."""
    try:
        os.fstat(0)
    except OSError:
        os.open(os.devnull, os.O_RDONLY)


def keep_bytecode() -> None:
    """Keep compiled files in .venv where they are unwanted beside their sources: compiling takes seconds."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "bytecode"))


# Setting up


def use_python_new_enough() -> None:
    """Go on with a newer Python of this machine when started with one too old."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in range(19, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    raise SystemExit("Phân Bổ needs Python 3.11 or newer: type 'apt-get install python3.11' or the like.")


def prepare(name: str) -> None:
    """Have the environment, the packages of one lock file and the command `phanbo`."""
    make_environment()
    install_lock(name)
    install_project()


def make_environment() -> None:
    """Make .venv, also anew when an earlier attempt was cut off."""
    if works(PROGRAMS / "python", "-c", "import pip"):
        return
    if not works(sys.executable, "-c", "import ensurepip, venv"):
        major_minor = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        install_debian("python3-venv", major_minor, purpose="Python's venv module")
    say("Making the environment .venv ...")
    call(sys.executable, "-m", "venv", "--clear", VENV)


def works(*command: str | Path) -> bool:
    """Whether a command runs and succeeds, without a word."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.run([str(part) for part in command], check=False, **quiet).returncode == 0
    except OSError:
        return False


def install_debian(*packages: str, purpose: str) -> None:
    """Install Debian packages as root, otherwise end with the command to type."""
    if shutil.which("apt-get") is None:
        raise SystemExit(f"{purpose} is missing: install it with this system's package manager.")
    if os.geteuid() != 0:
        raise SystemExit(f"{purpose} is missing: type 'sudo apt-get install {' '.join(packages)}'.")
    say(f"Installing {' '.join(packages)} ...")
    unasked = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    call("apt-get", "update", "-qq", env=unasked, stdout=subprocess.DEVNULL)
    call("apt-get", "install", "-y", "-qq", *packages, env=unasked, stdout=subprocess.DEVNULL)


def install_lock(name: str) -> None:
    """Install what a lock file names, hashes checked; nothing to do while the file is unchanged."""
    wanted = REQUIREMENTS / f"{name}.lock"
    stamp = VENV / f"{name}.lock.sha256"
    if is_stamped(stamp, wanted):
        return
    say(f"Installing the packages of {wanted.relative_to(ROOT)} ...")
    call(*installer(), "install", "--quiet", "--require-hashes", "-r", wanted)
    stamp.write_text(digest_of(wanted), encoding="ascii")


def installer() -> list[str | Path]:
    """The start of an install command: uv, which is quick, or pip where uv cannot be had."""
    pip: list[str | Path] = [PROGRAMS / "python", "-m", "pip", "--disable-pip-version-check"]
    with_hashes = ["--quiet", "--require-hashes", "-r", REQUIREMENTS / "installer.lock"]
    if works(PROGRAMS / "uv", "--version") or works(*pip, "install", *with_hashes):
        return [PROGRAMS / "uv", "pip"] if works(PROGRAMS / "uv", "--version") else pip
    return pip


def install_project() -> None:
    """Install the project itself, editable and without fetching anything."""
    stamp = VENV / "pyproject.sha256"
    if is_stamped(stamp, ROOT / "pyproject.toml") and (PROGRAMS / "phanbo").exists():
        return
    call(*installer(), "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(digest_of(ROOT / "pyproject.toml"), encoding="ascii")


def is_stamped(stamp: Path, file: Path) -> bool:
    """Whether the stamp was written for this very content."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == digest_of(file)


def digest_of(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


# run


def run(options: argparse.Namespace) -> int:
    """Start web and worker over the demonstration province until Ctrl-C."""
    port = choose_port(options.port)
    prepare("run")
    environment = settings_of_the_demonstration()
    phanbo = PROGRAMS / "phanbo"
    call(phanbo, "migrate", env=environment)
    call(phanbo, "load-demo", env=environment)
    web = Child("web", [phanbo, "serve", "--port", str(port)], environment)
    worker = Child("worker", [phanbo, "worker"], environment)
    signal.signal(signal.SIGHUP, interrupt)  # the terminal was closed
    try:
        web.start()
        worker.start()
        address = f"http://127.0.0.1:{port}"
        wait_for_answer(address + "/healthz", web)
        say(f"\nPhân Bổ answers at {address}  (Ctrl-C ends it)\n")
        call(phanbo, "sign-ins", env=environment)
        while True:
            time.sleep(0.3)
            for child in (web, worker):
                child.restart_when_dead()
    except KeyboardInterrupt:
        say("\nEnding web and worker ...")
        return 0
    finally:
        end_all([web, worker])


def settings_of_the_demonstration() -> dict[str, str]:
    """The environment of web and worker: data in ./instance unless told otherwise."""
    instance = Path(os.environ.get("PHANBO_INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PHANBO_INSTANCE": str(instance)}
    environment["DATABASE_URL"] = os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'phanbo.sqlite3'}"
    return environment


def choose_port(wanted: int | None) -> int:
    """The port asked for, or the usual one, or any free one when the usual one is taken."""
    if wanted is not None:
        if not is_free(wanted):
            raise SystemExit(f"Port {wanted} is taken: choose another one with --port, or leave --port out.")
        return wanted
    if is_free(USUAL_PORT):
        return USUAL_PORT
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Child:
    """A program kept running in a process group of its own, so that Ctrl-C reaches dev.py alone."""

    def __init__(self, name: str, command: list[str | Path], environment: dict[str, str]) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_again_at: float | None = None
        self.quick_deaths = 0

    def start(self) -> None:
        """Start the program."""
        self.start_again_at = None
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def restart_when_dead(self) -> None:
        """Start a dead program again: at once the first time, later after growing pauses."""
        if self.start_again_at is not None:
            if time.monotonic() >= self.start_again_at:
                self.start()
        elif self.process is not None and self.process.poll() is not None:
            self._plan_restart()

    def _plan_restart(self) -> None:
        lived_seconds = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived_seconds < QUICK_DEATH_SECONDS else 0
        pause = min(2 ** max(0, self.quick_deaths - 1) - 1, LONGEST_PAUSE_SECONDS)
        code = self.process.returncode if self.process else None
        say(f"The {self.name} died (exit code {code}); starting it again in {pause} s.")
        self.start_again_at = time.monotonic() + pause

    def signal_group(self, number: int) -> None:
        """Send a signal to the program and everything it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def wait_for_answer(address: str, web: Child) -> None:
    """Return when the address answers; end when it never does."""
    give_up_at = time.monotonic() + ANSWER_LIMIT_SECONDS
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < give_up_at:
        with contextlib.suppress(urllib.error.URLError, OSError), direct.open(address, timeout=5):
            return
        web.restart_when_dead()
        if web.quick_deaths >= QUICK_DEATHS_BEFORE_GIVING_UP:
            raise SystemExit("The web ends right after its start; what it said above tells why.")
        time.sleep(0.2)
    raise SystemExit(f"The web did not answer within {ANSWER_LIMIT_SECONDS} s.")


def end_all(children: list[Child]) -> None:
    """Ask all children to end, then kill what is still there, within five seconds together."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.signal_group(signal.SIGTERM)
    give_up_at = time.monotonic() + STOP_LIMIT_SECONDS
    for child in children:
        if child.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, give_up_at - time.monotonic()))
    for child in children:
        child.signal_group(signal.SIGKILL)


# check, test, bench


def check(_: argparse.Namespace) -> int:
    """Lint, types, contracts and the tests that need neither browser nor PostgreSQL."""
    prepare("test")
    times, failed = run_checks()
    return run_pytest(["tests", "-n", "2", "-m", QUICK_TESTS], dict(os.environ), times, failed)


def test(options: argparse.Namespace) -> int:
    """Every check and every test, on SQLite and PostgreSQL, with a browser."""
    began = time.monotonic()
    prepare("test")
    find_browser()
    times = {"set-up": time.monotonic() - began}
    arguments = ["tests", "-n", "2", "--dist", "loadgroup"]
    arguments += ["--deep"] * (options.deep or options.release) + ["--release"] * options.release
    with throwaway_postgres() as environment:
        more_times, failed = run_checks()
        if "PHANBO_TEST_POSTGRES" not in environment:
            failed.append("postgres")
        return run_pytest(arguments, environment, {**times, **more_times}, failed)


def bench(options: argparse.Namespace) -> int:
    """Run the measurements of tests/bench, one after the other, then the optimizer beside its peers."""
    prepare("test")
    command = [PROGRAMS / "pytest", "tests/bench", "--bench", "-s", "-p", "no:xdist"]
    with throwaway_postgres() as environment:
        code = subprocess.call(command, env=environment, stdin=subprocess.DEVNULL)
    beside_peers = [PROGRAMS / "python", "-m", "optimizer", "bench", *["--quick"] * options.quick]
    beside_peers += ["--out", options.out] if options.out else []
    return subprocess.call(beside_peers, stdin=subprocess.DEVNULL) or code


def find_browser() -> None:
    """Have a Chromium for the browser tests, or say how to get one; the tests decide what lacks."""
    if os.environ.get("PHANBO_CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return
    try:
        install_debian("chromium", purpose="Chromium for the browser tests")
    except SystemExit as refusal:
        say(str(refusal))


@contextlib.contextmanager
def throwaway_postgres() -> Iterator[dict[str, str]]:
    """Give the tests' environment, with the address of a PostgreSQL that lives as long as the block."""
    environment = dict(os.environ)
    if environment.get("PHANBO_TEST_POSTGRES"):
        yield environment
        return
    starter = [PROGRAMS / "python", ROOT / "tests" / "throwaway_postgres.py"]
    with subprocess.Popen(starter, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().strip()
        if address:
            environment["PHANBO_TEST_POSTGRES"] = address
        yield environment


def run_checks() -> tuple[dict[str, float], list[str]]:
    """Run every check to its end, all at once; the output of a good one is not shown."""
    failed: list[str] = []
    began = time.monotonic()
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        started = {name: pool.submit(run_check, *command) for name, command in CHECKS.items()}
        for name, check_of in started.items():
            done, seconds = check_of.result()
            say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} ({seconds:.1f} s)")
            if done.returncode != 0:
                failed.append(name)
                say(done.stdout)
    return {"checks": time.monotonic() - began}, failed


def run_check(program: str, *arguments: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """What one check said, and how long it took."""
    began = time.monotonic()
    done = subprocess.run(
        [PROGRAMS / program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done, time.monotonic() - began


def run_pytest(
    arguments: list[str], environment: dict[str, str], times: dict[str, float], failed: list[str]
) -> int:
    """Run pytest last; its own closing line is the last line, after the table of times."""
    began = time.monotonic()
    colour = "yes" if sys.stdout.isatty() else "no"
    command = [PROGRAMS / "pytest", f"--color={colour}", *arguments]
    closing_line = ""
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as pytest:
        try:
            for line in pytest.stdout:
                if line.strip():
                    if closing_line:
                        say(closing_line)
                    closing_line = line.rstrip("\n")
        except KeyboardInterrupt:
            pytest.terminate()
            raise
    times = {**times, "pytest": time.monotonic() - began}
    say_times(times, failed)
    say(closing_line)
    return 1 if failed or pytest.returncode != 0 else 0


def say_times(times: dict[str, float], failed: list[str]) -> None:
    """Print the time of each step, their total, and which checks failed."""
    for name, seconds in times.items():
        say(f"{name:>12} {seconds:7.1f} s")
    total = sum(times.values())
    say(f"{'total':>12} {total:7.1f} s")
    if total > DEFECT_AFTER_SECONDS:
        say("That is more than 15 minutes, which this project counts as a defect.")
    if failed:
        say(f"FAILED before the tests: {', '.join(failed)}")


# lock


def lock(_: argparse.Namespace) -> int:
    """Resolve the dependencies anew into lock files that hold versions and hashes, never addresses."""
    make_environment()
    uv = installer()[0]
    if Path(uv).name != "uv":
        raise SystemExit("Lock files are made with uv, which could not be installed here.")
    resolve = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--upgrade"]
    resolve += ["--generate-hashes", "--no-header", "--no-annotate"]
    resolve += ["--no-emit-index-url", "--no-emit-find-links"]
    project = ["pyproject.toml", "--extra", "postgres", "--group", "build"]
    run_lock, test_lock = REQUIREMENTS / "run.lock", REQUIREMENTS / "test.lock"
    silent = {"stdout": subprocess.DEVNULL}
    call(*resolve, "--group", "installer", "-o", REQUIREMENTS / "installer.lock", **silent)
    call(*resolve, *project, "-o", run_lock, **silent)
    call(*resolve, *project, "--extra", "test", "-c", run_lock, "-o", test_lock, **silent)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
