"""The page about the procedure says what the table says."""

from __future__ import annotations

from pathlib import Path

from finance.estimates.procedure_text import procedure_page

PAGE = Path(__file__).parents[2] / "docs" / "procedure.md"


def test_the_page_is_made_from_the_table_as_it_is_now() -> None:
    advice = "run: python -m finance.estimates.procedure_text > docs/procedure.md"
    assert PAGE.read_text(encoding="utf-8") == procedure_page(), advice
