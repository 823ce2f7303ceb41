"""How alike two projects are, from 0 to 1, and why: shared words and shared scope. Pure.

score = words x place x task x results x years x list

`words` weighs the rare words more than the frequent ones: 55 % title, 45 % cost lines. The factors of
scope only lower it: the same words at another place are another project.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat

from finance.overlaps.places import WHOLE_PROVINCE, Gazetteer
from finance.overlaps.profiles import Profile

TITLE_SHARE = 0.55
WHOLE_IN_PART = 0.6  # how much it counts that the smaller text stands wholly in the larger one
# Factors of scope.
OTHER_PLACE, PLACE_COVERS, PLACE_UNSAID, PLACE_PARTLY = 0.3, 0.4, 0.85, 0.75
OTHER_TASK, OTHER_AREA = 0.9, 0.8
OTHER_RESULTS = 0.85
OTHER_YEARS = 0.95
ONE_LIST = 0.75  # an office sees its own list: what it names apart is mostly apart
COVERING_FROM = 0.8  # of the words: listed apart when one scope holds the other
LISTED_FROM = 0.46  # pairs at or above are listed: measured in tests/finance/overlaps


class WordWeights:
    """How much each word tells: rare words more. Whole numbers, so that every sum is one sum."""

    def __init__(self, project_count: int, counts: Mapping[str, int]) -> None:
        self.counts = counts
        self._number = project_count + 20
        self._weights: dict[str, int] = {}
        self._totals: dict[frozenset[str], int] = {}

    def weight(self, feature: str) -> int:
        """Falls with the number of projects that use the word."""
        known = self._weights.get(feature)
        if known is None:
            known = round(1000 * math.log(self._number / (self.counts.get(feature, 0) + 1))) + 300
            # Who says a thing in other words keeps its words oftener than their order.
            known = known // 2 if " " in feature else known
            self._weights[feature] = known
        return known

    def total(self, features: frozenset[str]) -> int:
        """The weights added up; a text compared with many others is added up once."""
        known = self._totals.get(features)
        if known is None:
            known = self._totals[features] = self.shared(features)
        return known

    def shared(self, features: Iterable[str]) -> int:
        """The weights added up, of a set that is looked at once."""
        return sum(map(self.weight, features))


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two projects have in common.

    Attributes:
        score, words: from 0 to 1.
        scope_vi: what of the scope is shared or differs, as short Vietnamese phrases.
    """

    score: float
    words: float
    shared_words: tuple[str, ...]
    scope_vi: tuple[str, ...]

    @property
    def percent(self) -> int:
        """The score as people read it."""
        return round(self.score * 100)


def weigh_words(profiles: Iterable[Profile]) -> WordWeights:
    """Count in how many projects each word stands."""
    counts: Counter[str] = Counter()
    number = 0
    for number, profile in enumerate(profiles, start=1):  # noqa: B007 (the last number is the count)
        counts.update(profile.title.union(*profile.lines))
    return WordWeights(number, counts)


def word_likeness(one: Profile, other: Profile, weights: WordWeights) -> float:
    """How alike the texts are: the titles, and the cost lines where both have some."""
    title = set_likeness(one.title, other.title, weights)
    if not (one.lines and other.lines):
        return title
    return TITLE_SHARE * title + (1 - TITLE_SHARE) * _line_likeness(one, other, weights)


def set_likeness(one: frozenset[str], other: frozenset[str], weights: WordWeights) -> float:
    """Shared weight by all weight, mixed with shared weight by the smaller text's weight."""
    return _mixed(weights.shared(one & other), weights.total(one), weights.total(other))


def _mixed(shared: int, first: int, second: int) -> float:
    if not shared:
        return 0.0
    return (1 - WHOLE_IN_PART) * shared / (first + second - shared) + WHOLE_IN_PART * shared / min(
        first, second
    )


def compare_projects(one: Profile, other: Profile, weights: WordWeights, known: Gazetteer) -> Likeness:
    """The whole comparison of two projects, with its reasons."""
    words = word_likeness(one, other, weights)
    score = words
    said: list[str] = []
    for factor, phrase in scope_factors(one, other, known):
        score *= factor
        said.append(phrase)
    shared = one.title.union(*one.lines) & other.title.union(*other.lines)
    return Likeness(score, words, _telling_words(shared, weights), tuple(said))


def scope_factors(one: Profile, other: Profile, known: Gazetteer) -> list[tuple[float, str]]:
    """Each part of the scope: by how much it lowers the score, and how it is said."""
    return [
        _place_factor(one.places, other.places, known),
        _task_factor(one, other),
        _result_factor(one, other),
        _year_factor(one, other),
        _source_phrase(one, other),
        _list_factor(one, other),
    ]


