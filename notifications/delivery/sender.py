"""Takes deliveries that are due, sends each once more, and records what came back."""

import asyncio
import random
import time
from datetime import datetime
from typing import Any

import structlog

from kernel.clock import Clock
from kernel.ids import new_id
from kernel.jobs.draining import keep_draining
from kernel.mongo.client import Database
from kernel.mongo.wakeup import Wakeup
from notifications.channels.port import Ambiguous, Channel, DeadTarget, Outcome, Push, Refused, Retry, Sent
from notifications.delivery import pacing, queue
from notifications.documents import Attempt, InboxItem, Preferences, PushTarget
from notifications.messages.catalogue import ANONYMOUS, CATALOGUE, localisation_key
from notifications.preferences import verdict
from notifications.preferences.change import preferences_of
from notifications.preferences.consent import Consenting
from notifications.targets.register import retire

log = structlog.get_logger(__name__)

LANES = 16
Row = dict[str, Any]


class Sender:
    """Empties the queue of deliveries into one channel; any number of senders run beside each other."""

    def __init__(
        self, db: Database, channel: Channel, clock: Clock, *, consenting: Consenting, rng: random.Random | None = None
    ) -> None:
        """`consenting` answers who lets pushes leave the country."""
        self._channel, self._clock, self._consenting = channel, clock, consenting
        self._rng = rng or random.Random()  # noqa: S311 - jitter, not a secret
        self.wakeup = Wakeup(db, ["deliveries"])

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set."""
        await keep_draining(self.drain, self.wakeup, stop, lanes=LANES, name="sender")

    async def drain(self, stop: asyncio.Event | None = None) -> int:
        """Send until nothing is due; answers how many deliveries were handled."""
        handled = 0
        while not (stop and stop.is_set()):
            token = new_id()
            delivery = await queue.claim(token)
            if delivery is None:
                break
            await self._handle(delivery, token)
            handled += 1
        return handled

    async def _handle(self, delivery: Row, token: str) -> None:
        now = self._clock.now()
        item = await InboxItem.get(delivery["notice"])
        device = await PushTarget.get(delivery["installation"])
        if ended := _ended(delivery, item, device, now):
            state, reason = ended
            await queue.finish(delivery["_id"], token, state, reason=reason, now=now)
            return
        assert item
        assert device
        preferences = await preferences_of(delivery["recipient"])
        if await self._held_back(delivery, token, preferences, item, device, now):
            return
        started = time.perf_counter()
        outcome = await self._try(_push(item, device, preferences), now)
        took_ms = int((time.perf_counter() - started) * 1000)
        await self._record(delivery, token, outcome, took_ms)

    async def _held_back(
        self, delivery: Row, token: str, preferences: Preferences, item: InboxItem, device: PushTarget, now: datetime
    ) -> bool:
        """Without consent nothing leaves (SEC-81), nor what is muted; what can wait waits for the end of quiet hours (I29)."""
        message = CATALOGUE[item.message]
        consenting = delivery["recipient"] in await self._consenting([delivery["recipient"]])
        if why := verdict.unwanted(preferences.muted, message, consenting=consenting):
            await queue.finish(delivery["_id"], token, "suppressed", reason=why, now=now)
            return True
        if wait := verdict.quiet_for(preferences.quiet_hours, message, verdict.zone_of(device.time_zone), now):
            await queue.hold(delivery["_id"], token, wait, Attempt(at=now, outcome="held", detail="quiet_hours", took_ms=0))
            return True
        return False

    async def _try(self, push: Push, now: datetime) -> Outcome:
        """One attempt. A fault of our own counts as one too: a poisoned delivery ends, and not the sender (I11)."""
        try:
            return await self._channel.send(push, now=now)
        except Exception as error:
            log.exception("sender.broken", notice=push.notice_id)
            return Ambiguous(f"internal: {type(error).__name__}")

    async def _record(self, delivery: Row, token: str, outcome: Outcome, took_ms: int) -> None:
        now, key = self._clock.now(), delivery["_id"]
        detail = getattr(outcome, "detail", "")
        attempt = Attempt(at=now, outcome=type(outcome).__name__.lower(), detail=detail, took_ms=took_ms)
        match outcome:
            case Sent(provider_id):
                kept = await queue.finish(key, token, "sent", reason=None, now=now, provider_id=provider_id, attempt=attempt)
            case DeadTarget():
                await retire(delivery["installation"], delivery["epoch"], "unregistered")
                kept = await queue.finish(key, token, "failed", reason="dead_target", now=now, attempt=attempt)
            case Refused():
                kept = await queue.finish(key, token, "failed", reason="refused", now=now, attempt=attempt)
            case Retry() | Ambiguous() if delivery["tries"] >= pacing.MAX_TRIES:
                kept = await queue.finish(key, token, "failed", reason="tries_exhausted", now=now, attempt=attempt)
            case Retry(_, after):
                kept = await queue.postpone(key, token, pacing.pause(delivery["tries"], after, self._rng), attempt)
            case Ambiguous():
                kept = await queue.postpone(key, token, pacing.pause(delivery["tries"], pacing.GRACE, self._rng), attempt)
        if not kept:
            # Late evidence: somebody else has the lease now and will decide (I6).
            log.warning("sender.lease_lost", delivery=key, outcome=attempt.outcome)
        elif not isinstance(outcome, Sent):
            log.info("sender.not_sent", delivery=key, outcome=attempt.outcome, detail=detail, tries=delivery["tries"])


def _ended(delivery: Row, item: InboxItem | None, device: PushTarget | None, now: datetime) -> tuple[str, str] | None:
    """Why this delivery is not to be sent at all, decided at send time."""
    if item is None:
        return "suppressed", "notice_gone"
    if item.read_at is not None:
        return "suppressed", "read"
    if item.expires_at <= now:
        return "expired", "too_late"
    if device is None or not device.active or device.epoch != delivery["epoch"] or device.recipient != delivery["recipient"]:
        return "suppressed", "target_gone"
    return None


def _push(item: InboxItem, device: PushTarget, preferences: Preferences) -> Push:
    message = CATALOGUE[item.message]
    said = ANONYMOUS if preferences.detail == "anonymous" else item.message
    return Push(
        notice_id=item.id,
        platform=device.platform,
        target=device.target,
        category=message.category,
        urgent=message.urgency == "high",
        title_key=localisation_key(said, "title"),
        body_key=localisation_key(said, "body"),
        expires_at=item.expires_at,
    )
