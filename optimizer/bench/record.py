"""The record of a run as text: when, how, on what, and every promise kept or missed.

It names processor and versions, and no path, host or person.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from optimizer.bench.findings import Finding, Row, Verdict

PACKAGES = ("PuLP", "highspy", "numpy", "PySCIPOpt")


def machine_words() -> dict[str, str]:
    """Return processor, cores, system and versions, as far as they can be known."""
    known = {"processor": _processor(), "cores": str(os.cpu_count() or "?")}
    known["system"] = f"{platform.system()}, Python {platform.python_version()}"
    for package in PACKAGES:
        try:
            known[package] = version(package)
        except PackageNotFoundError:
            known[package] = "not installed"
    return known


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def record_text(findings: Sequence[Finding], facts: Mapping[str, str]) -> str:
    """Return the record of a run.

    Args:
        findings: one per goal, in the order measured.
        facts: date, command, load and machine, in the order to be written.
    """
    return "\n".join([*_head(facts), *_summary(findings), *(_goal(item) for item in findings)]) + "\n"


def _head(facts: Mapping[str, str]) -> Iterator[str]:
    yield "# Measurements"
    yield ""
    yield "Written by `python -m optimizer bench --out docs/measurements.md`. CPU seconds of one thread,"
    yield "children included; peers take turns on the same problem in the same run. Only ratios mean much on"
    yield "another machine. P is the number of candidates."
    yield ""
    yield from (f"- {name}: {words}" for name, words in facts.items())
    yield ""


def _summary(findings: Sequence[Finding]) -> Iterator[str]:
    yield "| goal | promise | measured | |"
    yield "|---|---|---|---|"
    for finding in findings:
        if not finding.verdicts:
            yield f"| {finding.number} | {finding.title} | not judged in this run | |"
        for verdict in finding.verdicts:
            yield f"| {finding.number} | {_promise(verdict)} | {_figure(verdict)} | {_outcome(verdict)} |"
    yield ""


def _promise(verdict: Verdict) -> str:
    sense = "at least" if verdict.is_least else "at most"
    return f"{sense} {verdict.goal:g}{verdict.unit} {verdict.words}"


def _figure(verdict: Verdict) -> str:
    return f"{verdict.measured:.3g}{verdict.unit}"


def _outcome(verdict: Verdict) -> str:
    if verdict.is_reached:
        return "reached"
    missed = verdict.missed_percent
    return "**missed**" if missed == float("inf") else f"**missed** by {missed:.0f} % of the goal"


def _goal(finding: Finding) -> str:
    lines = [f"## Goal {finding.number}: {finding.title}", ""]
    if finding.rows:
        lines += ["| who | P | CPU s | |", "|---|---|---|---|"]
        lines += [*(_line(row) for row in finding.rows), ""]
    lines += [f"- {words}" for words in finding.remarks]
    lines += [""] if finding.remarks else []
    return "\n".join(lines)


def _line(row: Row) -> str:
    return f"| {row.who} | {row.projects:,} | {_seconds(row.cpu_seconds)} | {row.got} |"


def _seconds(seconds: float) -> str:
    return f"{seconds:.4f}" if seconds < 1 else f"{seconds:.2f}"
