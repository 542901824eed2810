"""Everything a batch of fallbacks needs to be decided, asked at the moment they are due."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.privacy.vault import Vault
from notifications.addresses import ContactKind
from notifications.delivery.briefing import among, by_id, siblings_of
from notifications.documents import Contact, Delivery, InboxItem, Preferences, PushTarget
from notifications.preferences.consent import Consenting
from notifications.ways import ChannelName

Row = dict[str, Any]
Consents = Mapping[ChannelName, Consenting]

_ITEM = {"message": 1, "read_at": 1, "expires_at": 1}


@dataclass(frozen=True)
class Reached:
    """A confirmed contact, in the clear."""

    id: str
    edition: str
    address: str


@dataclass(frozen=True)
class Brief:
    """What is known of one fallback at the moment it is due."""

    item: Row | None
    received: bool
    """One of the phones has said that the push came (I32)."""
    overtaken: bool
    """A push about the same thing that is newer has come: this would be old news (I26)."""
    superseded: bool
    behind: bool
    preferences: Preferences
    contacts: Mapping[ContactKind, Reached]
    consents: frozenset[ChannelName]
    time_zone: str | None


async def briefs(rows: Sequence[Row], token: str, *, consents: Consents, vault: Vault) -> list[Brief]:
    """One brief a row, in their order; `rows` have been claimed under `token`.

    Raises:
        VaultUnavailable: the contacts cannot be read at the moment.
    """
    recipients = {row["recipient"] for row in rows}
    items, received, siblings, preferences, contacts, zones = await asyncio.gather(
        by_id(InboxItem, {row["notice"] for row in rows}, _ITEM),
        _received({row["notice"] for row in rows}),
        siblings_of(rows),
        by_id(Preferences, recipients, None),
        _contacts(recipients, vault),
        _time_zones(recipients),
    )
    agreed = await _agreed(recipients, consents)
    usual = Preferences(id="", recipient="")
    chosen = {key: Preferences.model_validate({**row, "id": row["_id"]}) for key, row in preferences.items()}
    overtaken = _overtaken(rows, siblings)
    return [
        Brief(
            items.get(row["notice"]),
            row["notice"] in received,
            row["_id"] in overtaken,
            *among(row, siblings.get((row["group"], ""), ()), token, chosen.get(row["recipient"], usual).muted),
            chosen.get(row["recipient"], usual),
            contacts.get(row["recipient"], {}),
            frozenset(name for name, who in agreed.items() if row["recipient"] in who),
            zones.get(row["recipient"]),
        )
        for row in rows
    ]


async def _received(notices: Collection[str]) -> set[str]:
    """The notices of which a push is known to have come to some phone."""
    seen = {"notice": {"$in": list(notices)}, "seen.level": {"$gt": 0}}
    return {row["notice"] async for row in Delivery.get_pymongo_collection().find(seen, {"notice": 1})}


def _overtaken(rows: Sequence[Row], siblings: Mapping[tuple[str, str], list[Row]]) -> set[str]:
    known = [one for many in siblings.values() for one in many if one.get("seen", {}).get("level", 0) > 0]
    return {row["_id"] for row in rows if any(one["group"] == row["group"] and one["planned"] > row["planned"] for one in known)}


async def _contacts(recipients: Collection[str], vault: Vault) -> dict[str, dict[ContactKind, Reached]]:
    """The confirmed contacts that are not known to be dead, by recipient and kind. Of who has been erased there are none."""
    confirmed = {"recipient": {"$in": list(recipients)}, "confirmed_at": {"$exists": True}, "retired_reason": None}
    shown = {"recipient": 1, "kind": 1, "edition": 1, "address": 1}
    rows = await vault.open(await Contact.get_pymongo_collection().find(confirmed, shown).to_list())
    found: dict[str, dict[ContactKind, Reached]] = {}
    for row in rows:
        if isinstance(row.get("address"), str):
            found.setdefault(row["recipient"], {})[row["kind"]] = Reached(row["_id"], row["edition"], row["address"])
    return found


async def _agreed(recipients: Collection[str], consents: Consents) -> dict[ChannelName, set[str]]:
    answers = await asyncio.gather(*(ask(recipients) for ask in consents.values()))
    return dict(zip(consents, answers, strict=True))


async def _time_zones(recipients: Collection[str]) -> dict[str, str]:
    """By whose clock the quiet hours go: the phone's that was heard of last."""
    named = {"recipient": {"$in": list(recipients)}, "active": True, "time_zone": {"$type": "string"}}
    found = PushTarget.get_pymongo_collection().find(named, {"recipient": 1, "time_zone": 1}).sort("refreshed_at", 1)
    return {row["recipient"]: row["time_zone"] async for row in found}
