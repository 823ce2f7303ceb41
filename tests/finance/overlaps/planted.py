"""Four hundred invented but likely requests of a province, twenty of them asked twice in other words.

Near misses stand everywhere: one theme in many places, and in one place many themes of one family.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from finance.overlaps.places import Gazetteer, gazetteer
from finance.overlaps.profiles import AskedLine, AskedProject
from finance.vietnamese.fold import fold

DISTRICTS = (
    "Nha Trang", "Cam Ranh", "Ninh Hòa", "Vạn Ninh", "Diên Khánh", "Cam Lâm", "Khánh Vĩnh", "Khánh Sơn",
)  # fmt: skip
COMMUNES = {
    "Nha Trang": ("Vĩnh Hải", "Vĩnh Phước", "Phước Hải", "Vĩnh Thái", "Phước Đồng", "Vĩnh Ngọc"),
    "Cam Ranh": ("Cam Nghĩa", "Cam Phúc", "Ba Ngòi", "Cam Thịnh", "Cam Bình"),
    "Ninh Hòa": ("Ninh Hiệp", "Ninh Diêm", "Ninh Sim", "Ninh Tây", "Ninh Phụng", "Ninh Ích"),
    "Vạn Ninh": ("Vạn Giã", "Đại Lãnh", "Vạn Thọ", "Vạn Bình", "Xuân Sơn"),
    "Diên Khánh": ("Diên An", "Diên Sơn", "Diên Lạc", "Suối Hiệp", "Diên Phú"),
    "Cam Lâm": ("Cam Đức", "Suối Tân", "Cam Hải Đông", "Cam Thành Bắc"),
    "Khánh Vĩnh": ("Khánh Bình", "Khánh Đông", "Sông Cầu", "Liên Sang"),
    "Khánh Sơn": ("Tô Hạp", "Sơn Trung", "Ba Cụm Bắc", "Thành Sơn"),
}
OFFICES = (
    "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", "Sở Thông tin và Truyền thông", "Sở Xây dựng",
    "Sở Tài nguyên và Môi trường", "Văn phòng UBND tỉnh", "Sở Kế hoạch và Đầu tư",
)  # fmt: skip
_OFFICE_NUMBERS: dict[str, int] = {}
SOURCES = ("NST_TX", "NST_DT", "NS_HUYEN", "NSTW")


Copying = Callable[[Random, "Theme", AskedProject], list[AskedProject]]


@dataclass(frozen=True)
class Theme:
    """One thing that is asked for, said in two ways by two people."""

    task: str
    output: str
    titles: tuple[str, str]
    lines: tuple[tuple[str, ...], tuple[str, ...]]


def _read_themes() -> tuple[Theme, ...]:
    text = Path(__file__).with_name("themes.txt").read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    return tuple(_theme_of(block) for block in blocks if not block[0].startswith("#"))


def _theme_of(block: list[str]) -> Theme:
    head, one, lines, other, other_lines = block
    task, output = head.split()
    return Theme(task, output, (one, other), (tuple(lines.split("; ")), tuple(other_lines.split("; "))))


THEMES = _read_themes()

SHORT_FORMS = {
    "thủ tục hành chính": "TTHC", "cải cách hành chính": "CCHC", "công nghệ thông tin": "CNTT",
    "phần mềm": "PM", "thành phố": "TP.", "dịch vụ công": "DVC", "Nâng cấp": "N/cấp",
    "quy phạm pháp luật": "QPPL", "Xây dựng": "XD", "dữ liệu": "DL", "thiết bị": "TB",
    "huyện": "H.", "ủy ban nhân dân": "UBND",
}  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """The requests, the pairs planted among them (each a set of keys), and the province's place names."""

    projects: list[AskedProject]
    duplicates: dict[str, list[frozenset[tuple[int, str]]]]
    known: Gazetteer


def place_names() -> Gazetteer:
    """Districts and communes of the invented province."""
    return gazetteer(
        [(name, "") for name in DISTRICTS]
        + [(commune, district) for district, communes in COMMUNES.items() for commune in communes]
    )


def planted_province(
    seed: int, count: int = 400, twice: int = 20, ways: tuple[Copying, ...] | None = None
) -> Planted:
    """So many requests, some of them copies of others filed by another office, in these ways."""
    ways, random = ways or COPIES, Random(seed)
    spots = [(theme, place) for theme in THEMES for place in _places()]
    random.shuffle(spots)
    # Splitting in two brings a project more each third copy.
    kinds = [ways[number % len(ways)] for number in range(twice)]
    originals = count - twice - sum(kind is split_in_two for kind in kinds)
    repeats = [spots[number % len(spots)] for number in range(originals)]
    projects = [_project(random, number, *spot) for number, spot in enumerate(repeats, start=1)]
    duplicates: dict[str, list[frozenset[tuple[int, str]]]] = {}
    for number, (kind, victim) in enumerate(zip(kinds, random.sample(projects, twice), strict=True)):
        theme = repeats[projects.index(victim)][0]
        copies = kind(random, theme, _by_another_office(random, victim, originals + 10 * number + 1))
        projects += copies
        name = f"{kind.__name__} {number}"
        duplicates[name] = [frozenset({victim.key, copy.key}) for copy in copies]
    random.shuffle(projects)
    return Planted(projects, duplicates, place_names())


