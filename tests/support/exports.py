"""What a provincial one-stop system exports: one row a dossier, in the national portal's names."""

import csv
from collections.abc import Iterable
from pathlib import Path

from tests.support.officials import CENTRE, LAND_OFFICE

HEADING = (
    *("MaHoSo", "MaTTHC", "TenTTHC", "SoDinhDanh", "ChuHoSo", "MaDonViTiepNhan", "MaDonViXuLy", "KenhThucHien", "TrangThai"),
    *("NgayNop", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayCapNhat", "NoiDungXuLy"),
)
BROKEN_EVERY = 100


def row(number: int, **change: str) -> dict[str, str]:
    """A dossier that was taken in at the counter and is finished; `change` replaces columns."""
    usual = {
        "MaHoSo": f"{CENTRE}-260615-{number:07}",
        "MaTTHC": "1.012786",
        "TenTTHC": "Đăng ký đất đai lần đầu",
        "SoDinhDanh": f"0961990{number:05}",
        "ChuHoSo": "Nguyễn Thị Lan",
        "MaDonViTiepNhan": CENTRE,
        "MaDonViXuLy": LAND_OFFICE,
        "KenhThucHien": "1",
        "TrangThai": "9",
        "NgayTiepNhan": "15/06/2026 08:30:00",
        "NgayHenTra": "30/06/2026",
        "NgayKetThucXuLy": "29/06/2026 10:00:00",
    }
    return {**dict.fromkeys(HEADING, ""), **usual, **change}


def export(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, HEADING)
        writer.writeheader()
        writer.writerows(rows)
    return path


def large_export(path: Path, count: int) -> tuple[Path, list[int]]:
    """An export of so many dossiers with two events each, one in a hundred of them broken; and the lines that are."""
    wrong = [{"TrangThai": "11"}, {"MaHoSo": "không rõ"}, {"NgayTiepNhan": "hôm qua"}, {"SoDinhDanh": "123"}]
    broken = {n: wrong[n // BROKEN_EVERY % len(wrong)] for n in range(0, count, BROKEN_EVERY)}
    export(path, (row(n, **broken.get(n, {})) for n in range(count)))
    # The heading is the first line.
    return path, [n + 2 for n in broken]
