"""Everything a batch of deliveries needs to be decided, in five questions to the database however large the batch is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from notifications.documents import Delivery, InboxItem, Muted, Preferences, PushTarget
from notifications.messages.catalogue import CATALOGUE
from notifications.preferences.consent import Consenting
from notifications.preferences.verdict import is_muted

Row = dict[str, Any]

_ITEM = {"message": 1, "read_at": 1, "expires_at": 1}
_DEVICE = {"recipient": 1, "platform": 1, "target": 1, "time_zone": 1, "epoch": 1, "active": 1, "refreshed_at": 1}
_SIBLING = {"message": 1, "group": 1, "installation": 1, "planned": 1, "state": 1, "lease": 1, "seen.level": 1}


@dataclass(frozen=True)
class Brief:
    """What is known of one delivery at the moment it is to leave."""

    item: Row | None
    device: Row | None
    preferences: Preferences
    consenting: bool
    """Does the recipient let pushes leave the country (SEC-81)?"""
    superseded: bool
    """A newer notice about the same thing is, or will be, on the same phone (I13)."""
    behind: bool
    """Another one about it is just being sent to it: the older must not arrive after the newer (I26)."""


async def briefs(rows: Sequence[Row], token: str, consenting: Consenting) -> list[Brief]:
    """One brief a row, in their order; `rows` have been claimed under `token`."""
    items, devices, preferences, letting, siblings = await asyncio.gather(
        by_id(InboxItem, {row["notice"] for row in rows}, _ITEM),
        by_id(PushTarget, {row["installation"] for row in rows}, _DEVICE),
        by_id(Preferences, {row["recipient"] for row in rows}, None),
        consenting({row["recipient"] for row in rows}),
        siblings_of(rows),
    )
    usual = Preferences(id="", recipient="")
    chosen = {key: Preferences.model_validate({**row, "id": row["_id"]}) for key, row in preferences.items()}
    return [
        Brief(
            items.get(row["notice"]),
            devices.get(row["installation"]),
            chosen.get(row["recipient"], usual),
            row["recipient"] in letting,
            *among(
                row,
                siblings.get((row["group"], row["installation"]), ()),
                token,
                chosen.get(row["recipient"], usual).muted,
            ),
        )
        for row in rows
    ]


async def by_id(document: type[Any], ids: set[str], shown: Row | None) -> dict[str, Row]:
    """Those of these documents that are there."""
    found = document.get_pymongo_collection().find({"_id": {"$in": list(ids)}}, shown)
    return {row["_id"]: row async for row in found}


async def siblings_of(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """The deliveries about the same things, by thing and phone."""
    found: dict[tuple[str, str], list[Row]] = {}
    groups = list({row["group"] for row in rows})
    async for row in Delivery.get_pymongo_collection().find({"group": {"$in": groups}}, _SIBLING):
        found.setdefault((row["group"], row["installation"]), []).append(row)
    return found


def among(row: Row, siblings: Sequence[Row], token: str, muted: Muted) -> tuple[bool, bool]:
    """Is it superseded, and does one of the others have to be waited for? By the database's clock, never by a worker's (I37)."""
    others = [other for other in siblings if other["_id"] != row["_id"]]
    newer = [other for other in others if other["planned"] > row["planned"]]
    superseded = any(other["state"] == "sent" or (other["state"] == "pending" and _covers(other, row, muted)) for other in newer)
    in_hand = [other for other in others if other["state"] == "pending" and other.get("lease")]
    # In this very batch the older one goes first, unless this one covers it and it does not go at all.
    behind = any(
        other["lease"] != token or (other["planned"] < row["planned"] and not _covers(row, other, muted)) for other in in_hand
    )
    return superseded, behind


def _covers(newer: Row, older: Row, muted: Muted) -> bool:
    """Whoever gets the newer needs no older: unless the newer is muted, or may wait for the morning and the older may not."""
    message, covered = CATALOGUE[newer["message"]], CATALOGUE[older["message"]]
    return not is_muted(muted, message) and (message.urgency == "high" or covered.urgency != "high")
