"""The shared corpus of hostile and messy workbooks, made for our template and judged as its manifest says.

The corpus is no part of the repository: PHANBO_WORKBOOK_CORPUS names the folder with its generator. What
cannot hold for our template stands with its reason in corpus_exceptions.json.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from finance.estimates.check_workbook import answer, judge
from finance.estimates.workbook.simple_description import describe_simple_template

VARIABLE = "PHANBO_WORKBOOK_CORPUS"
FOLDER = os.environ.get(VARIABLE, "")
pytestmark = pytest.mark.skipif(
    not FOLDER or not (Path(FOLDER) / "make.py").is_file(), reason=f"{VARIABLE} names no folder with make.py"
)
EXCEPTIONS = json.loads((Path(__file__).parent / "corpus_exceptions.json").read_text("utf-8"))
# Half of the time to make the corpus goes into these two; our own tests hold smaller bombs.
SLOW_TO_MAKE = frozenset({"zip_bomb_sheet_1gib.xlsx", "zip_bomb_strings_20m.xlsx"})
SAMPLE = (
    "ok_6_lines.xlsx",
    "rows_at_limit.xlsx",
    "rows_1048576.xlsx",
    "num_line_total_wrong.xlsx",
    "num_text_english.xlsx",
    "xml_quadratic_blowup.xlsx",
)
SUMMARY = "silent=0  money_wrong=0  crash=0  over_mem=0  over_time=0"


@dataclass(frozen=True)
class Corpus:
    """The made files and what their manifest says of each."""

    folder: Path
    rows: list[dict[str, Any]]

    def honest_total(self) -> int:
        """The sum of the six honest lines."""
        return next(row["total"] for row in self.rows if row["group"] == "control" and row["lines"] == 6)


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("workbook_corpus_generator", Path(FOLDER) / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def _made(folder: Path, *, leave_out: frozenset[str]) -> Corpus:
    described = folder / "template.json"
    described.write_text(json.dumps(describe_simple_template(), ensure_ascii=False), "utf-8")
    generator = _generator()
    names = [case["name"] for case in generator.CASES if case["name"] not in leave_out]
    generator.main(["--out", str(folder), "--columns", str(described), "--only", ",".join(names)])
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["skipped"] == []
    return Corpus(folder, manifest["files"])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The corpus without the two files that take longest to make."""
    yield _made(tmp_path_factory.mktemp("corpus"), leave_out=SLOW_TO_MAKE)
    sys.modules.pop("workbook_corpus_generator", None)


def _mistakes(row: dict[str, Any], said: dict[str, Any], honest: int) -> Iterator[str]:
    """What an answer gets wrong, in the words of the manifest."""
    name, excused = row["file"], EXCEPTIONS.get(row["file"], {})
    if said["outcome"] != row["expect"] and "outcome" not in excused:
        yield f"{name}: {said['outcome']} instead of {row['expect']}"
    is_accepted = said["outcome"] != "refuse"
    if row["expect"] == "refuse":
        if is_accepted:
            yield f"{name}: SILENT, taken with {said['total']} (honest: {honest})"
    elif is_accepted and (said["lines"], said["total"]) != (row["lines"], row["total"]):
        yield f"{name}: SILENT, {said['lines']} lines, {said['total']} instead of {row['total']}"
    if row["code"] and row["code"] not in {message["code"] for message in said["messages"]}:
        yield f"{name}: {row['code']} is not said"
    places = " ".join(message["where"] for message in said["messages"])
    if row["where"] and row["where"] not in places and "where" not in excused:
        yield f"{name}: {row['where']} is not named"


def test_every_file_is_judged_as_the_manifest_says(corpus: Corpus) -> None:
    assert len(corpus.rows) >= 160
    mistakes = []
    for row in corpus.rows:
        content = (corpus.folder / row["file"]).read_bytes()
        mistakes += _mistakes(row, answer(content, *judge(content)), corpus.honest_total())
    assert mistakes == []


def test_no_exception_has_become_needless(corpus: Corpus) -> None:
    known = {row["file"]: row for row in corpus.rows}
    for name, kinds in EXCEPTIONS.items():
        content = (corpus.folder / name).read_bytes()
        said = answer(content, *judge(content))
        places = " ".join(message["where"] for message in said["messages"])
        assert set(kinds) == {"where"}
        assert known[name]["where"] not in places


@pytest.mark.parametrize("name", SAMPLE)
def test_the_command_says_it_within_its_caps(corpus: Corpus, name: str) -> None:
    row = next(row for row in corpus.rows if row["file"] == name)
    done = subprocess.run(
        [sys.executable, "-m", "finance.estimates.check_workbook", str(corpus.folder / name), "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=2 * row["max_s"],
        check=False,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    assert list(_mistakes(row, said, corpus.honest_total())) == []
    assert said["sha256"] == row["sha256"]
    assert done.returncode == (1 if row["expect"] == "refuse" else 0)
    assert done.stderr == ""


@pytest.mark.deep
def test_the_corpus_checker_finds_nothing_to_say(tmp_path: Path) -> None:
    _made(tmp_path, leave_out=frozenset())
    importer = f"{sys.executable} -m finance.estimates.check_workbook {{file}} --json"
    done = subprocess.run(
        [sys.executable, str(Path(FOLDER) / "check.py"), "--importer", importer, "--corpus", str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    print(done.stdout)
    assert SUMMARY in done.stdout
    assert done.returncode == 0
