"""The words of a text that say what is meant: marks, abbreviations and filling words put aside. Pure.

Two officials who write about the same thing differ in marks ("Nang cap"), abbreviations ("CNTT"), order
and in everyday synonyms ("tập huấn" for "bồi dưỡng"). What is left here is compared, never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from finance.vietnamese.fold import fold

# What offices abbreviate; only forms that mean one thing in this trade.
ABBREVIATIONS: dict[str, str] = {
    "cbcc": "can bo cong chuc",
    "cbccvc": "can bo cong chuc vien chuc",
    "ccvc": "cong chuc vien chuc",
    "cchc": "cai cach hanh chinh",
    "cntt": "cong nghe thong tin",
    "cqnn": "co quan nha nuoc",
    "csdl": "co so du lieu",
    "dl": "du lieu",
    "dvc": "dich vu cong",
    "dvctt": "dich vu cong truc tuyen",
    "hcc": "hanh chinh cong",
    "hcnn": "hanh chinh nha nuoc",
    "hdnd": "hoi dong nhan dan",
    "ht": "he thong",
    "hthong": "he thong",
    "pm": "phan mem",
    "qlnn": "quan ly nha nuoc",
    "qppl": "quy pham phap luat",
    "tb": "thiet bi",
    "tthc": "thu tuc hanh chinh",
    "ttdl": "trung tam du lieu",
    "ubnd": "uy ban nhan dan",
    "vbqppl": "van ban quy pham phap luat",
    "vp": "van phong",
    "xd": "xay dung",
}

# Everyday words for one thing; the first of each row stands for all of them.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("dao tao", "tap huan", "boi duong", "huan luyen", "mo lop", "lop hoc", "lop"),
    ("mua sam", "trang bi", "trang cap", "mua", "cung cap", "dau tu", "thiet bi"),
    (
        "nang cap",
        "cai tao",
        "sua chua",
        "chinh trang",
        "hoan thien",
        "lam moi",
        "chinh sua",
        "mo rong",
        "lam lai",
        "chong xuong cap",
        "doi moi",
    ),
    ("xay dung", "thiet lap", "trien khai", "hinh thanh", "lap dat", "soan thao", "bien soan", "ap dung"),
    ("tuyen truyen", "pho bien", "truyen thong", "quang ba"),
    ("may tinh", "may vi tinh", "may pc"),
    ("can bo", "cong chuc", "vien chuc", "nhan vien"),
    ("ra soat", "kiem tra", "danh gia", "khao sat", "thong ke", "dieu tra"),
    ("don gian hoa", "cat giam", "rut gon"),
    ("so hoa", "dien tu", "dien tu hoa"),
    ("tru so", "nha lam viec", "phong lam viec"),
    ("mot cua", "tiep nhan va tra ket qua"),
    ("ho so", "tai lieu", "giao trinh"),
    ("phan mem", "he thong", "ung dung", "chuong trinh may tinh", "mo hinh"),
    ("cong thong tin", "trang thong tin", "trang web", "website"),
    ("hoi nghi", "hoi thao", "cuoc hop", "hop"),
    ("nguoi dan", "cong dan", "nhan dan"),
    ("co quan", "don vi"),
    ("may quet", "may scan"),
    ("mang dien rong", "mang wan"),
    ("hai long", "su hai long", "muc do hai long"),
    ("phieu khao sat", "phieu hoi", "mau phieu", "phieu dieu tra"),
    ("xu ly so lieu", "nhap va phan tich so lieu", "phan tich so lieu"),
    ("tu van", "chuyen gia", "thue tu van", "thue chuyen gia"),
    ("lay so thu tu", "lay so", "xep hang"),
    ("duong dien", "he thong dien"),
    ("bien che", "so nguoi lam viec"),
    ("thu lao", "tien cong", "nhuan but"),
)

# Words and phrases that stand in every second title and tell nothing.
FILLING_WORDS = frozenset({
    "va", "cac", "cho", "cua", "tai", "tren", "ve", "theo", "nam", "viec", "dot", "lan", "nham", "trong",
    "voi", "den", "tu", "o", "la", "do", "duoc", "so", "chi", "mot", "hai", "ba", "bon", "nhat",
    "moi", "cung", "nhung", "khi", "ra", "vao", "phan", "goi", "hang", "de", "doi",
})  # fmt: skip
FILLING_PHRASES = (
    "cong tac", "de an", "du an", "nhiem vu", "ke hoach", "thuc hien", "to chuc", "giai doan", "phuc vu",
    "dia ban", "noi dung", "ket qua", "chi phi", "kinh phi", "bao gom", "hang nam", "con lai", "doi voi",
)  # fmt: skip

_SIGNS = re.compile(r"[^0-9a-z]+")
_NUMBER = re.compile(r"[0-9]+|[ivx]+")


def _phrase_table() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Every longer way of saying something -> the word that stands for it; nothing for a filling phrase."""
    table: dict[tuple[str, ...], tuple[str, ...]] = {
        tuple(phrase.split()): ("".join(row[0].split()),) for row in SYNONYMS for phrase in row
    }
    table |= {tuple(phrase.split()): () for phrase in FILLING_PHRASES}
    return dict(sorted(table.items(), key=lambda item: -len(item[0])))


_PHRASES = _phrase_table()
_LONGEST_PHRASE = max(len(phrase) for phrase in _PHRASES)
_SHORT = {fold(short): tuple(long.split()) for short, long in ABBREVIATIONS.items()}


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text without marks and signs, abbreviations written out, in their order."""
    found: list[str] = []
    for word in _SIGNS.split(fold(text)):
        if word:
            found += _SHORT.get(word, (word,))
    return tuple(found)


def key_words(text: str) -> tuple[str, ...]:
    """The words that carry the meaning, in their order; synonyms become one word.

    Args:
        text: a title or the item of a cost line.

    Returns:
        Folded words without numbers and filling words. A phrase with synonyms is one word
        ("tập huấn", "bồi dưỡng" -> "daotao").
    """
    return meaning_of(plain_words(text))


def has_synonyms(words: tuple[str, ...]) -> bool:
    """True when these plain words together are one of several ways to say a thing."""
    return words in _PHRASES


def meaning_of(words: Iterable[str]) -> tuple[str, ...]:
    """The same for words already plain."""
    given = tuple(words)
    found: list[str] = []
    place = 0
    while place < len(given):
        length = _phrase_at(given, place)
        if length:
            found += _PHRASES[given[place : place + length]]
            place += length
            continue
        word = given[place]
        place += 1
        if word not in FILLING_WORDS and not _NUMBER.fullmatch(word):
            found.append(word)
    return tuple(found)


def _phrase_at(words: tuple[str, ...], place: int) -> int:
    """Length of the longest known phrase that begins here; 0 for none."""
    for length in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
        if words[place : place + length] in _PHRASES:
            return length
    return 0
