"""Mistakes of a transition, all at once, each with its JSON path and a Vietnamese sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from optimizer.errors import Mistake
from optimizer.transition.facts import (
    Corridor,
    ResultLine,
    Transition,
    TransitionYear,
    results_value_vnd,
)
from optimizer.wording import number_words


def transition_mistakes(transition: Transition) -> tuple[Mistake, ...]:
    """Return every mistake of a transition; empty = it may be run.

    Args:
        transition: any transition, also one built in Python.
    Returns:
        Mistakes in the order of the file; paths count positions from 0.
    """
    mistakes = [*_agency_mistakes(transition), *_calendar_mistakes(transition), *_year_order(transition)]
    codes = {agency.code for agency in transition.agencies}
    for place, year in enumerate(transition.years):
        path = f"$.years[{place}]"
        found = list(_year_mistakes(path, year, codes))
        mistakes += found
        theta = transition.calendar.get(year.year)
        if theta is None:
            mistakes.append(Mistake(f"{path}.year", f"Lộ trình không nói gì về năm {year.year}."))
        elif not found:
            mistakes += _nothing_to_share_by(path, year, theta)
    return tuple(mistakes)


def _is_count(value: object) -> bool:
    """Tell whether a value may be money or headcount: a whole number, not negative, not true or 1.0."""
    return type(value) is int and value >= 0


def _agency_mistakes(transition: Transition) -> Iterator[Mistake]:
    if not transition.agencies:
        yield Mistake("$.agencies", "Phải có ít nhất một cơ quan.")
    seen: set[str] = set()
    for place, agency in enumerate(transition.agencies):
        path = f"$.agencies[{place}]"
        if not agency.code:
            yield Mistake(f"{path}.code", "Mã không được để trống.")
        elif agency.code in seen:
            yield Mistake(f"{path}.code", f"Mã “{agency.code}” bị lặp.")
        seen.add(agency.code)
        if agency.last_year_vnd is not None and not _is_count(agency.last_year_vnd):
            yield Mistake(f"{path}.last_year_vnd", _money_words(agency.last_year_vnd))


def _money_words(amount: object) -> str:
    return f"Số tiền phải là số nguyên đồng, không âm; đang là {amount!r}."


def _calendar_mistakes(transition: Transition) -> Iterator[Mistake]:
    steps = sorted(transition.calendar.items())
    for year, theta in steps:
        if not 0 <= theta <= 1:
            yield Mistake(f"$.calendar.{year}", "Tỷ trọng theo kết quả phải từ 0 đến 1.")
    for (before, low), (year, high) in pairwise(steps):
        if high < low:
            words = (
                f"Tỷ trọng năm {year} ({number_words(high)}) thấp hơn năm {before} ({number_words(low)}); "
            )
            yield Mistake(f"$.calendar.{year}", words + "lộ trình không được đi lùi.")


def _year_order(transition: Transition) -> Iterator[Mistake]:
    years = sorted(year.year for year in transition.years)
    if not years:
        yield Mistake("$.years", "Phải có ít nhất một năm.")
    for before, year in pairwise(years):
        if year == before:
            yield Mistake("$.years", f"Năm {year} bị lặp.")
        elif year > before + 1:
            yield Mistake("$.years", f"Thiếu năm {before + 1}: các năm phải liên tiếp.")


def _year_mistakes(path: str, year: TransitionYear, codes: set[str]) -> Iterator[Mistake]:
    if not _is_count(year.total_vnd):
        yield Mistake(f"{path}.total_vnd", _money_words(year.total_vnd))
    if not _is_count(year.norm_vnd) or not year.norm_vnd:
        yield Mistake(f"{path}.norm_vnd", "Định mức phải là số nguyên đồng, lớn hơn 0.")
    yield from _corridor_mistakes(f"{path}.corridor", year.corridor)
    if not year.agencies:
        yield Mistake(f"{path}.agencies", "Phải có ít nhất một cơ quan.")
    times = Counter(item.code for item in year.agencies)
    for place, item in enumerate(year.agencies):
        here = f"{path}.agencies[{place}]"
        if item.code not in codes:
            yield Mistake(f"{here}.code", f"Không có cơ quan “{item.code}”.")
        if times[item.code] > 1:
            yield Mistake(f"{here}.code", f"Cơ quan “{item.code}” có {times[item.code]} dòng trong năm.")
        if not _is_count(item.headcount):
            yield Mistake(f"{here}.headcount", "Biên chế phải là số nguyên, không âm.")
        for number, line in enumerate(item.results):
            yield from _result_mistakes(f"{here}.results[{number}]", line)


def _corridor_mistakes(path: str, corridor: Corridor) -> Iterator[Mistake]:
    if not 0 <= corridor.down <= 1:
        yield Mistake(f"{path}.down", "Mức giảm tối đa phải từ 0 đến 1 (1 là 100%).")
    if corridor.up < 0:
        yield Mistake(f"{path}.up", "Mức tăng tối đa không được âm.")


def _result_mistakes(path: str, line: ResultLine) -> Iterator[Mistake]:
    if not _is_count(line.price_vnd):
        yield Mistake(f"{path}.price_vnd", _money_words(line.price_vnd))
    if line.quality < 0:
        yield Mistake(f"{path}.quality", "Hệ số chất lượng không được âm.")
    if line.place_factor <= 0:
        yield Mistake(f"{path}.place_factor", "Hệ số địa bàn phải lớn hơn 0.")
    for key, amount in (
        ("verified", line.verified),
        ("planned", line.planned),
        ("planned_at_most", line.planned_at_most),
    ):
        if amount is not None and amount < 0:
            yield Mistake(f"{path}.{key}", "Khối lượng kết quả không được âm.")
    if line.verified is None and (line.planned is None or line.planned_at_most is None):
        words = "Kết quả chưa được xác nhận phải có kế hoạch đã thẩm định và mức tối đa được tính."
        yield Mistake(f"{path}.verified", words)


def _nothing_to_share_by(path: str, year: TransitionYear, theta: Fraction) -> Iterator[Mistake]:
    """A part of the money that nobody can claim is a mistake, not a reason to invent another key."""
    if theta < 1 and year.agencies and not any(item.headcount for item in year.agencies):
        words = f"Không cơ quan nào có biên chế, không chia được phần theo biên chế của năm {year.year}."
        yield Mistake(f"{path}.agencies", words)
    if theta > 0 and year.agencies and not any(results_value_vnd(item) for item in year.agencies):
        words = f"Không cơ quan nào có kết quả, không chia được phần theo kết quả của năm {year.year}; "
        yield Mistake(f"{path}.agencies", words + "ghi kết quả đã xác nhận hoặc đặt tỷ trọng bằng 0.")
