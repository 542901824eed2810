"""What is stored of the changes: a feed for each citizen."""

from datetime import datetime
from typing import Any, ClassVar

from beanie.odm.fields import IndexModelField
from pymongo import ASCENDING, IndexModel

from kernel.mongo.document import Stored

ERASED_KEPT_S = 90 * 86_400


class Feed(Stored):
    """One citizen's feed; its id is their subject. It is changed by the statements of `actions/bump.py` alone.

    `seq` is the number of the last change. `items` holds, under `<kind>:<id>`, the number of the last change of each copy (`s`),
    the version it brought (`v`), and since when it is gone (`g`). What was forgotten lies at or below `floor`. `size` counts the
    items, `oldest_gone` is the earliest `g` or a little before. An erased citizen's feed holds `erased_at` and nothing else.
    """

    seq: int = 0
    floor: int = 0
    epoch: str = ""
    size: int = 0
    oldest_gone: datetime | None = None
    erased_at: datetime | None = None
    items: dict[str, Any] = {}

    class Settings:
        name = "sync_feeds"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("oldest_gone", ASCENDING)], partialFilterExpression={"oldest_gone": {"$exists": True}}),
            # The empty row keeps late news from making a feed again; by then the relay has given up on any news long since.
            IndexModel([("erased_at", ASCENDING)], name="erased_90_days", expireAfterSeconds=ERASED_KEPT_S),
        ]


def key_of(kind: str, item: str) -> str:
    """Under which name a feed holds a copy."""
    return f"{kind}:{item}"
