"""The worker makes the archive: every slice's rows, opened by the vault, with the files they name, and sealed again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from backend.privacy import archive, clocks, states
from backend.privacy.archive import Section
from backend.privacy.documents import Export
from backend.privacy.holdings import Holdings
from backend.privacy.states import EXPORT
from kernel.audit import AuditEntry, changed
from kernel.errors import Gone, NotFound, StaleVersion
from kernel.principal import SYSTEM
from kernel.privacy.errors import SubjectErased
from kernel.privacy.vault import Erased

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
MEDIA_TYPE = "application/zip"
ERASED_WORD = "đã xóa"
# What a stored file looks like in a row; its key opens it and is nobody's business outside this file.
FILE_FIELDS = {"id", "name", "key", "media_type", "size", "sha256"}


async def build_next(holdings: Holdings) -> bool:
    """Build one export that is waiting; False when there is none. A failure is logged and tried again, three times in all."""
    export = await _claim(holdings.clock.now())
    if export is None:
        return False
    try:
        await _build(export, holdings)
    except StaleVersion:
        log.warning("archive.lease_lost", export=export.id)
    except SubjectErased:
        await _give_up(export)
    except Exception:
        log.exception("archive.failed", export=export.id, attempts=export.attempts)
        if export.attempts >= MOST_ATTEMPTS:
            await _give_up(export)
    return True


async def expire_offers(now: datetime) -> int:
    """Withdraw the archives nobody took in time: without its key an archive cannot be read."""
    late = {"state": states.READY, "expires_at": {"$lte": now}}
    gone = {"$set": {"state": states.EXPIRED}, "$unset": {"file": "", "open": ""}, "$inc": {"version": 1}}
    return (await Export.get_pymongo_collection().update_many(late, gone)).modified_count


async def _claim(now: datetime) -> Export | None:
    """The oldest export that waits, or whose worker died. The version written here is the token that makes the claim good."""
    free = {"$or": [{"state": states.QUEUED}, {"state": states.BUILDING, "leased_until": {"$lte": now}}]}
    export = await Export.find(free).sort("+requested_at").first_or_none()
    if export is None:
        return None
    export.state = EXPORT.find("build", export.state).target
    export.leased_until, export.attempts = now + LEASE, export.attempts + 1
    try:
        return await export.commit()
    except StaleVersion:
        return await _claim(now)


async def _build(export: Export, holdings: Holdings) -> None:
    sections, attached = await gather(export.subject, holdings)
    now = holdings.clock.now()
    content = await asyncio.to_thread(archive.pack, sections, attached, made_at=now)
    name = f"du-lieu-cua-toi-{now:%Y%m%d}.zip"
    export.file = await holdings.files.store(name, MEDIA_TYPE, content, now=now)
    export.bytes_in = export.file.id
    export.state = EXPORT.find("offer", export.state).target
    export.leased_until, export.expires_at = None, now + clocks.EXPORT_OFFER
    try:
        await export.commit()
    except (StaleVersion, SubjectErased):
        await holdings.files.drop(export.bytes_in)
        raise
    told = changed({"state": states.BUILDING}, {"state": export.state, "expires_at": export.expires_at})
    entry = AuditEntry(action="export.built", object=f"export:{export.id}", subjects=(export.subject,), changes=told)
    await holdings.audit.record(SYSTEM, entry)


async def _give_up(export: Export) -> None:
    export.state, export.open, export.file, export.leased_until = EXPORT.find("fail", states.BUILDING).target, None, None, None
    try:
        await export.commit()
    except StaleVersion:
        log.warning("archive.lease_lost", export=export.id)


async def gather(subject: str, holdings: Holdings) -> tuple[list[Section], dict[str, bytes]]:
    """Every slice's rows in the clear, and the files they name."""
    sections: list[Section] = []
    attached: dict[str, bytes] = {}

    async def take_out(file: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {name: file[name] for name in ("name", "media_type", "size", "sha256", "stored_at") if name in file}
        path = archive.file_path(len(attached) + 1, str(file["name"]))
        try:
            attached[path] = b"".join([part async for part in await holdings.files.read(file)])
        except (NotFound, Gone) as lost:
            return {**told, "path": type(lost).code()}
        return {**told, "path": path}

    for part in holdings.personal_data:
        rows = await holdings.vault.open(await part.export(subject))
        sections.append(Section(part.name, part.vi, [await _readable(row, take_out) for row in rows]))
    return sections, attached


async def _readable(value: Any, take_out: Callable[[dict[str, Any]], Awaitable[Any]]) -> Any:
    if isinstance(value, Erased):
        return ERASED_WORD
    if isinstance(value, dict):
        if value.keys() >= FILE_FIELDS:
            return _words(await take_out(value))
        return {name: await _readable(child, take_out) for name, child in value.items()}
    if isinstance(value, list):
        return [await _readable(child, take_out) for child in value]
    return value


def _words(told: dict[str, Any]) -> dict[str, Any]:
    return {name: ERASED_WORD if isinstance(value, Erased) else value for name, value in told.items()}
