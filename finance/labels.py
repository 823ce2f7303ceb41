"""Enums that know what people call them: a stored English code and a Vietnamese label."""

from __future__ import annotations

from enum import Enum
from typing import Self, cast


class LabelledEnum(Enum):
    """An enum whose value is the stored code and whose `label_vi` is what a person reads.

    Declare members as ``NAME = "CODE", "nhãn tiếng Việt"``; ``Class.of("CODE")`` finds the member.
    """

    label_vi: str

    def __new__(cls, code: str, label_vi: str) -> Self:
        """Keep the code as the value and the label beside it."""
        member = object.__new__(cls)
        member._value_ = code
        member.label_vi = label_vi
        return member

    @classmethod
    def of(cls, code: str) -> Self:
        """The member with this code.

        Raises:
            ValueError: no such code.
        """
        found = cls._value2member_map_.get(code)
        if found is None:
            raise ValueError(f"{code!r} is not a {cls.__name__}")
        return cast("Self", found)

    def __str__(self) -> str:
        """The stored code, so that a log line and a database row say the same."""
        return str(self.value)
