"""The texts of a workbook, kept once for all its sheets."""

from __future__ import annotations

from finance.estimates.workbook.package import Package, damaged, refused
from finance.estimates.workbook.xml_parts import DEEPEST, MAIN, feed, new_parser

_ITEM, _TEXT, _PHONETIC = f"{MAIN}si", f"{MAIN}t", f"{MAIN}rPh"
LONGEST_TEXT = 32_767  # signs of a cell; one more is kept, so that whoever reads it sees it is too long


def read_strings(package: Package, part: str) -> list[str]:
    """Every shared string in order: runs joined, phonetic guides left out.

    Raises:
        WorkbookRefused: the part is damaged, or holds more texts than an estimate can.
    """
    reader = _StringReader(package.limits.strings)
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    for _ in feed(parser, package.chunks(part)):
        pass
    return reader.strings


class _StringReader:
    """The handlers of the part."""

    def __init__(self, most: int) -> None:
        self.strings: list[str] = []
        self._most = most
        self._pieces: list[str] = []
        self._is_text = False
        self._is_phonetic = False
        self._depth = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise damaged()
        if name == _TEXT:
            self._is_text = not self._is_phonetic
        elif name == _PHONETIC:
            self._is_phonetic = True

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == _TEXT:
            self._is_text = False
        elif name == _PHONETIC:
            self._is_phonetic = False
        elif name == _ITEM:
            self.strings.append("".join(self._pieces)[: LONGEST_TEXT + 1])
            self._pieces.clear()
            if len(self.strings) > self._most:
                said = "Tệp bung ra quá lớn so với một dự toán."
                raise refused("E_ZIP_BOMB", said, "Tải mẫu và điền lại.")

    def characters(self, data: str) -> None:
        if self._is_text:
            self._pieces.append(data)
