"""Importing the national list: every line accounted for, nothing written twice, nothing stopped by one broken line."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.dev.demo.procedures import procedures
from backend.procedures.actions import import_national as importing
from backend.procedures.actions.import_national import import_national
from backend.procedures.documents import Procedure
from kernel import lines
from kernel.lines import BrokenLine

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


def row(code: str, name: str = "Đăng ký khai sinh", channels: str = "") -> str:
    return json.dumps({"ma_thu_tuc": code, "ten_thu_tuc": name, "cach_thuc_thuc_hien": channels}, ensure_ascii=False)


async def stored() -> list[dict[str, object]]:
    return await Procedure.get_pymongo_collection().find().sort("_id").to_list()


async def test_a_second_run_changes_nothing(database: None, demo_list: Path) -> None:
    first = await import_national(demo_list, now=NOW)
    before = await stored()
    second = await import_national(demo_list, now=NOW.replace(year=2027))
    count = len(procedures())
    assert (first.read, first.created, first.updated, first.unchanged) == (count, count, 0, 0)
    assert (second.read, second.created, second.updated, second.unchanged) == (count, 0, 0, count)
    assert await stored() == before


async def test_what_the_document_says_is_what_the_list_says(catalogue: None) -> None:
    procedure = await Procedure.get("1.004222")
    assert procedure is not None
    (channel,) = procedure.channels
    assert (procedure.name, procedure.levels, procedure.version) == ("Đăng ký thường trú", ["commune"], 1)
    assert (channel.time_limits[0].amount, channel.time_limits[0].unit, channel.fees[0].amount) == (7, "working_days", 10_000)


async def test_only_what_changed_is_written(database: None, tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text("\n".join([row("1.000001"), row("1.000002")]), encoding="utf-8")
    await import_national(file, now=NOW)
    file.write_text("\n".join([row("1.000001"), row("1.000002", "Đăng ký khai tử"), row("1.000003")]), encoding="utf-8")
    report = await import_national(file, now=NOW)
    assert (report.created, report.updated, report.unchanged) == (1, 1, 1)
    changed = await Procedure.get("1.000002")
    assert changed is not None
    assert (changed.name, changed.version, changed.search.name) == ("Đăng ký khai tử", 2, " dang ky khai tu ")


async def test_broken_lines_are_named_and_stop_nothing(database: None, tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    lines = ["{", row("nine"), "", row("1.000001", " "), row("1.000002")]
    file.write_text("\n".join(lines), encoding="utf-8")
    report = await import_national(file, now=NOW)
    assert (report.read, report.created, report.broken_lines) == (4, 1, 3)
    assert [broken.line for broken in report.broken] == [1, 2, 4]
    assert report.broken[2] == BrokenLine(4, "procedure 1.000001 has no name")


async def test_of_two_lines_with_one_code_the_first_counts_on_every_run(database: None, tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text("\n".join([row("1.000001", "Một"), row("1.000001", "Hai")]), encoding="utf-8")
    for _ in range(2):
        report = await import_national(file, now=NOW)
        assert (report.duplicates, report.broken[0].line) == (1, 2)
    assert report.unchanged == 1
    assert [found["name"] for found in await stored()] == ["Một"]


async def test_gzip_is_read_like_plain_text(database: None, tmp_path: Path) -> None:
    zipped = tmp_path / "list.jsonl.gz"
    zipped.write_bytes(gzip.compress(row("1.000001").encode()))
    plain = tmp_path / "list.jsonl"
    plain.write_text(row("1.000001"), encoding="utf-8")
    assert (await import_national(zipped, now=NOW)).created == 1
    assert (await import_national(plain, now=NOW)).unchanged == 1


async def test_a_file_that_breaks_off_is_imported_as_far_as_it_goes(database: None, tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl.gz"
    whole = gzip.compress("\n".join(row(f"1.{n:06}", f"Thủ tục {n:x}") for n in range(1, 5_000)).encode())
    file.write_bytes(whole[: len(whole) // 2])
    report = await import_national(file, now=NOW)
    assert 0 < report.created < 4_999
    assert "breaks off" in report.broken[-1].reason


async def test_an_endless_line_is_named_and_not_kept_in_memory(
    database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 1_000)
    file = tmp_path / "list.jsonl"
    file.write_text("\n".join([row("1.000001"), "x" * 5_000, row("1.000002")]), encoding="utf-8")
    report = await import_national(file, now=NOW)
    assert (report.read, report.created, report.broken) == (3, 2, [BrokenLine(2, "longer than 1000 bytes")])


async def test_limits_and_fees_are_counted_by_procedure(database: None, tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    tables = ["Trực tuyến7 NgàyMiễn phíTrực tiếp7 NgàyMiễn phí", "Trực tuyến5Miễn phí", "Trực tuyến1100 VNĐ", ""]
    file.write_text("\n".join(row(f"1.00000{n}", channels=table) for n, table in enumerate(tables)), encoding="utf-8")
    report = await import_national(file, now=NOW)
    assert (report.with_limit, report.without_limit, report.with_fee, report.unread) == (1, 3, 2, 2)


async def test_progress_is_told_up_to_the_last_line(database: None, demo_list: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 20)
    told: list[int] = []
    report = await import_national(demo_list, now=NOW, progress=told.append)
    assert told == [20, 40, report.read]


async def test_an_empty_file_is_an_empty_list(database: None, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert (await import_national(tmp_path / "empty", now=NOW)).read == 0
