"""Mistakes of outputs: counts, curves, components and chains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from optimizer.attainment import ONE_TIME_KINDS, target_count
from optimizer.canonical import decimal_number
from optimizer.errors import Mistake
from optimizer.problem import Output, OutputKind

LARGEST_NUMBER = 10**18
"""Money, counts and points beyond this are slips of the hand; engines could not tell them apart."""
COUNTED_KINDS = (OutputKind.QUANTITY, OutputKind.COVERAGE)


def output_mistakes(path: str, output: Output, outputs: Mapping[str, Output]) -> Iterator[Mistake]:
    """Yield every mistake of one output.

    Args:
        path: JSON path of the output.
        output: the output.
        outputs: all outputs by id, for chains.
    """
    yield from _number_mistakes(path, output)
    if output.kind is OutputKind.QUANTITY and output.target is None:
        yield Mistake(f"{path}.target", f"“{output.name}” là số lượng nên phải có chỉ tiêu.")
    if output.kind in (OutputKind.COVERAGE, *ONE_TIME_KINDS) and not output.components:
        yield Mistake(f"{path}.components", f"“{output.name}” phải nêu các thành phần.")
    if output.baseline is not None and output.kind in COUNTED_KINDS and output.baseline < output.start:
        yield Mistake(f"{path}.baseline", "Hiện trạng thấp hơn số đầu kỳ.")
    if output.kind in ONE_TIME_KINDS and output.at_least is not None and output.at_least > 1:
        yield Mistake(f"{path}.at_least", "Đầu ra này chỉ có hoặc không, mức tối thiểu không quá 1.")
    for unit, parts in output.reached_components.items():
        if unit not in (*output.scope_unit_ids, *output.exempt_unit_ids):
            yield Mistake(f"{path}.reached.{unit}", "Đơn vị không thuộc phạm vi của đầu ra.")
        if not set(parts) <= set(output.components):
            yield Mistake(f"{path}.reached.{unit}", "Nêu thành phần mà đầu ra không có.")
    yield from _curve_mistakes(f"{path}.curve", output)
    yield from _chain_mistakes(f"{path}.follows", output, outputs)


def _number_mistakes(path: str, output: Output) -> Iterator[Mistake]:
    numbers = {
        "weight": output.weight,
        "start": output.start,
        "baseline": output.baseline,
        "target": output.target,
        "at_least": output.at_least,
    }
    for key, value in numbers.items():
        if value is None:
            continue
        if not 0 <= value <= LARGEST_NUMBER:
            yield Mistake(f"{path}.{key}", "Số không được âm hoặc vượt quá 10^18.")
        try:
            decimal_number(value)
        except ValueError:
            yield Mistake(f"{path}.{key}", f"{value} không phải số thập phân có tối đa 15 chữ số.")


def _curve_mistakes(path: str, output: Output) -> Iterator[Mistake]:
    if not output.curve:
        return
    for number in sorted({number for corner in output.curve for number in corner}):
        try:
            decimal_number(number)
        except ValueError:
            yield Mistake(path, f"{number} không phải số thập phân có tối đa 15 chữ số.")
    corners = ((Fraction(0), Fraction(0)), *output.curve)
    if corners[-1] != (Fraction(1), Fraction(1)):
        yield Mistake(path, "Đường điểm phải kết thúc ở [1, 1].")
    if any(right[0] <= left[0] or right[1] < left[1] for left, right in pairwise(corners)):
        yield Mistake(path, "Đường điểm phải đi lên, các mốc tăng dần từ trên 0.")
        return
    slopes = [(right[1] - left[1]) / (right[0] - left[0]) for left, right in pairwise(corners)]
    if any(later > earlier for earlier, later in pairwise(slopes)):
        yield Mistake(path, "Đường điểm phải lõm: phần sau không được dốc hơn phần trước.")


def _chain_mistakes(path: str, output: Output, outputs: Mapping[str, Output]) -> Iterator[Mistake]:
    if output.follows_id is None:
        return
    earlier = outputs.get(output.follows_id)
    if earlier is None:
        yield Mistake(path, f"Không có đầu ra “{output.follows_id}”.")
        return
    if output.kind not in COUNTED_KINDS or earlier.kind is not output.kind:
        yield Mistake(path, "Chỉ số lượng nối với số lượng, độ phủ nối với độ phủ.")
    elif target_count(output) <= target_count(earlier):
        yield Mistake(path, "Chỉ tiêu sau trong chuỗi phải cao hơn chỉ tiêu trước.")
    seen = {output.id}
    while earlier is not None and earlier.follows_id is not None:
        if earlier.id in seen:
            yield Mistake(path, "Chuỗi chỉ tiêu quay vòng.")
            return
        seen.add(earlier.id)
        earlier = outputs.get(earlier.follows_id)