def _places() -> list[tuple[str, str]]:
    """(place, district); the whole province stands as ("", "")."""
    communes = [(commune, district) for district, names in COMMUNES.items() for commune in names]
    return [*communes, *((name, "") for name in DISTRICTS), ("", "")]


def _project(random: Random, number: int, theme: Theme, place: tuple[str, str]) -> AskedProject:
    name, district = place
    kind = "xã" if district else "huyện" if name not in DISTRICTS[:2] else "thành phố"
    where = f"{kind} {name}" if name else ""
    office = f"UBND {kind} {name}" if name else random.choice(OFFICES)
    title = f"{theme.titles[0]} {random.choice(('tại', 'của', 'ở'))} {where}" if where else theme.titles[0]
    year = random.choice((2012, 2012, 2013))
    return AskedProject(
        estimate_id=1 + _OFFICE_NUMBERS.setdefault(office, len(_OFFICE_NUMBERS)),
        project_key=f"DA{number:03d}",
        agency_id=1 + _OFFICE_NUMBERS[office],
        agency_short=office,
        round_name="Đợt đầu năm 2012",
        name_vi=title,
        task_code=theme.task,
        area_code=theme.task[0],
        place=name or "Toàn tỉnh",
        place_of_office=name,
        justification="",
        lines=_lines(random, theme.lines[0], year),
        output_codes=frozenset({theme.output}) if random.random() < 0.7 else frozenset(),
        unit_names=(),
        asked_vnd=random.randrange(20, 900) * 1_000_000,
    )


def _lines(random: Random, items: tuple[str, ...], year: int) -> tuple[AskedLine, ...]:
    source = random.choice(SOURCES)
    return tuple(AskedLine(item, source, year, random.randrange(1, 90) * 1_000_000) for item in items)


def _by_another_office(random: Random, victim: AskedProject, number: int) -> AskedProject:
    """The same text, filed by a department with money of another source, sometimes a year later."""
    others = [source for source in SOURCES if source != victim.lines[0].source_code]
    source, later = random.choice(others), random.choice((0, 0, 1))
    lines = tuple(replace(line, source_code=source, year=line.year + later) for line in victim.lines)
    return replace(
        victim,
        estimate_id=1000 + number,
        project_key="DA01",
        agency_id=100 + number % 8,
        agency_short=random.choice(OFFICES),
        place_of_office="",
        lines=lines,
        asked_vnd=victim.asked_vnd + random.randrange(-9, 9) * 1_000_000,
    )


def reworded(random: Random, theme: Theme, copy: AskedProject) -> list[AskedProject]:
    """Said by somebody else, in his own words."""
    tail = copy.name_vi.removeprefix(theme.titles[0])
    lines = tuple(replace(line, item_vi=item) for line, item in zip(copy.lines, theme.lines[1], strict=False))
    return [replace(copy, name_vi=theme.titles[1] + tail, lines=lines)]


def reordered(random: Random, theme: Theme, copy: AskedProject) -> list[AskedProject]:
    """The place first, the lines in another order."""
    tail = copy.name_vi.removeprefix(theme.titles[0]).strip()
    lines = list(copy.lines)
    random.shuffle(lines)
    title = theme.titles[0][:1].lower() + theme.titles[0][1:]
    return [replace(copy, name_vi=f"{tail[:1].upper()}{tail[1:]}: {title}", lines=tuple(lines))]


def abbreviated(random: Random, theme: Theme, copy: AskedProject) -> list[AskedProject]:
    """With the short forms offices use, one line left out."""
    title = copy.name_vi
    for long, short in SHORT_FORMS.items():
        title = title.replace(long, short).replace(long.capitalize(), short)
    return [replace(copy, name_vi=title, lines=copy.lines[:-1] or copy.lines)]


def without_marks(random: Random, theme: Theme, copy: AskedProject) -> list[AskedProject]:
    """Typed without Vietnamese marks, everywhere."""
    lines = tuple(replace(line, item_vi=fold(line.item_vi)) for line in copy.lines)
    return [replace(copy, name_vi=fold(copy.name_vi), place=fold(copy.place), lines=lines)]


def from_another_purse(random: Random, theme: Theme, copy: AskedProject) -> list[AskedProject]:
    """Another office, source and task of the same content of reform; the results are not named."""
    return [replace(copy, task_code=f"{copy.area_code}z", output_codes=frozenset())]


def split_in_two(random: Random, theme: Theme, copy: AskedProject) -> list[AskedProject]:
    """The lines shared out over two projects, each with a title of its own."""
    half = (len(copy.lines) + 1) // 2
    return [
        replace(copy, name_vi=f"{copy.name_vi} (giai đoạn 1)", lines=copy.lines[:half]),
        replace(copy, project_key="DA02", name_vi=f"{copy.name_vi}, phần còn lại", lines=copy.lines[half:]),
    ]


COPIES: tuple[Copying, ...] = (
    reworded,
    reordered,
    abbreviated,
    without_marks,
    from_another_purse,
    split_in_two,
)
