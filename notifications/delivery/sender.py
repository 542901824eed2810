"""Takes deliveries that are due, sends each once more, and has what came back written down. Any number run beside each other.

look (by lane, in turn) ──> permits ──> take (lease) ──> brief, decide ──> channel ──> outcome ──> recorder
     ^                                                        │                           │
     └── wake-up, or a second ──── lease runs out <── renewed while in hand ──────────────┘
"""

import asyncio
import random
import time
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from kernel.clock import Clock
from kernel.ids import new_id
from kernel.mongo.client import Database
from kernel.mongo.wakeup import Wakeup
from notifications.channels.port import Ambiguous, Channel, Outcome, Push
from notifications.delivery import queue
from notifications.delivery.aftermath import Aftermath
from notifications.delivery.briefing import briefs
from notifications.delivery.decision import End, Wait, decide
from notifications.delivery.permits import Permits
from notifications.delivery.queue import Verdict
from notifications.documents import Attempt
from notifications.lanes import Lane, Turns
from notifications.preferences.consent import Consenting

log = structlog.get_logger(__name__)

SCAN_S = 1.0
# Enough for 9,000 a second at a round trip of 200 ms; of these the last are kept free for who is urgent.
MOST_IN_FLIGHT = 2_000
KEPT_FOR_URGENT = 250
# Between reading who is to be sent to and the first byte no more than this may pass (I14).
FRESH_S = 1.0
STOP_WITHIN_S = 15.0
PER_MINUTE = 540_000

Row = dict[str, Any]


