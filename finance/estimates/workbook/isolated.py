"""Reading an upload in a process of its own, which may die: the server that waits for it does not.

The reader is careful, but a stranger's file meets a parser. The child has caps on memory and computing time
from the operating system and a wall clock from the parent; its death is a finding like any other.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft
from finance.estimates.workbook.package import USUAL_LIMITS, Package, ReadLimits, WorkbookRefused, refuse_file
from finance.estimates.workbook.reader import TemplateKind
from finance.findings import Finding

LONGEST_WAIT_SECONDS = (
    20  # wall clock; the child's own computing time is capped lower, waiting for a turn is not
)
LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
_HOUSE = Path(__file__).resolve().parents[3]  # where the package `finance` stands
_CHILD = "finance.estimates.workbook.reading_child"
_REMEDY = "Tải mẫu mới và chép số liệu sang (chỉ dán giá trị), rồi tải lên lại."
# Names that may stand in the child's answer, by the module they come from.
_ANSWER_MODULES = frozenset(
    {
        "finance.estimates.draft",
        "finance.estimates.levels",
        "finance.findings",
        "finance.programme.classification",
    }
)

Answer = tuple[EstimateDraft | None, list[Finding]]


class ChildStopped(Exception):
    """A child process gave no answer; the message says why, to a person."""


class _AnswerUnpickler(pickle.Unpickler):
    """Builds drafts and findings and nothing else: the child has met the file, so it is not trusted."""

    def find_class(self, module: str, name: str) -> Any:
        if module in _ANSWER_MODULES and "." not in name and name[:1].isupper():
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")


def read_workbook_apart(
    content: bytes,
    context: CheckContext,
    *,
    limits: ReadLimits = USUAL_LIMITS,
    template: TemplateKind | None = None,
) -> Answer:
    """The same answer as `read_estimate_workbook`, computed in a child process that may die.

    Call it outside any transaction: it takes a second or so, and the store has one writer.

    Args:
        content: the bytes as they were uploaded.
        context: programme, round and office the estimate belongs to.
        limits: how large the file may be.
        template: which template it must be; None to see by the file.
    """
    try:
        Package(content, limits)  # what the directory shows needs no process
    except WorkbookRefused as refusal:
        return None, [refusal.finding]
    question = pickle.dumps((content, context, limits, template), pickle.HIGHEST_PROTOCOL)
    try:
        return _answer(ask_child(_CHILD, question, limits))
    except ChildStopped as stopped:
        return None, [_gave_up(str(stopped))]


def ask_child(module: str, question: bytes, limits: ReadLimits) -> bytes:
    """What a module of ours says to a question, in a process of its own.

    Args:
        module: run as a program; it sets its own caps, for which the question holds the limits.
        question: its standard input.
        limits: how long to wait for it.

    Returns:
        Its standard output.

    Raises:
        ChildStopped: it took too long or died; says so in a sentence.
    """
    try:
        done = subprocess.run(  # noqa: S603  our own module, by the interpreter that runs us
            [sys.executable, "-m", module],
            input=question,
            capture_output=True,
            env=_environment(),
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChildStopped(f"Đọc tệp quá {limits.wall_seconds} giây nên đã dừng.") from None
    if done.returncode != 0 or len(done.stdout) > LARGEST_ANSWER_BYTES:
        raise ChildStopped("Đọc tệp tốn quá nhiều bộ nhớ hoặc thời gian nên đã dừng.")
    return done.stdout


def _environment() -> dict[str, str]:
    """What the child needs to start; the server's settings and secrets are not among it."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": str(_HOUSE), "PYTHONIOENCODING": "utf-8"}


def _answer(written: bytes) -> Answer:
    try:
        draft, findings = _AnswerUnpickler(BytesIO(written)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError, TypeError):
        return None, [_gave_up("Chương trình đọc tệp không trả lời đầy đủ.")]
    return draft, findings


def _gave_up(said: str) -> Finding:
    return refuse_file("E_READING_STOPPED", said, _REMEDY)
