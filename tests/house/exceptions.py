"""Files a law does not bind, each with its reason; a reason that is no longer needed fails too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def split_by_exceptions(
    findings: Mapping[str, list[str]], exceptions: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Sort the findings of a law.

    Args:
        findings: file name to what is wrong there.
        exceptions: file name to the reason why the law does not bind it.

    Returns:
        The findings that stand, and the exceptions that excuse nothing any more.
    """
    standing = [one for name, many in sorted(findings.items()) if name not in exceptions for one in many]
    return standing, stale(exceptions, [name for name, many in findings.items() if many])


def stale(exceptions: Mapping[str, str], needed: Iterable[str]) -> list[str]:
    """The exceptions nothing needs any more."""
    return [f"{name}: take it off the list of exceptions" for name in sorted(set(exceptions) - set(needed))]
