"""What an outcome means for everything else: the delivery, the device, the platform, the project, the common rate."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from notifications.channels.port import Ambiguous, Busy, DeadTarget, Outcome, Push, Refused, Retry, Sent, Stranger
from notifications.delivery import pacing, queue
from notifications.delivery.breaker import Breaker, Strangers
from notifications.delivery.decision import Wait
from notifications.delivery.permits import Permits
from notifications.delivery.queue import Verdict
from notifications.delivery.recorder import Recorder
from notifications.documents import Attempt
from notifications.lanes import Lane
from notifications.targets.register import retire

log = structlog.get_logger(__name__)

PLATFORMS = ("android", "ios", "web")
Row = dict[str, Any]


class Aftermath:
    """What one sender has learned, and what it does about it."""

    def __init__(self, permits: Permits, rng: random.Random) -> None:
        self._permits, self._rng = permits, rng
        self.recorder = Recorder()
        self.project = Breaker()
        self.platforms = {platform: Breaker() for platform in PLATFORMS}
        self.budget = pacing.RetryBudget(time.monotonic())
        self._strangers = Strangers()
        self.heard: Callable[[str], None] = lambda _: None
        """Told the name of every outcome: what monitoring counts."""

    def project_lets_through(self, now_s: float, *, in_flight: int) -> bool:
        """May anything be claimed? After a rest one push looks whether the project is well again."""
        state = self.project.state(now_s)
        return state == "closed" or (state == "half_open" and in_flight == 0)

    def most_of(self, lane: Lane, now_s: float) -> int:
        """How many of this lane may be claimed now."""
        most = queue.BATCH if self.project.state(now_s) == "closed" else 1
        return min(most, self.budget.allowed(now_s)) if lane == "retry" else most

    def platform_wait(self, platform: str, now_s: float) -> Wait | None:
        """How long a push to this platform has to wait, if it has to; the other platforms do not (I25)."""
        breaker = self.platforms[platform]
        if breaker.lets_through(now_s):
            return None
        # Spread over the time after the rest, so that they do not all come back at once.
        return Wait(timedelta(seconds=max(breaker.rest_s(now_s), 5.0) * (1 + self._rng.random() / 2)), f"{platform}_closed")

    def begun(self, lane: Lane, claimed: int) -> None:
        """So many were claimed from this lane."""
        if lane == "retry":
            self.budget.begun(claimed)

    def unused(self, lane: Lane) -> None:
        """One of them did not need to be sent."""
        self._permits.give_back(1)
        if lane == "retry":
            self.budget.given_back()

    async def of(self, row: Row, push: Push, outcome: Outcome, *, token: str, lane: Lane, took_ms: int, now: datetime) -> None:
        """Act on the outcome of one attempt."""
        detail = getattr(outcome, "detail", "")
        attempt = Attempt(at=now, outcome=type(outcome).__name__.lower(), detail=detail, took_ms=took_ms, lease=token)
        self.heard(attempt.outcome)
        if isinstance(outcome, Sent):
            self._accepted(push.platform, repetition=lane == "retry")
            self.recorder.put(Verdict(row["_id"], token, state="sent", now=now, provider_id=outcome.provider_id, attempt=attempt))
            return
        log.info("sender.not_sent", delivery=row["_id"], outcome=attempt.outcome, detail=detail, tries=row["tries"])
        try:
            verdict = await self._verdict(row, push, outcome, now)
        except PyMongoError as error:
            # What was to be told to everybody could not be; the delivery itself is put down all the same.
            log.warning("sender.aftermath_incomplete", error=type(error).__name__)
            verdict = self._again(row, push, pacing.GRACE, now)
        self.recorder.put(
            Verdict(
                row["_id"],
                token,
                state=verdict.state,
                reason=verdict.reason,
                now=now,
                again_in=verdict.again_in,
                lane="retry" if verdict.tried else None,
                tried=verdict.tried,
                attempt=attempt,
            )
        )

    def _accepted(self, platform: str, *, repetition: bool) -> None:
        self.project.succeeded()
        self.platforms[platform].succeeded()
        self._strangers.accepted()
        self.budget.succeeded(repetition=repetition)

    async def _verdict(self, row: Row, push: Push, outcome: Outcome, now: datetime) -> Verdict:
        """Without its token and attempt, which are the caller's."""
        match outcome:
            case DeadTarget():
                return await self._retired(row, "unregistered", "dead_target")
            case Stranger() if self._strangers.met():
                return await self._retired(row, "other_project", "other_project")
            case Refused():
                return _end(row, "failed", "refused")
            case Stranger() | Retry(scope="project" | "platform"):
                return self._shut(row, push, outcome, now)
            case Busy(_, after, stop):
                await (self._permits.silence(after) if stop else self._permits.slow_down())
                asked: timedelta | None = after
            case Ambiguous(_, after):
                asked = max(after or pacing.GRACE, pacing.GRACE)
            case _:
                asked = getattr(outcome, "after", None)
        return self._again(row, push, asked, now)

    async def _retired(self, row: Row, why: str, reason: str) -> Verdict:
        await retire(row["installation"], row["epoch"], why)
        return _end(row, "failed", reason)

    def _shut(self, row: Row, push: Push, outcome: Stranger | Retry, now: datetime) -> Verdict:
        """Not this push is at fault but all of them, or all of its platform: a few such answers, and nobody asks any more."""
        breaker = self.platforms[push.platform] if isinstance(outcome, Retry) and outcome.scope == "platform" else self.project
        breaker.failed(time.monotonic())
        return self._untried(row, push, getattr(outcome, "after", None) or pacing.OPERATOR_PAUSE, now)

    def _untried(self, row: Row, push: Push, pause: timedelta, now: datetime) -> Verdict:
        """It is not this push that failed: looked at again, its tries as they were."""
        return _or_too_late(row, push, pause * (1 + self._rng.random() / 4), now, tried=False)

    def _again(self, row: Row, push: Push, asked: timedelta | None, now: datetime) -> Verdict:
        if row["tries"] >= pacing.MAX_TRIES:
            return _end(row, "failed", "tries_exhausted")
        return _or_too_late(row, push, pacing.pause(row["tries"], asked, self._rng), now, tried=True)


def _end(row: Row, state: str, reason: str) -> Verdict:
    return Verdict(row["_id"], "", state=state, reason=reason)


def _or_too_late(row: Row, push: Push, pause: timedelta, now: datetime, *, tried: bool) -> Verdict:
    """A pause that outlasts the notice ends it; none is cut short to be in time (I20)."""
    if now + pause >= push.expires_at:
        return Verdict(row["_id"], "", state="expired", reason="too_late", tried=tried)
    return Verdict(row["_id"], "", again_in=pause, tried=tried)
