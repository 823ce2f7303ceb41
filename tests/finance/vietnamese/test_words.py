"""Amounts in words: known phrases, and a parser written for the test that reads every phrase back."""

from __future__ import annotations

import random

import pytest

from finance.vietnamese.words import amount_in_words, number_in_words

DIGITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5, "sáu": 6}
DIGITS |= {"bảy": 7, "tám": 8, "chín": 9}


def read_back(phrase: str) -> int:
    """Read a Vietnamese number phrase; knows nothing of how the phrase was made."""
    total = block = group = digit = 0
    sign = 1
    for word in phrase.split():
        match word:
            case "âm":
                sign = -1
            case "linh":
                digit = 0
            case "mười":
                group, digit = group + 10, 0
            case "mươi" | "trăm":
                group, digit = group + digit * (10 if word == "mươi" else 100), 0
            case "nghìn" | "triệu":
                block += (group + digit) * (1_000 if word == "nghìn" else 1_000_000)
                group = digit = 0
            case "tỷ":
                total = (total + block + group + digit) * 10**9
                block = group = digit = 0
            case _:
                digit = DIGITS[word]
    return sign * (total + block + group + digit)


@pytest.mark.parametrize(
    ("amount_vnd", "phrase"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (101, "Một trăm linh một đồng"),
        (110, "Một trăm mười đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (1_234_567, "Một triệu hai trăm ba mươi bốn nghìn năm trăm sáu mươi bảy đồng"),
        (1_050_005_000, "Một tỷ không trăm năm mươi triệu không trăm linh năm nghìn đồng"),
        (2_500_000_000_000, "Hai nghìn năm trăm tỷ đồng"),
        (10**15, "Một triệu tỷ đồng"),
        (10**18, "Một tỷ tỷ đồng"),
        (-5, "Âm năm đồng"),
    ],
)
def test_known_amounts(amount_vnd: int, phrase: str) -> None:
    assert amount_in_words(amount_vnd) == phrase


@pytest.mark.parametrize("count", [5_000, pytest.param(200_000, marks=pytest.mark.deep)])
def test_random_amounts_to_a_billion_billion_are_read_back(count: int) -> None:
    generator = random.Random(3377)
    for _ in range(count):
        number = generator.randrange(10 ** generator.randint(1, 18) + 1)
        assert read_back(number_in_words(number)) == number


def test_numbers_full_of_noughts_are_read_back() -> None:
    generator = random.Random(2011)
    for _ in range(3_000):
        # Few digits that are not nought: the empty groups and blocks are where libraries go wrong.
        number = sum(generator.randint(1, 9) * 10 ** generator.randint(0, 27) for _ in range(3))
        assert read_back(number_in_words(number)) == number
        assert read_back(number_in_words(-number)) == -number


def test_all_small_numbers_have_phrases_of_their_own() -> None:
    phrases = {number_in_words(number) for number in range(2_000)}
    assert len(phrases) == 2_000


@pytest.mark.parametrize("value", [1.5, True, "1"])
def test_only_whole_amounts_are_read_out(value: object) -> None:
    with pytest.raises(TypeError):
        amount_in_words(value)  # type: ignore[arg-type]
