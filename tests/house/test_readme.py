"""What the README tells a newcomer to type is what the program offers."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.house.readme_text import commands_in, readme
from tests.house.source_tree import ROOT, say_all

FIRST_COMMANDS = ["python3 dev.py run", "python3 dev.py test"]


def mentioned(pattern: str) -> list[str]:
    """Every verb the README and the developer's guide mention after a program's name."""
    texts = readme() + (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    return sorted(set(re.findall(pattern, texts)))


def test_the_first_two_commands_are_run_and_test() -> None:
    assert commands_in(readme())[:2] == FIRST_COMMANDS, (
        "begin the README's shell blocks with these two commands"
    )


def test_every_mentioned_verb_of_dev_exists() -> None:
    verbs = mentioned(r"dev\.py ([a-z]+)")
    assert {"run", "test"} <= set(verbs)
    unknown = []
    for verb in verbs:
        command = [sys.executable, "dev.py", verb, "--help"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if done.returncode != 0:
            unknown.append(f"dev.py {verb}")
    assert not unknown, say_all("The texts promise verbs dev.py does not have:", unknown)


def test_every_mentioned_verb_of_phanbo_exists(capsys: pytest.CaptureFixture[str]) -> None:
    from webapp.commands import (
        main as phanbo,
    )  # so that the other laws speak while the program does not import

    unknown = []
    for verb in mentioned(r"`phanbo ([a-z][a-z-]+)"):
        with pytest.raises(SystemExit) as ended:
            phanbo([verb, "--help"])
        if ended.value.code != 0:
            unknown.append(f"phanbo {verb}")
    capsys.readouterr()
    assert not unknown, say_all("The texts promise verbs phanbo does not have:", unknown)


def test_every_mentioned_file_exists() -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", readme())
    missing = [link for link in links if not (ROOT / link).exists()]
    assert not missing, say_all("The README links to files that are not there:", missing)


def test_the_extractor() -> None:
    text = "a\n```sh\n$ python3 dev.py run   # starts\n# remark\n\nls\n```\n```python\nimport os\n```\n"
    assert commands_in(text) == ["python3 dev.py run", "ls"]
