"""What of a project is compared: the words of its title and lines, and its scope. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from finance.overlaps.places import WHOLE_PROVINCE, Gazetteer, is_wide, names_in_field, names_with_kind
from finance.record_base import canonical_json
from finance.vietnamese.key_words import meaning_of, plain_words


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A cost line as far as it is compared."""

    item_vi: str
    source_code: str
    year: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class AskedProject:
    """A project as somebody asked for it, wherever it is stored.

    Attributes:
        place_of_office: name of the area the office is responsible for; "" for the whole province.
        unit_names: names of the scope units its promises name.
        asked_vnd: at the requested level, in đồng.
        output_names, source_names: the codes in words, for people.
    """

    estimate_id: int
    project_key: str
    agency_id: int
    agency_short: str
    round_name: str
    name_vi: str
    task_code: str
    area_code: str
    place: str
    place_of_office: str
    justification: str
    lines: tuple[AskedLine, ...]
    output_codes: frozenset[str]
    unit_names: tuple[str, ...]
    asked_vnd: int
    output_names: tuple[str, ...] = ()
    source_names: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, str]:
        """What names the project over its versions."""
        return self.estimate_id, self.project_key

    @property
    def text(self) -> str:
        """Title and lines in one."""
        return "\n".join((self.name_vi, *(line.item_vi for line in self.lines)))

    @property
    def years(self) -> frozenset[int]:
        """The years it asks money for."""
        return frozenset(line.year for line in self.lines)

    @property
    def source_codes(self) -> frozenset[str]:
        """The sources it asks money of."""
        return frozenset(line.source_code for line in self.lines)

    @property
    def content_hash(self) -> str:
        """Changes with everything that is compared: a decision made on other words is stale."""
        said = [
            self.name_vi,
            self.task_code,
            self.place,
            [[line.item_vi, line.source_code, line.year, line.amount_vnd] for line in self.lines],
            sorted(self.output_codes),
            sorted(self.unit_names),
        ]
        return hashlib.sha256(canonical_json(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Profile:
    """A project made ready for comparing.

    Attributes:
        title: words and pairs of neighbouring words of the title.
        lines: the same for each cost line that says anything.
        places: bare place names, or `WHOLE_PROVINCE`; empty when nowhere said.
    """

    asked: AskedProject
    title: frozenset[str]
    lines: tuple[frozenset[str], ...]
    places: frozenset[str]


def profile_of(asked: AskedProject, known: Gazetteer) -> Profile:
    """The project made ready for comparing."""
    named, words = known.find(plain_words(asked.name_vi))
    places = named | names_with_kind(asked.name_vi)
    lines = []
    for line in asked.lines:
        in_line, line_words = known.find(plain_words(line.item_vi))
        places |= in_line
        lines.append(_features(line_words))
    places |= _places_of_scope(asked, known)
    if not places and asked.place_of_office:
        places = names_in_field(asked.place_of_office)
    if len(places) > 1:
        places -= {WHOLE_PROVINCE}  # a place named says more than "the province"
    return Profile(asked, _features(words), tuple(line for line in lines if line), frozenset(places))


def _places_of_scope(asked: AskedProject, known: Gazetteer) -> frozenset[str]:
    units = frozenset(name for unit in asked.unit_names for name in names_in_field(unit))
    if units:
        return units  # units named one by one say it best
    if is_wide(asked.place):
        return names_in_field(asked.place)
    found, _rest = known.find(plain_words(asked.place))
    return found or names_in_field(asked.place)


def _features(words: Sequence[str]) -> frozenset[str]:
    """Each word, and each pair of neighbours: single syllables alone say little in Vietnamese."""
    meant = meaning_of(words)
    return frozenset(meant) | {f"{one} {other}" for one, other in pairwise(meant)}
