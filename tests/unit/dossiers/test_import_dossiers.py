"""A source's export comes in: each line is taken or named, and a second run writes nothing."""

from datetime import timedelta
from pathlib import Path

from backend.app.parts import Parts
from backend.dossiers.actions.import_dossiers import DossierReport, import_dossiers
from backend.dossiers.documents import Dossier
from backend.dossiers.mapping import national_portal
from kernel.principal import SYSTEM
from tests.support.exports import export, large_export, row
from tests.support.feed import people


class Import:
    """One run, with the lines it rejected."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.rejected: dict[int, str] = {}

    async def of(self, path: Path) -> DossierReport:
        self.rejected.clear()
        return await import_dossiers(
            path,
            national_portal(),
            by=SYSTEM,
            now=self._parts.clock.now,
            people=people(self._parts),
            audit=self._parts.audit.log,
            reject=self.rejected.__setitem__,
        )


async def test_counts_are_exact_every_broken_line_is_named_and_a_second_run_writes_nothing(parts: Parts, tmp_path: Path) -> None:
    path, broken = large_export(tmp_path / "export.csv", 500)
    run, good = Import(parts), 500 - len(broken)
    first = await run.of(path)
    assert (first.read, first.rejected_lines, first.applied, first.known) == (501, len(broken), 2 * good, 0)
    assert sorted(run.rejected) == broken
    assert {reason.partition(":")[0] for reason in run.rejected.values()} >= {"TrangThai", "NgayTiepNhan"}
    assert await parts.db["dossiers"].count_documents({}) == good
    before = await parts.db["dossiers"].find({}, {"version": 1}).to_list()
    second = await run.of(path)
    assert (second.applied, second.known, sorted(run.rejected)) == (0, 2 * good, broken)
    assert await parts.db["dossiers"].find({}, {"version": 1}).to_list() == before


async def test_next_months_export_brings_only_what_is_new(parts: Parts, tmp_path: Path) -> None:
    underway = row(1, TrangThai="4", NgayKetThucXuLy="", NgayCapNhat="17/06/2026 09:00:00", NoiDungXuLy="Đã chuyển phòng")
    run = Import(parts)
    await run.of(export(tmp_path / "june.csv", [underway]))
    later = await run.of(export(tmp_path / "july.csv", [row(1)]))
    assert (later.applied, later.known) == (1, 1)
    dossier = await Dossier.find_one({"code": row(1)["MaHoSo"]})
    assert dossier
    assert [entry.status for entry in dossier.timeline] == ["accepted", "processing", "finished"]
    assert dossier.status == "finished"


async def test_what_was_brought_in_is_on_record(parts: Parts, tmp_path: Path) -> None:
    since = parts.clock.now() - timedelta(seconds=1)
    await Import(parts).of(export(tmp_path / "export.csv", [row(7)]))
    dossier = await Dossier.find_one({"code": row(7)["MaHoSo"]})
    assert dossier
    asked = {"object": f"dossier:{dossier.id}", "at": {"$gte": since}}
    [record] = await parts.audit.trail.records.find(asked).to_list()
    assert (record["action"], record["actor"]["id"]) == ("dossier.recorded", "motcua")


async def test_a_file_of_something_else_is_named_line_by_line(parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("ten,tuoi\nLan,30\nNam,40\n", encoding="utf-8")
    run = Import(parts)
    report = await run.of(path)
    assert (report.applied, sorted(run.rejected)) == (0, [2, 3])
    assert run.rejected[2] == "MaHoSo: is empty or missing; TrangThai: is empty or missing"
