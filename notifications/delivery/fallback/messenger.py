"""Takes fallbacks that are due and sends each at most once. Any number run beside each other, and beside the senders of pushes."""

import asyncio
import contextlib
import random
import time
from collections.abc import Mapping
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from kernel.clock import Clock
from kernel.ids import new_id
from kernel.jobs.draining import SCAN_S
from kernel.privacy.errors import VaultUnavailable
from kernel.privacy.vault import Vault
from notifications.channels.port import Ambiguous, Outcome, TextChannel
from notifications.delivery import queue
from notifications.delivery.decision import End, Wait
from notifications.delivery.fallback.aftermath import verdict_on
from notifications.delivery.fallback.briefing import Brief, Consents, briefs
from notifications.delivery.fallback.decision import Offered, Way, decide
from notifications.delivery.fallback.doors import Doors
from notifications.delivery.queue import Verdict
from notifications.documents import Attempt
from notifications.lanes import FALLBACK
from notifications.messages.waits import Waits
from notifications.ways import ChannelName

log = structlog.get_logger(__name__)

# A mail server or a gateway takes a few at once, and nobody waits for these by the second.
BATCH = 20

Row = dict[str, Any]


class Messenger:
    """Empties the lane of fallbacks into the channels there are."""

    def __init__(
        self,
        channels: Mapping[ChannelName, TextChannel],
        clock: Clock,
        *,
        consents: Consents,
        vault: Vault,
        waits: Waits,
        link: str | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """`consents` answer for each channel who has agreed to it; without an answer nobody has."""
        self._channels, self._clock, self._consents, self._vault = channels, clock, consents, vault
        self._offered = Offered(frozenset(channels), waits, link)
        self._rng = rng or random.Random()  # noqa: S311 - jitter, not a secret
        self._doors = Doors(channels)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; what is in hand is finished (I8).

        It looks once a second and is not woken: its time comes by the clock, and every push would ring.
        """
        while not stop.is_set():
            try:
                await self._drain(stop)
            except PyMongoError as error:
                log.warning("queue.database_unreachable", queue="fallbacks", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SCAN_S)

    async def drain(self) -> int:
        """Send until nothing is due; answers how many were handled."""
        return await self._drain(asyncio.Event())

    async def _drain(self, stop: asyncio.Event) -> int:
        handled = 0
        while not stop.is_set():
            token = new_id()
            rows = await queue.claim(token, FALLBACK, BATCH)
            if not rows:
                break
            await self._handle(rows, token)
            handled += len(rows)
        return handled

    async def _handle(self, rows: list[Row], token: str) -> None:
        keeping = asyncio.create_task(queue.keep_lease(token, [row["_id"] for row in rows]))
        try:
            known = await briefs(rows, token, consents=self._consents, vault=self._vault)
            await asyncio.gather(*(self._one(row, brief, token) for row, brief in zip(rows, known, strict=True)))
        except (PyMongoError, VaultUnavailable) as error:
            # Not known whether they may be sent, so they are not: the lease runs out, and somebody looks again.
            log.warning("messenger.batch_given_up", error=type(error).__name__, deliveries=len(rows))
        finally:
            keeping.cancel()

    async def _one(self, row: Row, brief: Brief, token: str) -> None:
        now = self._clock.now()
        match decide(row, brief, self._offered, self._doors.shut_for, now):
            case End(state, reason):
                verdict = Verdict(row["_id"], token, state=state, reason=reason, now=now)
            case Wait(delay, why):
                held = Attempt(at=now, outcome="held", detail=why, took_ms=0, lease=token)
                verdict = Verdict(row["_id"], token, again_in=delay, tried=False, attempt=held)
            case Way() as way:
                if not await queue.begin(token, row["_id"], way.channel, now):
                    log.warning("messenger.lease_lost", delivery=row["_id"])
                    return
                started = time.perf_counter()
                outcome = await self._try(way)
                took_ms = int((time.perf_counter() - started) * 1000)
                self._doors.heard(way.channel, outcome)
                verdict = await verdict_on(row, way, outcome, token=token, took_ms=took_ms, now=self._clock.now(), rng=self._rng)
        for delivery in await queue.record([verdict]):
            log.warning("messenger.lease_lost", delivery=delivery)

    async def _try(self, way: Way) -> Outcome:
        """One attempt. After a fault of our own nobody knows what has left, so nothing leaves again."""
        try:
            return await self._channels[way.channel].send(way.text, now=self._clock.now())
        except Exception as error:
            log.exception("messenger.broken", channel=way.channel)
            return Ambiguous(f"internal: {type(error).__name__}")
