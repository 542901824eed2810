"""The signing keys change by themselves, for as long as a worker runs (SEC-39)."""

import asyncio
from datetime import timedelta

import structlog

from auth.tokens.signing_keys import SigningKeys

log = structlog.get_logger(__name__)

LOOKED_AT_EVERY = timedelta(hours=1)


async def keep_rotating(keys: SigningKeys, stop: asyncio.Event, *, every: timedelta = LOOKED_AT_EVERY) -> None:
    """Rotate when due, at once and every hour, until `stop` is set. Any number of workers may do so."""
    while not stop.is_set():
        try:
            await keys.rotate_when_due()
        except Exception:
            # The worker has other work to do, and the next round tries again.
            log.exception("signing_key.cannot_rotate")
        await _until(stop, every)


async def _until(stop: asyncio.Event, span: timedelta) -> None:
    try:
        async with asyncio.timeout(span.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
