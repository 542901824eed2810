"""Everything has arrived: scan it, look into it, and keep what may be kept.

Begun at once by the process that received the last byte, because somebody waits; taken up by a worker when that process died. The
lease is on the database's clock and renewed while the check goes on, so that only a dead process loses it.
"""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from pymongo import ReturnDocument

from backend.uploads import states
from backend.uploads.documents import Upload
from backend.uploads.inspector import Inspector, Refused
from backend.uploads.limits import UNUSED_FOR
from backend.uploads.scanner import Scanner, ScannerUnavailable
from kernel.clock import Clock
from kernel.ids import new_id
from kernel.mongo.arriving import Segments, open_tail
from kernel.mongo.files import FileDamaged, Files, StoredFile
from kernel.privacy.errors import SubjectErased
from kernel.privacy.vault import Erased, Vault

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=1)
Row = dict[str, Any]


@dataclass(frozen=True)
class Checking:
    """What a check needs."""

    scanner: Scanner
    inspector: Inspector
    files: Files
    segments: Segments
    vault: Vault
    clock: Clock
    room: asyncio.Semaphore
    """A file that is being checked is in memory, whole: so only a few are at once."""


async def check_next(checking: Checking, upload_id: str | None = None) -> bool:
    """Check this upload, or the next that waits; False when there is nothing to do. A failure is logged, and tried again later."""
    async with checking.room:
        token = new_id()
        row = await _claim(token, upload_id)
        if row is None:
            return False
        try:
            async with _kept(row["_id"], token):
                await _check(row, token, checking)
        except ScannerUnavailable as away:
            log.warning("upload.scanner_unavailable", upload=row["_id"], attempts=row["check"]["attempts"], why=str(away))
            await _postpone(row, token, "scanner_unavailable")
        except _LeaseLost:
            log.warning("upload.lease_lost", upload=row["_id"])
        except Exception:
            log.exception("upload.check_failed", upload=row["_id"], attempts=row["check"]["attempts"])
            await _postpone(row, token, "check_failed")
        return True


class _LeaseLost(Exception):
    pass


async def _claim(token: str, upload_id: str | None) -> Row | None:
    wanted = {"_id": upload_id} if upload_id else {}
    free = {"$or": [{"check.until": {"$exists": False}}, {"$expr": {"$lt": ["$check.until", "$$NOW"]}}]}
    attempts = {"$add": [{"$ifNull": ["$check.attempts", 0]}, 1]}
    claim = {"token": token, "until": _from_now(LEASE), "attempts": attempts}
    found: Row | None = await Upload.get_pymongo_collection().find_one_and_update(
        {**wanted, "state": states.CHECKING, **free},
        [{"$set": {"check": {**claim, "waiting_for": {"$ifNull": ["$check.waiting_for", "$$REMOVE"]}}}}],
        sort=[("expires_at", 1)],
        return_document=ReturnDocument.AFTER,
    )
    return found


def _from_now(span: timedelta) -> Row:
    return {"$add": ["$$NOW", int(span.total_seconds() * 1000)]}


@asynccontextmanager
async def _kept(upload_id: str, token: str) -> AsyncIterator[None]:
    """Renew the lease while the check goes on."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            mine = {"_id": upload_id, "check.token": token}
            await Upload.get_pymongo_collection().update_one(mine, [{"$set": {"check.until": _from_now(LEASE)}}])

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


async def _check(row: Row, token: str, checking: Checking) -> None:
    try:
        content, name = await _arrived(row, checking)
    except (FileDamaged, SubjectErased):
        # Nobody will ever read it: its citizen has been erased, or the store has been tampered with.
        await _end(row, token, checking, {"refused_for": "damaged"})
        return
    known = {"sha256": hashlib.sha256(content).hexdigest()}
    # Scanned before anything else opens it.
    if found := await checking.scanner.scan(content):
        log.warning("upload.infected", upload=row["_id"], virus=found.name)
        await _end(row, token, checking, {**known, "refused_for": "virus"})
        return
    outcome = await checking.inspector.inspect(content, name=name, media_type=row["declared_type"])
    if isinstance(outcome, Refused):
        await _end(row, token, checking, {**known, "refused_for": outcome.reason})
        return
    now = checking.clock.now()
    file = await checking.files.store(_kept_name(name, outcome.media_type), outcome.media_type, outcome.content, now=now)
    try:
        await _end(row, token, checking, {**known, "file": await _sealed(file, row["owner"], checking.vault)})
    except BaseException:
        await checking.files.drop(file.id)
        raise


async def _arrived(row: Row, checking: Checking) -> tuple[bytes, str]:
    (opened,) = await checking.vault.open([{"key": row["key"], "name": row["name"]}])
    if isinstance(opened["key"], Erased):
        raise SubjectErased(row["owner"])
    key, names = base64.b64decode(opened["key"]), row.get("segments", [])
    parts = [part async for part in checking.segments.read(row["_id"], key, names)]
    if "tail" in row:
        parts.append(open_tail(key, row["_id"], len(names), row["tail"]))
    return b"".join(parts), opened["name"]


_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def _kept_name(name: str, media_type: str) -> str:
    """The file's own name, ending as what it is now."""
    stem = name.rpartition(".")[0] or name or "tep"
    return stem + _EXTENSIONS[media_type]


async def _sealed(file: StoredFile, owner: str, vault: Vault) -> Row:
    sealed: Row = await vault.seal(owner, file.model_dump())
    return sealed


async def _end(row: Row, token: str, checking: Checking, told: Row) -> None:
    """Write down what came of it; the bytes as they came go, whatever it is."""
    move = "refuse" if "refused_for" in told else "accept"
    state = states.UPLOAD.find(move, states.CHECKING).target
    done = await Upload.get_pymongo_collection().update_one(
        {"_id": row["_id"], "state": states.CHECKING, "check.token": token},
        {
            "$set": {**told, "state": state, "expires_at": checking.clock.now() + UNUSED_FOR},
            "$unset": {"check": "", "key": "", "tail": "", "segments": "", "writer": ""},
            "$inc": {"version": 1},
        },
    )
    if not done.matched_count:
        raise _LeaseLost
    await checking.segments.drop(row["_id"])


async def _postpone(row: Row, token: str, why: str) -> None:
    """Let it rest for a while, longer each time, a minute at most; an operator sees what it waits for."""
    rest = min(timedelta(seconds=2 ** min(row["check"]["attempts"] - 1, 8)), LONGEST_REST)
    await Upload.get_pymongo_collection().update_one(
        {"_id": row["_id"], "check.token": token},
        [{"$set": {"check": {"token": "", "until": _from_now(rest), "attempts": "$check.attempts", "waiting_for": why}}}],
    )
