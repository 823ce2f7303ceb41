"""Five years of prices of a province: items said in several ways, prices that rise and differ by place."""

from __future__ import annotations

from random import Random

from finance.unit_costs.bands import PricedLine

# Ways of saying, unit, usual price in the first year, spread in per cent.
ITEMS = (
    (("Thuê giảng viên", "Thù lao giảng viên lớp tập huấn", "Giảng viên tập huấn"), "buổi", 500_000, 15),
    (("Máy vi tính để bàn", "Mua máy vi tính", "Trang bị máy tính để bàn"), "bộ", 11_500_000, 12),
    (("Máy quét hồ sơ", "Mua máy scan hồ sơ"), "cái", 8_200_000, 20),
    (("Thuê hội trường", "Thuê hội trường tổ chức hội nghị"), "buổi", 3_000_000, 35),
    (("In tài liệu hội nghị", "In tài liệu", "Photo, in tài liệu"), "bộ", 35_000, 25),
    (("Nước uống đại biểu", "Giải khát giữa giờ cho đại biểu"), "người/buổi", 15_000, 8),
    (("Bàn quầy giao dịch một cửa", "Quầy giao dịch"), "bộ", 18_000_000, 18),
    (("Thuê xe đi khảo sát", "Thuê xe ô tô khảo sát"), "ngày", 1_700_000, 15),
    (("Nhập dữ liệu hộ tịch", "Công nhập dữ liệu hộ tịch"), "trường", 420, 20),
    (("Viết tin bài tuyên truyền", "Nhuận bút tin bài"), "bài", 250_000, 30),
)


def five_years(seed: int, *, yearly_rise: int = 4, per_year: int = 12) -> list[PricedLine]:
    """So many lines of each item a year, 2008 to 2012; prices rise by so many per cent a year."""
    random = Random(seed)
    found = []
    for ways, unit, usual, spread in ITEMS:
        for year in range(2008, 2013):
            level = usual * (100 + yearly_rise) ** (year - 2008) // 100 ** (year - 2008)
            for _ in range(random.randrange(per_year // 2, per_year + 1)):
                off = round(random.gauss(0, spread / 2))
                price = max(1, level * (100 + off) // 100)
                step = 1000 if price > 20_000 else 10
                price = max(step, price // step * step)
                found.append(PricedLine(len(found) + 1, random.choice(ways), unit, year, price))
    return found