class Sender:
    """Empties the queue of deliveries into one channel."""

    def __init__(
        self,
        db: Database,
        channel: Channel,
        clock: Clock,
        *,
        consenting: Consenting,
        rng: random.Random | None = None,
        project: str = "fcm",
        per_minute: int = PER_MINUTE,
    ) -> None:
        """`consenting` answers who lets pushes leave the country; `per_minute` is the quota of all workers of this `project`."""
        self._channel, self._clock, self._consenting = channel, clock, consenting
        self._rng = rng or random.Random()  # noqa: S311 - jitter, not a secret
        self.permits = Permits(db, project, per_minute=per_minute)
        self.aftermath = Aftermath(self.permits, self._rng)
        self.wakeup = Wakeup(db, ["deliveries"])
        self._turns = Turns()
        self._batches: set[asyncio.Task[None]] = set()
        self._in_flight = 0
        self._stopping = False

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; then nothing more is claimed, and what is in hand is finished (I8)."""
        listening = asyncio.create_task(self.wakeup.run())
        ringing = asyncio.create_task(self._ring_at(stop))
        try:
            while not stop.is_set():
                try:
                    busy = await self._turn()
                except PyMongoError as error:
                    log.warning("queue.database_unreachable", queue="sender", error=type(error).__name__)
                    busy = False
                if not busy:
                    await self.wakeup.wait(SCAN_S)
        finally:
            self._stopping = True
            listening.cancel()
            ringing.cancel()
            await self._finish()

    async def drain(self) -> int:
        """Send until nothing is due; answers how many deliveries were handled."""
        handled = 0
        while True:
            claimed = await self._turn()
            handled += claimed
            if not claimed and not self._batches and self.aftermath.recorder.idle:
                return handled
            if not claimed:
                await self._finish()

    async def _turn(self) -> int:
        """One claim, from the lane whose turn it is or the next that has something; 0 when there is nothing to do now."""
        now_s = time.monotonic()
        if not self.aftermath.project_lets_through(now_s, in_flight=self._in_flight):
            return 0
        for lane in self._turns.order():
            most = min(self._room_for(lane), self.aftermath.most_of(lane, now_s))
            ids = await queue.look(lane, most) if most > 0 else []
            if not ids:
                continue
            granted = await self.permits.take(len(ids))
            if not granted:
                return 0 if self.permits.silent else await self._wait_for_permits()
            token, good_until = new_id(), self.permits.good_until
            rows = await queue.take(token, ids[:granted])
            self.permits.give_back(granted - len(rows))
            if rows:
                self._begin(rows, token, lane, good_until)
                return len(rows)
        return 0

    def _room_for(self, lane: Lane) -> int:
        room = MOST_IN_FLIGHT - self._in_flight - (0 if lane == "urgent" else KEPT_FOR_URGENT)
        return min(room, queue.BATCH)

    async def _wait_for_permits(self) -> int:
        """The bucket fills with the rate: by then there are some."""
        await asyncio.sleep(min(max(10 / max(self.permits.rate_per_s, 1.0), 0.01), SCAN_S))
        return await self._turn()

    def _begin(self, rows: list[Row], token: str, lane: Lane, good_until: float) -> None:
        self._in_flight += len(rows)
        self.aftermath.begun(lane, len(rows))
        batch = asyncio.create_task(self._handle(rows, token, lane, good_until))
        self._batches.add(batch)
        batch.add_done_callback(self._batches.discard)

    async def _handle(self, rows: list[Row], token: str, lane: Lane, good_until: float) -> None:
        in_hand = {row["_id"] for row in rows}
        keeping = asyncio.create_task(queue.keep_lease(token, in_hand))
        try:
            read_at = time.monotonic()
            pushes = self._decided(rows, await briefs(rows, token, self._consenting), token, lane, in_hand)
            late = time.monotonic() > min(good_until, read_at + FRESH_S)
            if late or self._stopping:
                await queue.release(token, [row["_id"] for row, _ in pushes])
                return
            await asyncio.gather(*(self._send(row, push, token, lane, in_hand) for row, push in pushes))
        except PyMongoError as error:
            # Not known whether they may be sent, so they are not: the lease runs out, and somebody looks again.
            log.warning("sender.batch_given_up", error=type(error).__name__, deliveries=len(in_hand))
        finally:
            keeping.cancel()
            self._in_flight -= len(in_hand)
            # There is room again.
            self.wakeup.ring()

    def _decided(self, rows: list[Row], known: list[Any], token: str, lane: Lane, in_hand: set[str]) -> list[tuple[Row, Push]]:
        """The pushes that are to leave now; of the others it is put down why not."""
        now, now_s = self._clock.now(), time.monotonic()
        pushes: list[tuple[Row, Push]] = []
        for row, brief in zip(rows, known, strict=True):
            decided = decide(row, brief, now)
            if isinstance(decided, Push) and (wait := self.aftermath.platform_wait(decided.platform, now_s)):
                decided = wait
            match decided:
                case Push():
                    pushes.append((row, decided))
                    continue
                case End(state, reason):
                    verdict = Verdict(row["_id"], token, state=state, reason=reason, now=now)
                case Wait(delay, why):
                    held = Attempt(at=now, outcome="held", detail=why, took_ms=0, lease=token)
                    jitter = delay * (0.5 + self._rng.random() / 2) if why == "older_first" else delay
                    verdict = Verdict(row["_id"], token, again_in=jitter, tried=False, attempt=held)
            self._let_go(row, in_hand)
            self.aftermath.unused(lane)
            self.aftermath.recorder.put(verdict)
        return pushes

    def _let_go(self, row: Row, in_hand: set[str]) -> None:
        in_hand.remove(row["_id"])
        self._in_flight -= 1

    async def _send(self, row: Row, push: Push, token: str, lane: Lane, in_hand: set[str]) -> None:
        started = time.perf_counter()
        outcome = await self._try(push)
        took_ms = int((time.perf_counter() - started) * 1000)
        self._let_go(row, in_hand)
        await self.aftermath.of(row, push, outcome, token=token, lane=lane, took_ms=took_ms, now=self._clock.now())

    async def _try(self, push: Push) -> Outcome:
        """One attempt. A fault of our own counts as one too: a poisoned delivery ends, and not the sender (I11)."""
        try:
            return await self._channel.send(push, now=self._clock.now())
        except Exception as error:
            log.exception("sender.broken", notice=push.notice_id)
            return Ambiguous(f"internal: {type(error).__name__}")

    async def _finish(self) -> None:
        """What is in hand comes to its end; what takes too long is left to its lease."""
        if self._batches:
            _, late = await asyncio.wait(self._batches, timeout=STOP_WITHIN_S)
            for batch in late:
                batch.cancel()
        await self.aftermath.recorder.settled()

    async def _ring_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.wakeup.ring()
