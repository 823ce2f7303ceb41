"""Tasks and sources as people write them in the simple template, found in the round's lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from finance.estimates.checking.check_context import CheckContext, KnownSource
from finance.estimates.workbook.simple_columns import TASK_PREFIX
from finance.programme.classification import Nature
from finance.vietnamese.fold import fold
from finance.vietnamese.normal import nfc

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−－", "-"))
_NUMBERED = re.compile(r"(.+)\.(\d{1,4})")


def written_code(text: str) -> str:
    """A task code in the form it is compared in: one kind of dash, no spaces, capitals."""
    return "".join(nfc(text).translate(_DASHES).split()).upper()


@dataclass(frozen=True, slots=True)
class SimpleLists:
    """The round's tasks and sources by everything a person may write for them."""

    tasks: Mapping[str, str]
    sources: Mapping[str, KnownSource]

    def task(self, code: str) -> str | None:
        """The annex code of a task written as "4b", "CCHC-10" (the tenth of the annex) or "4b.2".

        Args:
            code: as `written_code` gives it. A number behind a dot counts the task's activities
                within the file and is no part of the code.

        Returns:
            The code; None when the list has no such task.
        """
        found = self.tasks.get(code)
        if found is None:
            numbered = _NUMBERED.fullmatch(code)
            found = self.tasks.get(numbered[1]) if numbered else None
        return found

    def source(self, text: str) -> KnownSource | None:
        """The source of this code, name or short name (what stands before the comma)."""
        return self.sources.get(_folded(text))


def simple_lists(context: CheckContext) -> SimpleLists:
    """The lists of the round, prepared for looking up.

    Where sources share a short name, as recurrent and capital money of one budget do, the recurrent
    one is meant: the simple template is for recurrent tasks, and its guide says so.
    """
    tasks = {task_alias(place): code for place, code in enumerate(context.tasks)}
    tasks |= {written_code(code): code for code in context.tasks}
    short: dict[str, list[KnownSource]] = {}
    for source in context.sources.values():
        short.setdefault(fold(source.name_vi.split(",", 1)[0]), []).append(source)
    sources: dict[str, KnownSource] = {}
    for name, same in short.items():
        plain = [source for source in same if source.nature is not Nature.CAPITAL]
        if len(same) == 1 or len(plain) == 1:
            sources[name] = plain[0] if len(plain) == 1 else same[0]
    for source in context.sources.values():
        sources |= {fold(source.code): source, fold(source.name_vi): source}
    return SimpleLists(tasks, sources)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    return fold(text)


def task_alias(place: int) -> str:
    """How the simple template numbers the annex's tasks, 0 for the first."""
    return f"{TASK_PREFIX}{place + 1:02d}"
