"""A phone says what became of pushes: in batches, repeatedly, in any order, also before Firebase has answered us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import UpdateMany

from notifications.documents import Delivery
from notifications.stages import LEVELS, Stage


@dataclass(frozen=True)
class Receipt:
    """One stage of one notice on one installation, at the phone's time."""

    notice: str
    installation: str
    stage: Stage
    at: datetime


async def accept(recipient: str, receipts: Sequence[Receipt], *, now: datetime) -> int:
    """Keep what is said of this recipient's own deliveries; of others nothing is said either. Answers how many were known."""
    done = await Delivery.get_pymongo_collection().bulk_write(
        [_growth(recipient, receipt, now) for receipt in receipts], ordered=True
    )
    return done.matched_count


def _growth(recipient: str, receipt: Receipt, now: datetime) -> UpdateMany:
    """The level only rises, and of each stage the earliest time is kept; a phone ahead of time has it for now at the latest."""
    time = f"seen.{receipt.stage}_at"
    grown = {
        "seen.level": {"$max": ["$seen.level", LEVELS[receipt.stage]]},
        time: {"$min": [f"${time}", min(receipt.at, now)]},
    }
    # Nobody is at work on it and yet it has arrived: the attempt whose answer was lost got through.
    arrived = {"$and": [{"$eq": ["$state", "pending"]}, {"$not": [{"$ifNull": ["$lease", None]}]}]}
    end = {
        "state": {"$cond": [arrived, "sent", "$state"]},
        "reason": {"$cond": [arrived, "receipt", {"$ifNull": ["$reason", "$$REMOVE"]}]},
        "finished_at": {"$cond": [arrived, now, {"$ifNull": ["$finished_at", "$$REMOVE"]}]},
    }
    mine = {
        "notice": {"$eq": receipt.notice},
        "installation": {"$eq": receipt.installation},
        "recipient": {"$eq": recipient},
    }
    return UpdateMany(mine, [{"$set": {**grown, **end}}])
