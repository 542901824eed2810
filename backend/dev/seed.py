"""Demo data into a fresh world, along the ways real data takes: the catalogue by its importer, dossiers by the integration API."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from backend.agencies.actions.catalogue import import_agencies, shipped_catalogue
from backend.agencies.actions.members import enrol
from backend.dev.demo.dossiers import dossiers
from backend.dev.demo.events import DossierEvent
from backend.dev.demo.persons import persons
from backend.dev.demo.procedures import DemoProcedure, procedures
from backend.dev.demo.staff import staff
from backend.dev.system import SystemCaller
from backend.procedures.actions.import_national import import_national
from kernel.state_calendar import state_calendar

BATCH = 500
DOSSIERS = 2_000
_UNITS = {"working_days": "Ngày làm việc", "calendar_days": "Ngày"}
_LEVELS = {"province": "Cấp Tỉnh", "commune": "Cấp Xã"}

Progress = Callable[[int, int], None]


async def seed_directory() -> None:
    """Agencies and staff. Changes nothing where it has been before."""
    await import_agencies(shipped_catalogue())
    for member in staff():
        await enrol(member.email, member.name, agencies=member.agencies, roles=member.roles)


async def seed_procedures(now: datetime) -> None:
    """The procedures the demo uses. For a fresh world only: later the real list may have taken their place."""
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl", delete=False) as rows:
        rows.writelines(msgspec.json.encode(_as_the_portal_prints(p)) + b"\n" for p in procedures())
    try:
        await import_national(Path(rows.name), now=now)
    finally:
        Path(rows.name).unlink()


def _as_the_portal_prints(procedure: DemoProcedure) -> dict[str, str]:
    """A row as the national portal shows it, headings and numbers run together."""
    limit = f"{procedure.amount} {_UNITS[procedure.unit]}"
    fee = f"{procedure.fee:,} Việt Nam Đồng" if procedure.fee else ""
    channels = "".join(f"{way}{limit}{fee}" for way in ("Trực tiếp", "Trực tuyến", "Dịch vụ bưu chính"))
    return {
        "ma_thu_tuc": procedure.code,
        "ten_thu_tuc": procedure.name,
        "linh_vuc": procedure.field,
        "cap_thuc_hien": _LEVELS[procedure.level],
        "cach_thuc_thuc_hien": f"Hình thức nộpThời gianPhí, lệ phíMô tả{channels}",
    }


def demo_events(now: datetime, *, count: int = DOSSIERS) -> list[DossierEvent]:
    """What a source system would have told us over the last year, in the order it would have."""
    calendar = state_calendar((now + timedelta(days=730)).year)
    told = (event for dossier in dossiers(persons(), now=now, calendar=calendar, count=count) for event in dossier.events)
    return list(told)


async def seed_dossiers(caller: SystemCaller, events: list[DossierEvent], *, progress: Progress = lambda _, __: None) -> None:
    """Tell the API every event. Repeating it changes nothing: each event is known by its id."""
    told = 0
    for batch in _batches(events):
        body = msgspec.json.encode({"events": batch})
        answer = await caller.post("/v1/integration/dossier-events", body)
        if invalid := [r for r in answer["results"] if r["outcome"] == "invalid"]:
            raise RuntimeError(f"the API refused demo events, the first one: {invalid[0]}")
        told += len(batch)
        progress(told, len(events))


def _batches(events: list[DossierEvent]) -> Iterator[list[DossierEvent]]:
    for start in range(0, len(events), BATCH):
        yield events[start : start + BATCH]
