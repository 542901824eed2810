"""What an outcome means for a fallback: one that was taken, or perhaps was, is over; only what was certainly not taken goes on."""

import random
from datetime import datetime, timedelta
from typing import Any

from notifications.channels.port import Ambiguous, Busy, DeadTarget, Outcome, Refused, Retry, Sent, Stranger
from notifications.contacts.change import retire
from notifications.delivery import pacing
from notifications.delivery.fallback.decision import Way
from notifications.delivery.queue import Verdict
from notifications.documents import Attempt

Row = dict[str, Any]

# So often by one channel; then the next of the recipient's channels may.
MAX_TRIES = 8
# Nobody is in a hurry after half an hour: what is put off is put off by minutes.
PUT_OFF = timedelta(seconds=60)


async def verdict_on(
    row: Row, way: Way, outcome: Outcome, *, token: str, took_ms: int, now: datetime, rng: random.Random
) -> Verdict:
    """What is to be written down; a dead mailbox is retired on the way."""
    detail = getattr(outcome, "detail", "")
    attempt = Attempt(
        at=now, outcome=type(outcome).__name__.lower(), detail=detail, took_ms=took_ms, lease=token, channel=way.channel
    )
    match outcome:
        case Sent(provider_id):
            return Verdict(row["_id"], token, state="sent", now=now, provider_id=provider_id, attempt=attempt)
        case Ambiguous():
            return Verdict(row["_id"], token, state="failed", reason="perhaps_sent", now=now, attempt=attempt)
        case DeadTarget():
            await retire(way.contact.id, way.contact.edition, "unreachable")
            return Verdict(row["_id"], token, attempt=attempt, passed=way.channel)
        case Refused() | Stranger():
            return Verdict(row["_id"], token, attempt=attempt, passed=way.channel)
        case Busy(_, after) | Retry(_, after, "project" | "platform"):
            # Not this text is at fault: it is looked at again, and by then the channel's door may be shut and another one open.
            pause = min(after or PUT_OFF, PUT_OFF) * (0.1 + rng.random() / 10)
            return Verdict(row["_id"], token, again_in=pause, tried=False, attempt=attempt)
        case Retry(_, after):
            spent = way.channel if row["tries"] >= MAX_TRIES else None
            pause = timedelta() if spent else pacing.pause(row["tries"], after or PUT_OFF, rng)
            return Verdict(row["_id"], token, again_in=pause, attempt=attempt, passed=spent)
