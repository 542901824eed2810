"""The sessions of browsers: opened at sign-in, found by their cookie, gone at sign-out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from auth.lifetimes import OF
from backend.console import secrecy
from backend.console.documents import ConsolePresence, ConsoleSession

# Longer than somebody thinks between two words, shorter than a cup of coffee.
WRITING = timedelta(seconds=45)


class Tokens(msgspec.Struct, frozen=True):
    """What the authorization server gave for one sign-in."""

    access: str
    refresh: str
    good_until: datetime


@dataclass(frozen=True)
class Opened:
    """A session whose cookie is here."""

    cookie: str
    tokens: Tokens
    drafts: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its name in the database."""
        return secrecy.name_of(self.cookie)

    def draft(self, place: str) -> dict[str, str]:
        """What was being typed there; nothing when nothing was."""
        sealed = self.drafts.get(place)
        plain = secrecy.unseal(self.cookie, bytes(sealed), place) if sealed else None
        return msgspec.json.decode(plain, type=dict[str, str]) if plain else {}


async def begin(official: str, tokens: Tokens, now: datetime) -> str:
    """A new session; answers the cookie."""
    cookie = secrecy.new_cookie()
    sealed = secrecy.seal(cookie, msgspec.json.encode(tokens), "tokens")
    until = now + OF["staff"].absolute
    await ConsoleSession(id=secrecy.name_of(cookie), official=official, tokens=sealed, expires_at=until).commit()
    return cookie


async def find(cookie: str, now: datetime) -> Opened | None:
    """The session of this cookie, while it lasts. One read."""
    row = await ConsoleSession.get_pymongo_collection().find_one({"_id": secrecy.name_of(cookie), "expires_at": {"$gt": now}})
    plain = secrecy.unseal(cookie, bytes(row["tokens"]), "tokens") if row else None
    if row is None or plain is None:
        return None
    return Opened(cookie, msgspec.json.decode(plain, type=Tokens), row.get("drafts", {}))


async def keep_tokens(cookie: str, tokens: Tokens) -> None:
    """The session goes on with these."""
    sealed = secrecy.seal(cookie, msgspec.json.encode(tokens), "tokens")
    await _change(cookie, {"$set": {"tokens": sealed}})


async def keep_draft(cookie: str, place: str, typed: Mapping[str, str]) -> None:
    """What is being typed there; nothing typed is no draft."""
    if not any(typed.values()):
        await drop_draft(cookie, place)
        return
    await _change(cookie, {"$set": {f"drafts.{place}": secrecy.seal(cookie, msgspec.json.encode(typed), place)}})


async def drop_draft(cookie: str, place: str) -> None:
    """It has been sent, or thrown away."""
    await _change(cookie, {"$unset": {f"drafts.{place}": ""}})


async def end(cookie: str) -> None:
    """Nobody gets in with this cookie any more."""
    await ConsoleSession.get_pymongo_collection().delete_one({"_id": secrecy.name_of(cookie)})


def place_of(report: str, act: str) -> str:
    """Under which name a draft is kept: what comes from an address is no name of a field."""
    return hashlib.sha256(f"{report}:{act}".encode()).hexdigest()[:24]


async def _change(cookie: str, update: Mapping[str, Any]) -> None:
    await ConsoleSession.get_pymongo_collection().update_one({"_id": secrecy.name_of(cookie)}, {**update, "$inc": {"version": 1}})


async def writing(report: str, official: str, officer: str, now: datetime) -> None:
    """This official is writing at this report."""
    told = {"report": report, "official": official, "officer": officer, "at": now, "expires_at": now + WRITING}
    await ConsolePresence.get_pymongo_collection().update_one(
        {"_id": f"{report}:{official}"}, {"$set": told, "$inc": {"version": 1}}, upsert=True
    )


async def stopped_writing(report: str, official: str) -> None:
    """They have sent it."""
    await ConsolePresence.get_pymongo_collection().delete_one({"_id": f"{report}:{official}"})


async def who_else_writes(report: str, official: str, now: datetime) -> list[str]:
    """The names of everybody else who is writing there, whoever began last first."""
    wanted = {"report": {"$eq": report}, "official": {"$ne": official}, "expires_at": {"$gt": now}}
    found = ConsolePresence.get_pymongo_collection().find(wanted, {"officer": 1}, sort=[("at", -1)], limit=5)
    return [row["officer"] async for row in found]
