"""argparse speaks English; who types our commands reads Vietnamese.

Its messages are recognised one by one and said anew. What a future Python words otherwise comes through as it
is, so nothing is lost; tests look through the messages of the Python that runs them.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, HelpFormatter
from typing import Any, NoReturn

from optimizer.commands.exit_codes import INVALID

USAGE = "Cách dùng: "
HELP = "in hướng dẫn này"
_ABOUT = re.compile(r"argument (?P<name>.+?): (?P<rest>.+)", re.DOTALL)
_SAID = (
    (r"the following arguments are required: (.+)", "Thiếu {0}."),
    (r"one of the arguments (.+) is required", "Cần một trong các tham số {0}."),
    (r"unrecognized arguments: (.+)", "Không có tham số nào là “{0}”."),
    (r"ambiguous option: (.+?) could match (.+)", "“{0}” có thể là {1}; hãy ghi đủ tên."),
    (r"invalid choice: (.+?) \(choose from (.+)\)", "không có “{0}”; chọn một trong: {1}."),
    (r"invalid int value: (.+)", "“{0}” không phải là số nguyên."),
    (r"invalid (?:float|Fraction) value: (.+)", "“{0}” không phải là số."),
    (r"invalid \S+ value: (.+)", "“{0}” không đúng dạng."),
    (r"expected one argument", "thiếu giá trị đi kèm."),
    (r"expected at most one argument", "chỉ nhận nhiều nhất một giá trị."),
    (r"expected at least one argument", "cần ít nhất một giá trị."),
    (r"expected (\d+) arguments?", "cần đúng {0} giá trị."),
    (r"ignored explicit argument (.+)", "không nhận giá trị đi kèm (đang ghi “{0}”)."),
    (r"not allowed with argument (.+)", "không dùng cùng lúc với {0}."),
)
"""What argparse says, and the same in Vietnamese; {0}, {1} stand for what its brackets found."""


class CommandRefused(SystemExit):
    """The command line is wrong; it has been told, and the process should end.

    Attributes:
        words: one sentence, what is wrong.
    """

    def __init__(self, words: str) -> None:
        super().__init__(INVALID)
        self.words = words


class VietnameseParser(ArgumentParser):
    """An ArgumentParser whose help and refusals are Vietnamese; its verbs are of the same kind."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", _VietnameseHelp)
        super().__init__(**settings, add_help=False)
        # FRAGILE: the names of the two groups every parser begins with; argparse has had them from the start.
        self._positionals.title, self._optionals.title = "Tham số", "Tùy chọn"
        self.add_argument("-h", "--help", action="help", help=HELP)

    def error(self, message: str) -> NoReturn:
        """Say how the command is used and what is wrong, and end.

        Raises:
            CommandRefused: always.
        """
        words = said_in_vietnamese(message)
        self.print_usage(sys.stderr)
        sys.stderr.write(words + "\n")
        raise CommandRefused(words)


class _VietnameseHelp(HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin the usage in Vietnamese."""
        super().add_usage(usage, actions, groups, USAGE if prefix is None else prefix)


def said_in_vietnamese(message: str) -> str:
    """Return what argparse says in Vietnamese; what is not its own comes back as it is."""
    about = _ABOUT.fullmatch(message)
    if about is not None:
        return f"Tham số {about['name']}: {said_in_vietnamese(about['rest'])}"
    for pattern, words in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return words.format(*(_bare(part) for part in found.groups()))
    return message


def _bare(part: str) -> str:
    """Return names and values without the quotation marks of Python."""
    return part.strip("'\"").replace("', '", ", ")
