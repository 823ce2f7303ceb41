"""Texts whose letters were lost are recognised; texts of other languages and plain Vietnamese are not."""

from __future__ import annotations

import pytest

from finance.vietnamese.legacy_encodings import foreign_lookalikes, why_unreadable_vi


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Dù to¸n kinh phÝ c¶i c¸ch hµnh chÝnh", "TCVN3"),
        ("Döï toaùn kinh phí caûi caùch haønh chính", "VNI"),
        ("Táº­p huáº¥n nghiá»‡p vá»¥", "vỡ dấu"),
        ("Ä‘Ã o táº¡o", "vỡ dấu"),
        ("T\ufffdp hu\ufffdn", "mất"),
    ],
)
def test_lost_letters_are_named(text: str, word: str) -> None:
    assert word in why_unreadable_vi(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tập huấn nghiệp vụ",
        "tap huan",
        "",
        "CÁC XÃ…",
        "XÃ “Vĩnh Hải”",
        "Chuyên gia Müller",
        "m²",
        "Tập huấn 🎓",
        "Café",
        "« một cửa »",
        "ĐÃ",
        "à",
        "ÂU CƠ",
    ],
)
def test_readable_texts_are_left_alone(text: str) -> None:
    assert why_unreadable_vi(text) == ""


def test_letters_that_only_look_latin_are_named() -> None:
    assert foreign_lookalikes("\u0421\u0421\u041d\u0421-01") == "\u0421\u041d"
    assert foreign_lookalikes("CCHC-01 đ") == ""
