"""The names of the ordered funding levels. Pure."""

from __future__ import annotations

from finance.labels import LabelledEnum


class LevelCode(LabelledEnum):
    """One to four levels of a project, each complete in itself, from least to most."""

    MINIMUM = "MINIMUM", "Tối thiểu"
    REDUCED = "REDUCED", "Rút gọn"
    FULL = "FULL", "Đầy đủ"
    EXTENDED = "EXTENDED", "Mở rộng"


LEVEL_ORDER: tuple[LevelCode, ...] = tuple(LevelCode)
