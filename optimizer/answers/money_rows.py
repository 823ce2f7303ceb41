"""The rows of money of a problem, named for people, and what the relaxation would pay for moving them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.problem import AllocationProblem
from optimizer.proofs.certificate import row_name
from optimizer.spending import group_ceiling_vnd, source_groups
from optimizer.wording import list_words, points_words

BILLION_VND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class MoneyHint:
    """What one more billion đồng on a row would be worth by the relaxation: a hint, never a reason.

    Attributes:
        row_id: row of the certificate: a ceiling, a cap or a floor (a floor's price is for lowering it).
        words: Vietnamese noun phrase of the row.
        points_per_billion: the relaxation gains at most this for 1.000.000.000 đồng more.
    """

    row_id: str
    words: str
    points_per_billion: Fraction


def money_row_words(problem: AllocationProblem) -> dict[str, str]:
    """Return every row of money by its id in the certificate, as a Vietnamese noun phrase."""
    names = {source.id: source.name for source in problem.sources}
    words = {}
    for group in source_groups(problem.sources):
        who = list_words([f"“{names[source_id]}”" for source_id in group])
        for year in problem.years:
            if group_ceiling_vnd(problem.sources, group, year) is not None:
                words[row_name("ceiling", group, year)] = f"trần nguồn {who} năm {year}"
    for limit in problem.limits:
        words[row_name("cap", limit.id)] = f"trần “{limit.words}”"
        words[row_name("floor", limit.id)] = f"sàn “{limit.words}”"
    return words


def money_hints(words: Mapping[str, str], prices: Mapping[str, Fraction]) -> tuple[MoneyHint, ...]:
    """Return the hints of the rows that have a price, the dearest first.

    Args:
        words: rows by id, from money_row_words.
        prices: points per đồng of each row of the certificate.
    """
    hints = [
        MoneyHint(row_id, words[row_id], price * BILLION_VND)
        for row_id, price in prices.items()
        if row_id in words
    ]
    return tuple(sorted(hints, key=lambda hint: (-hint.points_per_billion, hint.row_id)))


def hint_sentence(hint: MoneyHint) -> str:
    """Return a hint as a sentence."""
    verb = "Hạ" if hint.words.startswith("sàn") else "Thêm 1 tỷ đồng vào"
    by = " bớt 1 tỷ đồng" if verb == "Hạ" else ""
    worth = points_words(hint.points_per_billion)
    return f"{verb} {hint.words}{by}: theo bài toán nới lỏng được nhiều nhất {worth} (gợi ý, chưa xác nhận)."
