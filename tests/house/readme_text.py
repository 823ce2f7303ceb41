"""What the README tells a newcomer to type."""

from __future__ import annotations

import re

from tests.house.source_tree import ROOT

SHELLS = {"", "sh", "bash", "shell", "console"}


def commands_in(text: str) -> list[str]:
    """The commands in a text's shell blocks, without prompts, comments and continued lines."""
    found = []
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.M | re.S):
        if language in SHELLS:
            lines = (line.removeprefix("$ ").split("  #")[0].strip() for line in block.splitlines())
            found += [line for line in lines if line and not line.startswith("#")]
    return found


def readme() -> str:
    """The README's text."""
    return (ROOT / "README.md").read_text(encoding="utf-8")
