"""The shared words are shown as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.overlaps.marking import mark_shared, shared_key_words, shared_phrases


@pytest.mark.parametrize(
    ("one", "other", "phrases"),
    [
        (
            "Trang thông tin điện tử và dịch vụ công của huyện",
            "Website dien tu, DVC huyen",
            ("Trang thông tin điện tử", "dịch vụ công", "huyện"),
        ),
        ("Tập huấn CCHC", "Bồi dưỡng cải cách hành chính", ("Tập huấn CCHC",)),
        ("Mua máy in", "Sửa nhà", ()),
    ],
)
def test_phrases(one: str, other: str, phrases: tuple[str, ...]) -> None:
    assert shared_phrases(one, shared_key_words(one, other)) == phrases


@given(st.text(alphabet="aăâđêơư TTHC.,-\n12", max_size=60), st.text(max_size=30))
def test_the_pieces_make_up_the_text(text: str, other: str) -> None:
    pieces = mark_shared(text, shared_key_words(text, other))
    assert "".join(piece for piece, _is_shared in pieces) == text
