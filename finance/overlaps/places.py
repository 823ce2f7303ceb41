"""Where a project is to happen: place names found in its texts, its units, else its office. Pure.

Two projects with the same words in two communes are two projects; so places are taken out of the words
and compared by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from finance.vietnamese.fold import fold
from finance.vietnamese.key_words import plain_words

# Words before a name that say what kind of place it is.
KINDS = ("uy ban nhan dan", "thanh pho", "thi xa", "thi tran", "huyen", "quan", "phuong", "xa", "dao", "thon")
_SHORT_KINDS = {"tp", "tx", "tt", "h", "q", "p", "x"}
# Stands among place names for a scope said to be the whole province.
WHOLE_PROVINCE = "toan tinh"
_WIDE = ("toan tinh", "ca tinh", "tren dia ban tinh", "cac so", "toan nganh")
_BETWEEN = re.compile(r"[,;/\n]|\bvà\b")
# "xã Vĩnh Phương", "TP Nha Trang": a kind, then words with a capital letter.
_KIND_AND_NAME = re.compile(
    r"\b(?:thành phố|thị xã|thị trấn|huyện|quận|phường|xã|TP\.?|TX\.?|H\.|P\.|X\.)\s*"
    r"((?:[A-ZĐÀ-ỸĂÂÊÔƠƯ][\wÀ-ỹ]*\s?){1,4})"
)
_LONGEST_NAME = 4
_OFFICE = re.compile(r"^(?:Ủy ban nhân dân|UBND)\s+")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The place names a province knows.

    Attributes:
        parents: bare name without marks -> bare name of the place it lies in ("" for none).
        written: bare name -> the name as people write it.
    """

    parents: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def name_vi(self, bare: str) -> str:
        """The name as people write it; one nobody registered with large first letters."""
        return self.written.get(bare, bare.title())

    def find(self, words: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
        """The known names among the words, and the words without names and their kinds."""
        found: set[str] = set()
        kept: list[str] = []
        place = 0
        while place < len(words):
            length = self._name_at(words, place)
            if not length:
                kept.append(words[place])
                place += 1
                continue
            found.add(" ".join(words[place : place + length]))
            place += length
            _drop_kind(kept)
        return frozenset(found), tuple(kept)

    def _name_at(self, words: tuple[str, ...], place: int) -> int:
        for length in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
            if " ".join(words[place : place + length]) in self.parents:
                return length
        return 0

    def lies_in(self, inner: str, outer: str) -> bool:
        """True when the one place lies in the other."""
        return self.parents.get(inner, "") == outer


def bare_name(name_vi: str) -> str:
    """A place's name without marks and without its kind: "UBND huyện Vạn Ninh" -> "van ninh"."""
    words = list(plain_words(name_vi))
    rest = " ".join(words)
    for _ in range(2):  # "uy ban nhan dan", then "huyen"
        for kind in KINDS:
            rest = rest.removeprefix(f"{kind} ")
    first, _, others = rest.partition(" ")
    return others if first in _SHORT_KINDS and others else rest


def gazetteer(places: Iterable[tuple[str, str]]) -> Gazetteer:
    """The names of a province from (name, place it lies in); one-letter names are left out."""
    parents: dict[str, str] = {}
    written: dict[str, str] = {}
    for name_vi, parent_vi in places:
        name, parent = bare_name(name_vi), bare_name(parent_vi)
        if len(name) < 3 or name.isdigit():
            continue
        written.setdefault(name, _OFFICE.sub("", name_vi))
        if parent and parent != name:
            parents[name] = parents.get(name) or parent
            parents.setdefault(parent, "")
        else:
            parents.setdefault(name, "")
    return Gazetteer(parents, written)


def names_with_kind(text: str) -> frozenset[str]:
    """Places named in a text by kind and capital letters, known or not."""
    return frozenset(bare_name(name) for name in _KIND_AND_NAME.findall(text) if bare_name(name))


def names_in_field(text: str) -> frozenset[str]:
    """The places an office wrote into the box "địa bàn"; empty when it is blank."""
    if is_wide(text):
        return frozenset({WHOLE_PROVINCE})
    pieces = (bare_name(piece) for piece in _BETWEEN.split(text))
    return frozenset(piece for piece in pieces if 2 < len(piece) <= 40)


def is_wide(text: str) -> bool:
    """True when the text says the whole province."""
    plain = fold(text)
    return any(words in plain for words in _WIDE) or plain.startswith("tinh ")


def _drop_kind(kept: list[str]) -> None:
    """Take the kind before a name off the words kept: a place is no content."""
    for kind in KINDS:
        words = kind.split()
        if kept[-len(words) :] == words:
            del kept[-len(words) :]
            _drop_kind(kept)
            return
    if kept and kept[-1] in _SHORT_KINDS:
        kept.pop()