def place_factor(one: frozenset[str], other: frozenset[str], known: Gazetteer) -> float:
    """By how much the places lower the score."""
    return _place_factor(one, other, known)[0]


def _place_factor(one: frozenset[str], other: frozenset[str], known: Gazetteer) -> tuple[float, str]:
    if not one or not other:
        return (PLACE_UNSAID, "có bên chưa ghi địa bàn") if one or other else (1.0, "chưa ghi địa bàn")
    shared = one & other
    if shared == {WHOLE_PROVINCE}:
        return 1.0, "cùng phạm vi toàn tỉnh"
    if shared:
        part = len(shared) / min(len(one), len(other))
        return PLACE_PARTLY + (1 - PLACE_PARTLY) * part, f"cùng địa bàn: {_named(shared, known)}"
    if covers(one, other, known):
        return PLACE_COVERS, f"phạm vi bao trùm: {_named(one, known)} – {_named(other, known)}"
    return OTHER_PLACE, f"khác địa bàn: {_named(one, known)} – {_named(other, known)}"


def covers(one: frozenset[str], other: frozenset[str], known: Gazetteer) -> bool:
    """True when the one scope holds the other: the province a commune, a district its communes."""
    if WHOLE_PROVINCE in one | other:
        return not one & other
    return any(known.lies_in(a, b) or known.lies_in(b, a) for a in one for b in other)


def _task_factor(one: Profile, other: Profile) -> tuple[float, str]:
    first, second = one.asked, other.asked
    if first.task_code == second.task_code:
        return 1.0, f"cùng nhiệm vụ {first.task_code}"
    if first.area_code == second.area_code:
        return OTHER_TASK, f"cùng nội dung cải cách {first.area_code}, khác nhiệm vụ"
    return OTHER_AREA, "khác nội dung cải cách"


def _result_factor(one: Profile, other: Profile) -> tuple[float, str]:
    first, second = one.asked.output_codes, other.asked.output_codes
    if first and second and not first & second:
        return OTHER_RESULTS, "khác kết quả cam kết"
    if first & second:
        return 1.0, f"cùng kết quả cam kết: {', '.join(sorted(first & second))}"
    return 1.0, "chưa đủ kết quả cam kết để so"


def _year_factor(one: Profile, other: Profile) -> tuple[float, str]:
    shared = one.asked.years & other.asked.years
    if shared:
        return 1.0, f"cùng năm {', '.join(map(str, sorted(shared)))}"
    return OTHER_YEARS, "khác năm"


def _source_phrase(one: Profile, other: Profile) -> tuple[float, str]:
    """The source changes nothing: one thing asked of two sources is asked twice."""
    shared = one.asked.source_codes & other.asked.source_codes
    return 1.0, "cùng nguồn kinh phí" if shared else "khác nguồn kinh phí"


def _list_factor(one: Profile, other: Profile) -> tuple[float, str]:
    if one.asked.estimate_id == other.asked.estimate_id:
        return ONE_LIST, "trong cùng một dự toán"
    return 1.0, "cùng cơ quan" if one.asked.agency_id == other.asked.agency_id else "khác cơ quan"


def _line_likeness(one: Profile, other: Profile, weights: WordWeights) -> float:
    """How well the lines of the shorter project are found again in the longer one.

    `set_likeness` of every two lines, counted by way of the words they share: two projects of a hundred
    lines have ten thousand pairs.
    """
    few, many = sorted((one.lines, other.lines), key=len)
    holders: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(many):
        for feature in line:
            holders[feature].append(number)
    totals = [weights.total(line) for line in many]
    best = []
    for line in few:
        shared = [0] * len(many)
        for feature in line:
            weight = weights.weight(feature)
            for number in holders.get(feature, ()):
                shared[number] += weight
        own = weights.total(line)
        best.append(max(_mixed(*sums) for sums in zip(shared, repeat(own), totals, strict=False)))
    return math.fsum(best) / len(best)


def _telling_words(shared: frozenset[str], weights: WordWeights) -> tuple[str, ...]:
    """The shared words that tell most, pairs of words before the words inside them."""
    ordered = sorted(shared, key=lambda feature: (-weights.weight(feature), feature))
    pairs = [feature for feature in ordered if " " in feature]
    inside = {word for pair in pairs for word in pair.split()}
    return tuple([*pairs, *(word for word in ordered if " " not in word and word not in inside)][:12])


def _named(places: frozenset[str], known: Gazetteer) -> str:
    shown = sorted(places)
    more = f" và {len(shown) - 3} nơi khác" if len(shown) > 3 else ""
    return ", ".join(_place_vi(name, known) for name in shown[:3]) + more


def _place_vi(name: str, known: Gazetteer) -> str:
    return "toàn tỉnh" if name == WHOLE_PROVINCE else known.name_vi(name)
